"""Words a cause: one paragraph with what was decided, where, and how the results differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jitcore.diagnose.divergence.path import is_loop

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.cause import Cause
    from jitcore.diagnose.divergence.graph_rows import Row
    from jitcore.diagnose.divergence.search import Found


def paragraph(cause: Cause, what: str, rest: str, found: Found, side: str = "trace") -> str:
    """`what` was decided, `rest` behind a comma, the place of the cause, and how `side` differs."""
    name = f" of {cause.function}" if cause.function else ""
    call = f" in call {found.call + 1}" if found.call else ""
    sentence = f"{what[:1].upper()}{what[1:]}" + (f", {rest}" if rest else "")
    return (
        f"{sentence}. This is line {cause.line} of {Path(cause.file).name}{name}. "
        f"With {found.trial.made} the {side} differs from eager Python{call}: {found.difference.how}."
    )


def words_of_jump(cause: Cause, outcomes: list[bool], found: Found) -> str:
    """The paragraph of a condition or loop, with what it did, `outcomes`, while it was traced."""
    statement = cause.statement
    assert statement is not None
    assert cause.spot is not None
    is_looped = statement.what in ("for", "comprehension") and is_loop(cause.spot)
    if is_looped and cause.kind == "branch":
        what = f"truths decided how far Python went through '{statement.expression}' while it was traced"
        rest = "and the trace goes exactly so far"
    elif is_looped:
        ran = sum(not each for each in outcomes)
        what = f"the loop over '{statement.expression}' ran {ran} times while it was traced"
        rest = "and the trace repeats its body exactly so often"
    else:
        what = f"Python decided '{statement.expression}' ({statement.what}) once, while it was traced"
        rest = "and the trace keeps the way that was taken then"
        if statement.body is not None and statement.other is not None:
            first, last = statement.other
            lines = f"{first}" if first == last else f"{first} to {last}"
            rest += f"; of line {statement.body[0]} and line {lines} it has only one"
    return paragraph(cause, what, rest, found)


def shown(values: list[Any]) -> str:
    """The first of some values that were read."""
    if not values:
        return "nothing"
    text = ", ".join(repr(each)[:60] for each in values[:3])
    return text + (", …" if len(values) > 3 else "")


def constant_of(row: Row) -> str:
    """What a row of a graph holds."""
    return f"a constant ({row.held[:60]})" if row.held else f"the result of {row.kind}"
