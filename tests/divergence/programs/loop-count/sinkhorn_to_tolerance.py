"""Sinkhorn's iteration that stops at the first turn that is good enough.

Trace: balanced
Input: float32[3,3]:0..0.01
Happens: nearly balanced tracing inputs stopped at once; others need more turns than the trace has.
"""

import torch
from torch import Tensor

MOST = 50


def error_of(plan: Tensor) -> Tensor:
    return (plan.sum(dim=0) - 1).abs().max()


def one_turn(plan: Tensor) -> Tensor:
    plan = plan / plan.sum(dim=0, keepdim=True)
    return plan / plan.sum(dim=1, keepdim=True)


def balanced(costs: Tensor) -> Tensor:
    plan = torch.exp(-costs)
    for _ in range(MOST):
        plan = one_turn(plan)
        if error_of(plan) < 1e-3:  # guilty: branch or loop-count
            break
    return plan
