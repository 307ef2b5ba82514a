"""Runs two aligned graphs one after the other and compares what every pair of nodes gave."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from jitcore.diagnose.paired_runs.attributes import attribute_departures
from jitcore.diagnose.paired_runs.comparing_values import compare_forms, compare_values
from jitcore.diagnose.paired_runs.decision_flows import Flows
from jitcore.diagnose.paired_runs.departures import Computed, departures_of
from jitcore.diagnose.paired_runs.downstream import downstream_of, nodes_reading
from jitcore.diagnose.paired_runs.first_difference import first_difference
from jitcore.diagnose.paired_runs.run_comparison import PairOutcome, RunComparison
from jitcore.diagnose.paired_runs.run_recorder import RunRecorder
from jitcore.diagnose.paired_runs.runnable import Runnable
from jitcore.diagnose.paired_runs.tolerance import Tolerance
from jitcore.diagnose.paired_runs.unrolled_loops import unrolled_loops
from jitcore.diagnose.paired_runs.value_store import ValueStore
from jitcore.exec.errors import ExecutionError
from jitcore.exec.interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jitcore.diagnose.alignment import Alignment
    from jitcore.diagnose.paired_runs.difference import Difference
    from jitcore.diagnose.paired_runs.differing_values import DifferingValues
    from jitcore.diagnose.paired_runs.recorded_run import RecordedRun
    from jitcore.diagnose.paired_runs.run_comparison import Departure, FirstDifference, PairStatus
    from jitcore.ir import Graph, Node

KEPT_BYTES = 1 << 30
"""What the values of the first run may take, if nobody says otherwise."""

_UNFILLED: Final = frozenset({
    "aten::empty", "aten::empty_like", "aten::empty_strided", "aten::empty_permuted", "aten::new_empty",
    "aten::new_empty_strided", "aten::resize_", "aten::resize", "prim::AutogradZero",
})  # fmt: skip
"""Give memory as it is found."""

_MOST_TURNS: Final = 1_000
"""Times that a node runs of which the values are kept: a loop of a million steps would fill any memory."""

Turns = tuple[int, ...]


def compare_runs(
    left: Runnable,
    right: Runnable,
    alignment: Alignment,
    tolerance: Tolerance | None = None,
    kept_bytes: int = KEPT_BYTES,
    before: Callable[[], object] = lambda: None,
    print_text: Callable[[str], object] = lambda _: None,
    differing: DifferingValues | None = None,
    result_tolerances: Mapping[int, Tolerance] | None = None,
) -> RunComparison:
    """Run both and compare.

    The values of the left run are kept, no more than `kept_bytes` of them whole; those of the right one are
    compared as they come and let go.

    `differing` is offered the values of pairs that differ. `before` is called before each run, and sets
    seeds and the like to the same. A side that fails is compared as far as it came. `result_tolerances` are
    those of single results, by index.
    """
    runs = _PairedRuns(left.graph, right.graph, alignment, tolerance or Tolerance(), kept_bytes)
    runs.differing = differing
    runs.compare_attributes(left, right)
    before()
    left_results = runs.run_left(left, print_text)
    before()
    right_results = runs.run_right(right, print_text)
    return runs.summed_up(left, right, runs.results(left_results, right_results, result_tolerances or {}))


def compare_with_recorded(
    left: RecordedRun,
    right: Runnable,
    alignment: Alignment,
    tolerance: Tolerance | None = None,
    result_tolerances: Mapping[int, Tolerance] | None = None,
    print_text: Callable[[str], object] = lambda _: None,
    differing: DifferingValues | None = None,
) -> RunComparison:
    """Run the right side and compare it with a run that was recorded.

    As `compare_runs`, but for attributes: of these the record has what was computed with them.
    `result_tolerances` are those of single results, by index.
    """
    runs = _PairedRuns(left.graph, right.graph, alignment, tolerance or Tolerance(), KEPT_BYTES)
    runs.differing = differing
    runs.replay_left(left)
    right_results = runs.run_right(right, print_text)
    results = runs.results(left.results, right_results, result_tolerances or {})
    return runs.summed_up(Runnable(left.graph, []), right, results)


class _Seen:
    """What is known of one pair so far. `order` is when the left side ran it first."""

    __slots__ = ("difference", "left_times", "order", "right_times", "times", "turns")

    def __init__(self) -> None:
        self.difference: Difference | None = None
        self.turns: Turns = ()
        self.times = self.left_times = self.right_times = 0
        self.order = -1


class _PairedRuns:
    """Two runs of aligned graphs.

    A pair that stands for one turn of a loop that one side unrolled is looked up by that turn; the turns of
    loops that both have are those that both are in.
    """

    def __init__(
        self, left: Graph, right: Graph, alignment: Alignment, tolerance: Tolerance, kept_bytes: int
    ) -> None:
        self.tolerance = tolerance
        self._alignment = alignment
        self._store = ValueStore(kept_bytes)
        self._computed: dict[tuple[str, int], int] = {}
        self._seen = [_Seen() for _ in alignment.pairs]
        self._by_left: dict[int, list[int]] = defaultdict(list)
        self._by_right: dict[int, list[int]] = defaultdict(list)
        for index, pair in enumerate(alignment.pairs):
            if pair.how != "operand":
                self._by_left[pair.left].append(index)
                self._by_right[pair.right].append(index)
        self._unfilled = {node.id for node in left.all_nodes() if node.kind in _UNFILLED}
        self._unrolled = unrolled_loops(left, right, alignment)
        self._errors = {"left": "", "right": ""}
        self._recorders: dict[str, RunRecorder] = {}
        self.differing: DifferingValues | None = None
        self._has_more_turns = False
        self._orders: list[tuple[int, int]] = []
        self._attributes: list[tuple[Node, Departure]] = []

    def compare_attributes(self, left: Runnable, right: Runnable) -> None:
        """Find parameters and the like that are not the same to begin with."""
        self._attributes = [*attribute_departures(left, right, self._alignment, self.tolerance)]

    # --- runs -----------------------------------------------------------------------------------

    def run_left(self, side: Runnable, print_text: Callable[[str], object]) -> list[Any]:
        """Run the left side and keep its values."""
        return self._run("left", side, self._by_left, self._take_left, print_text)

    def run_right(self, side: Runnable, print_text: Callable[[str], object]) -> list[Any]:
        """Run the right side and compare its values."""
        return self._run("right", side, self._by_right, self._take_right, print_text)

    def replay_left(self, recorded: RecordedRun) -> None:
        """Take a recorded run for that of the left side."""
        computed = self._computed_on("left")
        recorder = self._recorders["left"] = RunRecorder("", set(), lambda *_: None)
        sequences: list[int] = []
        for step in recorded.steps:
            if step.node not in computed and step.node not in self._by_left:
                continue
            sequences.append(step.sequence)
            recorder.sequence += 1
            if step.node in computed and ("left", step.node) not in self._computed:
                self._computed["left", step.node] = recorder.sequence
                self._store.keep_unread(("left", step.node), step.values)
            for key in self._keys_left(step.node, step.turns):
                self._store.keep_unread(key, step.values)
        for told, own in ((recorded.arms, recorder.arms), (recorded.turns, recorder.turns)):
            for node, decided in told.items():
                # Of the nodes that had run then, those that are compared.
                own[node] = [
                    each._replace(sequence=bisect_right(sequences, each.sequence)) for each in decided
                ]

    def _computed_on(self, name: str) -> set[int]:
        """Nodes of a side that compute what the other one has as a constant."""
        return {
            burnt.computed
            for burnt in self._alignment.constants
            if burnt.side != name and burnt.origin in ("value", "attribute")
        }

    def _run(
        self,
        name: str,
        side: Runnable,
        pairs: dict[int, list[int]],
        take: Callable[[int, Turns, list[Any]], None],
        print_text: Callable[[str], object],
    ) -> list[Any]:
        computed = self._computed_on(name)

        def taken(node: Node, turns: Turns, values: list[Any]) -> None:
            if node.id in computed and (name, node.id) not in self._computed:
                self._computed[name, node.id] = recorder.sequence
                self._store.keep((name, node.id), values)
            if node.id in pairs:
                take(node.id, turns, values)

        recorder = self._recorders[name] = RunRecorder(side.name, {*pairs, *computed}, taken)
        interpreter = Interpreter(side.materializer, recorder, print_text, side.allow_files)
        interpreter.adapt_python = side.adapt_python
        try:
            outputs = interpreter.plan_graph(side.graph, side.name).run([*side.arguments])
            return side.declare_results(outputs)
        except ExecutionError as error:
            self._errors[name] = str(error)
            return []
        finally:
            recorder.finish()

    def _take_left(self, node: int, turns: Turns, values: list[Any]) -> None:
        for key in self._keys_left(node, turns):
            self._store.keep(key, values)

    def _keys_left(self, node: int, turns: Turns) -> Iterator[tuple[int, Turns]]:
        """Under which keys the values are kept that a node of the left side gave now."""
        order = self._recorders["left"].sequence
        for index in self._by_left.get(node, ()):
            if not self._stands_for(index, turns, is_left=True):
                continue
            seen = self._seen[index]
            seen.left_times += 1
            if seen.order < 0:
                seen.order = order
            if seen.left_times > _MOST_TURNS:
                self._has_more_turns = True
                continue
            yield self._key(index, turns, is_left=True)

    def _take_right(self, node: int, turns: Turns, values: list[Any]) -> None:
        for index in self._by_right[node]:
            if not self._stands_for(index, turns, is_left=False):
                continue
            seen = self._seen[index]
            seen.right_times += 1
            key = self._key(index, turns, is_left=False)
            if key not in self._store:
                continue
            kept = self._store.take(key)
            seen.times += 1
            self._orders.append((self._recorders["right"].sequence, seen.order))
            compare = compare_forms if self._is_unfilled(index) else compare_values
            found = _worst([compare(a, b, self.tolerance) for a, b in zip(kept, values, strict=False)])
            if found is not None and found.agreement == "differs" and self.differing is not None:
                self.differing.offer(index, seen.order, kept, values)
            if found is not None and (seen.difference is None or found.is_worse_than(seen.difference)):
                seen.difference, seen.turns = found, turns

    def _is_unfilled(self, index: int) -> bool:
        return self._alignment.pairs[index].left in self._unfilled

    def _stands_for(self, index: int, turns: Turns, is_left: bool) -> bool:
        """Whether a pair stands for these turns of all loops around its node."""
        told = self._turns_told(index, is_left)
        unrolled = self._unrolled[index][0 if is_left else 1]
        return not told or told == tuple(turns[at] for at in unrolled if at < len(turns))

    def _turns_told(self, index: int, is_left: bool) -> Turns:
        pair = self._alignment.pairs[index]
        return pair.left_turns if is_left else pair.right_turns

    def _key(self, index: int, turns: Turns, is_left: bool) -> tuple[int, Turns]:
        """A pair, and the turns of the loops that both sides have."""
        if not self._turns_told(index, is_left):
            return index, turns
        unrolled = self._unrolled[index][0 if is_left else 1]
        return index, tuple(turn for at, turn in enumerate(turns) if at not in unrolled)

    # --- what came of it --------------------------------------------------------------------------

    def results(
        self, left: Sequence[Any], right: Sequence[Any], single: Mapping[int, Tolerance]
    ) -> tuple[Difference, ...]:
        """What both runs gave in the end, each pair within its own tolerance in `single` or that of all."""
        return tuple(
            compare_values(one, other, single.get(index, self.tolerance))
            for index, (one, other) in enumerate(zip(left, right, strict=False))
        )

    def summed_up(self, left: Runnable, right: Runnable, results: tuple[Difference, ...]) -> RunComparison:
        """All that was compared."""
        computed = {
            key: Computed(self._store.take(key), sequence) for key, sequence in self._computed.items()
        }
        outcomes = self._outcomes(left.graph, right.graph)
        orders = [seen.order for seen in self._seen]
        departures = departures_of(
            self._alignment, {"left": left, "right": right}, self._recorders, computed, self.tolerance,
            self._orders,
        )  # fmt: skip
        departures += [(self._first_use(node), departure) for node, departure in self._attributes]
        departures.sort(key=lambda entry: entry[0])
        is_failed = bool(self._errors["left"] or self._errors["right"])
        differ = is_failed or any(result.agreement == "differs" for result in results)
        flows = Flows(left.graph, right.graph, self._alignment)
        first = first_difference(outcomes, orders, departures, differ, flows.reach)
        starts = self._sources(first, outcomes, departures, left.graph, right.graph)
        return RunComparison(
            results=results,
            outcomes=tuple(outcomes),
            departures=tuple(departure for _, departure in departures),
            first=first,
            downstream=downstream_of(left.graph, starts[0]),
            downstream_right=downstream_of(right.graph, starts[1]),
            left_error=self._errors["left"],
            right_error=self._errors["right"],
            notes=self._notes(),
        )

    def _first_use(self, node: Node) -> int:
        """When the left side first ran what reads the node."""
        orders = [
            self._seen[index].order
            for value in node.outputs
            for user, _ in value.uses
            for index in self._by_left.get(user.id, ())
            if self._seen[index].order >= 0
        ]
        return min(orders, default=self._recorders["left"].sequence)

    def _outcomes(self, left: Graph, right: Graph) -> list[PairOutcome]:
        compared = [index for indexes in self._by_left.values() for index in indexes]
        differing = [
            self._alignment.pairs[index]
            for index in compared
            if (found := self._seen[index].difference) is not None and found.agreement == "differs"
        ]
        # What only one side computes the other one has otherwise, or not at all.
        changed = (
            {*(pair.left for pair in differing), *self._alignment.only_left},
            {*(pair.right for pair in differing), *self._alignment.only_right},
        )
        reading = nodes_reading(left, changed[0], {*self._by_left})
        reading_right = nodes_reading(right, changed[1], {*self._by_right})
        outcomes: list[PairOutcome] = []
        for index in sorted(compared):
            seen, pair = self._seen[index], self._alignment.pairs[index]
            status: PairStatus = "not reached"
            if seen.difference is not None:
                status = seen.difference.agreement
            elif seen.times:
                # Nodes without outputs.
                status = "identical"
            starts = status == "differs" and pair.left not in reading and pair.right not in reading_right
            outcomes.append(
                PairOutcome(
                    index, status, seen.difference, seen.times, seen.left_times, seen.right_times, seen.turns,
                    starts,
                )
            )  # fmt: skip
        return outcomes

    def _sources(
        self,
        first: FirstDifference | None,
        outcomes: list[PairOutcome],
        departures: list[tuple[int, Departure]],
        left: Graph,
        right: Graph,
    ) -> tuple[list[Node], list[Node]]:
        """The nodes of both graphs at which the difference begins."""
        sources: tuple[set[int], set[int]] = set(), set()
        if first is not None and first.outcome >= 0:
            pair = self._alignment.pairs[outcomes[first.outcome].pair]
            sources[0].add(pair.left)
            sources[1].add(pair.right)
        if first is not None and first.departure >= 0:
            departure = departures[first.departure][1]
            sources[0 if departure.side == "left" else 1].add(departure.node)
        return (
            [node for node in left.all_nodes() if node.id in sources[0]],
            [node for node in right.all_nodes() if node.id in sources[1]],
        )

    def _notes(self) -> tuple[str, ...]:
        notes: list[str] = []
        if self._has_more_turns:
            notes.append(
                f"of nodes that ran more than {_MOST_TURNS:,} times the values of the first "
                f"{_MOST_TURNS:,} were compared"
            )
        store = self._store
        if store.reduced:
            notes.append(
                f"{store.reduced:,} tensors of the left run had no room in the {store.budget:,} bytes that "
                "may be kept: of these a digest was compared, and figures are of some elements only"
            )
        return tuple(notes)


def _worst(differences: list[Difference]) -> Difference | None:
    worst: Difference | None = None
    for found in differences:
        if worst is None or found.is_worse_than(worst):
            worst = found
    return worst
