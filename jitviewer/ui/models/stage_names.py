"""What the stages of an executor are called."""

from __future__ import annotations

from collections.abc import Sequence

from jitviewer.protocol.bounds import LABEL, SENTENCE, cut, cut_block, first, more
from jitviewer.protocol.stage_rows import GuardRow, StageRow
from jitviewer.ui.models.formatting import plural

_NAMES = {"written": "As written", "profiled": "As profiled", "optimized": "As optimized"}
_MEANINGS = {
    "written": "The method as it was compiled, with the bodies of what it calls in their place.",
    "profiled": "While it notes which tensors flow: types, shapes and devices as they were seen stand on the "
    "nodes called profile.",
    "optimized": "What runs from then on, made with what was noted.",
}
_MOST_GUARDS = 20
_MOST_REASONS = 5
"""What was given where a guard did not hold, told one by one for each guard."""


def stage_name(stages: Sequence[StageRow], at: int) -> str:
    """`As optimized`; those that were made later, for what a guard did not let through, are numbered."""
    row = stages[at]
    name = _NAMES.get(row.kind) or cut(row.kind, LABEL)
    alike = [number for number, other in enumerate(stages) if other.kind == row.kind]
    return name if row.parent < 0 or len(alike) < 2 else f"{name} ({alike.index(at) + 1})"


def guards_text(row: StageRow) -> str:
    """How many guards stand in a graph; only what was optimized could have any."""
    if row.kind != "optimized":
        return ""
    return f"{len(row.guards):,}" if row.guards else "none"


def bailed_out(row: StageRow) -> int | None:
    """How often a guard of the graph did not hold; None where there is none, or nobody counts."""
    counted = [guard.failed for guard in row.guards if guard.failed >= 0]
    return sum(counted) if counted else None


def stage_story(row: StageRow) -> str:
    """What a stage is, what chose it and how often, in some lines; never longer than `BLOCK`."""
    lines = [stage_tip(row)]
    if row.kind == "optimized" and row.guards:
        lines.append("Guards choose whether it runs:")
        lines += [_guard_story(guard) for guard in row.guards[:_MOST_GUARDS]]
        rest = len(row.guards) - _MOST_GUARDS
        if rest > 0:
            lines.append(f"and {plural(rest, 'more guard')}")
    return cut_block("\n".join(line for line in lines if line))


def stage_tip(row: StageRow) -> str:
    """What a stage is, in a few sentences, without what its guards ask for; never longer than `SENTENCE`."""
    lines = [_MEANINGS.get(row.kind, "")]
    if row.kind == "optimized":
        lines.append(
            f"It is made {row.shapes or 'for what was noted'}."
            if row.guards
            else "It has no guards: whatever is given runs by it, of whichever shape."
        )
    return cut("\n".join(line for line in [*lines, row.why_not] if line), SENTENCE)


def _guard_story(guard: GuardRow) -> str:
    counts = (
        f"held {plural(guard.held, 'time')}, bailed out {plural(guard.failed, 'time')}"
        if guard.held >= 0 and guard.failed >= 0
        else "not counted"
    )
    told = first([f"given {reason}" for reason in guard.reasons], _MOST_REASONS + 1, more)
    reasons = "".join(f"\n    {reason}" for reason in told)
    return f"{guard.kind.removeprefix('prim::')} {guard.wanted}: {counts}{reasons}"
