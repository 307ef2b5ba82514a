"""Numbers of arithmetic with tensors, made into the tensors that torch would make of them in each call.

`x * 0.5` makes a tensor of no dimensions of 0.5, marked as a number (`wrapped_scalar_tensor` in
ATen/ScalarOps.h), and converts it to the type of `x`: three quarters of the time of a small product. A plan
that knows the number keeps that tensor; and a copy of type float32 where it may stand in for it, which is
where the other operand is of float32 and has dimensions: then the type of the result is float32 and the
number is rounded to it in any case (`TensorIteratorBase::compute_types` in ATen/TensorIterator.cpp).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Final

import torch
from torch.utils import _python_dispatch

TAKES_NUMBER: Final = frozenset(
    f"aten::{name}.{overload}" for name in ("add", "div", "mul", "sub") for overload in ("Scalar", "Tensor")
)
"""Keys of overloads whose second operand is made a tensor if it is a number."""

_KEPT: Final = 4096
"""Numbers that are kept: each takes half a kilobyte."""


class Operand:
    """A number beside a tensor: the tensor that stands for it, and one of float32 if that may stand in."""

    __slots__ = ("rounded", "tensor")

    def __init__(self, tensor: torch.Tensor, number: complex) -> None:
        self.tensor = tensor
        is_rounded = tensor.dtype in (torch.int64, torch.float64) and not _is_too_large(number)
        self.rounded = tensor.to(torch.float32) if is_rounded else None
        for each in filter(lambda made: made is not None, (self.tensor, self.rounded)):
            setattr(each, _NUMBER, number)


_NUMBER: Final = "_jitcore_kept_number"


def number_of(tensor: torch.Tensor) -> int | float | complex | None:
    """The number that a tensor was kept for; None for any other tensor."""
    return getattr(tensor, _NUMBER, None)


def operand(number: object) -> Operand | None:
    """What stands for `number`; None if it is none, or if torch does not hand out its tensor now."""
    if isinstance(number, int | float | complex) and not _is_transforming():
        return _operand(type(number), repr(number), number)
    return None


def _is_transforming() -> bool:
    """Whether torch keeps something else than the tensors that a product is made of, for who calls."""
    c: Any = torch._C  # pyright: ignore[reportAttributeAccessIssue,reportPrivateUsage]
    if c._functorch.peek_interpreter_stack() is not None:
        return True
    return c._autograd._top_saved_tensors_default_hooks(False) is not None


def _is_too_large(number: complex) -> bool:
    """Whether float32 has no number near it: it is refused beside some tensors."""
    return isinstance(number, int | float) and torch.finfo(torch.float32).max < abs(number) < math.inf


@lru_cache(_KEPT)
def _operand(kind: type, text: str, number: complex) -> Operand | None:
    del kind, text  # 1, 1.0 and True are equal, as are 0.0 and -0.0: their tensors differ.
    # What is kept serves everybody, so it is nothing that a mode of the caller made.
    with (
        torch._C.DisableTorchFunction(),  # pyright: ignore[reportPrivateUsage]
        _python_dispatch._disable_current_modes(),  # pyright: ignore[reportPrivateUsage]
        torch.inference_mode(mode=False),
        torch.enable_grad(),
    ):
        factor = torch.ones(1, requires_grad=True)
        # Gradients of a product ask for the other factor, so it is kept as it is.
        found = getattr((factor * number).grad_fn, "_saved_other", None)
        if isinstance(found, torch.Tensor) and _is_marked(found, number):
            return Operand(found, number)
    return None


def _is_marked(found: torch.Tensor, number: float | complex) -> bool:
    """Whether it takes no part in choosing the type of a result, as a number."""
    # Narrower than what it is made into, and without dimensions either: only a number gives way to it.
    narrow = {int: torch.uint8, float: torch.float32, complex: torch.complex64}.get(type(number), torch.bool)
    return found.dim() == 0 and (torch.ones((), dtype=narrow) * found).dtype is narrow
