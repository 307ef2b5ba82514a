"""The inputs that the window is told of, and what is proposed for the others."""

from __future__ import annotations

from jitviewer.protocol.bounds import DETAIL, INPUTS, NAME, SENTENCE, SPEC, cut, within
from jitviewer.protocol.rows import InputRow


def bounded_inputs(rows: list[InputRow]) -> tuple[list[InputRow], list[str]]:
    """The first inputs as rows, and the proposals of those that come after them.

    A proposal that is too long is left out, since one that was cut would be another value.
    """
    shown = within(map(_bounded, rows), INPUTS, _weight)
    return shown, [row.spec for row in rows[len(shown) :]]


def _bounded(row: InputRow) -> InputRow:
    name, kind, reason = cut(row.name, NAME), cut(row.type, DETAIL), cut(row.reason, SENTENCE)
    if len(row.spec) <= SPEC:
        return InputRow(name, kind, row.spec, reason, row.required)
    why = f"the value that was to be proposed has {len(row.spec):,} characters"
    return InputRow(name, kind, "", why, row.required)


def _weight(row: InputRow) -> int:
    return len(row.name) + len(row.type) + len(row.spec) + len(row.reason)
