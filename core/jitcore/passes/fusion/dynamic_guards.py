"""Makes a group for all sizes of the ranks that were seen, behind a guard that checks ranks and strides.

%y = prim::TensorExprGroup_0(%x)    ->    %fits : bool = prim::TensorExprDynamicGuard[types=[Float(*, *)]](%x)
                                          %y = prim::If(%fits)
                                            block0(): -> (prim::TensorExprGroup_0(%x, %rows, %columns))
                                            block1(): -> (prim::FallbackGraph_1(%x))

As GenerateGuard of libtorch (torch/csrc/jit/passes/symbolic_shape_runtime_fusion.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import made_from
from jitcore.passes.functional_graphs.merging import recording_inside, subgraph_of, take_apart
from jitcore.passes.fusion.size_steps import SizeSteps
from jitcore.passes.fusion.striding import striding, striding_of_result
from jitcore.passes.fusion.symbolic_sizes import SizeRead, SymbolicSizes
from jitcore.passes.fusion.type_guards import TYPES, choose
from jitcore.passes.inserting import insert_call
from jitcore.passes.rules import names, rule
from jitcore.passes.shapes.tensor_types import known_shape
from jitcore.types import BOOL, INT, SymbolicTensorType, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node, Value

DYNAMIC_GUARD: Final = "prim::TensorExprDynamicGuard"
STRIDES_OF_INPUTS: Final = "striding_inputs_desc"
_STRIDES_OF_RESULTS: Final = "striding_outputs_desc"
_SYMBOLS: Final = "symbolic_shape_inputs"


def guard_dynamic_group(group: Node, first_symbol: int) -> int:
    """Guard a group, or give back its nodes where sizes do not follow from its inputs'.

    Gives the next symbol.
    """
    move_tensors_outside(group)
    inside = subgraph_of(group)
    sizes = SymbolicSizes(inside, first_symbol)
    if not sizes.is_known:
        give_back_nodes(group)
        return sizes.next
    generalize_group(group, sizes)
    return sizes.next


@rule
def move_tensors_outside(group: Node) -> None:
    """TensorExprGroup(x), which has a constant tensor -> TensorExprGroup(x, constant)"""
    graph, inside = group.graph, subgraph_of(group)
    held = [node for node in inside.nodes() if node.is_constant and isinstance(node.output.type, TensorType)]
    if not held:
        return
    with (
        move_tensors_outside.step(
            graph, lambda: "a constant tensor is given to the group like any", (group,)
        ),
        graph.inserting_before(group),
        recording_inside(graph, inside),
    ):
        for node in held:
            copy = graph.insert(graph.create_clone(node, lambda value: value))
            given = inside.add_input(type=node.output.type)
            node.output.replace_all_uses_with(given)
            group.add_input(copy.output)
            node.destroy()


@rule
def give_back_nodes(group: Node) -> None:
    """TensorExprGroup(x) -> the nodes of its graph"""
    with give_back_nodes.step(
        group.graph, lambda: "nobody knows the sizes in the group for other sizes of its inputs", (group,)
    ):
        take_apart(group)


@rule
def generalize_group(group: Node, sizes: SymbolicSizes) -> None:
    """y = TensorExprGroup(x) -> y = TensorExprGroup(x, sizes) if the ranks fit else FallbackGraph(x)"""
    graph, inside = group.graph, subgraph_of(group)
    tensors = [
        (outer, inner)
        for outer, inner in zip(group.inputs, inside.inputs, strict=True)
        if isinstance(inner.type, TensorType)
    ]
    given, computed = (
        [_striding(value) for _, value in tensors],
        [_result(value) for value in inside.outputs],
    )
    with (
        generalize_group.step(
            graph,
            lambda: f"the group holds for all sizes of {names(outer for outer, _ in tensors)} of these ranks",
            (group,),
        ),
        recording_inside(graph, inside),
    ):
        symbolic = _Symbols(group, inside, sizes)
        guard = graph.create(DYNAMIC_GUARD, [outer for outer, _ in tensors])
        guard.set_provenance(made_from(group))
        guard.insert_before(group)
        guard.set_attribute(TYPES, [symbolic.type_of(inner) for _, inner in tensors])
        guard.output.set_type(BOOL)
        symbolic.write_types()
        choose(group, guard)
        with graph.inserting_before(group):
            symbolic.give_sizes()
        for node in (group, guard):
            node.set_attribute(STRIDES_OF_INPUTS, given)
        group.set_attribute(_STRIDES_OF_RESULTS, computed)


class _Symbols:
    """Writes the symbols of one group into its types, and the nodes that compute them."""

    def __init__(self, group: Node, inside: Graph, sizes: SymbolicSizes) -> None:
        self._group = group
        self._graph = group.graph
        self._inside = inside
        self._sizes = sizes

    def type_of(self, value: Value) -> SymbolicTensorType:
        """The type of a tensor of the group, with symbols."""
        assert isinstance(value.type, TensorType)
        return SymbolicTensorType(value.type, self._sizes.of[value])

    def write_types(self) -> None:
        """Let types within the group leave sizes open; those of inputs and results leave strides open too."""
        ends = {*self._inside.inputs, *self._inside.outputs}
        for value, sizes in self._sizes.of.items():
            kind = value.type
            assert isinstance(kind, TensorType)
            strides = None if value in ends else kind.strides
            shown = tuple(size if size >= 0 else None for size in sizes)
            value.set_type(
                TensorType(kind.dtype, shown, strides, kind.requires_grad, kind.device, kind.undefined)
            )

    def give_sizes(self) -> None:
        """Compute the symbols in front of the group, and give them to it."""
        plan = SizeSteps(self._sizes.facts)
        outer = dict(zip(self._inside.inputs, self._group.inputs, strict=True))
        read = dict.fromkeys(step.input for step in plan.steps if isinstance(step, SizeRead))
        lists = {value: insert_call(self._graph, "aten::size", [outer[value]], self._group) for value in read}
        constants = {number: self._insert_constant(number) for number in plan.constants}
        made: list[Value] = []
        for step in plan.steps:
            if isinstance(step, SizeRead):
                arguments = [lists[step.input], constants[step.dimension]]
                made.append(insert_call(self._graph, "aten::__getitem__", [*arguments], self._group))
            else:
                added = [constants[each.number] if each.is_known else made[each.number] for each in step]
                total = insert_call(self._graph, "aten::add", [*added], self._group)
                made.append(total.set_debug_name("cat_dim_size1"))
        # Sums that are one and the same are given once, by the symbol of the first.
        given: dict[int, int] = {}
        for symbol, step in plan.of_symbol.items():
            given.setdefault(step, symbol)
        ordered = sorted((symbol, step) for step, symbol in given.items())
        self._group.set_attribute(_SYMBOLS, [symbol for symbol, _ in ordered])
        for symbol, step in ordered:
            self._group.add_input(made[step])
            self._inside.add_input(f"SS_{-symbol}", INT)

    def _insert_constant(self, number: int) -> Value:
        made = self._graph.create_constant(number, INT)
        made.set_provenance(made_from(self._group))
        return self._graph.insert(made).output


def _striding(value: Value) -> list[str]:
    return striding(*_shape(value))


def _result(value: Value) -> str:
    return striding_of_result(*_shape(value))


def _shape(value: Value) -> tuple[list[int], list[int]]:
    kind = value.type
    known = known_shape(kind) if isinstance(kind, TensorType) else None
    assert known is not None
    return known
