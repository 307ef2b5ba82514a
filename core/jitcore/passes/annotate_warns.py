"""Numbers the warnings of a graph, so that each place warns once, as Python does.

aten::warn(%message, %level)    ->    aten::warn[warn_id=0](%message, %level)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Block, Graph, Node


class AnnotateWarns(Pass):
    """Give each `aten::warn` a number of its own.

    aten::warn(%message, %level)    ->    aten::warn[warn_id=0](%message, %level)

    libtorch counts through the whole process; here the one who compiles gives the counter.
    """

    name: ClassVar[str] = "annotate-warns"

    def __init__(self, numbers: Iterator[int] | None = None) -> None:
        self.numbers = numbers

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Number the warnings of all blocks, those of nested blocks before their node's own."""
        return annotate_warns(graph.block, self.numbers if self.numbers is not None else iter(range(1 << 62)))


def annotate_warns(block: Block, numbers: Iterator[int]) -> bool:
    """Number the warnings of `block` with what `numbers` gives."""
    changed = False
    for node in block.nodes():
        for inner in node.blocks:
            changed |= annotate_warns(inner, numbers)
        if node.kind == "aten::warn":
            number_warning(node, next(numbers))
            changed = True
    return changed


@rule
def number_warning(node: Node, number: int) -> None:
    """aten::warn(x) -> aten::warn[warn_id=n](x)"""
    with number_warning.step(node.graph, lambda: f"this is warning number {number} of the program", (node,)):
        node.set_attribute("warn_id", number)
