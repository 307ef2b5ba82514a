"""Texts of the shown method, with the node ids of each line and what changed marked."""

from __future__ import annotations

from collections.abc import Mapping

from jitcore.ir import Graph
from jitcore.printing import Listing, code_of_graph, print_code, print_graph
from jitcore.source import JitError
from jitviewer.engine.rewriting import Rewriting
from jitviewer.engine.scopes import scope_rows
from jitviewer.protocol.rows import TextView


def graph_view(rewriting: Rewriting, marks: Mapping[int, str]) -> TextView:
    """`.graph` of the graph as it is now."""
    listing = print_graph(rewriting.graph)
    scopes = scope_rows(rewriting.graph, listing.node_ids)
    return TextView(
        rewriting.title("graph"),
        "graph",
        listing.text,
        _ids(listing),
        _line_marks(listing, marks),
        "",
        scopes,
    )


def saved_code_view(rewriting: Rewriting) -> TextView:
    """`.code` as the file has it; its lines know the nodes of the rewritten graph that came from them."""
    try:
        listing = print_code(rewriting.function)
    except JitError as error:
        return _no_code("code", error)
    followers = _followers(rewriting.graph)
    nodes = [[n for origin in ids for n in followers.get(origin, ())] for ids in listing.node_ids]
    return TextView("code", "code", listing.text, nodes, {})


def rewritten_code_view(rewriting: Rewriting, marks: Mapping[int, str]) -> TextView:
    """`.code` of the graph as it is now."""
    function = rewriting.function
    title = rewriting.title("code")
    try:
        listing = code_of_graph(rewriting.graph, function.name, function.owner, function.schema)
    except JitError as error:
        return _no_code(title, error)
    return TextView(title, "code", listing.text, _ids(listing), _line_marks(listing, marks))


def _no_code(title: str, error: JitError) -> TextView:
    return TextView(title, "code", "", [], {}, f"There is no code for this graph: {error}")


def _ids(listing: Listing) -> list[list[int]]:
    return [list(ids) for ids in listing.node_ids]


def _line_marks(listing: Listing, marks: Mapping[int, str]) -> dict[int, str]:
    if not marks:
        return {}
    found: dict[int, str] = {}
    for line, ids in enumerate(listing.node_ids):
        for node_id in ids:
            mark = marks.get(node_id)
            if mark is not None:
                found[line] = mark
                break
    return found


def _followers(graph: Graph) -> dict[int, list[int]]:
    """For each original node id, the nodes now in the graph that were made from it (or are it)."""
    followers: dict[int, list[int]] = {}
    for node in graph.all_nodes():
        followers.setdefault(node.id, []).append(node.id)
        for origin in node.provenance:
            followers.setdefault(origin, []).append(node.id)
    return followers
