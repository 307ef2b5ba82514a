"""Constant tensors that stand for numbers, and take no part in choosing the type of a result.

PyTorch has a tensor of no dimensions for a number where an operator wants a tensor, and remembers that it is
one (`is_wrapped_number` in c10/core/TensorImpl.h): `x * 0.5` of integers is float32, with a tensor of 0.5 it
were float64. A trace holds such tensors as constants. An archive forgets what they stand for; for the four
operators of arithmetic torch's executor then takes a constant of no dimensions for a number again
(`CanonicalizeOps` in torch/csrc/jit/passes/canonicalize_graph_fuser_ops.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.types import FunctionSchema

_MARK: Final = "_jitcore_is_wrapped_number"
_ARITHMETIC: Final = frozenset(("aten::add", "aten::sub", "aten::mul", "aten::div"))


def mark(tensor: torch.Tensor) -> None:
    """Remember that a tensor without dimensions stands for a number of Python."""
    setattr(tensor, _MARK, True)


def numbers_among(schema: FunctionSchema, constants: Sequence[object]) -> dict[int, Any]:
    """Which of the constant arguments of an operator are numbers, by their places."""
    takes = schema.name in _ARITHMETIC and schema.overload == "Tensor"
    found: dict[int, Any] = {}
    for place, constant in enumerate(constants):
        if not isinstance(constant, torch.Tensor) or constant.dim():
            continue
        if hasattr(constant, _MARK) or (takes and place == 1 and _is_number(constant)):
            found[place] = constant.item()
    return found


def _is_number(constant: torch.Tensor) -> bool:
    return (
        constant.layout is torch.strided
        and constant.device.type == "cpu"
        and constant.dtype is not torch.bool
        and not constant.requires_grad
        and not constant.is_quantized
    )
