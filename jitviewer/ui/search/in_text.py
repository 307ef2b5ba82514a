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
    starts = lines.starts
    line = 0
    while line < len(starts):
        begin = starts[line]
        after = max(line + 1, bisect_right(starts, begin + _PART))
        end = starts[after] if after < len(starts) else len(lines.text)
        for start, stop in pattern.spans(lines.text[begin:end]):
            yield lines.span_at(begin + start, begin + stop)
        yield None
        line = after
