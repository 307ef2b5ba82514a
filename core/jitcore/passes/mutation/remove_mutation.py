"""Removes writes to lists and tensors that nobody else holds.

%1 : Tensor = aten::relu(%x)                      %1 : Tensor = aten::relu(%x)
%2 : Tensor = aten::add_(%1, %y, %n)        ->    %2 : Tensor = aten::add(%1, %y, %n)
%3 : Tensor = aten::neg(%1)                       %3 : Tensor = aten::neg(%2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.mutation.mutation_remover import MutationRemover

if TYPE_CHECKING:
    from jitcore.ir import Graph


class RemoveMutation(Pass):
    """Build lists whole, and give new tensors, where something fresh was written to right away.

    [a].append(b), aten::add_(%fresh, %y)    ->    [a, b], aten::add(%fresh, %y)

    What comes from outside, may be known under another name, or is read between being made and being written
    to is left alone.
    """

    name: ClassVar[str] = "remove-mutation"
    counterpart: ClassVar[str] = "_jit_pass_remove_mutation"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Remove writes to lists, then, looked at anew, those to tensors."""
        changed = MutationRemover(graph).remove_from_lists(graph.block)
        return MutationRemover(graph).remove_from_tensors(graph.block) or changed
