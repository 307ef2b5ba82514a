"""Operators on tensors that torch has for TorchScript alone, in ways that cannot be called from here.

Everything else that takes or gives a tensor goes through torch's own overloads. Arguments come by
position, as the schema has them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from jitcore.ops.kernels import devices

SCALAR_TYPES: dict[int, torch.dtype] = {
    number: getattr(torch, name)
    for number, name in enumerate((
        "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "complex32", "complex64",
        "complex128", "bool", "qint8", "quint8", "qint32", "bfloat16",
    ))
}  # fmt: skip
"""Element types by the number that TorchScript has for them."""


def dtype_numbered(number: int | None) -> torch.dtype | None:
    """torch's dtype of a TorchScript number; None stays None."""
    return None if number is None else SCALAR_TYPES[number]


def size(x: torch.Tensor) -> list[int]:
    """`aten::size(Tensor self) -> int[]`."""
    return list(x.shape)


def size_int(x: torch.Tensor, dim: int) -> int:
    """`aten::size.int(Tensor self, int dim) -> int`."""
    return x.size(dim)


def length(x: torch.Tensor) -> int:
    """`aten::len.Tensor(Tensor t) -> int`: the size of the first dimension."""
    if not x.dim():
        raise RuntimeError("len() of a 0-d tensor")
    return x.size(0)


def remove(values: list[torch.Tensor], el: torch.Tensor) -> None:
    """`aten::remove.Tensor(Tensor[](a!) self, Tensor el) -> ()`; torch's own would be given a copy."""
    for index, value in enumerate(values):
        if bool(el.eq(value)):
            del values[index]
            return
    raise RuntimeError("list.remove(x): x not in list")


def tensor_of_list(
    element: torch.dtype | None,
) -> Callable[[list[Any], int | None, torch.device | None, bool], torch.Tensor]:
    """`aten::tensor(t[] data, *, dtype, device, requires_grad)` for lists whose items become `element`."""

    def make(
        data: list[Any], dtype: int | None, device: torch.device | None, requires_grad: bool = False
    ) -> torch.Tensor:
        chosen = dtype_numbered(dtype) if dtype is not None else element
        try:
            return torch.tensor(data, dtype=chosen, device=device, requires_grad=requires_grad)
        except ValueError as error:
            # TorchScript's own words for rows of unequal length begin with a capital.
            raise RuntimeError(str(error).capitalize()) from error

    return make


def refuser(reason: str) -> Callable[..., torch.Tensor]:
    """The same for lists that no tensor can be made of."""

    def refuse(*_values: Any) -> torch.Tensor:
        raise RuntimeError(reason)

    return refuse


def var_concat(*values: Any) -> torch.Tensor:
    """`prim::VarConcat(...)`: tensors, then the dimension."""
    return torch.cat(values[:-1], values[-1])


def var_stack(*values: Any) -> torch.Tensor:
    """`prim::VarStack(...)`: tensors, then the dimension."""
    return torch.stack(values[:-1], values[-1])


def no_torch_function(*_values: Any) -> bool:
    """`aten::has_torch_function(...)`: compiled programs never see Python's overrides."""
    return False


def device_of_text(name: str) -> torch.device:
    """`aten::device(str a) -> Device`."""
    return torch.device(devices.device_of_text(name))


def device_with_index(kind: str, index: int) -> torch.device:
    """`aten::device.with_index(str type, int index) -> Device`."""
    return torch.device(devices.device_with_index(kind, index))


TENSOR_KERNELS: dict[str, Callable[..., Any]] = {
    "aten::size": size,
    "aten::size.int": size_int,
    "aten::device": device_of_text,
    "aten::device.with_index": device_with_index,
    "aten::len.Tensor": length,
    "aten::has_torch_function": no_torch_function,
    "aten::remove.Tensor": remove,
    "prim::VarConcat": var_concat,
    "prim::VarStack": var_stack,
}
