"""A graph with the places of its nodes as JSON, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.ir import CallStack
from jitcore.ir.callstack import CallFrame
from jitcore.printing import graph_text, parse_graph
from jitcore.source import Source, SourceRange

if TYPE_CHECKING:
    from jitcore.ir import Graph


def encode_graph(graph: Graph) -> dict[str, object]:
    """Text of the graph, and for each node, in order, its scope and where it and its calls were written."""
    places: dict[tuple[str, int, str], int] = {}

    def place(at: SourceRange | None) -> int:
        told = None if at is None else at.origin_line_col()
        if at is None or told is None:
            return -1
        # A tracer's range is a stack of frames, which is read as a whole.
        return places.setdefault((told[0], told[1], at.origin().text()), len(places))

    nodes = [
        [
            node.scope,
            place(node.source_range),
            []
            if node.callstack is None
            else [[frame.callee, place(frame.call_site), [*frame.path]] for frame in node.callstack.frames()],
        ]
        for node in graph.all_nodes()
    ]
    return {"text": graph_text(graph), "nodes": nodes, "places": [[*each] for each in places]}


def decode_graph(told: Any) -> Graph:
    """The graph. Raises `JitError`, `ValueError`, `TypeError` or `LookupError` for what is none."""
    graph = parse_graph(_text(told["text"]))
    ranges: list[SourceRange] = []
    for file, line, text in told["places"]:
        if type(line) is not int:
            raise ValueError("a line is no number")
        source = Source(_text(text), _text(file), line - 1)
        ranges.append(SourceRange(source, 0, len(source.text)))
    stacks: dict[str, CallStack | None] = {}
    for node, (scope, at, frames) in zip(graph.all_nodes(), told["nodes"], strict=True):
        node.scope = _text(scope)
        node.source_range = ranges[at] if at >= 0 else None
        key = repr(frames)
        if key not in stacks:
            stacks[key] = _stack(frames, ranges)
        node.callstack = stacks[key]
    return graph


def _stack(frames: Any, ranges: list[SourceRange]) -> CallStack | None:
    stack: CallStack | None = None
    for callee, at, path in reversed(frames):
        site = ranges[at] if at >= 0 else None
        stack = CallStack(CallFrame(_text(callee), site, path=tuple(map(_text, path))), stack)
    return stack


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("a text is none")
    return told
