"""Which nodes a node was made from, kept through any number of rewrites."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir.node import Node


def made_from(*nodes: Node) -> tuple[int, ...]:
    """The provenance of a node made from `nodes`: their ids, and what these were made from themselves.

    The nodes in between may be gone from the graph, so each node carries the whole way back.
    """
    ids: dict[int, None] = {}
    for node in nodes:
        ids[node.id] = None
        ids.update(dict.fromkeys(node.provenance))
    return tuple(ids)


def take_over(keeper: Node, gone: Node) -> None:
    """Let `keeper` stand for `gone` as well, which is merged into it. Recorded as an edit of `keeper`."""
    keeper.set_provenance(tuple(dict.fromkeys((*keeper.provenance, *made_from(gone)))))
