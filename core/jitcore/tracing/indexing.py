"""Subscripts of tensors, taken apart as libtorch does while it traces.

In a trace every slice becomes an operator, also one that takes all there is, and numbers in subscripts that
came out of the trace stay part of it (`python_variable_indexing.cpp`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.types import INT

if TYPE_CHECKING:
    from jitcore.tracing.argument_stash import ArgumentStash

_MOST = (1 << 63) - 1
_ATEN = torch.ops.aten
_INTEGERS = (torch.int8, torch.int16, torch.int32, torch.int64)


class Subscript:
    """A subscript of a tensor: what it views, and the tensors that index the view."""

    def __init__(self, stash: ArgumentStash, tensor: torch.Tensor, index: tuple[Any, ...]) -> None:
        self._stash = stash
        self._device = tensor.device
        self.view = tensor
        self.indices: list[torch.Tensor | None] = []
        dim = 0
        specified = sum(_dimensions(part) for part in index)
        if specified > tensor.dim():
            raise IndexError(f"too many indices for tensor of dimension {tensor.dim()}")
        for place, part in enumerate(index):
            dim = self._apply(part, dim, tensor.dim() - specified, place)

    def _apply(self, part: Any, dim: int, left_out: int, place: int) -> int:
        """Take the part at a place into account; gives the dimension that the one after it is about."""
        if part is None:
            self.view = _ATEN.unsqueeze.default(self.view, dim)
            return dim + 1
        if part is Ellipsis:
            return dim + left_out
        if isinstance(part, bool):
            return self._mask(part, dim)
        if isinstance(part, slice):
            self.view = self._slice(part, dim)
            return dim + 1
        if isinstance(part, torch.Tensor):
            return self._by_tensor(part, dim, place)
        if isinstance(part, int) or hasattr(part, "__index__"):
            self.view = select(self.view, dim, int(part), place)
            return dim
        self._at(self._stash.of_sequence(part, self._device), dim)
        return dim + 1

    def _slice(self, part: slice, dim: int) -> torch.Tensor:
        start, stop, step = self._stash.slice_numbers(part)
        return _ATEN.slice.Tensor(self.view, dim, start, stop, step)

    def _by_tensor(self, part: torch.Tensor, dim: int, place: int) -> int:
        if part.dim() == 0 and part.dtype in _INTEGERS:
            number = self._stash.number("index", part, INT)
            self.view = select(self.view, dim, number, place)
            return dim
        if part.dim() == 0 and part.dtype in (torch.bool, torch.uint8):
            return self._mask(bool(self._stash.plain(part)), dim)
        self._at(part, dim)
        return dim + 1

    def _mask(self, chosen: bool, dim: int) -> int:
        self.view = _ATEN.unsqueeze.default(self.view, dim)
        options: Any = {
            "dtype": torch.int64,
            "layout": torch.strided,
            "device": self._device,
            "pin_memory": False,
        }
        made = _ATEN.empty.memory_format([1 if chosen else 0], **options)
        self._at(_ATEN.fill_.Scalar(made, 0.0) if chosen else made, dim)
        return dim + 1

    def _at(self, index: torch.Tensor, dim: int) -> None:
        self.indices.extend([None] * (dim + 1 - len(self.indices)))
        self.indices[dim] = index

    def moved(self) -> list[torch.Tensor | None]:
        """The indices on the device of what they index."""
        return [
            index if index is None or index.device == self.view.device else index.to(self.view.device)
            for index in self.indices
        ]


def select(tensor: torch.Tensor, dim: int, index: int, place: int) -> torch.Tensor:
    """One place of a dimension; IndexError where there is none, which names the place in the subscript."""
    if dim == 0 and tensor.dim() == 0:
        raise IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ "
            "to convert a 0-dim tensor to a number"
        )
    size = torch.Tensor.size(tensor, dim)
    if not -size <= index < size:
        raise IndexError(f"index {index} is out of bounds for dimension {place} with size {size}")
    return _ATEN.select.int(tensor, dim, index)


def read(stash: ArgumentStash, tensor: torch.Tensor, index: Any) -> torch.Tensor:
    """`tensor[index]`."""
    if isinstance(index, slice):
        start, stop, step = stash.slice_numbers(index)
        return _ATEN.slice.Tensor(tensor, 0, start, stop, step)
    subscript = Subscript(stash, tensor, parts_of(index))
    if subscript.indices:
        return _ATEN.index.Tensor(subscript.view, subscript.moved())
    return _ATEN.alias.default(tensor) if subscript.view is tensor else subscript.view


def write(stash: ArgumentStash, tensor: torch.Tensor, index: Any, value: Any) -> None:
    """`tensor[index] = value`."""
    value = _as_tensor(stash, tensor, value)
    if isinstance(index, slice):
        start, stop, step = stash.slice_numbers(index)
        _copy(_ATEN.slice.Tensor(tensor, 0, start, stop, step), value)
        return
    subscript = Subscript(stash, tensor, parts_of(index))
    if not subscript.indices:
        _copy(subscript.view, value)
        return
    shape = tuple(value.shape)
    kept = _without_leading_ones(shape)
    if list(shape) != kept:
        value = _ATEN.view.default(value, kept)
    _ATEN.index_put_.default(subscript.view, subscript.moved(), value)


def _copy(target: torch.Tensor, value: torch.Tensor) -> None:
    if target.shape == value.shape:
        _ATEN.copy_.default(target, value)
    elif value.dim() == 0 and value.device.type == "cpu":
        _ATEN.fill_.Tensor(target, value)
    else:
        shaped = _ATEN.view.default(value, _without_leading_ones(tuple(value.shape)))
        if shaped.shape != target.shape:
            shaped = _ATEN.expand.default(shaped, list(target.shape))
        _ATEN.copy_.default(target, shaped)


def _without_leading_ones(shape: tuple[int, ...]) -> list[int]:
    sizes = list(shape)
    while sizes and sizes[0] == 1:
        del sizes[0]
    return sizes


def _as_tensor(stash: ArgumentStash, tensor: torch.Tensor, value: Any) -> torch.Tensor:
    if isinstance(value, torch.Tensor):
        return value
    with stash.paused():
        return torch.tensor(value, dtype=tensor.dtype, device="cpu" if tensor.is_cuda else tensor.device)


def parts_of(index: Any) -> tuple[Any, ...]:
    """A subscript as a tuple; of lists as old numpy took them for one."""
    if isinstance(index, tuple):
        return cast("tuple[Any, ...]", index)
    if isinstance(index, list):
        items = cast("list[Any]", index)
        is_tuple = len(items) < 32 and any(
            isinstance(item, slice | torch.Tensor | list | tuple) or item is None or item is Ellipsis
            for item in items
        )
        return tuple(items) if is_tuple else (items,)
    return (index,)


def _dimensions(part: Any) -> int:
    if part is None or part is Ellipsis or isinstance(part, bool):
        return 0
    if isinstance(part, torch.Tensor) and part.dtype in (torch.bool, torch.uint8):
        return part.dim()
    return 1
