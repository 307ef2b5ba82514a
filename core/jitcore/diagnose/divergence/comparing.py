"""`compare`: why a trace of a program differs from it, and from its script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from jitcore.diagnose.divergence.cause import Cause
from jitcore.diagnose.divergence.cause_finder import CauseFinder
from jitcore.diagnose.divergence.diagnosis import CauseRow, DecisionRow, Diagnosis
from jitcore.diagnose.divergence.input_texts import text_of_input
from jitcore.diagnose.divergence.remedy import remedy_for
from jitcore.diagnose.divergence.search import Found, Search
from jitcore.diagnose.divergence.sides import Sides
from jitcore.diagnose.divergence.subject import Arguments, Subject
from jitcore.diagnose.divergence.trial import Trial
from jitcore.tracing.black_box import Decision

_FLIPPED: Final = ("branch", "loop-count")
"""Kinds of decisions that inputs are looked for to take otherwise."""


def compare(
    target: Callable[..., Any],
    inputs: Sequence[Any],
    against: Sequence[Sequence[Any]] = (),
    cancelled: Callable[[], bool] = lambda: False,
    look: Callable[[Sides, Trial], object] | None = None,
    told: Callable[[int], object] = lambda _: None,
) -> Diagnosis:
    """Run a function or module, our trace of it and our script of it, and say whether and why they differ.

    The trace is made with `inputs`. The sides are compared on these, on each of `against`, and on inputs that
    are made to set them apart; always from equal copies of all state. The program is run many times, and is
    left as it was found. `cancelled` is asked now and then whether to give up searching. `look` is called at
    the end with the sides and the trial that sets them apart, or that of the trace where none does; `told`
    with the number of inputs tried, after each.

    A program that cannot be traced is compared with its script alone, and one that no script can be made of
    with its trace alone. Raises `JitError` where the program raises on its inputs, or is neither.
    """
    sides = Sides(Subject(target, tuple(inputs)), needs_trace=False)
    try:
        search = Search(sides, [tuple(each) for each in against], _suspects(sides), cancelled, told)
        return _diagnosed(sides, search, cancelled, look)
    finally:
        sides.state.restore()


def _diagnosed(
    sides: Sides,
    search: Search,
    cancelled: Callable[[], bool],
    look: Callable[[Sides, Trial], object] | None,
) -> Diagnosis:
    search.run()
    has_found = bool(search.by_trace or search.by_script)
    decides = any(each.kind in _FLIPPED and not each.harmless for each in sides.decisions)
    finder = CauseFinder(sides, search) if has_found or decides else None
    causes = finder.causes() if finder is not None and has_found else []
    flipped = finder.flipped() if finder is not None and decides else {}
    found = causes[0].found if causes else _first(search.by_trace) or _first(search.by_script)
    remedy = remedy_for(sides, search, causes[0]) if causes and not cancelled() else None
    if look is not None:
        look(sides, found.trial if found is not None else _as_traced(sides))
    return Diagnosis(
        sides.subject.name,
        diverged=has_found,
        causes=tuple(map(_row, causes)),
        explanation=causes[0].explanation if causes else _nothing(search),
        remedy=remedy,
        inputs=() if found is None else tuple(map(_texts, found.trial.calls)),
        made="" if found is None else found.trial.made,
        difference="" if found is None else found.difference.how,
        tried=search.tried,
        refused=search.refused,
        decisions=tuple(_decision_row(each, flipped) for each in sides.decisions),
        agree=_agreement(sides, search),
        trace_refusal=sides.trace_refusal,
        script_refusal=sides.script_refusal,
        notes=_notes(sides),
    )


def _suspects(sides: Sides) -> int:
    """How many decisions of the trace may matter."""
    return sum(not each.harmless and not _is_check(each) for each in sides.decisions)


def _is_check(decision: Decision) -> bool:
    """Whether a library only makes sure of how many dimensions it was given."""
    return decision.library and all(read.what == "dim" for read in decision.reads)


def _as_traced(sides: Sides) -> Trial:
    return Trial((sides.subject.arguments,), "given", "the inputs of the trace")


def _first(found: Sequence[Found]) -> Found | None:
    return found[0] if found else None


def _row(cause: Cause) -> CauseRow:
    return CauseRow(cause.kind, cause.file, cause.line, cause.expression, cause.explanation)


def _decision_row(decision: Decision, flipped: Mapping[tuple[str, int], Trial]) -> DecisionRow:
    is_asked = decision.kind in _FLIPPED and not decision.harmless
    other = flipped.get((decision.file, decision.line)) if is_asked else None
    return DecisionRow(
        decision.file, decision.line, decision.kind, decision.value, decision.expression, decision.decided,
        decision.times, decision.harmless,
        other is not None if is_asked else None,
        () if other is None else tuple(map(_texts, other.calls)),
    )  # fmt: skip


def _texts(arguments: Arguments) -> tuple[str, ...]:
    return tuple(map(text_of_input, arguments))


def _nothing(search: Search) -> str:
    if search.by_trace or search.by_script:
        return f"With {search.tried} inputs tried, the cause was not found."
    side = "trace" if search.sides.traced is not None else "script"
    refusal = f" {search.sides.trace_refusal}." if search.sides.trace_refusal else ""
    return f"With {search.tried} inputs the {side} and the program agree.{refusal}"


def _notes(sides: Sides) -> tuple[str, ...]:
    uncopied = tuple(f"{each} cannot be put back as it was" for each in sides.state.uncopied)
    if not sides.trace_refusal:
        return uncopied
    return (f"{sides.trace_refusal}: eager Python is compared with the script alone", *uncopied)


def _agreement(sides: Sides, search: Search) -> dict[str, bool | None]:
    """Which sides gave the same in all trials."""
    by_trace, by_script = not search.by_trace, not search.by_script
    if sides.traced is None:
        return {"eager-trace": None, "eager-script": by_script, "trace-script": None}
    if sides.scripted is None:
        return {"eager-trace": by_trace, "eager-script": None, "trace-script": None}
    return {"eager-trace": by_trace, "eager-script": by_script, "trace-script": by_trace and by_script}
