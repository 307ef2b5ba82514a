"""Problems of a Python file within the bounds of a message."""

from __future__ import annotations

from jitviewer.protocol.bounds import NAME, PATH, cut, cut_block
from jitviewer.protocol.rows import ProblemRow


def bounded_problem(row: ProblemRow) -> ProblemRow:
    """The problem, with its names, sentence and excerpt as long as they may be."""
    return ProblemRow(
        cut(row.subject, NAME), cut(row.file, PATH), row.line, row.column, cut_block(row.message),
        cut_block(row.excerpt), row.is_warning,
    )  # fmt: skip
