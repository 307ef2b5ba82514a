"""Puts the nodes of two graphs into rows, pairs beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jitviewer.protocol.comparison_rows import ComparedNodeRow, ComparisonRow, PairRow

_STEP = 200
"""Nodes that are looked at in one step."""

ONE_SIDE = "on one side only"
"""The status of a row whose other side is empty."""


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """A node of the left graph, one of the right, or both, and how their values agree.

    `pair` is the index of the pair in the comparison, -1 for none. `turns` say for which turn of a loop that
    one side has the row stands, "" for all. `flows` says that the first difference flows into it.
    """

    left: ComparedNodeRow | None
    right: ComparedNodeRow | None
    status: str
    pair: int = -1
    turns: str = ""
    flows: bool = False


def aligned_rows(comparison: ComparisonRow) -> list[AlignedRow]:
    """All rows at once; see `add_rows`."""
    rows: list[AlignedRow] = []
    for _ in add_rows(comparison, rows):
        pass
    return rows


def add_rows(comparison: ComparisonRow, rows: list[AlignedRow]) -> Iterator[None]:
    """Add rows in the order of the right graph, with what only the left has where it stands there, step by
    step.

    Constants, attributes and what only passes values on have no row.
    """
    left: dict[int, ComparedNodeRow] = {}
    right: dict[int, ComparedNodeRow] = {}
    places: dict[int, int] = {}
    for place, node in enumerate(comparison.left_nodes):
        left[node.node_id], places[node.node_id] = node, place
        if place % _STEP == 0:
            yield
    for place, node in enumerate(comparison.right_nodes):
        right[node.node_id] = node
        if place % _STEP == 0:
            yield
    pairs: dict[int, list[int]] = {}
    for index, pair in enumerate(comparison.pairs):
        if pair.how != "operand":
            pairs.setdefault(pair.right, []).append(index)
        if index % _STEP == 0:
            yield
    only_left, only_right = set(comparison.only_left), set(comparison.only_right)
    reached = set(comparison.downstream_left), set(comparison.downstream_right)
    waiting = [node for node in comparison.left_nodes if node.node_id in only_left]
    at = 0
    for number, node in enumerate(comparison.right_nodes):
        if number % _STEP == 0:
            yield
        if node.node_id in only_right:
            rows.append(AlignedRow(None, node, ONE_SIDE, flows=node.node_id in reached[1]))
        for index in pairs.get(node.node_id, ()):
            pair = comparison.pairs[index]
            while at < len(waiting) and places[waiting[at].node_id] < places.get(pair.left, 0):
                rows.append(AlignedRow(waiting[at], None, ONE_SIDE, flows=waiting[at].node_id in reached[0]))
                at += 1
            flows = pair.left in reached[0] or pair.right in reached[1]
            rows.append(
                AlignedRow(
                    left.get(pair.left), right.get(pair.right), pair.status, index, _turns(pair), flows
                )
            )
    for node in waiting[at:]:
        rows.append(AlignedRow(node, None, ONE_SIDE, flows=node.node_id in reached[0]))
        if len(rows) % _STEP == 0:
            yield


def _turns(pair: PairRow) -> str:
    turns = pair.left_turns or pair.right_turns
    return ".".join(str(turn + 1) for turn in turns)


def first_row(comparison: ComparisonRow, rows: list[AlignedRow]) -> int:
    """The row of what differs first, -1 where nothing does."""
    departure = comparison.first_departure
    if 0 <= departure < len(comparison.departures):
        told = comparison.departures[departure]
        for number, row in enumerate(rows):
            node = row.left if told.side == "left" else row.right
            if node is not None and node.node_id == told.node:
                return number
    return next(
        (number for number, row in enumerate(rows) if row.pair >= 0 and row.pair == comparison.first_pair), -1
    )
