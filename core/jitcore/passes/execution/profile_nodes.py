"""Nodes that note which tensors flow, and what becomes of them once enough was noted.

                                       %3 = prim::profile[profiled_type=Tensor, seen_none=0](%x)
%2 = aten::relu(%x)            ->      %2 = aten::relu(%3)
return (%2)                            %4 = prim::profile[profiled_type=Tensor, seen_none=0](%2)
                                        = prim::profile()
                                       return (%4)

As torch/csrc/jit/runtime/profiling_record.cpp and torch/csrc/jit/passes/tensorexpr_fuser.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ops.profiled_operators import inputs_are_profiled, outputs_are_profiled
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import rule
from jitcore.types import TENSOR, OptionalType, TensorType
from jitcore.types.printing import ir_text

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.types import Type

PROFILE: Final = "prim::profile"
PROFILED_TYPE: Final = "profiled_type"
SEEN_NONE: Final = "seen_none"

_OPTIONAL_TENSOR: Final = OptionalType(TENSOR)


class InsertProfileNodes(Pass):
    """Note which tensors flow, where that is worth noting.

    aten::relu(%x)    ->    aten::relu(prim::profile[profiled_type=Tensor, seen_none=0](%x))
    """

    name: ClassVar[str] = "insert-profile-nodes"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Instrument all blocks."""
        insert_profile_nodes(graph)
        return True


class SpecializeProfiled(Pass):
    """Give what was noted to the values as their types.

    %1 : Tensor = prim::profile[profiled_type=Float(2), seen_none=0](%x)    ->    %x : Float(2)
    """

    name: ClassVar[str] = "specialize-profiled"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Drop the profile nodes of all blocks."""
        remove_run_counter(graph)
        move_profiles_into_types(graph.block)
        return True


def insert_profile_nodes(graph: Graph, with_reductions: bool = False) -> None:
    """Put a node before each reading of a tensor that is worth noting; one at the end counts runs.

    `with_reductions` sums and softmaxes are noted because they are going to be fused.
    """
    _insert_in(graph.block, with_reductions)
    count_runs(graph)


def _insert_in(block: Block, with_reductions: bool) -> None:
    for node in block.nodes():
        _note_inputs(node, with_reductions)
        for inner in node.blocks:
            _insert_in(inner, with_reductions)
    for index, value in enumerate(block.return_node.inputs):
        if _is_tensor(value.type) or _is_optional_tensor(value.type):
            note_tensor(block.return_node, index)


def _note_inputs(node: Node, with_reductions: bool) -> None:
    reads = inputs_are_profiled(node, with_reductions)
    for index, value in enumerate(node.inputs):
        if (reads or outputs_are_profiled(value.node, with_reductions)) and (
            value.type.kind == TENSOR.kind or _is_optional_tensor(value.type)
        ):
            note_tensor(node, index)


@rule
def count_runs(graph: Graph) -> None:
    """... -> ..., prim::profile()"""
    with count_runs.step(graph, lambda: "whoever comes to the end has made a whole run"):
        graph.append(graph.create(PROFILE, (), 0))


@rule
def note_tensor(node: Node, index: int) -> None:
    """f(x) -> f(prim::profile(x))"""
    graph, value = node.graph, node.inputs[index]
    with note_tensor.step(graph, lambda: f"what %{value.name} is here is noted in the next run", (node,)):
        profile = graph.create(PROFILE, (value,))
        profile.set_attribute(PROFILED_TYPE, TENSOR)
        profile.set_attribute(SEEN_NONE, 0)
        profile.output.set_type(_OPTIONAL_TENSOR if _is_optional_tensor(value.type) else TENSOR)
        profile.insert_before(node)
        node.replace_input(index, profile.output)


def _is_tensor(kind: Type) -> bool:
    return isinstance(kind, TensorType)


def _is_optional_tensor(kind: Type) -> bool:
    return isinstance(kind, OptionalType) and kind.element.kind == TENSOR.kind


def remove_run_counter(graph: Graph) -> None:
    """Drop the node that counts runs."""
    for node in graph.block.nodes_reversed():
        if node.kind == PROFILE and not node.inputs:
            stop_counting(node)
            return


@rule
def stop_counting(node: Node) -> None:
    """..., prim::profile() -> ..."""
    with stop_counting.step(node.graph, lambda: "runs are not counted any longer", (node,)):
        node.destroy()


def remove_profile_nodes(block: Block) -> None:
    """Let everybody read what was noted itself, and drop the nodes that noted it."""
    for node in block.nodes():
        if node.kind in (PROFILE, "prim::profile_ivalue"):
            node.output.replace_all_uses_with(node.inputs[0])
            node.destroy()
        else:
            for inner in node.blocks:
                remove_profile_nodes(inner)


def move_profiles_into_types(block: Block) -> None:
    """Drop the nodes that noted something, and give what they noted to the values as their types."""
    for node in block.nodes():
        if node.kind != PROFILE:
            for inner in node.blocks:
                move_profiles_into_types(inner)
            continue
        noted = node.attributes[PROFILED_TYPE]
        assert isinstance(noted, TensorType)
        specialize_value(node, noted)


@rule
def specialize_value(node: Node, noted: TensorType) -> None:
    """prim::profile(x) -> x : what was noted"""
    value = node.inputs[0]
    with specialize_value.step(
        node.graph, lambda: f"in all runs that were noted %{value.name} was a {ir_text(noted)}", (node,)
    ):
        node.output.replace_all_uses_with(value)
        kind = value.type
        # What may be None is not specialized. Where nothing ran, nothing was learned, and the node is dead.
        if not isinstance(kind, TensorType) or noted != TENSOR:
            node.destroy()
        if isinstance(kind, TensorType) and noted != TENSOR:
            value.set_type(noted if kind == TENSOR else kind.merge(noted))


def forget_profile(graph: Graph) -> None:
    """Make the types of the graph's inputs and of what nodes give just Tensor, where they are of tensors."""
    for value in graph.inputs:
        _forget(value)
    for node in graph.all_nodes():
        for value in node.outputs:
            _forget(value)


def forget_specializations(block: Block) -> bool:
    """Make the type of every tensor just Tensor, but for constants and what guards answer for.

    Says whether more was known of any.
    """
    changed = False
    for value in block.inputs:
        changed |= _forget(value)
    for node in block.nodes():
        for inner in node.blocks:
            changed |= forget_specializations(inner)
        if node.kind not in ("prim::Constant", "prim::TypeCheck", "prim::TensorExprGroup"):
            for value in node.outputs:
                changed |= _forget(value)
    return changed


def _forget(value: Value) -> bool:
    if not isinstance(value.type, TensorType) or value.type == TENSOR:
        return False
    value.set_type(TENSOR)
    return True
