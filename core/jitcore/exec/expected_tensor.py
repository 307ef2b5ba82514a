"""What a guard expects of a tensor, and how one differs from that.

As TensorType::matchTensor of libtorch (aten/src/ATen/core/tensor_type.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from jitcore.types import TensorType


class ExpectedTensor:
    """The properties that a type tells; what it does not tell may be anything."""

    __slots__ = ("_device", "_dtype", "_gradient", "_is_laid_out", "_sizes", "_strides")

    def __init__(self, kind: TensorType) -> None:
        self._dtype: torch.dtype | None = None if kind.dtype is None else getattr(torch, kind.dtype)
        self._device = None if kind.device is None else torch.device(kind.device)
        self._gradient = kind.requires_grad
        # Sizes of which only some are known are not compared; strides are, and then never the same.
        known = kind.sizes is not None and None not in kind.sizes
        self._sizes = kind.sizes if known else None
        self._is_laid_out = kind.sizes is not None and bool(kind.strides)
        self._strides = kind.strides

    def fits(self, tensor: object) -> bool:
        """Whether a value is a tensor like this."""
        if not isinstance(tensor, torch.Tensor):
            return False
        if self._dtype is not None and tensor.dtype is not self._dtype:
            return False
        if self._gradient is not None:
            needs = tensor.requires_grad and torch.is_grad_enabled()
            if needs is not self._gradient:
                return False
        if tensor.layout is not torch.strided or tensor.is_nested:
            return self._sizes is None and not self._is_laid_out and self._is_here(tensor)
        if self._sizes is not None and tensor.shape != self._sizes:
            return False
        return (not self._is_laid_out or tensor.stride() == self._strides) and self._is_here(tensor)

    def _is_here(self, tensor: torch.Tensor) -> bool:
        return self._device is None or tensor.device == self._device

    def difference(self, tensor: object) -> str:
        """How a value that does not fit differs, in words."""
        if not isinstance(tensor, torch.Tensor):
            return f"is {type(tensor).__name__}, not a tensor"
        if self._dtype is not None and tensor.dtype is not self._dtype:
            return f"is of {_plain(tensor.dtype)}, not {_plain(self._dtype)}"
        if not self._is_here(tensor):
            return f"is on {tensor.device}, not {self._device}"
        if tensor.layout is not torch.strided or tensor.is_nested:
            return f"is {'nested' if tensor.is_nested else _plain(tensor.layout)}, not strided"
        if self._sizes is not None and tensor.shape != self._sizes:
            return f"has the sizes {[*tensor.shape]}, not {[*self._sizes]}"
        needs = tensor.requires_grad and torch.is_grad_enabled()
        if self._gradient is not None and needs is not self._gradient:
            return "requires a gradient" if needs else "requires no gradient"
        return f"has the strides {[*tensor.stride()]}, not {[*(self._strides or ())]}"


def _plain(name: object) -> str:
    return str(name).removeprefix("torch.")
