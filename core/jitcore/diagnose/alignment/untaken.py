"""Finds the arms of which the other graph has nothing: all in them is one thing that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.findings import UntakenArms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.diagnose.alignment.findings import Side
    from jitcore.diagnose.alignment.labels import Labels
    from jitcore.ir import Block, Graph


def untaken_arms(side: Side, graph: Graph, labels: Labels) -> Iterator[UntakenArms]:
    """The arms of ifs without a partner in which no node has one, the outermost of such."""
    reached = _with_partners(labels)
    pending = [graph.block]
    while pending:
        inner: list[Block] = []
        for node in pending.pop().nodes():
            untaken = (
                [block for block in node.blocks if block not in reached]
                if node.kind == "prim::If" and node not in labels.pairs
                else []
            )
            nodes = tuple(each.id for block in untaken for each in block.all_nodes())
            if nodes:
                yield UntakenArms(side, node.id, nodes)
            inner.extend(block for block in node.blocks if block not in untaken)
        pending.extend(reversed(inner))


def _with_partners(labels: Labels) -> set[Block]:
    """The blocks that hold a node with a partner, in blocks of theirs too."""
    found: set[Block] = set()
    for node in labels.pairs:
        block = node.block
        while block is not None and block not in found:
            found.add(block)
            block = None if block.owner is None else block.owner.block
    return found
