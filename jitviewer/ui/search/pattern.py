"""What a person searches for: words as they stand, or a regular expression."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from PySide6.QtCore import QRegularExpression


class Pattern:
    """Attributes: `words`; `problem` says why a regular expression cannot be understood, "" if it can.

    Expressions are matched by Qt, which gives up where an expression would take for ever; Python's own
    would hold up the window.
    """

    def __init__(self, words: str, is_regex: bool = False, is_exact: bool = False) -> None:
        self.words = words
        self.problem = ""
        self._is_exact = is_exact
        self._expression: QRegularExpression | None = None
        # Letters whose folded form is longer would shift what stands behind them.
        self._plain = words if is_exact else words.lower() if len(words.lower()) == len(words) else words
        if is_regex and words:
            option = QRegularExpression.PatternOption
            options = option.MultilineOption | option.UseUnicodePropertiesOption
            if not is_exact:
                options |= option.CaseInsensitiveOption
            self._expression = QRegularExpression(words, options)
            if not self._expression.isValid():
                self.problem = self._expression.errorString()

    def __bool__(self) -> bool:
        return bool(self.words) and not self.problem

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each match that is not empty."""
        if not self:
            return
        if self._expression is not None:
            if len(text) != len(text.encode("utf-16-le")) // 2:
                yield from _counted_once(text, self._expression_spans(text))
            else:
                yield from self._expression_spans(text)
            return
        where = text if self._is_exact else text.lower()
        if len(where) != len(text):
            yield from self._slow_spans(text)
            return
        at = where.find(self._plain)
        while at >= 0:
            end = at + len(self._plain)
            yield at, end
            at = where.find(self._plain, end)

    def _expression_spans(self, text: str) -> Iterator[tuple[int, int]]:
        assert self._expression is not None
        matches = self._expression.globalMatch(text)
        while matches.hasNext():
            match = matches.next()
            if match.capturedLength():
                yield match.capturedStart(), match.capturedEnd()

    def _slow_spans(self, text: str) -> Iterator[tuple[int, int]]:
        for match in re.finditer(re.escape(self.words), text, re.IGNORECASE):
            yield match.span()


def _counted_once(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Places in a text of places that Qt gives, which counts letters beyond the first plane twice."""
    wide = [
        place + number
        for number, place in enumerate(place for place, sign in enumerate(text) if sign > "\uffff")
    ]
    for start, end in spans:
        yield start - bisect_left(wide, start), end - bisect_left(wide, end)
