"""Short names of runs, to tell them apart in a list and at the head of a column."""

from __future__ import annotations

from statistics import median

from jitviewer.protocol.events import RunDone
from jitviewer.ui.models.formatting import plural, time_text


def run_title(run: RunDone, number: int) -> str:
    """`Run 3  ·  12.3 ms  ·  cpu  ·  inline, dce`."""
    parts = [f"Run {number}"]
    if run.wall_us:
        parts.append(time_text(median(run.wall_us)))
    parts += [run.device, passes_text(run.passes)]
    return "  ·  ".join(parts)


def passes_text(passes: list[str]) -> str:
    """The passes in few words."""
    if len(passes) > 3:
        return f"{len(passes)} passes up to {passes[-1]}"
    return ", ".join(passes) or "no passes"


def run_tip(run: RunDone) -> str:
    """Everything that was different about a run, a line each."""
    where = f"{run.module_path}.{run.method}" if run.module_path else run.method
    return "\n".join(
        (
            where,
            f"Passes: {', '.join(run.passes) or 'none'}",
            f"Device: {run.device}",
            f"Inputs: {', '.join(run.inputs) or 'none'}",
            f"{plural(len(run.wall_us), 'repeat')}",
        )
    )
