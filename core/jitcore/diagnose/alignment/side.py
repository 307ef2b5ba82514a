"""One of the two graphs that are aligned, with what is asked of it again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.call_paths import CallPaths
from jitcore.diagnose.alignment.operator_kinds import CONTROL, is_operator

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node


@dataclass(slots=True, eq=False)
class Item:
    """A node with a partner to be found, among those of one block and of control nodes inside it.

    `position` is its place in the order of the text, `loops` are the loops around it within that block,
    outermost first, `arms` the branches: each an if and which of its blocks.
    """

    node: Node
    position: int
    loops: tuple[Node, ...]
    arms: tuple[tuple[Node, int], ...]


class Side:
    """A graph, its paths, and the modules that its nodes were written in."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.paths = CallPaths(graph)
        self._modules: dict[int, str] = {}

    def module_of(self, node: Node) -> str:
        """Dotted path of the module whose method the node was written in, "" for the outermost."""
        stack = node.callstack
        if stack is None:
            return ""
        found = self._modules.get(id(stack))
        if found is None:
            found = self._modules[id(stack)] = ".".join(stack.module_path())
        return found

    def items(self, block: Block) -> list[Item]:
        """Operators and control nodes of a block and of all blocks inside, in order."""
        found: list[Item] = []
        self._collect(block, (), (), found)
        return found

    def _collect(
        self,
        block: Block,
        loops: tuple[Node, ...],
        arms: tuple[tuple[Node, int], ...],
        found: list[Item],
    ) -> None:
        for node in block.nodes():
            if node.kind in CONTROL or is_operator(node):
                found.append(Item(node, len(found), loops, arms))
            inner = (*loops, node) if node.kind == "prim::Loop" else loops
            for index, nested in enumerate(node.blocks):
                branch = (*arms, (node, index)) if node.kind == "prim::If" else arms
                self._collect(nested, inner, branch, found)
