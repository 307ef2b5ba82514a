"""The program that goes through a graph from its end: from gradients of results to those of inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.differentiable_operators import is_differentiable
from jitcore.passes.gradients.formulas import formula_of
from jitcore.passes.gradients.requires_grad import may_require_grad, result_requires_grad
from jitcore.passes.inline import inline_calls
from jitcore.passes.lower_tuples import lower_simple_tuples_in
from jitcore.source import JitError
from jitcore.types import BOOL, INT, NONE, TENSOR, ListType, TupleType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node, Value
    from jitcore.passes.gradients.formulas import GradientFormula

_ONE_GRADIENT = (
    "aten::kthvalue", "aten::topk", "aten::max_pool2d", "aten::max_pool2d_with_indices"
)  # fmt: skip
"""Operators of several results of which only the first one has a gradient."""

_TENSORS = ListType(TENSOR)


class ReverseProgram:
    """The reverse program of `graph`, in a `block` that is in no graph yet and reads the values of that one.

    Nodes of the graph are replaced by those of their formulas. `gradients` are those of its values; the block
    takes gradients of its results number `results`, and gives those of its inputs number `inputs`.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._node = graph.create("prim::Reverse", (), 0)
        self.block = self._node.add_block()
        self.gradients: dict[Value, Value] = {}
        self.results: list[int] = []
        self.inputs: list[int] = []
        with graph.inserting_at_end(self.block):
            self._take_gradients()
            for node in graph.block.nodes_reversed():
                if any(may_require_grad(output.type) for output in node.outputs):
                    self._go_through(node)
            self._give_gradients()
        inline_calls(graph)

    def forget_unused(self) -> None:
        """Forget the gradients that nobody reads."""
        self.gradients = {
            value: gradient for value, gradient in self.gradients.items() if gradient.has_uses()
        }

    def destroy(self) -> None:
        """Let go of the block, and of what it reads."""
        self.block.destroy()

    def _take_gradients(self) -> None:
        for index, output in enumerate(self._graph.outputs):
            if result_requires_grad(output):
                self._add(output, self.block.add_input(type=output.type))
                self.results.append(index)

    def _give_gradients(self) -> None:
        for index, value in enumerate(self._graph.inputs):
            if may_require_grad(value.type) and value in self.gradients:
                self.block.register_output(self.gradients[value])
                self.inputs.append(index)

    def _go_through(self, node: Node) -> None:
        given = [self._gradient_of(output) for output in node.outputs]
        found = self._gradients_through(node, given)
        if len(found) != len(node.inputs):
            raise JitError(f"the formula of {node.kind} has {len(found)} gradients, not {len(node.inputs)}")
        for value, gradient in zip(list(node.inputs), found, strict=True):
            if gradient is not None and may_require_grad(value.type):
                self._add(value, gradient)

    def _gradient_of(self, value: Value) -> Value:
        found = self.gradients.get(value)
        if found is None:
            zero = self._graph.insert(self._graph.create("prim::AutogradZero"))
            found = self.gradients[value] = zero.output
        return found

    def _add(self, value: Value, gradient: Value) -> None:
        before = self.gradients.get(value)
        if before is not None:
            # An addition that knows of undefined gradients.
            total = self._graph.insert(self._graph.create("prim::AutogradAdd", (before, gradient)))
            gradient = total.output
        self.gradients[value] = gradient

    def _gradients_through(self, node: Node, given: list[Value]) -> list[Value | None]:
        graph = self._graph
        if node.kind in _ONE_GRADIENT:
            given = given[:1]
        linear = graph.insert(graph.create("prim::GradOf", given, 0))
        linear.set_attribute("name", node.kind)
        block = linear.add_block()
        with graph.inserting_at_end(block):
            inner = self._computed(node, given)
        results: list[Value | None] = []
        for gradient in inner:
            if gradient is None or _must_be_none(gradient):
                results.append(None)
                continue
            block.register_output(gradient)
            results.append(linear.add_output().copy_metadata(gradient))
        lower_simple_tuples_in(block)
        return results

    def _computed(self, node: Node, given: list[Value]) -> list[Value | None]:
        if not is_differentiable(node):
            raise JitError(
                f"differentiation of {node.kind} is not supported, or it is missing necessary type "
                "information"
            )
        formula = formula_of(node)
        if formula is not None:
            return [*self._by_formula(node, formula, given)]
        match node.kind:
            case "prim::AutogradAdd":
                return [given[0], given[0]]
            case "prim::profile":
                return [given[0]]
            case "prim::Constant" | "prim::AutogradZero":
                return []
            case "prim::ConstantChunk":
                return [self._joined(node, given)]
            case "aten::_slow_conv2d_forward" | "aten::native_batch_norm":
                return self._by_operator(node, given[0])
            case _:
                raise JitError(f"failed to differentiate `{node.kind}`")

    def _by_formula(self, node: Node, formula: GradientFormula, given: list[Value]) -> list[Value]:
        graph = self._graph
        behind = node.next
        assert behind is not None
        with graph.inserting_before(behind):
            results, _ = graph.insert_graph(formula.forward, list(node.inputs))
            *results, context = self._unpacked(results)
        for output, result in zip(node.outputs, results, strict=True):
            result.set_type(output.type)
            output.replace_all_uses_with(result)
        gradients, _ = graph.insert_graph(formula.backward, [context, *given])
        return self._unpacked(gradients)

    def _unpacked(self, values: list[Value]) -> list[Value]:
        if len(values) != 1 or not isinstance(values[0].type, TupleType):
            return values
        packed = values[0]
        if packed.node.kind != "prim::TupleConstruct":
            unpack = self._graph.create("prim::TupleUnpack", (packed,), 0)
            for kind in packed.type.parts:
                unpack.add_output(kind)
            return list(self._graph.insert(unpack).outputs)
        parts = list(packed.node.inputs)
        if not packed.has_uses():
            packed.node.destroy()
        return parts

    def _joined(self, node: Node, given: list[Value]) -> Value:
        graph = self._graph
        pieces = given[0]
        if len(given) != 1 or pieces.type != _TENSORS:
            made = graph.insert(graph.create("prim::ListConstruct", given))
            pieces = made.output.set_type(_TENSORS)
        dimension = graph.insert_constant(node.attributes["dim"], INT)
        return graph.insert(graph.create("aten::cat", (pieces, dimension))).output

    def _by_operator(self, node: Node, given: Value) -> list[Value | None]:
        """Gradients that an operator of torch computes at once."""
        graph, inputs, outputs = self._graph, node.inputs, node.outputs
        all_three = graph.insert_constant([True, True, True], ListType(BOOL))
        if node.kind == "aten::native_batch_norm":
            arguments = (
                given, inputs[0], inputs[1], inputs[3], inputs[4], outputs[1], outputs[2], inputs[5],
                inputs[7], all_three,
            )  # fmt: skip
            places: tuple[int | None, ...] = (0, 1, 2, None, None, None, None, None)
        else:
            arguments = (given, *inputs[:3], *inputs[4:], all_three)
            places = (0, 1, None, 2, None, None)
        made = graph.insert(graph.create(f"{node.kind.removesuffix('_forward')}_backward", arguments, 3))
        # libtorch packs what an operator gives and unpacks it again, which takes numbers.
        packed = graph.insert(graph.create("prim::TupleConstruct", made.outputs))
        packed.output.set_type(TupleType(tuple(value.type for value in made.outputs)))
        parts = graph.insert(graph.create("prim::TupleUnpack", (packed.output,), 3)).outputs
        return [None if place is None else parts[place] for place in places]


def _must_be_none(value: Value) -> bool:
    return value.type is NONE or value.node.must_be_none()
