"""Keeps the values that flowed in a run, within a budget, so that each can be looked at afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.ir import ScriptObject
from jitcore.ops.memory_facts import may_write_unseen, writes
from jitviewer.protocol.bounds import LARGEST
from jitviewer.protocol.run_rows import KeptRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jitcore.ir import Graph

INPUTS = -1
"""In place of a node's id: the inputs of the graph."""

Key = tuple[int, int]
"""A node's id and the number of its output."""


class KeptValues:
    """Values by node and output, the newest of a node that runs more than once.

    Tensors are kept as they are as long as nothing in the graph writes to tensors, else as copies;
    those of a device as copies in the memory of the host. `run` is the id of the run they are of.
    """

    def __init__(self, run: int, budget: int, graph: Graph) -> None:
        self.run = run
        self._budget = budget
        self._copies = any(writes(node) or may_write_unseen(node) for node in graph.all_nodes())
        self._values: dict[Key, Any] = {}
        self._storages: dict[int, list[int]] = {}
        self._bytes = 0
        self._dropped: dict[Key, int] = {}

    def take(self, node_id: int, values: list[Any]) -> None:
        """Keep what a node gave, as far as there is room."""
        for index, value in enumerate(values):
            self._take((node_id, index), value)

    def value(self, node_id: int, index: int) -> Any:
        """A kept value; raises `LookupError` that says why it is not there."""
        key = (node_id, index)
        if key in self._values:
            return self._values[key]
        if key in self._dropped:
            raise LookupError(
                f"this value of {self._dropped[key]:,} bytes was dropped: "
                f"the {self._budget:,} bytes that a run may keep were used up"
            )
        raise LookupError(
            "the last run did not compute this value, it is an object of the program, or a container of "
            f"more than {_MOST_PARTS:,} values"
        )

    def summary(self) -> KeptRow:
        """What was kept and what was dropped."""
        dropped = sum(self._dropped.values())
        return KeptRow(
            len(self._values), self._bytes, len(self._dropped), min(dropped, LARGEST), self._budget
        )

    def _take(self, key: Key, value: Any) -> None:
        self._forget(key)
        if _has_many_parts(value) or _holds_object(value):
            return
        tensors = list(tensors_in(value))
        size = sum(_nbytes(tensor) for tensor in tensors)
        copied = self._copies or any(tensor.device.type != "cpu" for tensor in tensors)
        if not copied:
            # Views of a tensor that is kept already take no more room.
            size = sum(_held_bytes(t) for t in tensors if _storage_of(t) not in self._storages)
        if self._bytes + size > self._budget:
            self._dropped[key] = sum(_nbytes(tensor) for tensor in tensors)
            return
        kept = _mapped(value, _copy if copied else _alias)
        self._values[key] = kept
        for tensor in tensors_in(kept):
            users = self._storages.setdefault(_storage_of(tensor), [0, _held_bytes(tensor)])
            if not users[0]:
                self._bytes += users[1]
            users[0] += 1

    def _forget(self, key: Key) -> None:
        self._dropped.pop(key, None)
        for tensor in tensors_in(self._values.pop(key, None)):
            users = self._storages[_storage_of(tensor)]
            users[0] -= 1
            if not users[0]:
                del self._storages[_storage_of(tensor)]
                self._bytes -= users[1]


def tensors_in(value: Any) -> Iterable[torch.Tensor]:
    """The tensors of a value, of containers in order."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in cast("list[Any]", value):
            yield from tensors_in(item)
    elif isinstance(value, dict):
        for item in cast("dict[Any, Any]", value).values():
            yield from tensors_in(item)


_MOST_PARTS = 1_000
"""Values in a container that is kept: it is looked through after each node that gives it, and may hold
another one twice, and that forty times."""


def _has_many_parts(value: Any) -> bool:
    pending: list[Any] = [value]
    room = _MOST_PARTS
    while pending:
        part = pending.pop()
        if isinstance(part, list | tuple | dict):
            parts = cast("dict[Any, Any] | list[Any]", part)
            room -= 1 + len(parts)
            if room < 0:
                return True
            pending.extend(parts.values() if isinstance(parts, dict) else parts)
    return False


def _holds_object(value: Any) -> bool:
    """Whether keeping the value would keep a module and all its weights."""
    if isinstance(value, list | tuple):
        return any(_holds_object(item) for item in cast("list[Any]", value))
    if isinstance(value, dict):
        return any(_holds_object(item) for item in cast("dict[Any, Any]", value).values())
    return isinstance(value, ScriptObject)


def _nbytes(tensor: torch.Tensor) -> int:
    return tensor.nbytes if tensor.layout == torch.strided else 0


def _held_bytes(tensor: torch.Tensor) -> int:
    """What keeping a tensor takes as it is: strides may repeat a few bytes beyond any memory."""
    if tensor.layout != torch.strided:
        return 0
    return min(tensor.nbytes, tensor.untyped_storage().nbytes())


def _storage_of(tensor: torch.Tensor) -> int:
    if tensor.layout != torch.strided:
        return id(tensor)
    return tensor.untyped_storage().data_ptr() or id(tensor)


def _mapped(value: Any, take: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        return take(value)
    if isinstance(value, list):
        return [_mapped(item, take) for item in cast("list[Any]", value)]
    if isinstance(value, tuple):
        return tuple(_mapped(item, take) for item in cast("tuple[Any, ...]", value))
    if isinstance(value, dict):
        return {key: _mapped(item, take) for key, item in cast("dict[Any, Any]", value).items()}
    return value


def _copy(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().to("cpu", copy=True)


def _alias(tensor: torch.Tensor) -> torch.Tensor:
    """The same memory as another tensor: the program's own goes when the program lets it go, which is what
    is noted as the memory of a run."""
    return tensor if tensor.requires_grad else tensor.detach()
