"""Finds what lies at a point or in a rectangle without looking at everything."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from PySide6.QtCore import QRectF

_CELL = 512.0
_MAX_CELLS = 64
"""What spans more cells than this is kept in one list that every query looks through."""

Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom in scene pixels."""


class SpatialIndex:
    """A grid over rectangles that are named by their number in a sequence."""

    def __init__(self, bounds: Iterable[Bounds] = ()) -> None:
        # One after the other in arrays: as tuples they would be most of what a large canvas takes.
        self._edges = array("d")
        self._cells: dict[tuple[int, int], array[int]] = {}
        self._large: list[int] = []
        for one in bounds:
            self.add(one)

    def add(self, bounds: Bounds) -> None:
        """Add a rectangle; its number is how many there were before."""
        left, top, right, bottom = bounds
        number = len(self._edges) // 4
        self._edges.extend(bounds)
        first_column, last_column = int(left // _CELL), int(right // _CELL)
        first_row, last_row = int(top // _CELL), int(bottom // _CELL)
        if (last_column - first_column + 1) * (last_row - first_row + 1) > _MAX_CELLS:
            self._large.append(number)
            return
        for column in range(first_column, last_column + 1):
            for row in range(first_row, last_row + 1):
                cell = self._cells.get((column, row))
                if cell is None:
                    cell = self._cells[column, row] = array("l")
                cell.append(number)

    def bounds_of(self, number: int) -> Bounds:
        """The rectangle of this number."""
        left, top, right, bottom = self._edges[4 * number : 4 * number + 4]
        return left, top, right, bottom

    def within(self, left: float, top: float, right: float, bottom: float) -> list[int]:
        """Numbers of the rectangles that touch this one, ascending."""
        columns = range(int(left // _CELL), int(right // _CELL) + 1)
        rows = range(int(top // _CELL), int(bottom // _CELL) + 1)
        count = len(self._edges) // 4
        if len(columns) * len(rows) > count + 1:
            candidates: Iterable[int] = range(count)
        else:
            found: set[int] = set(self._large)
            for column in columns:
                for row in rows:
                    found.update(self._cells.get((column, row), ()))
            candidates = sorted(found)
        known = self._edges
        return [
            n for n in candidates
            if known[4 * n] <= right and known[4 * n + 2] >= left
            and known[4 * n + 1] <= bottom and known[4 * n + 3] >= top
        ]  # fmt: skip

    def crowd(self, left: float, top: float, right: float, bottom: float) -> int:
        """At least as many as touch a rectangle: what spans several cells is counted in each."""
        columns = range(int(left // _CELL), int(right // _CELL) + 1)
        rows = range(int(top // _CELL), int(bottom // _CELL) + 1)
        count = len(self._edges) // 4
        if len(columns) * len(rows) > count + 1:
            return count
        cells = (self._cells.get((column, row), ()) for column in columns for row in rows)
        return len(self._large) + sum(len(cell) for cell in cells)

    def at(self, x: float, y: float) -> list[int]:
        """Numbers of the rectangles that hold this point, ascending."""
        return self.within(x, y, x, y)


def corners(rect: QRectF) -> Bounds:
    """Left, top, right, bottom."""
    return rect.left(), rect.top(), rect.right(), rect.bottom()
