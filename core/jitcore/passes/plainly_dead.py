"""What is dead where that is plain to see, so that most graphs are swept without any analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ops.effects import has_side_effects
from jitcore.ops.memory_facts import NEVER_WRITES
from jitcore.passes.plain_liveness import has_effects, is_known_outside, written_values

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_BRANCHING: Final = frozenset(("prim::If", "prim::Loop"))
_UNCOMPUTED: Final = frozenset(("prim::Constant", "prim::Uninitialized"))


def plainly_dead_nodes(block: Block, graph: Graph | None) -> list[Node] | None:
    """All that is dead in `block`, readers first, if that is plain to see; None where it is not.

    Readers stand behind what they read, and the last ones are results of the block. So if everything
    else is read, or does something that is seen or read later, the nodes that nobody reads and that
    only compute are dead, and what nobody but them reads. Without a `graph` whatever writes is taken
    to be needed.
    """
    scan = _Scan(graph)
    return scan.dead if scan.is_plain(block) and scan.spread(block) else None


class _Scan:
    """`dead` are nodes that nobody needs; `_effects` counts nodes needed for what they do."""

    def __init__(self, graph: Graph | None) -> None:
        self.dead: list[Node] = []
        self._graph = graph
        self._effects = 0
        self._written: list[tuple[Node, list[Value]]] = []

    def is_plain(self, block: Block) -> bool:
        """Whether it is plain of every node in the block if it is needed; notes those that nobody reads."""
        node = block.param_node.next
        end = block.return_node
        while node is not None and node is not end:
            if node.attributes and "Subgraph" in node.attributes:
                return False
            if node.blocks:
                if not self._is_plain_branching(node):
                    return False
            elif not any(output.use_map for output in node.outputs) and not self._is_plain_unread(node):
                return False
            node = node.next
        return True

    def _is_plain_branching(self, node: Node) -> bool:
        if node.kind not in _BRANCHING:
            return False
        for index, output in enumerate(node.outputs):
            # What a loop carries is needed as well if the loop reads it.
            if not output.use_map and not (
                node.kind == "prim::Loop" and node.blocks[0].inputs[index + 1].use_map
            ):
                return False
        before = self._effects
        if not all(self.is_plain(inner) for inner in node.blocks):
            return False
        return self._effects > before or any(output.use_map for output in node.outputs)

    def _is_plain_unread(self, node: Node) -> bool:
        """Whether it is plain what becomes of a node that nobody reads; notes it if it is dead."""
        if node.kind in _UNCOMPUTED:
            self.dead.append(node)
            return True
        graph = self._graph
        if has_side_effects(node) or (graph is None and has_effects(node, of_writes=False)):
            self._effects += 1
            return True
        written = [] if graph is None or node.kind in NEVER_WRITES else written_values(node)
        if written is None:
            return False
        if not written or graph is None:
            self.dead.append(node)
            return True
        if all(is_known_outside(value, graph) for value in written):
            self._effects += 1
        else:
            self._written.append((node, written))
        return True

    def spread(self, block: Block) -> bool:
        """Add what only dead nodes read; says whether it stays plain what is needed."""
        dead = self.dead
        readers_gone: dict[Value, int] = {}
        # Grows while it is gone through.
        for node in dead:
            for value in node.inputs:
                gone = readers_gone[value] = readers_gone.get(value, 0) + 1
                if gone == len(value.use_map) and not self._is_plain_forsaken(value, block, readers_gone):
                    return False
        left = set(dead)
        return all(
            any(_is_read_later(value, writer, left) for value in written) for writer, written in self._written
        )

    def _is_plain_forsaken(self, value: Value, block: Block, readers_gone: dict[Value, int]) -> bool:
        """Whether it is plain what becomes of the node of a value of which all readers are dead."""
        node = value.node
        if node.blocks or (node.kind == "prim::Param" and node is not block.param_node):
            return False
        if node.kind == "prim::Param" or any(
            len(output.use_map) > readers_gone.get(output, 0) for output in node.outputs
        ):
            return True
        return self._is_plain_unread(node)


def _is_read_later(value: Value, writer: Node, dead: set[Node]) -> bool:
    # The last use is the likeliest to be behind the writer.
    return any(user not in dead and user.is_dominated_by(writer) for user, _ in reversed(value.use_map))
