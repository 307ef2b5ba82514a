"""Checks what was kept of a window's place and docks: Qt takes any bytes for it, and some end the process."""

from __future__ import annotations

import struct
from collections.abc import Iterable

_GEOMETRY = struct.Struct(">IHH4i4iiBBi4i")
_GEOMETRY_MAGIC = 0x1D9D0CB
_FURTHEST = 1 << 15
"""Pixels: no screen has as many."""

_LARGEST_EXTENT = 0x1FFFFFF
"""What Qt writes for a size without a bound is less."""

_STATE_MAGIC, _DOCKS, _TABS, _SEQUENCE, _WIDGET, _TOOL_BARS = 0xFF, 0xFD, 0xFA, 0xFC, 0xFB, 0xFC
_FLOATING, _FLAGS = 2, 15
"""Of a dock: whether it floats; others say whether it is visible, and what it was before it was closed."""

_SIDES, _CORNERS = 4, 4
_DEEPEST = 8


class _UnsoundError(Exception):
    """The bytes describe no layout of this window."""


def is_sound_geometry(content: bytes) -> bool:
    """Whether bytes are what `QWidget.saveGeometry` writes, of a place that a screen may have."""
    if len(content) != _GEOMETRY.size:
        return False
    magic, major, minor, *numbers = _GEOMETRY.unpack(content)
    if (magic, major, minor) != (_GEOMETRY_MAGIC, 3, 0):
        return False
    frame, normal, current = numbers[0:4], numbers[4:8], numbers[12:16]
    return all(
        abs(number) <= _FURTHEST for number in (*frame, *normal, *current, numbers[8], numbers[11])
    ) and all(left <= right and top <= bottom for left, top, right, bottom in (frame, normal, current))


def is_sound_state(content: bytes, version: int, docks: Iterable[str]) -> bool:
    """Whether bytes are what `QMainWindow.saveState` writes of a window with these docks and no tool bar.

    Each dock stands in them once; in docks that lie within others no dock floats with others as tabs.
    """
    reader = _Reader(content, set(docks))
    try:
        return reader.state(version)
    except (_UnsoundError, struct.error, UnicodeDecodeError):
        return False


class _Reader:
    """A cursor over the bytes of a state. `_missing` are the docks that have not been met."""

    def __init__(self, content: bytes, docks: set[str]) -> None:
        self._content = content
        self._at = 0
        self._missing = docks

    def state(self, version: int) -> bool:
        """Read it all."""
        self._expect(self._number() == _STATE_MAGIC and self._number() == version)
        self._expect(self._byte() == _DOCKS)
        sides: set[int] = set()
        for _ in range(self._count(_SIDES)):
            side = self._count(_SIDES - 1)
            self._expect(side not in sides)
            sides.add(side)
            self._size()
            self._group(0)
        self._size()
        for _ in range(_CORNERS):
            self._expect(self._number() in (1, 2, 4, 8))
        self._expect(self._byte() == _TOOL_BARS and self._number() == 0)
        return self._at == len(self._content) and not self._missing

    def _group(self, depth: int) -> None:
        """Docks beside each other, or as tabs in one place."""
        self._expect(depth <= _DEEPEST)
        kind = self._byte()
        self._expect(kind in (_TABS, _SEQUENCE))
        front = self._number() if kind == _TABS else 0
        self._expect(self._byte() in (1, 2))
        count = self._count(len(self._missing))
        self._expect(-1 <= front < max(1, count) and (count > 0 or depth == 0))
        for _ in range(count):
            item = self._byte()
            if item == _WIDGET:
                self._dock()
            else:
                self._expect(item == _SEQUENCE)
                self._extents()
                self._group(depth + 1)

    def _dock(self) -> None:
        name = self._text()
        self._expect(name in self._missing)
        self._missing.discard(name)
        flags = self._byte()
        self._expect(flags & ~_FLAGS == 0)
        if flags & _FLOATING:
            self._expect(all(abs(self._number()) <= _FURTHEST for _ in range(4)))
        else:
            self._extents()

    def _extents(self) -> None:
        """Place and size along the group, -1 where it was never shown, and the least and largest size."""
        self._expect(all(-1 <= self._number() <= _FURTHEST for _ in range(2)))
        self._expect(all(0 <= self._number() <= _LARGEST_EXTENT for _ in range(2)))

    def _size(self) -> None:
        self._expect(all(-1 <= self._number() <= _FURTHEST for _ in range(2)))

    def _text(self) -> str:
        length = self._count(200)
        self._at += length
        return self._content[self._at - length : self._at].decode("utf-16-be")

    def _count(self, most: int) -> int:
        count = self._number()
        self._expect(0 <= count <= most)
        return count

    def _number(self) -> int:
        (number,) = struct.unpack_from(">i", self._content, self._at)
        self._at += 4
        return number

    def _byte(self) -> int:
        (byte,) = struct.unpack_from("B", self._content, self._at)
        self._at += 1
        return byte

    @staticmethod
    def _expect(holds: bool) -> None:
        if not holds:
            raise _UnsoundError
