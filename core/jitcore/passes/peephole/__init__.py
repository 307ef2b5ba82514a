"""Peephole optimization: small patterns of nodes are replaced by smaller ones.

%2 : Tensor = aten::t(%x)
%3 : Tensor = aten::t(%2)          ->    %4 : Tensor = aten::neg(%x)
%4 : Tensor = aten::neg(%3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.dead_code_elimination import eliminate_dead_code
from jitcore.passes.options import PassOption
from jitcore.passes.peephole.alias_sensitive_idioms import optimize_alias_sensitive_idioms
from jitcore.passes.peephole.concatenations import combine_concatenations
from jitcore.passes.peephole.dict_idioms import optimize_dict_idioms
from jitcore.passes.peephole.list_idioms import optimize_list_idioms
from jitcore.passes.peephole.scalar_idioms import optimize_scalar_idioms
from jitcore.passes.peephole.tensor_idioms import optimize_tensor_idioms

if TYPE_CHECKING:
    from jitcore.ir import Graph


class Peephole(Pass):
    """Replace small patterns by smaller ones: `x + 0`, `x.t().t()`, `len([a, b])`, `x is None`.

    %3 : Tensor = aten::t(%2), where %2 : Tensor = aten::t(%x)    ->    %x

    What is known of shapes, dtypes and devices is used too, so `x.dim()` is a number where the rank of x
    is known, unless `disable_shape_peepholes`.
    """

    name: ClassVar[str] = "peephole"
    counterpart: ClassVar[str] = "_jit_pass_peephole"
    refuses: ClassVar[bool] = False
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption(
            "disable_shape_peepholes", False, "use nothing that is known of shapes, dtypes and devices"
        ),
    )

    def __init__(self, disable_shape_peepholes: bool = False) -> None:
        self.disable_shape_peepholes = disable_shape_peepholes

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite all blocks, then drop what became dead."""
        return optimize_peepholes(graph, not self.disable_shape_peepholes)


def optimize_peepholes(graph: Graph, shape_peepholes: bool) -> bool:
    """Apply every group of peephole rules once, in libtorch's order; says whether a rule applied."""
    nodes = graph.block.nodes_inside_out()
    # No rule makes the first list, dict or concatenation of a graph, or what another one looks at.
    kinds = {node.kind for node in nodes}
    changed = optimize_tensor_idioms(nodes, shape_peepholes)
    if "prim::ListConstruct" in kinds:
        changed |= optimize_list_idioms(graph, nodes)
    if "prim::DictConstruct" in kinds:
        changed |= optimize_dict_idioms(graph, nodes)
    if optimize_alias_sensitive_idioms(graph, shape_peepholes):
        changed = True
        nodes = graph.block.nodes_inside_out()
    changed |= optimize_scalar_idioms(nodes)
    if "aten::cat" in kinds:
        changed |= combine_concatenations(graph)
    if changed:
        eliminate_dead_code(graph.block)
    return changed
