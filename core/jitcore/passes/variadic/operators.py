"""Puts an operator that takes any number of tensors in the place of one that takes a list of them.

%1 : Tensor[] = prim::ListConstruct(%x, %y)
%2 : Tensor = aten::cat(%1, %dim)           ->    %2 : Tensor = prim::VarConcat(%x, %y, %dim)

As libtorch's VariadicUpdater (torch/csrc/jit/passes/variadic_ops.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass
from jitcore.passes.constant_pooling import pool_constants
from jitcore.passes.mutation.mutation_remover import MutationRemover
from jitcore.passes.rules import count, rule
from jitcore.types import ListType, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node
    from jitcore.passes.base import PassContext


class UseVariadic(Pass):
    """Gives an operator the items of a list that is as it was built.

    `kind` takes a list first, `variadic` its items.
    """

    kind: ClassVar[str]
    variadic: ClassVar[str]

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite in all blocks."""
        return use_variadic(graph, self.kind, self.variadic)


class BuildListsAndUseVariadic(UseVariadic):
    """Builds lists with what is put into them first, as `remove-mutation` does."""

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite in all blocks."""
        return build_lists_and_use_variadic(graph, self.kind, self.variadic)


def use_variadic(graph: Graph, kind: str, variadic: str) -> bool:
    """Put `variadic` in the place of each `kind` whose list nobody changed since it was built.

    Where any is, constants are pooled afterwards, as in libtorch.
    """
    found = [node for node in graph.all_nodes() if node.kind == kind and _reads_built_list(node)]
    if not found:
        return False
    # Made once, whatever is replaced meanwhile.
    db = AliasDb(graph)
    changed = False
    for node in found:
        if db.move_before(node.inputs[0].node, node, dry_run=True):
            take_items(node, variadic)
            changed = True
    if changed:
        pool_constants(graph)
    return changed


def _reads_built_list(node: Node) -> bool:
    built = node.inputs[0]
    return (
        built.node.kind == "prim::ListConstruct"
        and isinstance(built.type, ListType)
        and isinstance(built.type.element, TensorType)
    )


def build_lists_and_use_variadic(graph: Graph, kind: str, variadic: str) -> bool:
    """Build lists with what is put into them, and use them, by turns, until neither changes anything."""
    changed = False
    while True:
        built = MutationRemover(graph).remove_from_lists(graph.block)
        used = use_variadic(graph, kind, variadic)
        if not (built or used):
            return changed
        changed = True


@rule
def take_items(node: Node, variadic: str) -> None:
    """cat([a, b], dim) -> VarConcat(a, b, dim)"""
    graph = node.graph
    built = node.inputs[0].node
    with (
        take_items.step(
            graph,
            lambda: (
                f"%{built.output.name} is as it was built, of {count(len(built.inputs), 'item')}, "
                f"which {variadic} takes without a list"
            ),
            (node, built),
        ),
        graph.inserting_before(node),
    ):
        new = graph.insert(graph.create(variadic, [*built.inputs, *node.inputs[1:]]))
        new.set_provenance(made_from(node, built))
        new.output.set_type(node.output.type)
        node.output.replace_all_uses_with(new.output)
        node.destroy()
        if not built.output.has_uses():
            built.destroy()
