"""Writes what a run measured to files: tables as CSV, the timeline as a Chrome trace."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from jitviewer.plain_text import plain_line
from jitviewer.protocol.chrome_trace import chrome_trace
from jitviewer.protocol.run_rows import MemoryPointRow, SpanRow
from jitviewer.ui.services.exported_files import write_exported

_FORMULA = ("=", "+", "-", "@")
"""What formulas begin with; no number in our tables does."""


def write_csv(path: str, lines: Sequence[Sequence[str]]) -> str:
    """Write a table; gives "" or a sentence that says why it could not be written."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[_cell(words) for words in line] for line in lines])
    return _write(path, text.getvalue().encode("utf-8"))


def _cell(words: str) -> str:
    """A cell that a program for tables shows as it stands: a name that begins like a formula is quoted."""
    shown = plain_line(words)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def write_trace(path: str, spans: Sequence[SpanRow], memory: Sequence[MemoryPointRow] = ()) -> str:
    """Write a timeline with its memory for Perfetto or chrome://tracing; gives "" or why it could not be
    written."""
    return _write(path, chrome_trace(spans, memory))


def _write(path: str, data: bytes) -> str:
    why_not = write_exported(path, data)
    return f"{path} cannot be written: {why_not}." if why_not else ""
