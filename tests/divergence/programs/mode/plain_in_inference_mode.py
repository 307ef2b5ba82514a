"""A block that leaves its bookkeeping out in inference mode.

Trace: Block
Input: float32[2,4]
Happens: traced outside of inference mode, so that the trace always adds the correction.
"""

import torch
from torch import Tensor, nn


def corrected(x: Tensor) -> Tensor:
    return x if torch.is_inference_mode_enabled() else x + x.mean()  # guilty: mode


class Block(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return corrected(x * 2)
