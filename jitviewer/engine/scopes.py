"""Which lines of a listing are the body of one inlined call."""

from __future__ import annotations

from collections.abc import Sequence

from jitcore.ir import CallFrame, Graph
from jitviewer.protocol.bounds import LABEL, cut
from jitviewer.protocol.rows import ScopeRow

_NONE: list[CallFrame] = []


def scope_rows(graph: Graph, line_nodes: Sequence[Sequence[int]]) -> list[ScopeRow]:
    """The bodies of inlined calls that stand on consecutive lines, outer ones before what is in them."""
    frames_of = _frames_by_node(graph)
    if not frames_of:
        return []
    rows: list[ScopeRow] = []
    open_at: list[tuple[CallFrame, int]] = []
    last, before = -1, _NONE

    def close_to(keep: int) -> None:
        while len(open_at) > keep:
            frame, first = open_at.pop()
            if last > first:
                rows.append(ScopeRow(first, last, frame_name(frame)))

    for line, nodes in enumerate(line_nodes):
        # Lines of no node, such as those that return from a block, belong to what stands around them.
        if nodes:
            frames = frames_of.get(nodes[0], _NONE)
            if frames is before:
                last = line
                continue
            before, keep = frames, 0
            while keep < min(len(open_at), len(frames)) and open_at[keep][0] is frames[keep]:
                keep += 1
            close_to(keep)
            open_at.extend((frame, line) for frame in frames[keep:])
            last = line
    close_to(0)
    return sorted(rows, key=lambda row: (row.first, -row.last))


def _frames_by_node(graph: Graph) -> dict[int, list[CallFrame]]:
    """The frames of each node that was inlined; nodes of one call have the same list."""
    known: dict[int, list[CallFrame]] = {}
    found: dict[int, list[CallFrame]] = {}
    for node in graph.all_nodes():
        stack = node.callstack
        if stack is not None:
            frames = known.get(id(stack))
            if frames is None:
                frames = known[id(stack)] = stack.frames()
            found[node.id] = frames
    return found


def frame_name(frame: CallFrame) -> str:
    """`layer1.0`, or the name of the function or method that was called."""
    return cut(".".join(frame.path) or frame.callee.rpartition(".")[2], LABEL)
