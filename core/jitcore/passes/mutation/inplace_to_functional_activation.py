"""Lets activations give new tensors instead of writing to their inputs.

%1 : Tensor = aten::add(%x, %y, %n)               %1 : Tensor = aten::add(%x, %y, %n)
%2 : Tensor = aten::relu_(%1)               ->    %2 : Tensor = aten::relu(%1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.mutation.activations import MAY_PROMOTE
from jitcore.passes.mutation.mutation_remover import MutationRemover

if TYPE_CHECKING:
    from jitcore.ir import Graph

_WRITING: Final = frozenset(f"{kind}_" for kind in MAY_PROMOTE)


class InplaceToFunctionalActivation(Pass):
    """Replace `relu_`, `hardtanh_`, `sigmoid_` and their kin by `relu`, where nobody else holds the tensor.

    aten::relu_(%fresh)    ->    aten::relu(%fresh)
    """

    name: ClassVar[str] = "inplace-to-functional-activation"
    counterpart: ClassVar[str] = "_jit_pass_inplace_to_functional_activation"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace activations in all blocks."""
        return MutationRemover(graph).remove_from_tensors(graph.block, lambda node: node.kind in _WRITING)
