"""Says how the time of a whole run and the times of its nodes go together, for they are not the same."""

from __future__ import annotations

from statistics import median

from jitviewer.protocol.events import RunDone
from jitviewer.ui.models.formatting import time_text

WHOLE = "From when the graph is entered until it returns, the median over the repeats."

_CALLS = ("prim::CallMethod", "prim::CallFunction")


def totals_line(run: RunDone) -> str:
    """One sentence with the total of nodes, and why it is not that of the run; "" without times of nodes."""
    if not run.times or not run.wall_us:
        return ""
    own = sum(row.self_us for row in run.times)
    rest = median(run.wall_us) - own
    why = (
        f"the other {time_text(rest)} went by between them"
        if rest >= 0
        else "more than the run, since each median is taken by itself"
    )
    return f"Nodes together: {time_text(own)} of self time, the whole that shares are of; {why}."


def totals_tip(run: RunDone) -> str:
    """Why the two differ in this run; "" for a run without times of nodes."""
    if not run.times or not run.wall_us:
        return ""
    own, wall = sum(row.self_us for row in run.times), median(run.wall_us)
    words = [
        f"The whole run took {time_text(wall)}. {WHOLE}",
        f"The self times of all nodes add up to {time_text(own)}, each the median over the repeats.",
    ]
    if own <= wall:
        words.append(
            f"The other {time_text(wall - own)} went by between nodes: the interpreter and the clock."
        )
    else:
        words.append("That is more, since each median is taken by itself: no single run was like that.")
    if any(row.kind in _CALLS for row in run.times):
        words.append("Nodes of functions that are called are in no line, only in the total of their call.")
    if run.device != "cpu":
        words.append(f"Nodes are timed on {run.device}, the whole run on the host, which waits for it.")
    return "\n".join(words)
