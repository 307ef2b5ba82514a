"""Tuple lowering: values go where they are needed without being packed into tuples on the way.

%t : (Tensor, int) = prim::TupleConstruct(%x, %1)
%a : Tensor, %b : int = prim::TupleUnpack(%t)           ->    %y : Tensor = aten::neg(%x)
%y : Tensor = aten::neg(%a)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import CONSTANT, made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_int, constant_of, insert_constant
from jitcore.passes.dead_code_elimination import eliminate_dead_code, eliminate_dead_code_with_aliases
from jitcore.passes.flatten_tuples import (
    check_handed_over,
    flatten_argument,
    flatten_carried_value,
    flatten_output,
    flatten_result,
)
from jitcore.passes.rules import names, rule
from jitcore.source import JitError
from jitcore.types import TupleType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jitcore.ir import Block, Graph, Node, Value

_UNPACKERS: Final = frozenset(("prim::TupleUnpack", "prim::TupleIndex", "prim::TupleSlice"))

_CAN_TAKE_PARTS: Final = frozenset(
    (
        "prim::If", "prim::Loop", "prim::Uninitialized", "prim::TupleUnpack", "prim::TupleConstruct",
        "prim::TupleIndex", "prim::TupleSlice", "prim::Param", "prim::Return", "prim::PythonOp",
        "aten::format", "aten::__getitem__",
    )
)  # fmt: skip
"""Kinds that can be given the parts of a tuple where they were given the tuple."""


class LowerAllTuples(Pass):
    """Remove every tuple from the graph, those of its inputs and results too.

    %t : (Tensor, int) = prim::TupleConstruct(%x, %1)    ->    return (%x, %1)
    return (%t)

    Fails where a tuple is handed to something that needs it whole, such as a list of tuples or an
    operator of another library; the graph is then half lowered, unless a journal takes it back.
    """

    name: ClassVar[str] = "lower-all-tuples"
    counterpart: ClassVar[str] = "_jit_pass_lower_all_tuples"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Lower all tuples; raises `JitError` when one cannot be lowered."""
        lowering = _Lowering(context)
        lowering.block(graph.block)
        changed = eliminate_dead_code(graph.block) or lowering.changed
        left = next(_tuples_left(graph.block), None)
        if left is not None:
            raise JitError(f"%{left.name} is still a tuple: what uses it cannot be given its parts")
        return changed


