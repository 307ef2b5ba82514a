"""Steps of optimizers over lists: each parameter has a gradient and states of its shape."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from jitcore.exec.contracts.given import Contract, Given


def _stepped(given: Given) -> None:
    parameters: Sequence[torch.Tensor] = given["self"]
    for name in ("grads", "exp_avgs", "exp_avg_sqs", "max_exp_avg_sqs", "momentum_buffer_list", "state_sums"):
        if not given.named(name) or (name in _OPTIONAL and not given[name] and not given[_OPTIONAL[name]]):
            continue
        given.length(name, len(parameters), "tensors")
        for parameter, state in zip(parameters, given[name], strict=True):
            if state.shape != parameter.shape or state.stride() != parameter.stride():
                given.refuse(f"{name} has a tensor of other sizes or strides than its parameter")
            if state.dtype != parameter.dtype:
                given.refuse(f"{name} has a tensor of {state.dtype} for a parameter of {parameter.dtype}")
    for parameter in parameters:
        extent = sum((n - 1) * s for n, s in zip(parameter.shape, parameter.stride(), strict=True)) + 1
        if parameter.numel() and extent != parameter.numel():
            given.refuse("self has a parameter whose elements do not follow each other")
    if given.named("state_steps"):
        given.length("state_steps", len(parameters), "tensors")
        if any(step.numel() != 1 for step in given["state_steps"]):
            given.refuse("state_steps has a tensor of other than one element")


_OPTIONAL = {"max_exp_avg_sqs": "amsgrad", "momentum_buffer_list": "momentum"}
"""States that are there only if this is asked for."""

CONTRACTS: dict[str, Contract] = {
    f"aten::_fused_{kind}{suffix}": _stepped
    for kind in ("adam", "adamw", "sgd", "adagrad")
    for suffix in ("", "_")
}
