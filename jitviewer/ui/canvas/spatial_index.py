"""Finds what lies at a point or in a rectangle without looking at everything."""

from __future__ import annotations

from collections.abc import Iterable

_CELL = 512.0
_MAX_CELLS = 64
"""What spans more cells than this is kept in one list that every query looks through."""

Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom in scene pixels."""


class SpatialIndex:
    """A grid over rectangles that are named by their number in a sequence."""

    def __init__(self, bounds: Iterable[Bounds] = ()) -> None:
        self.bounds: list[Bounds] = []
        self._cells: dict[tuple[int, int], list[int]] = {}
        self._large: list[int] = []
        for one in bounds:
            self.add(one)

    def add(self, bounds: Bounds) -> None:
        """Add a rectangle; its number is how many there were before."""
        left, top, right, bottom = bounds
        number = len(self.bounds)
        self.bounds.append(bounds)
        first_column, last_column = int(left // _CELL), int(right // _CELL)
        first_row, last_row = int(top // _CELL), int(bottom // _CELL)
        if (last_column - first_column + 1) * (last_row - first_row + 1) > _MAX_CELLS:
            self._large.append(number)
            return
        for column in range(first_column, last_column + 1):
            for row in range(first_row, last_row + 1):
                self._cells.setdefault((column, row), []).append(number)

    def within(self, left: float, top: float, right: float, bottom: float) -> list[int]:
        """Numbers of the rectangles that touch this one, ascending."""
        columns = range(int(left // _CELL), int(right // _CELL) + 1)
        rows = range(int(top // _CELL), int(bottom // _CELL) + 1)
        if len(columns) * len(rows) > len(self.bounds) + 1:
            candidates: Iterable[int] = range(len(self.bounds))
        else:
            found: set[int] = set(self._large)
            for column in columns:
                for row in rows:
                    found.update(self._cells.get((column, row), ()))
            candidates = sorted(found)
        known = self.bounds
        return [
            n for n in candidates
            if known[n][0] <= right and known[n][2] >= left and known[n][1] <= bottom and known[n][3] >= top
        ]  # fmt: skip

    def at(self, x: float, y: float) -> list[int]:
        """Numbers of the rectangles that hold this point, ascending."""
        return self.within(x, y, x, y)