class LowerSimpleTuples(Pass):
    """Read the parts of a tuple directly where it is built in sight.

    %t = prim::TupleConstruct(%x, %1)    ->    %x and %1 are read directly
    %a, %b = prim::TupleUnpack(%t)
    """

    name: ClassVar[str] = "lower-simple-tuples"
    counterpart: ClassVar[str] = "torch::jit::LowerSimpleTuples"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Lower the tuples that are built and taken apart in the graph."""
        return lower_simple_tuples(graph)


def lower_simple_tuples(graph: Graph) -> bool:
    """Read parts of tuples directly in all blocks, and drop the tuples that are then unused."""
    changed = lower_simple_tuples_in(graph.block)
    return eliminate_dead_code_with_aliases(graph) or changed


def lower_simple_tuples_in(block: Block) -> bool:
    """Read parts of tuples directly in a block and in those within; tuples stay, read or not."""
    changed = False
    for node in block.nodes():
        if node.kind in _UNPACKERS:
            changed |= _read_parts(node, must=False)
        for inner in node.blocks:
            changed |= lower_simple_tuples_in(inner)
    return changed


def _read_parts(node: Node, must: bool) -> bool:
    """Make the readers of an unpacking node read the parts; with `must` a failure is an error."""
    construct = node.inputs[0].node
    if construct.kind != "prim::TupleConstruct":
        if must:
            raise JitError(f"{node.kind} of %{node.inputs[0].name}: the tuple is not built in this graph")
        return False
    if node.kind == "prim::TupleUnpack":
        read_unpacked_parts(node, construct)
    elif node.kind == "prim::TupleSlice":
        slice_parts(node, construct)
    else:
        index = constant_int(node.inputs[1])
        if index is None:
            if must:
                raise JitError(
                    f"%{node.output.name} takes a part of a tuple whose index is only known in a run"
                )
            return False
        length = len(construct.inputs)
        if not -length <= index < length:
            return False
        read_indexed_part(node, construct, index)
    return True


@rule
def read_unpacked_parts(node: Node, construct: Node) -> None:
    """TupleUnpack(TupleConstruct(a, b)) -> a, b"""
    parts = construct.inputs
    with read_unpacked_parts.step(
        node.graph,
        lambda: f"%{construct.output.name} was built of {names(parts)}, so these are read directly",
        (node, construct),
    ):
        for output, part in zip(node.outputs, parts, strict=True):
            output.replace_all_uses_with(part)


@rule
def read_indexed_part(node: Node, construct: Node, index: int) -> None:
    """TupleIndex(TupleConstruct(a, b), 1) -> b"""
    part = construct.inputs[index]
    with read_indexed_part.step(
        node.graph,
        lambda: f"part {index} of %{construct.output.name} is %{part.name}, so that is read directly",
        (node, construct),
    ):
        node.output.replace_all_uses_with(part)


@rule
def slice_parts(node: Node, construct: Node) -> None:
    """TupleSlice(TupleConstruct(a, b, c)) -> TupleConstruct(a, b)"""
    begin, end = node.attributes["beg"], node.attributes["end"]
    if not isinstance(begin, int) or not isinstance(end, int):
        raise TypeError("a tuple slice without bounds")
    parts = construct.inputs[begin:end]
    with slice_parts.step(
        node.graph,
        lambda: f"the slice of %{construct.output.name} holds {names(parts)}, so it is built of these",
        (node, construct),
    ):
        new = _create_tuple(node.graph, parts).copy_metadata(node)
        new.provenance = made_from(node)
        new.insert_before(node)
        node.output.replace_all_uses_with(new.output)


def _create_tuple(graph: Graph, parts: Iterable[Value], named: TupleType | None = None) -> Node:
    parts = list(parts)
    node = graph.create("prim::TupleConstruct", parts)
    node.output.set_type(named or TupleType(tuple(part.type for part in parts)))
    return node


@rule
def build_constant_tuple(node: Node) -> Node:
    """Constant[value=(1, 2)] -> TupleConstruct(Constant[value=1], Constant[value=2])"""
    graph = node.graph
    value, declared = constant_of(node.output), node.output.type
    if not isinstance(value, tuple) or not isinstance(declared, TupleType):
        raise TypeError("not a constant tuple")
    with (
        build_constant_tuple.step(
            graph, lambda: f"%{node.output.name} is a constant tuple, so it is built of constants", (node,)
        ),
        graph.inserting_before(node),
    ):
        parts = [
            insert_constant(graph, part, part_type, node)
            for part, part_type in zip(value, declared.elements, strict=True)
        ]
        named = declared if declared.field_names is not None else None
        construct = _create_tuple(graph, parts, named).copy_metadata(node)
        construct.provenance = made_from(node)
        graph.insert(construct)
    return construct


def _build_constant_tuples(node: Node) -> bool:
    if node.kind != CONSTANT or not isinstance(node.output.type, TupleType):
        return False
    if not isinstance(constant_of(node.output), tuple):
        # It is None that was cast. Who reads it is refused, as of any tuple that is not built here.
        return False
    construct = build_constant_tuple(node)
    for part in construct.inputs:
        _build_constant_tuples(part.node)
    read_built_tuple(node, construct)
    return True


@rule
def read_built_tuple(node: Node, construct: Node) -> None:
    """readers of a constant tuple -> readers of the tuple built of its parts"""
    with read_built_tuple.step(
        node.graph,
        lambda: f"%{construct.output.name} is the tuple that %{node.output.name} was",
        (node, construct),
    ):
        node.output.replace_all_uses_with(construct.output)


class _Lowering:
    def __init__(self, context: PassContext) -> None:
        self._context = context
        self.changed = False

    def block(self, block: Block) -> None:
        # Inputs of a block are outputs of its parameter node, results are inputs of its return node.
        self._outputs(block.param_node, block.param_node.next or block.return_node)
        for node in block.nodes():
            following = node.next or block.return_node
            self.changed |= _build_constant_tuples(node)
            self._visit(node, following)
        self._inputs(block.return_node)

    def _visit(self, node: Node, following: Node) -> None:
        if node.kind == "prim::TupleConstruct":
            return
        if node.kind in _UNPACKERS:
            self.changed |= _read_parts(node, must=True)
            return
        self._inputs(node)
        for inner in node.blocks:
            self.block(inner)
        if node.blocks:
            check_handed_over(node)
        self._outputs(node, following)

    def _inputs(self, node: Node) -> None:
        """Replace tuple inputs by their parts; the parts may be tuples again."""
        index = 0
        while index < len(node.inputs):
            value = node.inputs[index]
            if not isinstance(value.type, TupleType):
                index += 1
                continue
            if value.node.kind != "prim::TupleConstruct":
                raise JitError(f"{node.kind} is given %{value.name}, a tuple that is not built in this graph")
            if node.kind not in _CAN_TAKE_PARTS:
                self._context.note(f"{node.kind} is given a tuple and cannot be given its parts instead")
                index += 1
                continue
            if node.kind == "prim::Loop":
                flatten_carried_value(node, index)
            elif node.kind == "prim::Return":
                flatten_result(node, index)
            else:
                flatten_argument(node, index)
            self.changed = True

    def _outputs(self, node: Node, following: Node) -> None:
        """Replace tuple outputs by their parts, and build the tuples from them before `following`."""
        index = 0
        while index < len(node.outputs):
            output = node.outputs[index]
            if not output.has_uses() or not isinstance(output.type, TupleType):
                index += 1
            elif node.kind in _CAN_TAKE_PARTS:
                following = flatten_output(node, index, following)
                self.changed = True
            else:
                self._context.note(f"{node.kind} gives a tuple and cannot give its parts instead")
                index += 1


def _tuples_left(block: Block) -> Iterator[Value]:
    for node in block.nodes():
        for inner in node.blocks:
            yield from _tuples_left(inner)
        for output in node.outputs:
            if isinstance(output.type, TupleType):
                yield output
