"""Rows that tell how two graphs correspond, and where runs of them part."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import Count, Few, Number, OfNodes, OfValues, Real, Several, Size, Words
from jitviewer.protocol.rows import Row
from jitviewer.protocol.run_rows import ValueLook

Turns = Annotated[list[Count], Few]
"""Turns of loops, outermost first."""


class FiguresRow(Row, frozen=True, array_like=True):
    """How far two tensors are apart, over the elements that are finite on both sides.

    `quantile` is that of 99 %. `relative_l2`, `cosine` and `psnr` (in decibels) are None where there is none.
    NaNs and infinities are counted on both sides. `is_sampled`: of some elements only.
    """

    elements: Size
    different: Size
    max: Real
    mean: Real
    quantile: Real
    l2: Real
    relative_l2: Real | None
    cosine: Real | None
    psnr: Real | None
    left_nan: Size
    right_nan: Size
    left_inf: Size
    right_inf: Size
    is_sampled: bool = False


class DifferenceRow(Row, frozen=True, array_like=True):
    """What two values have in common: `agreement` is identical, within tolerance or differs.

    `left` and `right` are types, with the value where it is short; `part` names the part of a container that
    is meant.
    """

    agreement: Words
    left: Words
    right: Words
    what: Words = ""
    part: Words = ""
    figures: FiguresRow | None = None


class ComparedNodeRow(Row, frozen=True, array_like=True):
    """A node of one of two graphs: its kind, the place in the source ("" and 0: unknown) and the module.

    `reads` are the nodes that give what it reads, each once. What a block of an if or a loop is given comes
    from that node, and what a block gives flows into it.
    """

    node_id: Number
    kind: Words
    file: Words
    line: Count
    module: Words
    reads: Annotated[list[Number], Few] = msgspec.field(default_factory=list)


class PairRow(Row, frozen=True, array_like=True):
    """Two nodes that do the same, and how the values that they gave agree.

    `left_turns` and `right_turns` are those of loops that the other graph has unrolled. `how` says what they
    were paired by: place, replaced, dataflow, order or operand. `status` is identical, within tolerance,
    differs, not reached, or "" for what was not compared. `starts` says that what both read was the same, and
    what they gave is not.
    """

    left: Number
    right: Number
    how: Words
    left_turns: Turns
    right_turns: Turns
    status: Words = ""
    times: Size = 0
    starts: bool = False
    difference: DifferenceRow | None = None


class FindingRow(Row, frozen=True, array_like=True):
    """What the graph of `side` has that the other one has otherwise.

    `kind` is arm, loop, call or constant. `node` is that of the if, the loop, the first of a call, or the
    constant; `other` is the node that computes what is constant, -1 otherwise. `text` says in words what the
    other graph has.
    """

    kind: Words
    side: Words
    node: Number
    other: Number
    text: Words
    file: Words
    line: Count


class DepartureRow(Row, frozen=True, array_like=True):
    """A decision of a run that the other graph has fixed otherwise.

    `kind` is arm, turns, constant or attribute; `subject` is the dotted path of an attribute.
    """

    kind: Words
    side: Words
    node: Number
    other: Number
    fixed: Words
    now: Words
    file: Words
    line: Count
    subject: Words = ""


class ElementRow(Row, frozen=True, array_like=True):
    """An element of two tensors: its indices, `[0, 3]`, and what both hold there."""

    place: Words
    left: Words
    right: Words


class PairLookRow(Row, frozen=True, array_like=True):
    """How the values of a pair, by its index, are apart, the first time that they differ.

    `look` is a look at the absolute differences, without texts of elements; None where these had no room.
    `elements` are those that are furthest apart.
    """

    pair: Number
    look: ValueLook | None
    elements: Annotated[list[ElementRow], Few]


class ComparisonRow(Row, frozen=True, array_like=True):
    """Two graphs beside each other, and runs of both.

    `only_left` and `only_right` leave out what stands in an arm that nobody takes: its if stands for it all.
    `first_pair` and `first_departure` are indexes of what differs first, -1 for none; `grew_from` is the pair
    with which rounding began that grew into it. `downstream` are the nodes of each graph that it flows into.
    `cause`, `file`, `line` and `explanation` are empty where nothing differs. `looks` are of pairs that
    differ, of many the first ones.
    """

    left_name: Words
    right_name: Words
    diverged: bool
    cause: Words
    file: Words
    line: Count
    explanation: Words
    left_nodes: Annotated[list[ComparedNodeRow], OfNodes]
    right_nodes: Annotated[list[ComparedNodeRow], OfNodes]
    pairs: Annotated[list[PairRow], OfNodes]
    only_left: Annotated[list[Number], OfNodes]
    only_right: Annotated[list[Number], OfNodes]
    findings: Annotated[list[FindingRow], OfNodes]
    departures: Annotated[list[DepartureRow], OfNodes]
    results: Annotated[list[DifferenceRow], OfValues]
    first_pair: Number
    first_departure: Number
    grew_from: Number
    downstream_left: Annotated[list[Number], OfNodes]
    downstream_right: Annotated[list[Number], OfNodes]
    left_error: Words
    right_error: Words
    notes: Annotated[list[Words], OfValues]
    looks: Annotated[list[PairLookRow], Several] = msgspec.field(default_factory=list)
