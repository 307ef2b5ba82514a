"""Aligns two graphs: which of their nodes do the same, and what one has that the other has otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.alignment import Alignment
from jitcore.diagnose.alignment.block_aligner import BlockAligner
from jitcore.diagnose.alignment.call_paths import place_of
from jitcore.diagnose.alignment.findings import FlattenedCall, KeptArm, UnrolledLoop
from jitcore.diagnose.alignment.matching import signature
from jitcore.diagnose.alignment.operands import Operands
from jitcore.diagnose.alignment.operator_kinds import CONTROL, SIZE, is_operator, is_recorded, work_of
from jitcore.diagnose.alignment.side import Side
from jitcore.diagnose.alignment.untaken import untaken_arms
from jitcore.ir import collection_paused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.diagnose.alignment.block_aligner import PairedItem
    from jitcore.diagnose.alignment.findings import Side as SideName
    from jitcore.diagnose.alignment.labels import Labels
    from jitcore.ir import CallFrame, Graph, Node

_TRUSTED = 0.7
"""Part of the operands of pairs that are paired too, and of the operators that have partners, below which it
is tried without places: the source of one graph was edited, and other lines have come to the numbers."""


@collection_paused()
def align(left: Graph, right: Graph) -> Alignment:
    """Align two graphs in which calls are inlined; the time grows with their nodes.

    Nodes are paired by the lines that led to them, by module, work, and what flows in and out; never by
    where they stand in the text. Inputs are the same by their order.
    """
    sides = Side(left), Side(right)
    _cut_callers(*sides)
    aligner = _aligned(*sides, by_place=True)
    agreed, told = _agreement(aligner)
    if agreed < _TRUSTED * told or _covered(aligner, *sides) < _TRUSTED:
        other = _aligned(*sides, by_place=False)
        if _agreement(other)[0] > agreed:
            aligner = other
    return _summed_up(left, right, aligner)


def _aligned(left: Side, right: Side, by_place: bool) -> BlockAligner:
    aligner = BlockAligner(left, right, by_place)
    aligner.align(left.graph.block, right.graph.block)
    return aligner


def _cut_callers(left: Side, right: Side) -> None:
    """Let paths of both begin with the function that the graphs are of."""
    stacks = left.paths.has_stacks(), right.paths.has_stacks()
    if stacks == (True, True):
        left.paths.cut(set())
        right.paths.cut(set())
    elif stacks[0]:
        left.paths.cut(right.paths.first_steps())
    elif stacks[1]:
        right.paths.cut(left.paths.first_steps())


def _covered(aligner: BlockAligner, left: Side, right: Side) -> float:
    """The part of the operators that have partners, of the side of which more have."""
    covered = 0.0
    for side, labels in ((left, aligner.matching.left), (right, aligner.matching.right)):
        meant = [node for node in side.graph.all_nodes() if is_operator(node)]
        paired = sum(1 for node in meant if node in labels.pairs)
        covered = max(covered, paired / len(meant) if meant else 1.0)
    return covered


def _agreement(aligner: BlockAligner) -> tuple[int, int]:
    """How many operands of pairs are the same, of how many."""
    matching = aligner.matching
    agreed = told = 0
    for paired in aligner.found:
        if paired.left.loops or paired.right.loops:
            continue
        ours, theirs = (
            signature(matching.left, paired.left.node),
            signature(matching.right, paired.right.node),
        )
        told += max(len(ours), len(theirs))
        agreed += sum(1 for one, other in zip(ours, theirs, strict=False) if one == other)
    return agreed, told


def _summed_up(left: Graph, right: Graph, aligner: BlockAligner) -> Alignment:
    matching, found = aligner.matching, aligner.found
    operands = Operands(matching)
    for paired in found:
        operands.follow(paired)
    operands.follow_results(left.block.return_node, right.block.return_node)
    return Alignment(
        pairs=(*[paired.pair for paired in found], *operands.pairs),
        only_left=_alone(left, matching.left, _sizes(right, matching.right)),
        only_right=_alone(right, matching.right, _sizes(left, matching.left)),
        arms=(*_arms("left", left, matching.left, found), *_arms("right", right, matching.right, found)),
        loops=(
            *_loops("left", left, matching.left, aligner.left_turns),
            *_loops("right", right, matching.right, aligner.right_turns),
        ),
        calls=(*_calls("left", found), *_calls("right", found)),
        constants=tuple(operands.constants),
        untaken=(
            *untaken_arms("left", left, matching.left),
            *untaken_arms("right", right, matching.right),
        ),
    )


def _alone(graph: Graph, labels: Labels, sizes: set[int | None]) -> tuple[int, ...]:
    """Operators and control nodes without a partner; a size is not alone if the other side reads it, too."""
    return tuple(
        node.id
        for node in graph.all_nodes()
        if node not in labels.pairs
        and (node.kind in CONTROL or is_operator(node))
        and not (work_of(node) == SIZE and labels.of(node.outputs[0]) in sizes)
    )


def _sizes(graph: Graph, labels: Labels) -> set[int | None]:
    """Labels of the sizes of dimensions that a graph reads: one by one, or all unpacked."""
    reads = [
        node
        for node in graph.all_nodes()
        if work_of(node) == SIZE
        or (node.kind == "prim::ListUnpack" and node.inputs[0].node.kind == "aten::size")
    ]
    return {labels.of(output) for node in reads for output in node.outputs} - {None}


def _arms(side: SideName, graph: Graph, labels: Labels, found: Iterable[PairedItem]) -> Iterable[KeptArm]:
    by_turn: dict[Node, dict[tuple[int, ...], int]] = {}
    for paired in found:
        item = paired.left if side == "left" else paired.right
        turns = paired.pair.left_turns if side == "left" else paired.pair.right_turns
        for branch, arm in item.arms:
            by_turn.setdefault(branch, {})[turns] = arm
    for node in graph.all_nodes():
        if node.kind != "prim::If" or node in labels.pairs or not _is_reached(node, labels):
            continue
        turns = by_turn.get(node, {})
        told = tuple(sorted(turns.items())) if any(turns) else ()
        yield KeptArm(side, node.id, labels.kept.get(node), told, *place_of(node.source_range))


def _is_reached(node: Node, labels: Labels) -> bool:
    """Whether the node stands in no arm that the other graph did not keep."""
    block = node.block
    while block is not None and block.owner is not None:
        owner = block.owner
        if owner in labels.kept and owner.blocks[labels.kept[owner]] is not block:
            return False
        block = owner.block
    return True


def _loops(
    side: SideName, graph: Graph, labels: Labels, turns: dict[Node, list[int]]
) -> Iterable[UnrolledLoop]:
    for node in graph.all_nodes():
        if node.kind != "prim::Loop" or node in labels.pairs or not _is_reached(node, labels):
            continue
        counted = tuple(turns.get(node, ()))
        if not counted and any(is_recorded(inner) for inner in node.blocks[0].all_nodes()):
            counted = (0,)
        yield UnrolledLoop(side, node.id, counted, *place_of(node.source_range))


def _calls(side: SideName, found: Iterable[PairedItem]) -> Iterable[FlattenedCall]:
    """Calls of functions, and of methods of one object, that the other graph has no call for."""
    nodes: dict[tuple[CallFrame, ...], list[int]] = {}
    for paired in found:
        item, other = (paired.left, paired.right) if side == "left" else (paired.right, paired.left)
        theirs = {frame.callee.rpartition(".")[2] for frame in _frames(other.node)}
        chain: tuple[CallFrame, ...] = ()
        for frame in _frames(item.node):
            chain = (*chain, frame)
            if not frame.path and frame.callee.rpartition(".")[2] not in theirs:
                nodes.setdefault(chain, []).append(item.node.id)
    for chain, inside in nodes.items():
        called = chain[-1]
        place = place_of(called.call_site)
        yield FlattenedCall(side, called.callee, *place, tuple(dict.fromkeys(inside)))


def _frames(node: Node) -> list[CallFrame]:
    return node.callstack.frames() if node.callstack is not None else []
