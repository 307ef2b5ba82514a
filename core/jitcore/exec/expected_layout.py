"""What the guard of a group for all sizes expects of a tensor, and how one differs from that.

As prim::TensorExprDynamicGuard of libtorch (torch/csrc/jit/passes/symbolic_shape_runtime_fusion.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from jitcore.passes.fusion.striding import CHANNELS_LAST, IN_ORDER, striding_by_dimension
from jitcore.types import SymbolicTensorType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.types import TensorType


class ExpectedLayout:
    """Dtype, device, rank, which sizes are known or equal, and the words for strides of one tensor.

    What requires a gradient never fits. `sizes` are numbers, or symbols below zero.
    """

    __slots__ = ("_device", "_dtype", "_sizes", "_strides")

    def __init__(self, kind: TensorType, strides: Sequence[str]) -> None:
        self._dtype: torch.dtype | None = None if kind.dtype is None else getattr(torch, kind.dtype)
        self._device = None if kind.device is None else torch.device(kind.device)
        # A type that was read from a text tells no symbols.
        self._sizes = kind.symbols if isinstance(kind, SymbolicTensorType) else kind.sizes or ()
        self._strides = list(strides)

    def difference(self, tensor: object, symbols: dict[int, int]) -> str:
        """How a value differs, in words, "" if it fits; `symbols` has the sizes for symbols so far."""
        if not isinstance(tensor, torch.Tensor):
            return f"is {type(tensor).__name__}, not a tensor"
        if tensor.device != self._device:
            return f"is on {tensor.device}, not {self._device}"
        if tensor.dtype is not self._dtype:
            return f"is of {_plain(tensor.dtype)}, not {_plain(self._dtype)}"
        if tensor.requires_grad:
            return "requires a gradient"
        if tensor.layout is not torch.strided or tensor.is_nested:
            return f"is {'nested' if tensor.is_nested else _plain(tensor.layout)}, not strided"
        if tensor.dim() != len(self._sizes):
            return f"has {tensor.dim()} dimensions, not {len(self._sizes)}"
        if not self._lies_so(tensor):
            return f"has the strides {[*tensor.stride()]}, which are not {', '.join(self._strides)}"
        for place, (size, wanted) in enumerate(zip(tensor.shape, self._sizes, strict=True)):
            if wanted is None:
                continue
            known = symbols.setdefault(wanted, size) if wanted < 0 else wanted
            if known != size:
                return f"has the size {size} in dimension {place}, not {known}"
        return ""

    def _lies_so(self, tensor: torch.Tensor) -> bool:
        if self._strides == [IN_ORDER]:
            return tensor.is_contiguous()
        if self._strides == [CHANNELS_LAST]:
            return tensor.is_contiguous(memory_format=torch.channels_last)
        return striding_by_dimension(tensor.shape, tensor.stride()) == self._strides


def _plain(name: object) -> str:
    return str(name).removeprefix("torch.")
