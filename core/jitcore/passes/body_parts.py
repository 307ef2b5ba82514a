"""The nodes of an inlined body, apart by the calls that they came with, for a journal that tells of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir import CallFrame, CallStack, Graph, Node


class BodyPart:
    """Nodes that follow each other in a body, from the first node of a call up to the next call.

    `calls` are the calls that begin with the first of the nodes, outermost first: `self.layer1.conv.forward`
    where the body's own `self` leads there, or else the name of the function. () for what stands before
    the first call. What is called inside an `if` or a loop belongs to the node that has it.
    """

    __slots__ = ("calls", "nodes")

    def __init__(self, calls: tuple[str, ...], nodes: list[Node]) -> None:
        self.calls = calls
        self.nodes = nodes


def body_parts(body: Graph) -> list[BodyPart]:
    """The parts of a body in which everything is inlined, in order; at least one."""
    first = BodyPart((), [])
    parts = [first]
    met: set[tuple[CallFrame, ...]] = set()
    stacks: set[CallStack | None] = {None}
    for node in body.block.nodes():
        stack = node.callstack
        if stack not in stacks:
            stacks.add(stack)
            calls = _new_calls(stack, met)
            if calls:
                parts.append(BodyPart(calls, []))
        parts[-1].nodes.append(node)
    return parts if first.nodes or len(parts) == 1 else parts[1:]


def _new_calls(stack: CallStack | None, met: set[tuple[CallFrame, ...]]) -> tuple[str, ...]:
    """The calls of a stack that are not in `met`, which gets them."""
    calls: list[str] = []
    path: tuple[str, ...] = ("self",)
    # Bodies are shared, so a frame by itself stands in the stacks of many calls.
    chain: tuple[CallFrame, ...] = ()
    while stack is not None:
        frame = stack.frame
        path = (*path, *frame.path)
        chain = (*chain, frame)
        if chain not in met:
            met.add(chain)
            name = frame.callee.rpartition(".")[2]
            calls.append(name if frame.module_type is None else ".".join((*path, name)))
        stack = stack.inner
    return tuple(calls)
