"""Reads a graph that somebody gives as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.checking_forms import first_fault
from jitcore.printing import parse_graph
from jitcore.source import Source, SourceRange

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


def read_graph(text: str, filename: str) -> Graph:
    """The graph that `text` shows, whose nodes all have the form of their kinds.

    torch's parser takes nodes of any form, and what comes behind it fails on them. Raises `SourceError` with
    the line and column in `filename`.
    """
    starts: dict[Node, int] = {}
    graph = parse_graph(text, filename=filename, starts=starts)
    fault = first_fault(graph)
    if fault is not None:
        start = starts[fault.node]
        raise SourceRange(Source(text, filename), start, start + 1).error(fault.sentence)
    return graph
