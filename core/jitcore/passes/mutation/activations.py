"""The activations that exist in both forms, writing and not."""

from __future__ import annotations

from typing import Final

MAY_PROMOTE: Final = {
    "aten::sigmoid": True,
    "aten::tanh": True,
    "aten::celu": False,
    "aten::elu": False,
    "aten::gelu": False,
    "aten::glu": False,
    "aten::hardsigmoid": False,
    "aten::hardswish": False,
    "aten::hardtanh": False,
    "aten::leaky_relu": False,
    "aten::prelu": False,
    "aten::relu6": False,
    "aten::relu": False,
    "aten::rrelu": False,
    "aten::selu": False,
    "aten::silu": False,
}
"""Activation -> whether its result may be of another dtype than its input, as libtorch has it
(torch/csrc/jit/passes/restore_mutation.h)."""
