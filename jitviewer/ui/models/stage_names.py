"""What the stages of an executor are called."""

from __future__ import annotations

from collections.abc import Sequence

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


def stage_name(stages: Sequence[StageRow], at: int) -> str:
    """`As optimized`; those that were made later, for what a guard did not let through, are numbered."""
    row = stages[at]
    name = _NAMES.get(row.kind, row.kind)
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
    """What a stage is, what chose it and how often, in some lines."""
    lines = [_MEANINGS.get(row.kind, "")]
    if row.kind == "optimized":
        lines.append(
            f"It is made {row.shapes or 'for what was noted'}. Guards choose whether it runs:"
            if row.guards
            else "It has no guards: whatever is given runs by it, of whichever shape."
        )
        lines += [_guard_story(guard) for guard in row.guards[:_MOST_GUARDS]]
        rest = len(row.guards) - _MOST_GUARDS
        if rest > 0:
            lines.append(f"and {plural(rest, 'more guard')}")
    if row.why_not:
        lines.append(row.why_not)
    return "\n".join(line for line in lines if line)


def _guard_story(guard: GuardRow) -> str:
    counts = (
        f"held {plural(guard.held, 'time')}, bailed out {plural(guard.failed, 'time')}"
        if guard.held >= 0 and guard.failed >= 0
        else "not counted"
    )
    reasons = "".join(f"\n    given {reason}" for reason in guard.reasons)
    return f"{guard.kind.removeprefix('prim::')} {guard.wanted}: {counts}{reasons}"
