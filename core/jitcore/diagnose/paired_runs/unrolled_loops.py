"""Which of the loops around the nodes of a pair only one side has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.diagnose.alignment import Alignment
    from jitcore.ir import Block, Graph


def unrolled_loops(
    left: Graph, right: Graph, alignment: Alignment
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """For each pair the places, among all loops around its nodes, of those that the other side has not."""
    paired = {pair.left for pair in alignment.pairs}, {pair.right for pair in alignment.pairs}
    around = _loops_around(left, paired[0]), _loops_around(right, paired[1])
    return [(around[0].get(pair.left, ()), around[1].get(pair.right, ())) for pair in alignment.pairs]


def _loops_around(graph: Graph, paired: set[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    pending: list[tuple[Block, tuple[bool, ...]]] = [(graph.block, ())]
    while pending:
        block, loops = pending.pop()
        places = tuple(at for at, is_paired in enumerate(loops) if not is_paired)
        for node in block.nodes():
            found[node.id] = places
            inner = (*loops, node.id in paired) if node.kind == "prim::Loop" else loops
            pending.extend((nested, inner) for nested in node.blocks)
    return found
