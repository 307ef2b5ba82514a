"""Gathers operators that are computed as one, behind guards that check what they were made for.

%a : Float(3, 4) = aten::add(%x, %y, %1)      %x2, %y2, %fits = prim::TypeCheck[types=[...]](%x, %y)
%b : Float(3, 4) = aten::relu(%a)        ->   %b = prim::If(%fits)
                                                block0(): -> (prim::TensorExprGroup_0(%x2, %y2))
                                                block1(): -> (prim::FallbackGraph_1(%x, %y))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.common_subexpression_elimination import eliminate_common_subexpressions
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.execution.profile_nodes import forget_specializations
from jitcore.passes.fusion.dynamic_guards import guard_dynamic_group
from jitcore.passes.fusion.fusible_nodes import GROUP
from jitcore.passes.fusion.fusion_choice import FusionChoice
from jitcore.passes.fusion.group_forming import form_groups
from jitcore.passes.fusion.redundant_profiles import remove_redundant_profiles
from jitcore.passes.fusion.sizes_of_groups import compute_sizes_outside
from jitcore.passes.fusion.symbolic_sizes import FIRST_SYMBOL
from jitcore.passes.fusion.type_guards import TYPE_CHECK, guard_group
from jitcore.passes.options import PassOption
from jitcore.passes.rules import count, rule
from jitcore.passes.shapes.tensor_types import in_order
from jitcore.source import JitError
from jitcore.types import TensorType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.types import Type


class FuseTensorexprs(Pass):
    """Gather operators on tensors of known shapes in groups that are computed as one, behind a guard.

    add(x, y), relu    ->    TensorExprGroup(x, y) if TypeCheck(x, y) else FallbackGraph(x, y)

    A group holds operators that compute element by element, and a few others, on tensors whose dtype, device,
    sizes and strides are known: from a profile, or written in the graph. What is read of a result in between
    is given by the group too; if it is only its sizes, they are computed outside. The guard compares the
    tensors of each run with the types, and runs the operators one by one where they differ. As libtorch's
    (torch/csrc/jit/passes/tensorexpr_fuser.cpp), of which torch.jit asks on the CPU only if it was built with
    LLVM, or after `torch._C._jit_override_can_fuse_on_cpu(True)`. Sums and softmaxes are fused as after
    `torch._C._jit_set_texpr_reductions_enabled(True)`. To `assume_contiguous` is of this pass alone: for
    graphs whose shapes were told without a run, which tells no strides.
    """

    name: ClassVar[str] = "fuse-tensorexprs"
    counterpart: ClassVar[str] = "_jit_pass_fuse_tensorexprs"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("min_group_size", 2, "the fewest operators that are worth a group"),
        PassOption("fuse_to_dynamic_shapes", False, "make groups for all sizes of the ranks that are known"),
        PassOption("reductions", False, "fuse sums and softmaxes too"),
        PassOption(
            "assume_contiguous", False,
            "take elements to lie in order where sizes alone are known; guards check it",
        ),
    )  # fmt: skip

    def __init__(
        self,
        min_group_size: int = 2,
        fuse_to_dynamic_shapes: bool = False,
        reductions: bool = False,
        assume_contiguous: bool = False,
    ) -> None:
        if min_group_size < 1:
            raise JitError(f"min_group_size is {min_group_size}: a group has one operator at least")
        self._choice = FusionChoice(
            fewest=min_group_size, is_dynamic=fuse_to_dynamic_shapes, reduces=reductions
        )
        self._assumes_order = assume_contiguous

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Form groups, and put guards in front of them."""
        changed = self._assumes_order and assume_order(graph)
        changed |= fuse_tensor_expressions(graph, self._choice)
        return forget_types(graph) or changed


def fuse_tensor_expressions(graph: Graph, choice: FusionChoice) -> bool:
    """Form and guard the groups that a choice asks for; says whether anything changed.

    What types tell of tensors stays, though only behind guards it is sure.
    """
    changed = eliminate_dead_code_with_aliases(graph)
    changed |= remove_redundant_profiles(graph)
    if _may_hold_groups(graph, choice):
        changed |= form_groups(graph, choice, AliasDb(graph))
    symbol = FIRST_SYMBOL
    for group in _with_sizes_outside(graph.block):
        if choice.is_dynamic:
            symbol = guard_dynamic_group(group, symbol)
        else:
            guard_group(group, TYPE_CHECK, lambda kind: kind)
    changed |= eliminate_common_subexpressions(graph)
    return eliminate_dead_code_with_aliases(graph) or changed


def _may_hold_groups(graph: Graph, choice: FusionChoice) -> bool:
    """Whether anything is known to be on a device where operators are fused."""
    return any(
        isinstance(value.type, TensorType) and choice.allows(value.type.device)
        for node in graph.all_nodes()
        for value in node.inputs
    )


def assume_order(graph: Graph) -> bool:
    """Take tensors of known sizes and unknown strides to lie in order; says whether there were any.

    Shape analysis without a run tells no strides. A wrong guess costs a group, which its guard then leaves
    to the fallback, and no value.
    """
    values = [*graph.inputs, *(value for node in graph.all_nodes() for value in _values_made_by(node))]
    known = [(value, kind) for value in values if (kind := _laid_out(value.type)) is not None]
    return bool(known) and take_to_be_in_order(graph, known)


def _values_made_by(node: Node) -> Iterator[Value]:
    yield from node.outputs
    for block in node.blocks:
        yield from block.inputs


def _laid_out(kind: Type) -> TensorType | None:
    """The type with strides, None where it has them or not all of its sizes, its dtype and device."""
    if not isinstance(kind, TensorType) or kind.sizes is None or kind.strides is not None:
        return None
    sizes = [size for size in kind.sizes if size is not None]
    is_whole = len(sizes) == len(kind.sizes) and kind.dtype is not None and kind.device is not None
    return in_order(kind, sizes) if is_whole else None


@rule
def take_to_be_in_order(graph: Graph, known: Sequence[tuple[Value, TensorType]]) -> bool:
    """x : Float(2, 3) -> x : Float(2, 3, strides=[3, 1]), which a guard checks"""
    with take_to_be_in_order.step(
        graph, lambda: f"the strides of {count(len(known), 'value')} are not told, and most often in order"
    ):
        for value, kind in known:
            value.set_type(kind)
    return True


@rule
def forget_types(graph: Graph) -> bool:
    """x : Float(3, 4) -> x : Tensor, but for what guards answer for"""
    with forget_types.step(graph, lambda: "only behind a guard it is known what tensors are"):
        return forget_specializations(graph.block)


def _with_sizes_outside(block: Block) -> Iterator[Node]:
    """The groups of all blocks, inner ones first, each when it gives nothing for its sizes alone."""
    groups: list[Node] = []
    for node in block.nodes():
        for inner in node.blocks:
            yield from _with_sizes_outside(inner)
        if node.kind == GROUP:
            groups.append(node)
    for group in groups:
        compute_sizes_outside(group)
        yield group
