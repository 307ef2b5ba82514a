"""Removes dropout that does nothing, outside of training.

%1 : Tensor = aten::dropout(%x, %p, %false)
%2 : Tensor = aten::relu(%1)                  ->    %2 : Tensor = aten::relu(%x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_bool
from jitcore.passes.rules import rule
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node

_DROPOUTS: Final = frozenset(
    ("aten::dropout", "aten::dropout_", "aten::feature_dropout", "aten::feature_dropout_")
)


class RemoveDropout(Pass):
    """Drop `aten::dropout` where it is known that it does not train.

    aten::dropout(%x, %p, False)    ->    %x

    Raises `JitError` for a module in training mode, as libtorch does.
    """

    name: ClassVar[str] = "remove-dropout"
    counterpart: ClassVar[str] = "_jit_pass_remove_dropout"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Drop dropout from all blocks."""
        if context.module is not None and context.module.attributes.get("training") is True:
            raise JitError(
                "Dropout removal module in training mode is not yet supported: call eval() before saving it"
            )
        return remove_dropout(graph)


def remove_dropout(graph: Graph) -> bool:
    """Drop dropout that does nothing from all blocks; says whether there was any."""
    return _remove_in(graph.block)


def _remove_in(block: Block) -> bool:
    changed = False
    for node in block.nodes_reversed():
        for inner in node.blocks:
            changed |= _remove_in(inner)
        if node.kind in _DROPOUTS and constant_bool(node.inputs[2]) is False:
            drop_dropout(node)
            changed = True
    return changed


@rule
def drop_dropout(node: Node) -> None:
    """aten::dropout(x, p, False) -> x"""
    with drop_dropout.step(
        node.graph,
        lambda: f"{node.kind} gives %{node.inputs[0].name} as it is, because it does not train",
        (node,),
    ):
        node.output.replace_all_uses_with(node.inputs[0])
        node.destroy()
