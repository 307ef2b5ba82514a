"""Decides which results are written inside the expression that reads them.

A result can be written in place if it is read once, has no name of its own, and if a parser that
meets the expression would compute everything in the order of the graph. A parser goes through an
expression from the left and from the inside out; so a walk over the inputs from the right, beside a
walk backwards over the nodes, shows where the two agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import CONSTANT, Block, Node, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

_CAPTURING = frozenset(
    {"prim::fork", "prim::awaitable", "prim::rpc_async", "prim::rpc_sync", "prim::rpc_remote"}
)
_RETURN = "prim::Return"


class Inlining:
    """The nodes found so far whose results are written in place; constants are among them."""

    __slots__ = ("_inline", "_listed")

    def __init__(self) -> None:
        self._inline: set[Node] = set()
        self._listed: set[Node] = set()

    def __contains__(self, node: Node) -> bool:
        return node in self._inline

    def constants_of(self, block: Block) -> list[Node]:
        """Constants read in `block` and not listed before, in order of first use."""
        found: list[Node] = []
        listed = self._listed
        pending: list[Iterable[Node]] = [self._readers(block)]
        while pending:
            level = iter(pending.pop())
            for node in level:
                for value in node.inputs:
                    source = value.node
                    if source.kind == CONSTANT and source not in listed:
                        listed.add(source)
                        found.append(source)
                if node.blocks:
                    pending.append(level)
                    pending.extend(self._readers(inner) for inner in reversed(node.blocks))
                    break
        return found

    @staticmethod
    def _readers(block: Block) -> Iterable[Node]:
        yield from block.nodes()
        yield block.return_node

    def scan(self, block: Block) -> None:
        """Decide for all nodes of `block` and of the blocks inside."""
        pending = [(block, block.return_node)]
        while pending:
            block, node = pending.pop()
            previous = node.prev
            if previous is not None and previous is not block.param_node:
                pending.append((block, previous))
            if node in self._inline:
                continue
            # The inner blocks touch no node of this one, so the order does not matter.
            pending.extend((inner, inner.return_node) for inner in node.blocks)
            self._scan_expression(node)

    def _scan_expression(self, root: Node) -> None:
        expected = _previous_operation(root)
        stack = [(root, len(root.inputs) - 1)]
        while stack:
            node, index = stack.pop()
            if index < 0:
                continue
            stack.append((node, index - 1))
            value = node.inputs[index]
            source = value.node
            if source is expected and _can_inline(value):
                self._inline.add(source)
                expected = _previous_operation(source)
                stack.append((source, len(source.inputs) - 1))
            elif source.kind == CONSTANT:
                self._inline.add(source)


def _previous_operation(node: Node) -> Node | None:
    previous = node.prev
    while previous is not None and previous.kind == CONSTANT:
        previous = previous.prev
    return previous


def _can_inline(value: Value) -> bool:
    node = value.node
    if len(node.outputs) != 1 or node.blocks or value.use_count != 1 or node.kind == "prim::isinstance":
        return False
    user, index = next(iter(value.uses))
    if value.debug_name is not None and user.kind != _RETURN:
        return False
    # What a loop carries is computed before its trip count and condition are.
    if user.kind == "prim::Loop" and index >= 2:
        return False
    return user.kind not in _CAPTURING
