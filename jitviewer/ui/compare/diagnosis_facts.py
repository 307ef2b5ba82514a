"""What is said of a diagnosis: the cause, who agrees, what sets them apart, and all that a trace decided."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jitviewer.protocol.diagnosis_rows import DecidedRow, DiagnosisRow
from jitviewer.protocol.rows import Fact
from jitviewer.ui.models.formatting import plural


def verdict(row: DiagnosisRow) -> str:
    """One sentence on what came out."""
    if not row.diverged:
        return f"No difference between {row.name} and its trace was found."
    if not row.causes:
        return f"{row.name} and its trace differ, for a cause that was not found."
    cause = row.causes[0]
    return f"{row.name} and its trace differ: {cause.kind}, {Path(cause.file).name}, line {cause.line}."


def facts_of(row: DiagnosisRow) -> list[Fact]:
    """Cause, inputs and sides; what stands in the file itself leads to its line."""
    return [*_causes(row), *_inputs(row), *_sides(row)]


def decisions_of(row: DiagnosisRow) -> list[Fact]:
    """All that the trace decided, in the order of its decisions; as for causes, places lead to lines."""
    return list(_decisions(row))


def heading_of_decisions(row: DiagnosisRow) -> str:
    """How many decisions the trace burnt in."""
    return f"What the trace decided ({len(row.decisions) + row.more_decisions:,})"


def _causes(row: DiagnosisRow) -> Iterator[Fact]:
    for number, cause in enumerate(row.causes):
        group = "Also" if number else "Cause"
        link = _link(row, cause.file, cause.line)
        yield Fact(group, "kind", cause.kind)
        yield Fact(group, "place", _place(row, cause.file, cause.line), link)
        yield Fact(group, "expression", cause.expression, link)
        yield Fact(group, "why", cause.explanation)
    if not row.causes:
        yield Fact("", "", row.explanation)


def _inputs(row: DiagnosisRow) -> Iterator[Fact]:
    if not row.inputs:
        return
    group = "What sets them apart"
    for number, call in enumerate(row.inputs, 1):
        yield Fact(group, f"call {number}" if len(row.inputs) > 1 else "inputs", call)
    yield Fact(group, "made", row.made)
    yield Fact(group, "result", row.difference)


def _sides(row: DiagnosisRow) -> Iterator[Fact]:
    group = "Which sides agree"
    for pair, agrees in row.sides:
        yield Fact(group, pair, "agree" if agrees else "differ")
    if row.script_refusal:
        yield Fact(group, "no script", row.script_refusal)
    refused = f"; the program itself raised with {row.refused:,} of them" if row.refused else ""
    yield Fact(group, "tried", f"{plural(row.tried, 'input')}{refused}")
    yield from (Fact(group, "note", note) for note in row.notes)


def _decisions(row: DiagnosisRow) -> Iterator[Fact]:
    if not row.decisions:
        yield Fact("", "", "Nothing that was decided in Python is fixed in it.")
    for each in row.decisions:
        yield Fact("", each.kind, _place(row, each.file, each.line), _link(row, each.file, each.line))
        yield Fact("", each.kind, _decided(each))
    if row.more_decisions:
        yield Fact("", "", f"and {row.more_decisions:,} more")


def _decided(row: DecidedRow) -> str:
    times = f", {row.times:,} times" if row.times > 1 else ""
    value = f" = {row.value}" if row.value else ""
    told = (
        f"{row.expression}{value}{times}: {row.decided}" if row.decided else f"{row.expression}{value}{times}"
    )
    told = told if told.endswith(".") else f"{told}."
    if row.harmless:
        told += " Nothing of the inputs is in it."
    elif row.flipped is False:
        told += " No input was found that decides otherwise."
    return told


def _place(row: DiagnosisRow, file: str, line: int) -> str:
    name = Path(file).name if file == row.content.path else file
    return f"{name}, line {line}"


def _link(row: DiagnosisRow, file: str, line: int) -> str:
    """The line, where it is one of the file that was diagnosed: no other can be shown."""
    return str(line) if file == row.content.path and line else ""
