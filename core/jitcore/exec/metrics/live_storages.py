"""Follows which storages are alive while a graph runs, who made them, and when they were most."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import torch

from jitcore.exec.runtime_types import type_text

if TYPE_CHECKING:
    from collections.abc import Iterable

NodeKey = tuple[str, int]

_MOST_POINTS: Final = 4_096
"""Points of the line of memory: more than any screen has pixels."""


@dataclass(frozen=True, slots=True)
class LiveStorage:
    """A storage that was alive at the peak: its bytes, the node that made it (None: an input), and the type
    of the tensor that was seen in it first."""

    bytes: int
    maker: NodeKey | None
    type: str


@dataclass(frozen=True, slots=True)
class MemoryPoint:
    """Bytes alive while a node ran for the `occurrence`th time (from 0), `at_ns` after the start."""

    at_ns: int
    bytes: int
    node: NodeKey
    occurrence: int


@dataclass(frozen=True, slots=True)
class MemoryProfile:
    """Memory along the first repeat: of inputs and of what nodes made, as long as tensors hold it.

    Weights and constants are apart in `weights`, since they are there before and after; of them those count
    that the run came across. `peak` is the most that was alive at once, while `peak_node` ran (None: when the
    run began), `alive` what it was, largest first. `allocated` are bytes of all `allocations` together.
    What kernels take inside, and rounding by allocators, is in none of these.
    """

    points: tuple[MemoryPoint, ...]
    peak: int
    peak_node: NodeKey | None
    alive: tuple[LiveStorage, ...]
    inputs: int
    weights: int
    allocated: int
    allocations: int


class _Entry:
    """A storage that is alive, and how many tensors that were seen hold it."""

    __slots__ = ("born", "bytes", "holders", "maker", "type")

    def __init__(self, bytes_: int, maker: NodeKey | None, type_: str, born: int) -> None:
        self.bytes = bytes_
        self.maker = maker
        self.type = type_
        self.born = born
        self.holders = 0


class LiveStorages:
    """Is told of the tensors of a run as they come; notices by itself when they go.

    A storage is alive as long as one of the tensors that were seen of it. Attributes: `bytes`, of all that is
    alive beside weights.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._entries: dict[int, _Entry] = {}
        self._weights: dict[int, int] = {}
        self._seen: dict[int, weakref.ref[torch.Tensor]] = {}
        self._points: list[MemoryPoint] = []
        self._stride = 1
        self._pending: MemoryPoint | None = None
        self._merged = 0
        self._time = 0
        self._inputs = self._allocated = self._allocations = 0
        self._peak = 0
        self._peak_time = -1
        self._peak_node: NodeKey | None = None
        self._gone_since_peak: list[_Entry] = []

    def take_inputs(self, tensors: Iterable[torch.Tensor]) -> None:
        """These are given to the run."""
        for tensor in tensors:
            self._inputs += self._take(tensor, None)
        self._notice_peak(None)

    def take_weights(self, tensors: Iterable[torch.Tensor]) -> None:
        """Whatever is not known of these was there before the run and stays."""
        for tensor in tensors:
            if tensor.layout != torch.strided or id(tensor) in self._seen:
                continue
            key = _storage(tensor)
            if key not in self._entries and key not in self._weights:
                self._weights[key] = tensor.untyped_storage().nbytes()

    def take_outputs(self, tensors: Iterable[torch.Tensor], maker: NodeKey) -> int:
        """A node gave these; the bytes that are new."""
        self._time += 1
        made = sum(self._take(tensor, maker) for tensor in tensors)
        self._notice_peak(maker)
        return made

    def note(self, at_ns: int, node: NodeKey, occurrence: int) -> None:
        """What is alive now belongs on the line, under the node that runs."""
        point = MemoryPoint(at_ns, self.bytes, node, occurrence)
        if self._pending is None or point.bytes > self._pending.bytes:
            self._pending = point
        self._merged += 1
        if self._merged >= self._stride:
            self._points.append(self._pending)
            self._pending, self._merged = None, 0
        if len(self._points) >= 2 * _MOST_POINTS:
            self._points = [
                max(pair, key=lambda point: point.bytes)
                for pair in zip(self._points[::2], self._points[1::2], strict=True)
            ]
            self._stride *= 2

    def profile(self) -> MemoryProfile:
        """What was seen until now."""
        alive = [entry for entry in self._entries.values() if entry.born <= self._peak_time]
        alive += self._gone_since_peak
        alive.sort(key=lambda entry: -entry.bytes)
        points = [*self._points, *([self._pending] if self._pending is not None else [])]
        return MemoryProfile(
            tuple(points), self._peak, self._peak_node,
            tuple(LiveStorage(entry.bytes, entry.maker, entry.type) for entry in alive if entry.bytes),
            self._inputs, sum(self._weights.values()), self._allocated, self._allocations,
        )  # fmt: skip

    def _take(self, tensor: torch.Tensor, maker: NodeKey | None) -> int:
        """Follow a tensor; the bytes of its storage if that is new."""
        if tensor.layout != torch.strided or id(tensor) in self._seen:
            return 0
        key = _storage(tensor)
        if key in self._weights:
            return 0
        entry, made = self._entries.get(key), 0
        if entry is None:
            made = tensor.untyped_storage().nbytes()
            entry = self._entries[key] = _Entry(made, maker, type_text(tensor), self._time)
            self.bytes += made
            if maker is not None:
                self._allocated += made
                self._allocations += 1
        entry.holders += 1
        number = id(tensor)
        self._seen[number] = weakref.ref(tensor, partial(self._let_go, number, key))
        return made

    def _let_go(self, number: int, key: int, _: object) -> None:
        del self._seen[number]
        entry = self._entries[key]
        entry.holders -= 1
        if entry.holders:
            return
        del self._entries[key]
        self.bytes -= entry.bytes
        if entry.born <= self._peak_time:
            self._gone_since_peak.append(entry)

    def _notice_peak(self, node: NodeKey | None) -> None:
        if self.bytes > self._peak:
            self._peak, self._peak_time, self._peak_node = self.bytes, self._time, node
            self._gone_since_peak.clear()


def _storage(tensor: torch.Tensor) -> int:
    # The object of a storage in Python lives as long as the storage.
    return id(tensor.untyped_storage())
