"""What is said of a diagnosis: the cause, who agrees, what sets them apart, and all that a trace decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jitviewer.protocol.diagnosis_rows import DecidedRow, DiagnosisRow
from jitviewer.protocol.rows import Fact
from jitviewer.ui.compare.remedy_panel import sentence_of
from jitviewer.ui.models.formatting import plural

REMEDY_LINK = "page:1"
"""Leads to the remedy."""

MEANINGS = {
    "branch": "Python took one way of a condition",
    "loop-count": "Python ran a loop so many times",
    "shape": "a size became a number",
    "constant": "a value became a constant",
    "device-or-dtype": "a device or a kind of element became fixed",
    "randomness": "random numbers were drawn once",
    "mode": "a mode was read once",
    "aliasing": "a write in place was lost or applied otherwise",
    "python-state": "something that Python keeps between calls was read or changed",
    "other-method": "a method or hook that one side does not run",
    "numeric": "the same operators in another order or precision",
    "semantics": "the script means something else than Python",
}
"""What kinds of causes and decisions are, in words."""


def verdict(row: DiagnosisRow) -> str:
    """One sentence on what came out."""
    if not row.diverged:
        return f"No difference between {row.name} and its trace was found."
    if not row.causes:
        return f"{row.name} and its trace differ, for a cause that was not found."
    cause = row.causes[0]
    place = f"line {cause.line} of {Path(cause.file).name}"
    return f"{row.name} and its trace differ because of {place}: {MEANINGS.get(cause.kind, cause.kind)}."


@dataclass(frozen=True)
class Links:
    """What facts can lead to. `has` says whether a file can be shown, `row_of` which row of the graphs comes
    from a line of it (-1: none)."""

    has: Callable[[str], bool]
    row_of: Callable[[str, int], int]

    def to_line(self, file: str, line: int) -> str:
        """A link to a line, "" where it cannot be shown."""
        return f"line:{file}:{line}" if line and self.has(file) else ""

    def to_node(self, file: str, line: int) -> str:
        """A link to the node of a line, "" where there is none."""
        row = self.row_of(file, line)
        return f"row:{row}" if row >= 0 else ""


def facts_of(row: DiagnosisRow, links: Links) -> list[Fact]:
    """Cause, inputs and sides; files of the person lead to their lines."""
    return [*_causes(row, links), *_inputs(row), *_sides(row)]


def decisions_of(row: DiagnosisRow, links: Links) -> list[Fact]:
    """All that the trace decided, in the order of its decisions: each with its line, its node, and the inputs
    that decide otherwise."""
    return list(_decisions(row, links))


def heading_of_decisions(row: DiagnosisRow) -> str:
    """How many decisions the trace burnt in."""
    return f"Decisions ({len(row.decisions) + row.more_decisions:,})"


def _causes(row: DiagnosisRow, links: Links) -> Iterator[Fact]:
    for number, cause in enumerate(row.causes):
        group = "Also" if number else "Cause"
        link = links.to_line(cause.file, cause.line)
        yield Fact(group, "kind", f"{cause.kind}: {MEANINGS.get(cause.kind, cause.kind)}")
        yield Fact(group, "line", _place(row, cause.file, cause.line), link)
        yield Fact(group, "expression", cause.expression, link)
        yield Fact(group, "why", cause.explanation)
        node = links.to_node(cause.file, cause.line)
        if node:
            yield Fact(group, "node", "show it in the graphs", node)
        if not number and row.remedy is not None:
            yield Fact(group, "remedy", sentence_of(row.remedy.summary), REMEDY_LINK)
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


def _decisions(row: DiagnosisRow, links: Links) -> Iterator[Fact]:
    if not row.decisions:
        yield Fact("", "", "Nothing that was decided in Python is fixed in it.")
    for number, each in enumerate(row.decisions, 1):
        group = f"{number}. {each.kind}: {MEANINGS.get(each.kind, each.kind)}"
        yield Fact(group, "line", _place(row, each.file, each.line), links.to_line(each.file, each.line))
        yield Fact(group, "decided", _decided(each))
        node = links.to_node(each.file, each.line)
        if node:
            yield Fact(group, "node", "show it in the graphs", node)
        for call, inputs in enumerate(each.inputs, 1):
            name = f"call {call}" if len(each.inputs) > 1 else "otherwise with"
            yield Fact(group, name, inputs)
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
