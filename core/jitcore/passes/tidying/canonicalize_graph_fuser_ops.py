"""Writes arithmetic with constants, and splitting, in the forms that fusers know.

%c : Long() = prim::Constant[value={2}]()        %3 : int = prim::Constant[value=2]()
%1 : Tensor = aten::mul(%x, %c)            ->    %4 : Tensor = aten::mul(%x, %3)
%2 : Tensor[] = aten::chunk(%1, %two, %0)        %5, %6 = prim::ConstantChunk[chunks=2, dim=0](%4)
%a, %b = prim::ListUnpack(%2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import made_from
from jitcore.ops.lookup import matches
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import (
    constant_int,
    constant_of,
    dtype_name,
    insert_constant,
    is_tensor,
    literal,
)
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic
from jitcore.passes.rules import count, rule
from jitcore.printing.printed_values import PrintedTensor
from jitcore.types import NUMBER, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_ARITHMETIC: Final = ("aten::add.Tensor", "aten::sub.Tensor", "aten::mul.Tensor", "aten::div.Tensor")


class CanonicalizeGraphFuserOps(Pass):
    """Take numbers for constant tensors without dimensions, and split by one node that gives all parts.

    aten::mul(%x, {2})                   ->    aten::mul(%x, 2)
    ListUnpack(aten::chunk(%x, 2, 0))    ->    prim::ConstantChunk[chunks=2, dim=0](%x)

    Reading the number takes torch. As torch/csrc/jit/passes/canonicalize_graph_fuser_ops.cpp, which makes a
    graph that it refuses itself where the tensor is of bool: those stay.
    """

    name: ClassVar[str] = "canonicalize-graph-fuser-ops"
    counterpart: ClassVar[str] = "_jit_pass_canonicalize_graph_fuser_ops"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite in all blocks, then drop what became dead."""
        return canonicalize_graph_fuser_ops(graph, context)


def canonicalize_graph_fuser_ops(graph: Graph, context: PassContext) -> bool:
    """Bring operators into the forms that fusers know; says whether anything changed."""
    arithmetic = TensorArithmetic(context)
    changed = _rewrite_in(graph.block, arithmetic)
    arithmetic.tell("constant tensor")
    return eliminate_dead_code_with_aliases(graph) or changed


def _rewrite_in(block: Block, arithmetic: TensorArithmetic) -> bool:
    changed = False
    # What is put in is in the wanted form already, so it is enough to look at what stands there now.
    for node in list(block.nodes()):
        for inner in node.blocks:
            changed |= _rewrite_in(inner, arithmetic)
        if matches(node, *_ARITHMETIC):
            tensor = constant_of(node.inputs[1])
            if is_tensor(tensor) and _is_number(tensor):
                number = arithmetic.attempt(lambda tensor=tensor: (arithmetic.call("aten::item", tensor),))
                if number is not None:
                    use_number(node, number[0])
                    changed = True
        elif matches(node, "aten::chunk"):
            chunks, dim = constant_int(node.inputs[1]), constant_int(node.inputs[2])
            parts = None if chunks is None or dim is None else _parts(node, chunks)
            if parts is not None and chunks is not None and dim is not None:
                give_all_parts(node, chunks, dim, parts)
                changed = True
    return changed


def _is_number(tensor: object) -> bool:
    """Whether a constant tensor has no dimensions and holds what arithmetic takes, which bools are not.

    A text only mentions its tensors, whose elements nobody knows.
    """
    if isinstance(tensor, PrintedTensor):
        return False
    shape = tensor.shape  # type: ignore[attr-defined]  # callers ask is_tensor first
    return shape is not None and not len(shape) and dtype_name(tensor) != "bool"


def _parts(chunk: Node, chunks: int) -> list[tuple[Value, int]] | None:
    """The values that read parts of a list of chunks, with their places; None if more than that reads it.

    Where sizes do not divide evenly, less parts may be unpacked than were asked for.
    """
    parts: list[tuple[Value, int]] = []
    for user, _ in chunk.output.use_map:
        if user.kind == "prim::ListUnpack":
            if len(user.outputs) != chunks:
                return None
            parts.extend((value, place) for place, value in enumerate(user.outputs))
            continue
        place = constant_int(user.inputs[1]) if matches(user, "aten::select.t") else None
        if place is None or not 0 <= place < chunks or not isinstance(user.output.type, TensorType):
            return None
        parts.append((user.output, place))
    return parts


@rule
def use_number(node: Node, number: object) -> None:
    """x * {2} -> x * 2"""
    graph = node.graph
    tensor = node.inputs[1]
    with (
        use_number.step(
            graph, lambda: f"%{tensor.name} has no dimensions, so it is as good as {literal(number)}", (node,)
        ),
        graph.inserting_before(node),
    ):
        constant = insert_constant(graph, number, NUMBER, tensor.node)
        new = graph.insert(graph.create(node.kind, [node.inputs[0], constant, *node.inputs[2:]]))
        new.set_provenance(made_from(node))
        new.copy_metadata(node)
        new.output.copy_metadata(node.output)
        node.output.replace_all_uses_with(new.output)


@rule
def give_all_parts(node: Node, chunks: int, dim: int, parts: list[tuple[Value, int]]) -> None:
    """a, b = chunk(x, 2, dim) -> a, b = ConstantChunk[chunks=2, dim=dim](x)"""
    graph = node.graph
    with (
        give_all_parts.step(
            graph,
            lambda: (
                f"%{node.output.name} is only ever taken apart, into {count(chunks, 'part')} at most, "
                "so one node gives them all"
            ),
            (node, *dict.fromkeys(value.node for value, _ in parts)),
        ),
        graph.inserting_before(node),
    ):
        new = graph.create("prim::ConstantChunk", [node.inputs[0]], chunks)
        new.attributes.update(chunks=chunks, dim=dim)
        new.set_provenance(made_from(node))
        new.copy_metadata(node)
        graph.insert(new)
        for value, place in parts:
            value.replace_all_uses_with(new.outputs[place])
            new.outputs[place].set_type(value.type)
