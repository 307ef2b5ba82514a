"""What is dead where that is plain to see, so that most graphs are swept without any analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ops.effects import has_side_effects
from jitcore.passes.plain_liveness import has_effects, is_known_outside, written_values

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_BRANCHING: Final = frozenset(("prim::If", "prim::Loop"))
_UNCOMPUTED: Final = frozenset(("prim::Constant", "prim::Uninitialized"))


def unread_constants(block: Block, graph: Graph | None) -> list[Node] | None:
    """All that is dead in `block` if that is plain to see; None where it takes a closer look.

    Readers stand behind what they read, and the last ones are results of the block. So if everything
    else is read, or does something that is seen or read later, the constants that nobody reads are all
    that is dead. Without a `graph` whatever writes is taken to be needed.
    """
    scan = _Scan(graph)
    return scan.unread if scan.is_plain(block) else None


class _Scan:
    """`unread` are the constants that nobody reads; `_effects` counts nodes needed for what they do."""

    def __init__(self, graph: Graph | None) -> None:
        self.unread: list[Node] = []
        self._graph = graph
        self._effects = 0

    def is_plain(self, block: Block) -> bool:
        """Whether every other node in the block is needed; notes those that nobody reads."""
        node = block.param_node.next
        end = block.return_node
        while node is not None and node is not end:
            if node.attributes and "Subgraph" in node.attributes:
                return False
            if node.blocks:
                if not self._is_plain_branching(node):
                    return False
            elif not any(output.use_map for output in node.outputs) and not self._is_needed_unread(node):
                return False
            node = node.next
        return True

    def _is_plain_branching(self, node: Node) -> bool:
        if node.kind not in _BRANCHING or not all(output.use_map for output in node.outputs):
            return False
        before = self._effects
        if not all(self.is_plain(inner) for inner in node.blocks):
            return False
        return bool(node.outputs) or self._effects > before

    def _is_needed_unread(self, node: Node) -> bool:
        if node.kind in _UNCOMPUTED:
            self.unread.append(node)
            return True
        graph = self._graph
        if has_side_effects(node) or (graph is None and has_effects(node, of_writes=False)):
            self._effects += 1
            return True
        written = None if graph is None else written_values(node)
        if not written or graph is None:
            return False
        if all(is_known_outside(value, graph) for value in written):
            self._effects += 1
            return True
        return any(_is_read_later(value, node) for value in written)


def _is_read_later(value: Value, writer: Node) -> bool:
    # The last use is the likeliest to be behind the writer.
    return any(user.is_dominated_by(writer) for user, _ in reversed(value.use_map))
