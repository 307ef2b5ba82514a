"""Replaces a few operators that write to a tensor by those that give a new one.

%1 : Tensor = aten::add_(%x, %y, %n)              %1 : Tensor = aten::add(%x, %y, %n)
%2 : Tensor = aten::neg(%x)                 ->    %2 : Tensor = aten::neg(%1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.inserting import insert_call
from jitcore.passes.rules import rule
from jitcore.source import JitError
from jitcore.types import NONE, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node

_OUT_OF_PLACE: Final = {
    "aten::add_": "aten::add",
    "aten::sub_": "aten::sub",
    "aten::div_": "aten::div",
    "aten::mul_": "aten::mul",
    "aten::masked_fill_": "aten::masked_fill",
    "aten::zero_": "aten::zeros_like",
    "aten::fill_": "aten::full_like",
}
_BINARY: Final = ("aten::add_", "aten::sub_", "aten::mul_", "aten::div_")
_ARGUMENTS: Final = {"aten::zero_": 6, "aten::fill_": 7}
"""How many arguments the replacement takes, where it takes more: the rest is None."""


class RemoveInplaceOps(Pass):
    """Let `add_`, `mul_`, `fill_` and a few more give new tensors, which later readers read.

    %1 : Tensor = aten::add_(%x, %y, %n)    ->    %1 : Tensor = aten::add(%x, %y, %n)

    What is added to a tensor whose dtype is known is cast to it, as writing does. As libtorch's pass, which
    is there for ONNX, it does not look if the tensor is known under another name
    (`remove-mutation` does). Raises `JitError` where a branch or a loop writes to what is read behind it: the
    new tensor is not there to be read. libtorch makes a graph that cannot run of that.
    """

    name: ClassVar[str] = "remove-inplace-ops"
    counterpart: ClassVar[str] = "_jit_pass_remove_inplace_ops"

    assumes: ClassVar[str] = "no tensor that is written to is known under another name"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace such operators in all blocks."""
        for node in graph.all_nodes():
            if node.kind in _OUT_OF_PLACE:
                _check_readers(node)
        for node in graph.all_nodes():
            if node.kind in _BINARY and _is_cast_by_writing(node):
                cast_to_written(node)
        return _remove_in(graph.block)


def _is_cast_by_writing(node: Node) -> bool:
    written, other = node.inputs[:2]
    kind = written.type
    return (
        written is not other
        and isinstance(kind, TensorType)
        and isinstance(other.type, TensorType)
        and kind.dtype is not None
    )


@rule
def cast_to_written(node: Node) -> None:
    """aten::add_(x, y, n) -> aten::add_(x, aten::type_as(y, x), n)"""
    written, other = node.inputs[:2]
    with (
        cast_to_written.step(
            node.graph, lambda: f"what {node.kind} writes has the dtype of %{written.name}", (node,)
        ),
        node.graph.inserting_before(node),
    ):
        node.replace_input(1, insert_call(node.graph, "aten::type_as", [other, written], node))


def _check_readers(node: Node) -> None:
    for user, _ in node.inputs[0].uses:
        if node.is_before(user) and not user.is_dominated_by(node):
            raise JitError(
                f"{node.kind} writes to %{node.inputs[0].name} inside of a branch or a loop, and {user.kind} "
                "reads it behind that, where a new tensor would not be known; remove-mutation finds what can "
                "be replaced"
            )


def _remove_in(block: Block) -> bool:
    changed = False
    for node in block.nodes():
        for inner in node.blocks:
            changed |= _remove_in(inner)
        if node.kind in _OUT_OF_PLACE:
            give_a_new_tensor(node)
            changed = True
    return changed


@rule
def give_a_new_tensor(node: Node) -> None:
    """aten::add_(x, y, n), read x -> z = aten::add(x, y, n), read z"""
    graph = node.graph
    written = node.inputs[0]
    kind = _OUT_OF_PLACE[node.kind]
    with give_a_new_tensor.step(
        graph,
        lambda: f"{kind} gives a new tensor in place of %{written.name}, which is left as it is",
        (node,),
    ):
        new = graph.create(kind)
        new.insert_before(node)
        new.copy_metadata(node)
        new.provenance = made_from(node)
        for value in node.inputs:
            new.add_input(value)
        for _ in range(_ARGUMENTS.get(node.kind, 0) - len(node.inputs)):
            none = graph.create_constant(None, NONE)
            none.provenance = made_from(node)
            none.insert_before(new)
            new.add_input(none.output)
        new.output.copy_metadata(node.output)
        node.output.replace_all_uses_with(new.output)
        for user, index in written.uses:
            if node.is_before(user):
                user.replace_input(index, new.output)
        node.destroy()
