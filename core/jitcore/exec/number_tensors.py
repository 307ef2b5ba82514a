"""Numbers of arithmetic with tensors, made into the tensors that torch would make of them in each call.

`x * 0.5` makes a tensor of no dimensions of 0.5, marked as a number (`wrapped_scalar_tensor` in
ATen/ScalarOps.h), and converts it to the type of `x`: three quarters of the time of a small product. A plan
that knows the number keeps that tensor; and a copy of type float32 where it may stand in for it, which is
where the other operand is of float32 and has dimensions: then the type of the result is float32 and the
number is rounded to it in any case (`TensorIteratorBase::compute_types` in ATen/TensorIterator.cpp).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import torch

TAKES_NUMBER: Final = frozenset(
    f"aten::{name}.{overload}" for name in ("add", "div", "mul", "sub") for overload in ("Scalar", "Tensor")
)
"""Keys of overloads whose second operand is made a tensor if it is a number."""

_KEPT: Final = 4096
"""Numbers that are kept: each takes half a kilobyte."""


class Operand:
    """A number beside a tensor: the tensor that stands for it, and one of float32 if that may stand in."""

    __slots__ = ("rounded", "tensor")

    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor
        rounded = tensor.to(torch.float32) if tensor.dtype in (torch.int64, torch.float64) else None
        # Too large a number is refused beside some tensors.
        is_too_large = rounded is not None and bool(rounded.isinf() & tensor.isfinite())
        self.rounded = None if is_too_large else rounded


def operand(number: object) -> Operand | None:
    """What stands for `number`; None if it is none, or if torch does not hand out its tensor."""
    if isinstance(number, int | float | complex):
        return _operand(type(number), repr(number), number)
    return None


@lru_cache(_KEPT)
def _operand(kind: type, text: str, number: complex) -> Operand | None:
    del kind, text  # 1, 1.0 and True are equal, as are 0.0 and -0.0: their tensors differ.
    with torch.inference_mode(mode=False), torch.enable_grad():
        factor = torch.ones(1, requires_grad=True)
        # Gradients of a product ask for the other factor, so it is kept as it is.
        found = getattr((factor * number).grad_fn, "_saved_other", None)
    return Operand(found) if isinstance(found, torch.Tensor) and _is_marked(found, number) else None


def _is_marked(found: torch.Tensor, number: float | complex) -> bool:
    """Whether it takes no part in choosing the type of a result, as a number."""
    # Narrower than what it is made into, and without dimensions either: only a number gives way to it.
    narrow = {int: torch.uint8, float: torch.float32, complex: torch.complex64}.get(type(number), torch.bool)
    return found.dim() == 0 and (torch.ones((), dtype=narrow) * found).dtype is narrow
