"""Finds a pattern in a long text, some lines at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from jitviewer.ui.editors.text_lines import Span, TextLines
from jitviewer.ui.search.pattern import Pattern

_PART = 32_000
"""Characters that are searched before the window gets a turn."""


def spans_in(lines: TextLines, pattern: Pattern) -> Iterator[Span | None]:
    """The matches in the order of the text, and None after each part that was searched."""
    starts, count = lines.lines.starts, len(lines.lines)
    line = 0
    while line < count:
        begin = starts[line]
        after = min(count, max(line + 1, bisect_right(starts, begin + _PART)))
        end = min(starts[after], len(lines.text))
        at, next_start = line, starts[line + 1]
        for start, stop in pattern.spans(lines.text[begin:end]):
            while begin + start >= next_start:
                at += 1
                next_start = starts[at + 1] if at + 1 < count else end + 1
            column = begin + start - starts[at]
            yield Span(at, column, min(column + stop - start, next_start - 1 - starts[at]))
        yield None
        line = after
