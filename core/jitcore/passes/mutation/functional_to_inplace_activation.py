"""Lets activations write to inputs that nobody else reads, which saves memory.

%1 : Tensor = aten::add(%x, %y, %n)               %1 : Tensor = aten::add(%x, %y, %n)
%2 : Tensor = aten::relu(%1)                ->    %2 : Tensor = aten::relu_(%1)
return (%2)                                       return (%1)
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.ops.table import find
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.mutation.activations import MAY_PROMOTE
from jitcore.passes.mutation.mutation_remover import has_side_effect_or_alias
from jitcore.passes.rules import rule
from jitcore.source import JitError
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


class FunctionalToInplaceActivation(Pass):
    """Replace `relu`, `silu` and their kin by `relu_`, where the input is fresh and read by nobody else.

    aten::relu(%fresh)    ->    aten::relu_(%fresh), and readers read %fresh

    `sigmoid` and `tanh` may give another dtype, so they are only replaced where dtypes are known to be equal.
    Raises `JitError` for an activation that has no such form, as libtorch fails.
    """

    name: ClassVar[str] = "functional-to-inplace-activation"
    counterpart: ClassVar[str] = "_jit_pass_functional_to_inplace_activation"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace activations in all blocks."""
        return _Rewriter(graph).block(graph.block)


class _Rewriter:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def _db(self) -> AliasDb:
        return AliasDb(self._graph)

    def block(self, block: Block) -> bool:
        changed = False
        for node in block.nodes():
            for inner in node.blocks:
                changed |= self.block(inner)
            if self._may_write(node):
                write_to_input(node, self._db)
                changed = True
        return changed

    def _may_write(self, node: Node) -> bool:
        may_promote = MAY_PROMOTE.get(node.kind)
        if may_promote is None:
            return False
        given = node.inputs[0]
        if may_promote and (_dtype(given) is None or _dtype(given) != _dtype(node.output)):
            return False
        return not has_side_effect_or_alias(given, self._db) and given.use_count == 1


def _dtype(value: Value) -> str | None:
    return value.type.dtype if isinstance(value.type, TensorType) else None


@rule
def write_to_input(node: Node, db: AliasDb) -> None:
    """y = relu(x), read y -> relu_(x), read x"""
    graph = node.graph
    given = node.inputs[0]
    kind = f"{node.kind}_"
    if not find(kind):
        raise JitError(
            f"{node.kind} has no form that writes to its input, so it cannot be replaced by {kind}"
        )
    with write_to_input.step(
        graph, lambda: f"%{given.name} is fresh and read by {node.kind} alone, so it is written to", (node,)
    ):
        new = graph.create(kind, node.inputs, 0)
        new.insert_before(node)
        new.add_output().copy_metadata(node.output)
        new.copy_metadata(node)
        new.copy_attributes(node)
        new.set_provenance(made_from(node))
        node.output.replace_all_uses_with(given)
        db.replace_with_new_value(node.output, new.output)
        node.destroy()
