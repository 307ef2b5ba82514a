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
_TENSORS: Final = {
    number.kind: TensorType(dtype=dtype, sizes=(), strides=(), requires_grad=None, device="cpu")
    for number, dtype in ((BOOL, "bool"), (INT, "int64"), (FLOAT, "float64"), (NUMBER, None))
}
"""The types of tensors that hold numbers, by the kinds of these."""

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
    refuses: ClassVar[bool] = False

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Erase the numbers of all blocks."""
        eraser = _Eraser(ConstantEvaluator(context.evaluate))
        # All that may be refused is refused here, while there is nothing to take back.
        eraser.look_at(graph.block.param_node, graph.inputs)
        eraser.look_into(graph.block)
        return eraser.erase()


class _Eraser:
    """Looks at a whole graph first, and then rewrites what it found, in the same order."""

    def __init__(self, evaluator: ConstantEvaluator) -> None:
        self._evaluator = evaluator
        self._tensors: dict[tuple[Type, str], object] = {}
        self._found: list[tuple[Node, list[Value] | None]] = []
        """Nodes with their inputs or outputs, some of which are numbers; None for constants and casts."""
        self._numbers: set[Value] = set()
        """Values so far that are numbers, or that may be some."""

    def look_into(self, block: Block) -> None:
        """Note the numbers in `block`. Raises `JitError` for those that are not erased."""
        for node in block.nodes():
            if not self._numbers.isdisjoint(node.inputs):
                self.look_at(node, node.inputs)
            for inner in node.blocks:
                self._numbers.update(value for value in inner.inputs if value.type.kind not in _NO_NUMBERS)
                self.look_into(inner)
            for value in node.outputs:
                if value.type.kind not in _NO_NUMBERS:
                    self._look_at_results(node)
                    break
            else:
                if node.kind in _CASTS:
                    self._found.append((node, None))

    def _look_at_results(self, node: Node) -> None:
        if node.kind in _CASTS:
            self._numbers.update(node.outputs)
            self._found.append((node, None))
        elif not node.is_constant:
            self.look_at(node, node.outputs)
        elif _is_number(node.output.type):
            self._numbers.add(node.output)
            self._tensor_of(node.output)
            self._found.append((node, None))

    def look_at(self, node: Node, values: list[Value]) -> None:
        """Note `values`, inputs or outputs of `node`, where there are numbers among them."""
        some = False
        for value in values:
            kind = value.type.kind
            if kind in _NO_NUMBERS:
                continue
            if kind in _TENSORS:
                self._numbers.add(value)
                some = True
            elif _is_number(value.type):
                raise JitError(
                    f"Unknown number type: {value.type}: %{value.name} is neither an int nor a float, and no "
                    "others are erased"
                )
        if some:
            self._found.append((node, values))

    def erase(self) -> bool:
        """Rewrite what was found; says whether anything changed."""
        changed = False
        for node, values in self._found:
            if values is not None:
                changed |= _give_types(node, values)
            else:
                changed = True
                if node.is_constant:
                    make_constant_a_tensor(node, self._tensor_of(node.output))
                else:
                    drop_cast(node)
        return changed

    def _tensor_of(self, value: Value) -> object:
        number = constant_of(value)
        # Zeros of both signs are equal, and no NaN is: their texts tell them apart.
        key = value.type, repr(number)
        tensor = self._tensors.get(key)
        if tensor is None:
            tensor = self._tensors[key] = self._made(number, value)
        return tensor

    def _made(self, number: object, value: Value) -> object:
        # In a graph of its own, so that the numbers of this one's values stay as libtorch has them.
        aside = Graph()
        constant = aside.insert_constant(number, value.type)
        tensors = self._evaluator.compute(aside.insert(aside.create("prim::NumToTensor", [constant])))
        if not tensors:
            raise JitError(
                f"%{value.name} cannot be made a tensor: that takes torch, which is not at hand here"
            )
        return tensors[0]


def _give_types(node: Node, values: list[Value]) -> bool:
    # Some have become tensors since they were found.
    numbers = [(value, _TENSORS[value.type.kind]) for value in values if value.type.kind in _TENSORS]
    if numbers:
        call_numbers_tensors(node, numbers)
    return bool(numbers)


def _is_number(kind: Type) -> bool:
    # Most values are of these; asking in general takes long.
    return kind.kind not in _NO_NUMBERS and (is_subtype(kind, NUMBER) or is_subtype(kind, BOOL))


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
