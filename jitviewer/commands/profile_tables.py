"""A profiled run as text, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import statistics
from typing import TYPE_CHECKING, Any, Final

from jitviewer.plain_text import plain_line
from jitviewer.protocol.roofline import reached, work_of

if TYPE_CHECKING:
    from jitviewer.protocol.rows import NodeTime, Row
    from jitviewer.protocol.run_rows import MachineRow
    from jitviewer.protocol.runner_messages import RunResult

_ALIVE: Final = 10
"""Storages at the peak that the text lists; JSON has all that are told."""

_FORMULA: Final = ("=", "+", "-", "@")
"""What formulas begin with in programs for tables."""


def profile_lines(result: RunResult) -> list[str]:
    """The table of nodes, the longest first, and what is to be known of memory and of the machine."""
    whole = sum(t.self_us for t in result.times) or 1.0
    head = f"{'self us':>12} {'total us':>12} {'share':>7} {'spread':>10} {'calls':>6}"
    lines = [f"{head} {'flops':>9} {'bytes':>9} {'of peak':>12}  node"]
    lines += [
        f"{t.self_us:12.1f} {t.total_us:12.1f} {t.self_us / whole:7.1%} {t.spread_us:10.1f} {t.calls:6d} "
        f"{amount_text(t.flops):>9} {amount_text(t.moved):>9} {_of_peak(t, result.machine):>12}"
        f"  #{t.node_id} {plain_line(t.kind)} {plain_line(', '.join(t.types))}"
        for t in sorted(result.times, key=lambda t: -t.self_us)
    ]
    return [*lines, *_summary(result)]


def csv_text(result: RunResult) -> str:
    """A line for each node in the order of the graph; what was not counted is empty."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    whole = sum(t.self_us for t in result.times) or 1.0
    write((
        "node", "operator", "self us", "share", "total us", "spread us", "calls", "flops", "bytes",
        "share of compute peak", "share of memory peak", "allocated", "memory peak", "module", "source",
        "types",
    ))  # fmt: skip
    for t in result.times:
        work, machine = work_of((t,)), result.machine
        compute = f"{work.flops_rate / machine.flops:.6f}" if work.flops_rate and machine.flops else ""
        memory = f"{work.bytes_rate / machine.bytes:.6f}" if work.bytes_rate and machine.bytes else ""
        write((
            t.node_id, _cell(t.kind), f"{t.self_us:.3f}", f"{t.self_us / whole:.6f}", f"{t.total_us:.3f}",
            f"{t.spread_us:.3f}", t.calls, _counted(t.flops), _counted(t.moved), compute, memory, t.allocated,
            t.peak, _cell(t.module), _cell(t.source), _cell(", ".join(t.types)),
        ))  # fmt: skip
    return text.getvalue().rstrip("\n")


def json_value(result: RunResult, printed: str) -> dict[str, Any]:
    """Everything that a run tells, what was not counted as null; `printed` is what the program printed."""
    nodes: list[dict[str, Any]] = []
    for t in result.times:
        work = work_of((t,))
        fields = _fields(t)
        fields["flops"], fields["moved"] = (None if n < 0 else n for n in (t.flops, t.moved))
        fields["share_of_compute_peak"] = (
            work.flops_rate / result.machine.flops if work.flops_rate and result.machine.flops else None
        )
        fields["share_of_memory_peak"] = (
            work.bytes_rate / result.machine.bytes if work.bytes_rate and result.machine.bytes else None
        )
        nodes.append(fields)
    memory = _fields(result.memory)
    memory["points"] = [_fields(point) for point in result.memory.points]
    memory["alive"] = [_fields(storage) for storage in result.memory.alive]
    return {
        "device": result.device, "wall_us": result.wall_us,
        "outputs": [_fields(row) for row in result.outputs],
        "notes": result.notes, "printed": printed, "nodes": nodes, "memory": memory,
        "machine": {"flops_per_s": result.machine.flops, "bytes_per_s": result.machine.bytes,
                    "threads": result.machine.threads},
    }  # fmt: skip


def _fields(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def _summary(result: RunResult) -> list[str]:
    work, machine, memory = work_of(result.times), result.machine, result.memory
    own = sum(t.self_us for t in result.times)
    lines: list[str] = []
    if result.wall_us:
        rest = statistics.median(result.wall_us) - own
        why = (
            f"the other {rest / 1e3:.3f} ms went by between nodes: the interpreter and the clock"
            if rest >= 0
            else "more than the whole run, since each median is taken by itself"
        )
        lines.append(f"nodes together {own / 1e3:.3f} ms; {why}")
    lines.append(
        f"{amount_text(work.flops)} FLOP of products and convolutions (of other operators - stands for not "
        f"counted), {amount_text(work.moved)}B moved"
    )
    if machine.flops:
        lines.append(
            f"this machine's measured peak: {amount_text(round(machine.flops))}FLOP/s in float32, "
            f"{amount_text(round(machine.bytes))}B/s, {machine.threads} threads"
        )
    lines.append(
        f"memory peak {amount_text(memory.peak)}B{_while(memory.peak_node, result.times)}, beside "
        f"{amount_text(memory.weights)}B of weights; {memory.allocations:,} allocations of "
        f"{amount_text(memory.allocated)}B"
    )
    lines += [
        f"{amount_text(row.bytes):>12}B  {_maker(row.node_id, result.times)}  {plain_line(row.type)}"
        for row in memory.alive[:_ALIVE]
    ]
    if memory.alive_count > _ALIVE:
        lines.append(f"{'':>12}   and {memory.alive_count - _ALIVE:,} more alive at the peak")
    return lines


def _while(node_id: int, times: list[NodeTime]) -> str:
    return f" while {_maker(node_id, times)} ran" if node_id >= 0 else ""


def _maker(node_id: int, times: list[NodeTime]) -> str:
    kind = next((t.kind for t in times if t.node_id == node_id), "")
    return f"#{node_id} {plain_line(kind)}".rstrip() if node_id >= 0 else "an input"


def amount_text(count: int) -> str:
    """Three digits with a power of 1000: `1.82 G`; - for what was not counted."""
    if count < 0:
        return "-"
    amount = float(count)
    for unit in ("", "k", "M", "G", "T"):
        if amount < 999.5:
            return f"{amount:.3g} {unit}" if unit else f"{count} "
        amount /= 1000
    return f"{amount:.3g} P"


def _of_peak(row: NodeTime, machine: MachineRow) -> str:
    best = reached(work_of((row,)), machine)
    return "-" if best is None else f"{best.share:.0%} {best.bound}"


def _counted(count: int) -> str:
    return "" if count < 0 else str(count)


def _cell(words: str) -> str:
    shown = plain_line(words)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
