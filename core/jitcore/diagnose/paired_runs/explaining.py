"""Says in a sentence why two runs are not the same, with a cause, a file and a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from jitcore.diagnose.alignment.call_paths import place_of
from jitcore.diagnose.alignment.operator_kinds import SIZE, work_of
from jitcore.ops.effects import is_nondeterministic
from jitcore.ops.memory_facts import writes

if TYPE_CHECKING:
    from jitcore.diagnose.alignment import Alignment
    from jitcore.diagnose.paired_runs.run_comparison import Departure, PairOutcome, RunComparison
    from jitcore.ir import Graph, Node

Cause = Literal[
    "branch", "loop-count", "shape", "constant", "device-or-dtype", "randomness", "mode", "aliasing",
    "python-state", "other-method", "numeric", "semantics",
]  # fmt: skip

_NUMERIC: Final = 1e-3
"""Part of a tensor's norm up to which another operator at the same place counts as another kernel."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two runs are not the same. `file` and `line` are "" and 0 where nobody knows the place."""

    cause: Cause
    file: str
    line: int
    sentence: str


class Explaining:
    """Explains a comparison of two graphs, which sentences call `left_name` and `right_name`."""

    def __init__(
        self, left: Graph, right: Graph, alignment: Alignment, left_name: str, right_name: str
    ) -> None:
        self._alignment = alignment
        self._names = {"left": left_name, "right": right_name}
        self._graphs = {"left": left, "right": right}
        self._nodes = {
            side: {node.id: node for node in graph.all_nodes()} for side, graph in self._graphs.items()
        }

    def of(self, comparison: RunComparison) -> Explanation | None:
        """What is to be said of the first difference, None where nothing differs."""
        for side, error in (("left", comparison.left_error), ("right", comparison.right_error)):
            if error and not (comparison.left_error and comparison.right_error):
                return self._failed(side, error, comparison)
        first = comparison.first
        if first is None:
            return None
        if first.departure >= 0:
            return self._departed(comparison.departures[first.departure])
        if first.outcome >= 0 and first.grew_from >= 0:
            return self._grown(comparison.outcomes[first.grew_from], comparison.outcomes[first.outcome])
        return self._differing(comparison.outcomes[first.outcome])

    def _failed(self, side: str, error: str, comparison: RunComparison) -> Explanation:
        told = f"{self._names[side]} fails where {self._names[_other(side)]} does not: {error}"
        if comparison.departures:
            departed = self._departed(comparison.departures[0])
            return Explanation(
                departed.cause, departed.file, departed.line, f"{departed.sentence} {_capital(told)}"
            )
        return Explanation("semantics", "", 0, _capital(told))

    def _departed(self, departure: Departure) -> Explanation:
        own, other = self._names[departure.side], self._names[_other(departure.side)]
        file, line = departure.file, departure.line
        at = f" at {file}:{line}" if file else ""
        match departure.kind:
            case "arm":
                said = f"the if{at} ran {departure.now} in {own}; {other} has {departure.fixed} only"
                return Explanation("branch", file, line, _capital(f"{said}."))
            case "turns":
                said = (
                    f"the loop{at} took {departure.now} in {own}; {other} has {departure.fixed} written out"
                )
                return Explanation("loop-count", file, line, _capital(f"{said}."))
            case "attribute":
                said = f"the attribute {departure.subject} is not the same before anything runs"
                values = f"{departure.now} in {own} and {departure.fixed} in {other}"
                sentence = f"{_capital(said)}: {values}, apart by {departure.apart}."
                return Explanation("constant", file, line, sentence)
            case "constant":
                node = self._nodes[departure.side][departure.node]
                said = (
                    f"{_spoken(node)}{at} gives {departure.now} in {own}; "
                    f"{other} has the constant {departure.fixed}"
                )
                return Explanation(_cause_of_constant(node), file, line, _capital(f"{said}."))

    def _differing(self, outcome: PairOutcome) -> Explanation:
        pair = self._alignment.pairs[outcome.pair]
        left, right = self._nodes["left"][pair.left], self._nodes["right"][pair.right]
        file, line = place_of(left.source_range)
        if not file:
            file, line = place_of(right.source_range)
        at = f" at {file}:{line}" if file else ""
        difference = outcome.difference
        what = difference.what if difference is not None else "values differ"
        figures = difference.figures if difference is not None else None
        by = f" by {figures.max:.6g} at most" if figures is not None else ""
        read = (
            "reads the same on both sides" if outcome.starts else "reads what is not the same on both sides"
        )
        named = left.kind if left.kind == right.kind else f"{left.kind} and {right.kind}"
        said = f"{named}{at} {read} and gives something else{by}: {what}"
        if is_nondeterministic(left) or is_nondeterministic(right):
            return Explanation("randomness", file, line, f"{said}; it draws random numbers.")
        if "kind of element" in what:
            return Explanation("device-or-dtype", file, line, f"{said}.")
        if "shape" in what:
            return Explanation("shape", file, line, f"{said}.")
        if writes(left) or writes(right) or self._writes_on_one_side():
            return Explanation("aliasing", file, line, f"{said}; one side writes in place.")
        relative = figures.relative_l2 if figures is not None else None
        is_rounding = relative is not None and relative < _NUMERIC
        return Explanation("numeric" if is_rounding else "semantics", file, line, f"{said}.")

    def _grown(self, start: PairOutcome, end: PairOutcome) -> Explanation:
        pair, last = self._alignment.pairs[start.pair], self._alignment.pairs[end.pair]
        node, grown = self._nodes["left"][pair.left], self._nodes["left"][last.left]
        file, line = place_of(node.source_range)
        at = f" at {file}:{line}" if file else ""
        said = (
            f"rounding begins to differ in {node.kind}{at} and has grown beyond the tolerance in {grown.kind}"
        )
        return Explanation("numeric", file, line, _capital(f"{said}."))

    def _writes_on_one_side(self) -> bool:
        return any(writes(node) for node in self._alone("left")) or any(
            writes(node) for node in self._alone("right")
        )

    def _alone(self, side: str) -> list[Node]:
        only = self._alignment.only_left if side == "left" else self._alignment.only_right
        return [self._nodes[side][number] for number in only]


def _other(side: str) -> str:
    return "right" if side == "left" else "left"


def _cause_of_constant(node: Node) -> Cause:
    if node.kind == "prim::GetAttr":
        return "mode" if node.attributes.get("name") == "training" else "python-state"
    sizes = ("aten::size", "aten::len", "aten::dim", "aten::numel", "prim::device", "prim::dtype")
    if node.kind in ("prim::device", "prim::dtype"):
        return "device-or-dtype"
    return "shape" if work_of(node) == SIZE or node.kind in sizes else "constant"


def _spoken(node: Node) -> str:
    if node.kind == "prim::GetAttr":
        return f"the attribute {node.attributes.get('name')}"
    return f"the operator {node.kind}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
