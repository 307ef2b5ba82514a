"""The lines of a text, and which of them stand in which row while some are folded away."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple, overload

from jitviewer.protocol.rows import ScopeRow
from jitviewer.ui.editors.folding import Fold, FoldFinder


class Place(NamedTuple):
    """A place between two characters: line and column, both from 0."""

    line: int
    column: int


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a line."""

    line: int
    start: int
    end: int


class Lines(Sequence[str]):
    """The lines of a text, cut out of it when they are asked for. Attributes: `starts` of all lines."""

    def __init__(self, text: str) -> None:
        self._text = text.removesuffix("\n")
        lengths = (len(line) + 1 for line in self._text.split("\n"))
        # Behind the last line stands where another one would begin.
        self.starts = array("q", accumulate(lengths, initial=0))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[line] for line in range(len(self))[at]]
        line = range(len(self))[at]
        return self._text[self.starts[line] : self.starts[line + 1] - 1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._text.split("\n"))

    @cached_property
    def longest(self) -> int:
        """Characters of the longest line."""
        return max(end - start for start, end in pairwise(self.starts)) - 1


class TextLines:
    """Attributes: `text`, `lines`; `closed`, the folds that are closed. A row is a line in sight."""

    def __init__(self, text: str = "", scopes: Sequence[ScopeRow] = ()) -> None:
        self.text = text
        self.lines = Lines(text)
        self.folds = FoldFinder(self.lines, scopes)
        self.closed: set[Fold] = set()
        self._rows: list[int] | None = None

    # --- rows ---------------------------------------------------------------------------------

    @property
    def row_count(self) -> int:
        """How many lines are not folded away."""
        return len(self._rows) if self._rows is not None else len(self.lines)

    def line_of_row(self, row: int) -> int:
        """The line in a row."""
        return self._rows[row] if self._rows is not None else row

    def row_of_line(self, line: int) -> int:
        """The row of a line; of a hidden one, the row of the line that it is folded under."""
        return bisect_right(self._rows, line) - 1 if self._rows is not None else line

    def is_hidden(self, line: int) -> bool:
        """Whether a line is folded away."""
        return self._rows is not None and self._rows[self.row_of_line(line)] != line

    # --- folding ------------------------------------------------------------------------------

    def closed_at(self, line: int) -> Fold | None:
        """The largest closed fold that begins at a line."""
        here = [fold for fold in self.closed if fold.first == line]
        return max(here, key=lambda fold: fold.last, default=None)

    def toggle(self, line: int) -> bool:
        """Open the closed fold that begins at a line, or close the largest one; whether there is any."""
        closed = self.closed_at(line)
        if closed is not None:
            self.closed.discard(closed)
        else:
            found = self.folds.at(line)
            if not found:
                return False
            self.closed.add(found[0])
        self._place()
        return True

    def fold(self, line: int) -> Fold | None:
        """Close the smallest open fold around a line and give it."""
        fold = next((fold for fold in self.folds.around(line) if fold not in self.closed), None)
        if fold is not None:
            self.closed.add(fold)
            self._place()
        return fold

    def fold_all(self) -> None:
        """Close every fold."""
        self.closed = set(self.folds.all())
        self._place()

    def unfold_all(self) -> None:
        """Open every fold."""
        self.closed.clear()
        self._place()

    def reveal(self, line: int) -> bool:
        """Open the folds that hide a line; whether there were any."""
        hiding = {fold for fold in self.closed if fold.first < line <= fold.last}
        self.closed -= hiding
        if hiding:
            self._place()
        return bool(hiding)

    def _place(self) -> None:
        if not self.closed:
            self._rows = None
            return
        rows: list[int] = []
        at = 0
        for fold in sorted(self.closed):
            if fold.last < at:
                continue
            if fold.first >= at:
                rows.extend(range(at, fold.first + 1))
            at = max(at, fold.last + 1)
        rows.extend(range(at, len(self.lines)))
        self._rows = rows

    # --- characters ---------------------------------------------------------------------------

    def span_at(self, start: int, end: int) -> Span:
        """A stretch of the text as a part of one line; what reaches into the next is cut."""
        starts = self.lines.starts
        line = min(bisect_right(starts, start), len(self.lines)) - 1
        column = start - starts[line]
        return Span(line, column, min(len(self.lines[line]), column + end - start))

    def between(self, first: Place, last: Place) -> str:
        """The text from one place to a later one."""
        if first.line == last.line:
            return self.lines[first.line][first.column : last.column]
        parts = [self.lines[first.line][first.column :], *self.lines[first.line + 1 : last.line]]
        return "\n".join([*parts, self.lines[last.line][: last.column]])

    def clamp(self, line: int, column: int) -> Place:
        """The nearest place that there is."""
        line = max(0, min(line, len(self.lines) - 1))
        return Place(line, max(0, min(column, len(self.lines[line]))))
