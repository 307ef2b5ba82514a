"""How much unrolling may make of a graph: loops in loops ask for a power of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph

MOST_NODES: Final = 100_000
"""Nodes up to which unrolling may make a graph grow, as many as inlining may add."""


class UnrollingLimits:
    """Counts the nodes that one run of a pass adds."""

    __slots__ = ("_room",)

    def __init__(self, graph: Graph) -> None:
        nodes = sum(1 for _ in graph.all_nodes())
        # A graph that is larger already may have loops too.
        self._room = max(MOST_NODES - nodes, nodes // 4)

    def take(self, body: Block, copies: int) -> None:
        """Count what `copies` of a body beside itself add. Raises `JitError` where that is too much."""
        self._room -= copies * _nodes_in(body)
        if self._room < 0:
            raise JitError(
                f"unrolling its loops would make a graph of more than {MOST_NODES:,} nodes; "
                "leave the pass out, or lower the numbers of rounds"
            )


def _nodes_in(block: Block) -> int:
    return sum(1 + sum(_nodes_in(inner) for inner in node.blocks) for node in block.nodes())
