"""Which value of the graph each tensor stands for."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

from jitcore.passes.constants import dtype_name, type_of_tensor
from jitcore.slots.torch_names import TORCH
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Value


class TensorValues:
    """Values by the identity of tensors.

    Tensors are not kept alive. A weak reference keeps the address of one that died from being given to
    another, so that an address names one tensor for as long as the trace lasts.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, Value]] = {}

    def get(self, tensor: torch.Tensor) -> Value | None:
        """The value of a tensor, None if it is not part of the trace."""
        found = self._known.get(tensor._cdata)
        return None if found is None else found[1]

    def put(self, tensor: torch.Tensor, value: Value) -> None:
        """From now on the tensor stands for `value`."""
        self._known[tensor._cdata] = TORCH._C._WeakTensorRef(tensor), value

    @contextmanager
    def nested(self) -> Generator[None]:
        """Context behind which nothing is known that was not known before it."""
        before = dict(self._known)
        try:
            yield
        finally:
            self._known = before

    def forget(self, tensor: torch.Tensor) -> None:
        """From now on the tensor is no part of the trace."""
        self._known.pop(tensor._cdata, None)


def recorded_type(tensor: torch.Tensor) -> TensorType:
    """What a graph says of a tensor: all there is to know, but of tensors without strides no shape either."""
    if tensor.layout is torch.strided and not tensor.is_nested:
        return type_of_tensor(tensor)
    return TensorType(dtype=dtype_name(tensor), requires_grad=tensor.requires_grad, device=str(tensor.device))
