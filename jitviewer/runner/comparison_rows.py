"""Makes the rows of a comparison that travel."""

from __future__ import annotations

import math
from collections import Counter
from sys import float_info
from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.call_paths import place_of
from jitviewer.protocol.bounds import DETAIL, LARGEST, NAME, NODES, SENTENCE, VALUES, cut, first, more
from jitviewer.protocol.comparison_rows import (
    ComparedNodeRow,
    ComparisonRow,
    DepartureRow,
    DifferenceRow,
    FiguresRow,
    FindingRow,
    PairRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.diagnose.alignment import Alignment
    from jitcore.diagnose.paired_runs import Difference, Figures, RunComparison
    from jitcore.diagnose.paired_runs.explaining import Explanation
    from jitcore.ir import Graph, Node

_MOST_LINES = (1 << 31) - 1

_MOST_VALUES = 4 * VALUES
"""Operands that are looked at of one node."""


def comparison_row(
    names: tuple[str, str],
    graphs: tuple[Graph, Graph],
    alignment: Alignment,
    comparison: RunComparison,
    explanation: Explanation | None,
    notes: list[str],
) -> ComparisonRow:
    """All of a comparison. `explanation` is None where nothing differs."""
    pairs = [
        PairRow(pair.left, pair.right, pair.how, [*pair.left_turns][:VALUES], [*pair.right_turns][:VALUES])
        for pair in alignment.pairs
    ]
    for outcome in comparison.outcomes:
        told = pairs[outcome.pair]
        pairs[outcome.pair] = PairRow(
            told.left, told.right, told.how, told.left_turns, told.right_turns, outcome.status,
            min(outcome.times, LARGEST), outcome.starts,
            None if outcome.difference is None else difference_row(outcome.difference),
        )  # fmt: skip
    folded = _folded(alignment, comparison)
    found = comparison.first
    is_told = explanation is not None and comparison.diverged
    return ComparisonRow(
        cut(names[0], NAME),
        cut(names[1], NAME),
        comparison.diverged,
        explanation.cause if explanation is not None and is_told else "",
        cut(explanation.file, NAME) if explanation is not None and is_told else "",
        explanation.line if explanation is not None and is_told else 0,
        cut(explanation.sentence, SENTENCE) if explanation is not None and is_told else "",
        _nodes(graphs[0]),
        _nodes(graphs[1]),
        pairs[:NODES],
        [node for node in alignment.only_left if ("left", node) not in folded][:NODES],
        [node for node in alignment.only_right if ("right", node) not in folded][:NODES],
        [*_findings(alignment, folded)][:NODES],
        [
            DepartureRow(
                d.kind, d.side, d.node, d.other, cut(d.fixed, DETAIL), cut(d.now, DETAIL), cut(d.file, NAME),
                _line(d.line), cut(d.subject, NAME),
            )
            for d in comparison.departures[:NODES]
        ],
        [difference_row(result) for result in comparison.results[:VALUES]],
        comparison.outcomes[found.outcome].pair if found is not None and found.outcome >= 0 else -1,
        found.departure if found is not None else -1,
        comparison.outcomes[found.grew_from].pair if found is not None and found.grew_from >= 0 else -1,
        [*comparison.downstream][:NODES],
        [*comparison.downstream_right][:NODES],
        cut(comparison.left_error, SENTENCE),
        cut(comparison.right_error, SENTENCE),
        [cut(note, SENTENCE) for note in first([*notes, *comparison.notes], VALUES, more)],
    )  # fmt: skip


def difference_row(difference: Difference) -> DifferenceRow:
    """How two values agree."""
    return DifferenceRow(
        difference.agreement,
        cut(difference.left, DETAIL),
        cut(difference.right, DETAIL),
        cut(difference.what, DETAIL),
        cut(difference.part, DETAIL),
        None if difference.figures is None else _figures(difference.figures),
    )


def _figures(f: Figures) -> FiguresRow:
    return FiguresRow(
        _size(f.elements), _size(f.different), _real(f.max), _real(f.mean), _real(f.quantile), _real(f.l2),
        _real_or_none(f.relative_l2), _real_or_none(f.cosine), _real_or_none(f.psnr), _size(f.left_nan),
        _size(f.right_nan), _size(f.left_inf), _size(f.right_inf), f.is_sampled,
    )  # fmt: skip


def _real(number: float) -> float:
    """The nearest number that a message takes: sums of squares may be beyond all."""
    if math.isnan(number):
        return 0.0
    return max(-float_info.max, min(float_info.max, number))


def _real_or_none(number: float | None) -> float | None:
    return None if number is None or math.isnan(number) else _real(number)


def _size(count: int) -> int:
    return min(count, LARGEST)


def _line(line: int) -> int:
    return max(0, min(line, _MOST_LINES))


def _nodes(graph: Graph) -> list[ComparedNodeRow]:
    rows: list[ComparedNodeRow] = []
    for node in graph.all_nodes()[:NODES]:
        file, line = place_of(node.source_range)
        module = ".".join(node.callstack.module_path()) if node.callstack is not None else ""
        rows.append(
            ComparedNodeRow(
                node.id, cut(node.kind, NAME), cut(file, NAME), _line(line), cut(module, NAME), _reads(node)
            )
        )
    return rows


def _reads(node: Node) -> list[int]:
    """The nodes whose values flow into a node, those of its blocks among them; inputs have none."""
    values = [*node.inputs, *(value for block in node.blocks for value in block.outputs)]
    found: dict[int, None] = {}
    for value in values[:_MOST_VALUES]:
        made = value.node
        # What a block is given comes from the node that the block belongs to.
        block = made.block if made.kind == "prim::Param" else None
        source = made if made.kind != "prim::Param" else block.owner if block is not None else None
        if source is not None and source is not node:
            found[source.id] = None
    return [*found][:VALUES]


def _folded(alignment: Alignment, comparison: RunComparison) -> dict[tuple[str, int], int]:
    """The nodes, each with its side, that are told with the if of an arm that nobody takes; and that if.

    An arm that one run takes, of which the other graph has nothing, is what a person looks for.
    """
    departed = {(each.side, each.node) for each in comparison.departures}
    return {
        (each.side, node): each.node
        for each in alignment.untaken
        if (each.side, each.node) not in departed
        for node in each.nodes
    }


def _findings(alignment: Alignment, folded: dict[tuple[str, int], int]) -> Iterator[FindingRow]:
    inside = Counter((side, owner) for (side, _), owner in folded.items())
    for arm in alignment.arms:
        if (arm.side, arm.node) in folded:
            continue
        if arm.by_turn:
            text = f"{len(arm.by_turn):,} turns, each with the arm that it took"
        else:
            text = {None: "neither arm leaves a trace", 0: "the first arm"}.get(arm.arm, "the second arm")
            count = inside[arm.side, arm.node]
            if count:
                text += f"; nothing of {count:,} node{'s' * (count > 1)} of the arms that are not taken"
        yield FindingRow("arm", arm.side, arm.node, -1, text, cut(arm.file, NAME), _line(arm.line))
    for loop in alignment.loops:
        turns = " and ".join(f"{count:,}" for count in loop.turns[:4])
        text = f"{turns} turns written out" if turns else "nothing of it would be seen"
        yield FindingRow("loop", loop.side, loop.node, -1, text, cut(loop.file, NAME), _line(loop.line))
    for call in alignment.calls:
        text = f"{cut(call.callee, NAME)}: {len(call.nodes):,} nodes without a call around them"
        yield FindingRow("call", call.side, call.nodes[0], -1, text, cut(call.file, NAME), _line(call.line))
    for burnt in alignment.constants:
        text = f"{burnt.value} as {cut(burnt.argument, NAME)}, which the other side has as {burnt.origin}"
        yield FindingRow("constant", burnt.side, burnt.constant, burnt.computed, cut(text, DETAIL), "", 0)
