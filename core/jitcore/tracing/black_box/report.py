"""Decisions from what was noted: one for each place and outcome, in the order of their first times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from jitcore.tracing.black_box.decision import Decision, Kind, Read
from jitcore.tracing.black_box.instrumented_file import instrumented
from jitcore.tracing.black_box.program_text import Span, text_of
from jitcore.tracing.black_box.records import OTHERS, Note, ReadRecord, Tally
from jitcore.tracing.black_box.sites import Condition
from jitcore.tracing.black_box.tensor_origins import DRAWS, FROM_INPUTS

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.tracing.black_box.findings import Findings
    from jitcore.tracing.black_box.sites import Choice, Loop, Site

NodesByKey = Mapping[tuple[int, str], tuple["Node", ...]]
_MOST_SHOWN = 3


class Report:
    """The decisions of what was found; `nodes` are those of the graph by the keys that records have."""

    def __init__(self, findings: Findings, nodes: NodesByKey) -> None:
        self._findings = findings
        self._nodes = nodes
        self._control: dict[str, list[Span]] = {}
        for site in {
            site for group in (findings.conditions, findings.loops, findings.choices) for site, _ in group
        }:
            self._control.setdefault(site.path, []).append(site.expression.span)
        self._decides: dict[ReadRecord, tuple[Kind, int]] = {}
        for (loop, _), tally in findings.loops.items():
            for read in tally.reads:
                self._decides[read] = "loop-count", loop.expression.span.line
        for group in (findings.choices, findings.conditions):
            for (site, _), tally in group.items():
                for read in tally.reads:
                    self._decides[read] = "branch", site.expression.span.line
        self._loops: dict[str, list[Span]] = {}
        for site in {site for site, _ in findings.loops}:
            self._loops.setdefault(site.path, []).append(site.expression.span)

    def decisions(self) -> list[Decision]:
        """Conditions, loops, and reads that became numbers of the graph."""
        findings = self._findings
        found: list[tuple[int, Decision]] = []
        for (site, truth), tally in findings.conditions.items():
            found.append((tally.number, self._condition(site, truth, tally)))
        for (loop, steps), tally in findings.loops.items():
            found.append((tally.number, self._loop(loop, steps, tally)))
        for (choice, arm), tally in findings.choices.items():
            found.append((tally.number, self._choice(choice, arm, tally)))
        for read in findings.reads.values():
            site = self._condition_of(read)
            if site is not None:
                found.extend((read.number, each) for each in self._from_read(site, read))
            elif self._is_decision(read):
                found.append((read.number, self._read_decision(read)))
        return [decision for _, decision in sorted(found, key=lambda each: each[0])]

    def notes(self, group: Mapping[tuple[Any, ...], Note]) -> list[Decision]:
        """What else happened, of one sort."""
        return [
            self._made(
                self._kind_of(note),
                note.path,
                note.span,
                note.function,
                note.value,
                note.said,
                note.times,
                note.reads,
                note.nodes,
                harmless=note.harmless,
                library=note.library,
            )
            for note in sorted(group.values(), key=lambda each: each.number)
        ]

    def _kind_of(self, note: Note) -> Kind:
        """A tensor that the program keeps from call to call is a state of Python."""
        findings = self._findings
        is_state = (
            note.name in findings.stored_attributes
            or note.name in findings.stored_variables
            or (note.kind == "constant" and any("python-state" in self._causes(each) for each in note.reads))
        )
        return "python-state" if is_state else note.kind

    def aliases(self) -> list[Decision]:
        """Where the program took another way to the memory of a tensor."""
        return [
            self._read_decision(read)
            for read in self._findings.reads.values()
            if read.kind == "aliasing" and not read.library
        ]

    # --- control ----------------------------------------------------------------------------------

    def _condition(self, site: Condition, truth: bool, tally: Tally) -> Decision:
        ran, left = (site.if_true, site.if_false) if truth else (site.if_false, site.if_true)
        if site.form == "assert":
            said = "the assertion held, and the graph does not check it"
        else:
            said = f"the condition of this {_FORMS.get(site.form, site.form)} was {truth}"
            if ran is not None:
                said += f": {_lines(ran)} ran" + (f", {_lines(left)} did not" if left is not None else "")
            elif left is not None:
                said += f": {_lines(left)} did not run"
        return self._control_decision(site, "branch", str(truth), said, tally, left)

    def _loop(self, site: Loop, steps: int, tally: Tally) -> Decision:
        shown = OTHERS if steps < 0 else str(steps)
        said = (
            f"this loop ran {_times(steps)}: the graph holds as many copies of its body"
            if steps
            else "this loop did not run: the graph holds nothing of it"
        )
        return self._control_decision(site, "loop-count", shown, said, tally, None)

    def _choice(self, site: Choice, arm: int, tally: Tally) -> Decision:
        label = site.labels[arm] or "any error"
        if site.form == "match":
            said = f"the case {label} was taken, and the graph holds no other"
        else:
            said = f"{label} was raised and handled here, and the graph holds what followed"
        others = [lines for number, lines in enumerate(site.arms) if number != arm and lines is not None]
        left = (others[0][0], others[-1][1]) if others and site.form == "match" else None
        return self._control_decision(site, "branch", label, said, tally, left)

    def _control_decision(
        self, site: Site, kind: Kind, value: str, said: str, tally: Tally, left: tuple[int, int] | None
    ) -> Decision:
        causes = {cause for read in tally.reads for cause in self._causes(read)}
        if kind not in causes and "value" not in causes:
            weighed: list[Kind] = [each for each in _BY_WEIGHT if each in causes]
            kind = weighed[0] if weighed else kind
        return self._made(
            kind,
            site.path,
            site.expression.span,
            site.function,
            value,
            said,
            tally.times,
            tally.reads,
            set(),
            harmless=not causes,
            lines=left,
        )

    def _causes(self, read: ReadRecord) -> set[Kind | Literal["value"]]:
        """What a read may have had an influence by; nothing for parameters and configuration."""
        if read.kind in ("constant", "shape"):
            found: set[Kind | Literal["value"]] = set()
            if read.origin & FROM_INPUTS:
                found.add("value")
            if read.origin & DRAWS:
                found.add("randomness")
            return found
        if read.kind == "python-state":
            return {"python-state"} if self._is_changed(read) else set()
        # What a library asks of types and modes on its way says nothing of the program.
        return set() if read.library or read.kind == "aliasing" else {read.kind}

    def _is_changed(self, read: ReadRecord) -> bool:
        """Whether a state that was read is one that the program also set while it ran."""
        what, _, name = read.what.partition(" ")
        if what == "attribute":
            return name in self._findings.stored_attributes
        if what == "variable":
            return name in self._findings.stored_variables
        return True

    # --- reads ------------------------------------------------------------------------------------

    def _is_decision(self, read: ReadRecord) -> bool:
        if read.what == "parts" or read.kind == "aliasing":
            return False
        if read.what == "iteration":
            return bool(read.tensor) and not self._is_in_loop(read) and not self._is_unpacking(read)
        if read.kind == "python-state":
            return self._is_changed(read) and not self._is_in_control(read)
        if read.what in _COUNTS and self._is_in_loop(read):
            # How often the loop ran says so already.
            return False
        if read.what == "bool" and self._is_in_control(read):
            return False
        if read.nodes:
            return True
        return not self._is_in_control(read)

    def _condition_of(self, read: ReadRecord) -> Condition | None:
        """The condition that a truth was read for by code that did not tell of it."""
        if read.what != "bool" or read.library or self._is_in_control(read):
            return None
        for site in instrumented(read.path).sites:
            if isinstance(site, Condition) and site.expression.span == read.span:
                return site
        return None

    def _from_read(self, site: Condition, read: ReadRecord) -> list[Decision]:
        found: list[Decision] = []
        for truth in (True, False):
            times = read.values.get(str(truth), 0)
            if times:
                found.append(self._condition(site, truth, Tally(read.number, times, reads={read})))
        return found

    def _is_in_loop(self, read: ReadRecord) -> bool:
        return any(span.holds(read.span) for span in self._loops.get(read.path, ()))

    @staticmethod
    def _is_unpacking(read: ReadRecord) -> bool:
        """Whether a tensor is taken apart into as many variables as are written there."""
        return instrumented(read.path).is_target(read.span)

    def _is_in_control(self, read: ReadRecord) -> bool:
        return any(span.holds(read.span) for span in self._control.get(read.path, ()))

    def _read_decision(self, read: ReadRecord) -> Decision:
        shown = _shown(read.values)
        kind = read.kind
        decides = self._decides.get(read)
        if decides is not None and not read.nodes and kind in ("constant", "shape"):
            kind, place = decides
            said = f"{shown or 'what was read'} decided at line {place}, and became nothing else"
        elif read.what in ("bool", "comparison") and not read.nodes and kind in ("constant", "shape"):
            kind = "branch"
            said = f"Python went on with {shown}, and the graph holds what followed"
        elif read.what == "iteration":
            kind = "loop-count"
            said = f"a tensor is gone through here: the graph holds what was done with {shown} parts of it"
        elif read.kind == "python-state":
            said = f"{read.what} is read, which the program changes from call to call"
        elif read.became:
            said = f"{shown or 'what was read'} became a constant of the graph: {', '.join(read.became)}"
        else:
            said = f"{shown or 'what was read'} left the trace: the graph does not hold how it was found"
        harmless = not self._causes(read) and read.kind != "aliasing"
        return self._made(
            kind,
            read.path,
            read.span,
            read.function,
            shown,
            said,
            sum(read.values.values()) or 1,
            {read},
            read.nodes,
            harmless=harmless,
            library=read.library,
        )

    # --- making -----------------------------------------------------------------------------------

    def _made(
        self,
        kind: Any,
        path: str,
        span: Span,
        function: str,
        value: str,
        said: str,
        times: int,
        reads: Iterable[ReadRecord],
        nodes: set[tuple[int, str]],
        harmless: bool,
        library: bool = False,
        lines: tuple[int, int] | None = None,
    ) -> Decision:
        text = text_of(path)
        return Decision(
            kind,
            path,
            span.line,
            text.column(span.line, span.column),
            span.end_line,
            text.column(span.end_line, span.end_column),
            function,
            text.expression(span),
            value,
            said,
            lines,
            times,
            tuple(self._read(each) for each in sorted(reads, key=lambda each: each.number)),
            tuple(node for key, made in self._nodes.items() if key in nodes for node in made)
            if nodes
            else (),
            harmless,
            library,
        )

    def _read(self, read: ReadRecord) -> Read:
        text = text_of(read.path)
        return Read(
            read.what,
            read.path,
            read.span.line,
            text.column(read.span.line, read.span.column),
            text.expression(read.span),
            read.tensor,
            _shown(read.values),
            bool(read.origin & FROM_INPUTS),
            read.library,
        )


_COUNTS = frozenset(("index", "len", "dim", "numel", "size", "shape", "int", "iteration"))
_FORMS = {
    "if": "if",
    "and": "`and`",
    "or": "`or`",
    "comprehension": "comprehension",
    "guard": "case",
}
_BY_WEIGHT: tuple[Kind, ...] = ("python-state", "mode", "device-or-dtype", "randomness")


def _lines(lines: tuple[int, int]) -> str:
    first, last = lines
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _times(steps: int) -> str:
    if steps < 0:
        return "yet other numbers of times"
    return {1: "once", 2: "twice"}.get(steps, f"{steps} times")


def _shown(values: Mapping[str, int]) -> str:
    shown = [each for each in values if each][:_MOST_SHOWN]
    return ", ".join(shown) + (", …" if len(values) > _MOST_SHOWN else "")
