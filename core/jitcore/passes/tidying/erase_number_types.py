"""Makes tensors of all numbers, for formats that know nothing else.

%1 : int = prim::Constant[value=2]()              %1 : Long() = prim::Constant[value={2}]()
%2 : int = aten::add(%n, %1)               ->     %2 : Long() = aten::add(%n, %1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import Graph
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constant_evaluation import ConstantEvaluator
from jitcore.passes.constants import constant_of, insert_constant, literal
from jitcore.passes.rules import names, rule
from jitcore.source import JitError
from jitcore.types import BOOL, FLOAT, INT, NUMBER, TensorType, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value
    from jitcore.types import Type

_CASTS: Final = frozenset(
    (
        "aten::Bool", "aten::Float", "aten::Int", "aten::FloatImplicit", "aten::IntImplicit",
        "aten::ScalarImplicit", "prim::NumToTensor",
    )
)  # fmt: skip
_DTYPES: Final = ((BOOL, "bool"), (INT, "int64"), (FLOAT, "float64"), (NUMBER, None))

_NO_NUMBERS: Final = frozenset(("TensorType", "ListType", "ClassType", "NoneType", "StringType", "TupleType"))


class EraseNumberTypes(Pass):
    """Give numbers the types of tensors without dimensions, and make their constants such tensors.

    %2 : int = aten::add(%n, %1)    ->    %2 : Long() = aten::add(%n, %1)

    What leads from numbers to tensors and back (`prim::NumToTensor`, `aten::Int`) goes. Constants need torch,
    which makes their tensors. Raises `JitError` for complex numbers and unions of numbers, as libtorch does
    (torch/csrc/jit/passes/erase_number_types.cpp).
    """

    name: ClassVar[str] = "erase-number-types"
    counterpart: ClassVar[str] = "_jit_pass_erase_number_types"
    assumes: ClassVar[str] = "whoever runs the graph takes tensors wherever numbers stood"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Erase the numbers of all blocks."""
        eraser = _Eraser(ConstantEvaluator(context.evaluate))
        changed = eraser.types(graph.block.param_node, graph.inputs)
        return eraser.block(graph.block) or changed


class _Eraser:
    def __init__(self, evaluator: ConstantEvaluator) -> None:
        self._evaluator = evaluator
        self._tensors: dict[tuple[Type, str], object] = {}

    def block(self, block: Block) -> bool:
        """Erase the numbers in `block`; says whether anything changed."""
        changed = False
        for node in block.nodes():
            changed |= self.types(node, node.inputs)
            for inner in node.blocks:
                changed |= self.block(inner)
            if node.is_constant:
                changed |= self._constant(node)
            elif node.kind in _CASTS:
                drop_cast(node)
                changed = True
            else:
                changed |= self.types(node, node.outputs)
        return changed

    def types(self, node: Node, values: list[Value]) -> bool:
        """Give `values`, inputs or outputs of `node`, types of tensors."""
        for value in values:
            if value.type.kind not in _NO_NUMBERS:
                break
        else:
            return False
        numbers = [(value, found) for value in values if (found := _tensor_type(value)) is not None]
        if numbers:
            call_numbers_tensors(node, numbers)
        return bool(numbers)

    def _constant(self, node: Node) -> bool:
        if not _is_number(node.output.type):
            return False
        number = constant_of(node.output)
        # Zeros of both signs are equal, and no NaN is: their texts tell them apart.
        key = node.output.type, repr(number)
        tensor = self._tensors.get(key)
        if tensor is None:
            tensor = self._tensors[key] = self._tensor_of(number, node.output)
        make_constant_a_tensor(node, tensor)
        return True

    def _tensor_of(self, number: object, value: Value) -> object:
        # In a graph of its own, so that the numbers of this one's values stay as libtorch has them.
        aside = Graph()
        constant = aside.insert_constant(number, value.type)
        tensors = self._evaluator.compute(aside.insert(aside.create("prim::NumToTensor", [constant])))
        if not tensors:
            raise JitError(
                f"%{value.name} cannot be made a tensor: that takes torch, which is not at hand here"
            )
        return tensors[0]


def _is_number(kind: Type) -> bool:
    # Most values are of these; asking in general takes long.
    return kind.kind not in _NO_NUMBERS and (is_subtype(kind, NUMBER) or is_subtype(kind, BOOL))


def _tensor_type(value: Value) -> TensorType | None:
    """The type of tensors that hold such a number; None for what is no number."""
    kind = value.type
    if not _is_number(kind):
        return None
    for number, dtype in _DTYPES:
        if kind is number:
            return TensorType(dtype=dtype, sizes=(), strides=(), requires_grad=None, device="cpu")
    raise JitError(
        f"Unknown number type: {kind}: %{value.name} is neither an int nor a float, and no others are erased"
    )


@rule
def call_numbers_tensors(node: Node, numbers: list[tuple[Value, TensorType]]) -> None:
    """n : int -> n : Long()"""
    with call_numbers_tensors.step(
        node.graph, lambda: f"{names(value for value, _ in numbers)} are held by tensors from now on", (node,)
    ):
        for value, kind in numbers:
            value.set_type(kind)


@rule
def make_constant_a_tensor(node: Node, tensor: object) -> None:
    """Constant[value=2] : int -> Constant[value={2}] : Long()"""
    graph = node.graph
    output = node.output
    with (
        make_constant_a_tensor.step(
            graph,
            lambda: f"%{output.name} is {literal(constant_of(output))}, as a tensor from now on",
            (node,),
        ),
        graph.inserting_before(node),
    ):
        new = insert_constant(graph, tensor, output.type, node)
        new.node.scope = node.scope
        new.copy_metadata(output)
        output.replace_all_uses_with(new)
        node.destroy()


@rule
def drop_cast(node: Node) -> None:
    """aten::Int(x) -> x"""
    with drop_cast.step(
        node.graph,
        lambda: f"%{node.inputs[0].name} is a tensor either way, so there is nothing for {node.kind} to do",
        (node,),
    ):
        node.output.replace_all_uses_with(node.inputs[0])
        node.destroy()
