"""Warnings of a program, shown with the line of its own source: no file that it names is opened."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.source import SourceRange


def warn_at(message: str, place: SourceRange | None) -> None:
    """Give a `UserWarning` at a place of the program, through the filters that hold for all warnings."""
    where = None if place is None else place.file_line_col()
    if place is None or where is None:
        warnings.warn(message, UserWarning, stacklevel=3)
        return
    file, number, _ = where
    # Python looks up the line of a warning that comes without one in the file of that name. The filters
    # decide first; what they let through is shown together with its line.
    with warnings.catch_warnings(record=True) as passed:
        warnings.warn_explicit(message, UserWarning, file, number)
    if passed:
        warnings.showwarning(passed[0].message, UserWarning, file, number, None, _line_at(place))


def _line_at(place: SourceRange) -> str:
    source = place.source
    starts, line = source.line_starts, source.line_of(place.start)
    end = starts[line + 1] if line + 1 < len(starts) else len(source.text)
    return source.text[starts[line] : end].strip()
