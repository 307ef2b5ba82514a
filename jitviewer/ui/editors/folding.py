"""Which lines of a text can be folded away under another: by indentation, and by what an engine tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jitviewer.protocol.rows import ScopeRow


class Fold(NamedTuple):
    """Lines `first + 1` to `last` disappear under line `first`; `label` names what they are, if anything."""

    first: int
    last: int
    label: str = ""


class FoldFinder:
    """Finds folds where they are looked for, since a long text has thousands that nobody looks at."""

    def __init__(self, lines: Sequence[str], scopes: Sequence[ScopeRow]) -> None:
        self._lines = lines
        self._scopes: dict[int, list[Fold]] = {}
        for scope in scopes:
            if scope.last > scope.first:
                self._scopes.setdefault(scope.first, []).append(Fold(scope.first, scope.last, scope.name))
        for folds in self._scopes.values():
            folds.sort(key=lambda fold: -fold.last)

    def at(self, line: int) -> list[Fold]:
        """The folds that begin at a line, the largest first."""
        folds = list(self._scopes.get(line, ()))
        if self.is_header(line):
            last = self._last_inside(line)
            if all(fold.last != last for fold in folds):
                folds.append(Fold(line, last))
                folds.sort(key=lambda fold: -fold.last)
        return folds

    def has(self, line: int) -> bool:
        """Whether a fold begins at a line."""
        return line in self._scopes or self.is_header(line)

    def around(self, line: int) -> list[Fold]:
        """The folds that hold a line or begin at it, the smallest first."""
        found = [f for folds in self._scopes.values() for f in folds if f.first <= line <= f.last]
        found += [fold for fold in self.at(line) if not fold.label]
        inside = _indent(self._lines[line]) if line < len(self._lines) else 0
        for above in range(line - 1, -1, -1):
            text = self._lines[above]
            if not inside:
                break
            if text.strip() and _indent(text) < inside:
                inside = _indent(text)
                found.append(Fold(above, self._last_inside(above)))
        return sorted(set(found), key=lambda fold: fold.last - fold.first)

    def all(self) -> list[Fold]:
        """Every fold below the outermost level, for folding all of a text."""
        found = [fold for folds in self._scopes.values() for fold in folds]
        # Headers that wait for their end, with their indentation; one pass over the text.
        waiting: list[tuple[int, int]] = []
        last = -1
        for line, text in enumerate(self._lines):
            if not text.strip():
                continue
            indent = _indent(text)
            while waiting and waiting[-1][0] >= indent:
                _, first = waiting.pop()
                if last > first:
                    found.append(Fold(first, last))
            waiting.append((indent, line))
            last = line
        found += [Fold(first, last) for _, first in waiting if last > first]
        return [fold for fold in found if fold.first > 0 or len(self._lines) - fold.last > 2]

    def is_header(self, line: int) -> bool:
        """Whether the next line with words stands further to the right."""
        text = self._lines[line] if 0 <= line < len(self._lines) else ""
        if not text.strip():
            return False
        for below in range(line + 1, len(self._lines)):
            if self._lines[below].strip():
                return _indent(self._lines[below]) > _indent(text)
        return False

    def _last_inside(self, line: int) -> int:
        own = _indent(self._lines[line])
        last = line
        for below in range(line + 1, len(self._lines)):
            text = self._lines[below]
            if not text.strip():
                continue
            if _indent(text) <= own:
                break
            last = below
        return last


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))
