"""Rows of measured times, with the module and the line of the program that each node comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitviewer.protocol.bounds import LABEL, LARGEST, NAME, NODES, VALUES, cut, within
from jitviewer.protocol.rows import NodeTime

if TYPE_CHECKING:
    from jitcore.exec.profiler import Profile
    from jitcore.ir import Graph, Node


def node_times(profile: Profile, graph: Graph) -> list[NodeTime]:
    """Times of the nodes of the graph that was run, in microseconds and in the order of the graph; a
    call has those of its callee.
    """
    measured = {node_id: node for (function, node_id), node in profile.nodes.items() if not function}
    rows: list[NodeTime] = []
    for node in graph.all_nodes():
        seen = measured.get(node.id)
        if seen is None:
            continue
        rows.append(
            NodeTime(
                node.id, cut(seen.kind, LABEL), seen.own.median / 1e3, seen.total.median / 1e3,
                seen.total.minimum / 1e3, seen.total.spread / 1e3, seen.calls, list(seen.types[:VALUES]),
                min(seen.output_bytes, LARGEST), cut(_module(node), NAME), cut(_source(node), NAME),
                bool(seen.has_nan), _parent(node), _amount(seen.metrics.flops), _amount(seen.metrics.moved),
                min(seen.metrics.allocated, LARGEST), min(seen.metrics.peak, LARGEST),
            )
        )  # fmt: skip
    return within(
        rows, NODES, lambda row: sum(map(len, row.types)) + len(row.kind) + len(row.module) + len(row.source)
    )


def _amount(count: int | None) -> int:
    return -1 if count is None else min(count, LARGEST)


def _parent(node: Node) -> int:
    owner = node.block.owner if node.block is not None else None
    return owner.id if owner is not None else -1


def _module(node: Node) -> str:
    return ".".join(node.callstack.module_path()) if node.callstack is not None else ""


def _source(node: Node) -> str:
    """Where the node was written, as far as the archive knows."""
    if node.source_range is None:
        return ""
    for place in (node.source_range.origin(), node.source_range):
        at = place.file_line_col()
        if at is not None:
            return f"{at[0]}:{at[1]}"
    return ""
