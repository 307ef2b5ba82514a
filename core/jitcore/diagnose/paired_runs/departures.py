"""Which decisions a run took otherwise than the other graph has them fixed."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from jitcore.diagnose.alignment.call_paths import place_of
from jitcore.diagnose.paired_runs.comparing_values import compare_values, shown
from jitcore.diagnose.paired_runs.run_comparison import Departure
from jitcore.exec.interpreter import Interpreter
from jitcore.printing.printed_values import PrintedTensor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jitcore.diagnose.alignment import Alignment, BurntConstant, KeptArm, UnrolledLoop
    from jitcore.diagnose.paired_runs.run_recorder import Decided, RunRecorder
    from jitcore.diagnose.paired_runs.runnable import Runnable
    from jitcore.diagnose.paired_runs.tolerance import Tolerance
    from jitcore.ir import Node

_ARMS = ("the first arm", "the second arm")


class Computed:
    """What a node gave when it first ran, and when that was."""

    __slots__ = ("sequence", "values")

    def __init__(self, values: list[Any], sequence: int) -> None:
        self.values = values
        self.sequence = sequence


def departures_of(
    alignment: Alignment,
    sides: Mapping[str, Runnable],
    recorders: Mapping[str, RunRecorder],
    computed: Mapping[tuple[str, int], Computed],
    tolerance: Tolerance,
    orders: Sequence[tuple[int, int]],
) -> list[tuple[int, Departure]]:
    """Each with when it was met, counted as the left side runs; in that order.

    `computed` are values by side and node. `orders` say of nodes of the right side, by how many had run
    there, when the left side ran their partners.
    """
    found: list[tuple[int, Departure]] = []
    for index, arm in enumerate(alignment.arms):
        found += _arm(arm, index, recorders[arm.side])
    for index, loop in enumerate(alignment.loops):
        found += _turns(loop, index, recorders[loop.side])
    nodes = {name: {node.id: node for node in side.graph.all_nodes()} for name, side in sides.items()}
    for index, burnt in enumerate(alignment.constants):
        found += _constant(burnt, index, sides, nodes, computed, tolerance)
    placed = [(_order(at, departure.side, orders), departure) for at, departure in found]
    return sorted(placed, key=lambda entry: entry[0])


def _order(at: int, side: str, orders: Sequence[tuple[int, int]]) -> int:
    if side == "left":
        return at
    place = bisect_right(orders, at, key=lambda entry: entry[0])
    return orders[place - 1][1] if place else 0


def _arm(kept: KeptArm, index: int, recorder: RunRecorder) -> Iterator[tuple[int, Departure]]:
    by_turn = dict(kept.by_turn)
    for decided in recorder.arms.get(kept.node, ()):
        fixed = by_turn.get(decided.around) if by_turn else kept.arm
        if fixed is not None and fixed != decided.what:
            now = _ARMS[decided.what] + _of_turn(decided)
            yield (
                decided.sequence,
                Departure("arm", kept.side, kept.node, -1, _ARMS[fixed], now, kept.file, kept.line, index),
            )
            return


def _turns(loop: UnrolledLoop, index: int, recorder: RunRecorder) -> Iterator[tuple[int, Departure]]:
    entries = recorder.turns.get(loop.node, [])
    if not loop.turns or (not entries and set(loop.turns) == {0}):
        return
    ran = tuple(entry.what for entry in entries)
    if ran == loop.turns or (not any(ran) and not any(loop.turns)):
        return
    odd = next((at for at, pair in enumerate(zip(ran, loop.turns, strict=False)) if pair[0] != pair[1]), 0)
    fixed, now = (" and ".join(f"{turns:,}" for turns in told[:4]) or "no" for told in (loop.turns, ran))
    sequence = entries[min(odd, len(entries) - 1)].sequence if entries else 0
    yield (
        sequence,
        Departure(
            "turns", loop.side, loop.node, -1, f"{fixed} turns", f"{now} turns", loop.file, loop.line, index
        ),
    )


def _constant(
    burnt: BurntConstant,
    index: int,
    sides: Mapping[str, Runnable],
    nodes: Mapping[str, Mapping[int, Node]],
    computed: Mapping[tuple[str, int], Computed],
    tolerance: Tolerance,
) -> Iterator[tuple[int, Departure]]:
    other = "left" if burnt.side == "right" else "right"
    now = computed.get((other, burnt.computed))
    if now is None:
        return
    if isinstance(nodes[burnt.side][burnt.constant].attributes.get("value"), PrintedTensor):
        # A recorded graph has large tensors as texts: their values are compared where they are read.
        return
    fixed = Interpreter(sides[burnt.side].materializer).constant(nodes[burnt.side][burnt.constant])
    value = now.values[burnt.output]
    if compare_values(value, fixed, tolerance).agreement != "differs":
        return
    place = place_of(nodes[other][burnt.computed].source_range)
    yield (
        now.sequence,
        Departure(
            "constant", other, burnt.computed, burnt.constant, shown(fixed), shown(value), *place, index
        ),
    )


def _of_turn(decided: Decided) -> str:
    if not decided.around:
        return ""
    return f" in turn {' of turn '.join(str(turn + 1) for turn in reversed(decided.around))}"
