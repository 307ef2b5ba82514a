"""Keeps the values of a run for the other one to be compared with, within a bound on memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.diagnose.paired_runs.comparing_values import MOST_PARTS
from jitcore.diagnose.paired_runs.reduced_tensor import ReducedTensor

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable


class ValueStore:
    """Values by key. Tensors are copied, since programs write to them; once `budget` bytes are used up,
    digests and samples are kept in their place.

    Attributes: `reduced`, how many tensors that were. An object of a program is not kept.
    """

    def __init__(self, budget: int) -> None:
        self.reduced = 0
        self.budget = budget
        self._left = budget
        self._values: dict[Hashable, Any] = {}
        self._unread: dict[Hashable, Callable[[], Any]] = {}

    def keep(self, key: Hashable, value: Any) -> None:
        """Keep a value."""
        self._values[key] = self._copy(value, [MOST_PARTS])

    def keep_unread(self, key: Hashable, read: Callable[[], Any]) -> None:
        """Keep a value that is read when it is taken."""
        self._unread[key] = read

    def take(self, key: Hashable) -> Any:
        """A kept value, which is then given up. Raises `KeyError` where none is."""
        read = self._unread.pop(key, None)
        if read is not None:
            return read()
        value = self._values.pop(key)
        self._left += sum(held_bytes(tensor) for tensor in tensors_of(value))
        return value

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values or key in self._unread

    def _copy(self, value: Any, room: list[int]) -> Any:
        room[0] -= 1
        if isinstance(value, torch.Tensor):
            return self._copy_tensor(value)
        if room[0] > 0 and isinstance(value, (list, tuple)):
            parts = [self._copy(part, room) if room[0] > 0 else None for part in cast("list[Any]", value)]
            return parts if isinstance(value, list) else tuple(parts)
        if room[0] > 0 and isinstance(value, dict):
            entries = cast("dict[Any, Any]", value)
            return {key: self._copy(part, room) if room[0] > 0 else None for key, part in entries.items()}
        return value

    def _copy_tensor(self, tensor: torch.Tensor) -> Any:
        tensor = tensor.detach()
        size = 0 if _is_kept_whole(tensor) else tensor.nbytes
        if size <= self._left or _is_kept_whole(tensor):
            copied = tensor.to("cpu", copy=True) if not tensor.is_meta else tensor
            self._left -= held_bytes(copied)
            return copied
        self.reduced += 1
        return ReducedTensor(tensor)


def _is_kept_whole(tensor: torch.Tensor) -> bool:
    """Whether there is no way to reduce the tensor."""
    return tensor.layout != torch.strided or tensor.is_meta or tensor.is_quantized or tensor.is_nested


def held_bytes(tensor: torch.Tensor) -> int:
    """What keeping a tensor takes."""
    if tensor.layout != torch.strided or tensor.is_meta or tensor.is_nested:
        return 0
    return tensor.untyped_storage().nbytes()


def tensors_of(value: Any) -> Iterable[torch.Tensor]:
    """The tensors of a kept value."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in cast("list[Any]", value):
            yield from tensors_of(part)
    elif isinstance(value, dict):
        for part in cast("dict[Any, Any]", value).values():
            yield from tensors_of(part)
