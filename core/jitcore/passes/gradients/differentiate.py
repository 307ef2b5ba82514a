"""Differentiates a graph: what it gives stays, and beside it a graph of its gradients is made.

graph(%x, %y):                      graph(%x, %y):          graph(%dz, %x, %y, ...):
  %z = aten::mul(%x, %y)      ->      ...             and     %dx, %dy = prim::GradOf[name="aten::mul"](%dz)
  return (%z)                         return (%z, ...)        return ((%dx, %dy))

As torch/csrc/jit/runtime/autodiff.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import Graph
from jitcore.ops.lookup import matches
from jitcore.passes.common_subexpression_elimination import eliminate_common_subexpressions
from jitcore.passes.dead_code_elimination import eliminate_dead_code
from jitcore.passes.gradients.gradient import Gradient
from jitcore.passes.gradients.requires_grad import say_of_gradients
from jitcore.passes.gradients.reverse_program import ReverseProgram
from jitcore.types import INT, NONE, ListType, TensorType, TupleType

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value


def differentiate(graph: Graph) -> Gradient:
    """The gradient of a graph, which becomes its forward graph. Raises `JitError` without a formula."""
    reverse = ReverseProgram(graph)
    _lift_constants(reverse.block, reverse.block)
    _fold_known_sizes(reverse.block)
    eliminate_common_subexpressions(graph)
    _compute_sizes_again(graph, reverse.block)
    eliminate_dead_code(reverse.block)
    reverse.forget_unused()
    eliminate_dead_code(graph.block)
    gradient = _split(graph, reverse)
    _pack_results(gradient.backward)
    say_of_gradients(graph.block, False)
    return gradient


# --- what both programs need --------------------------------------------------------------------


def _lift_constants(block: Block, target: Block) -> None:
    """Give the reverse program constants of its own, at its beginning."""
    for node in (*block.nodes(), block.return_node):
        for index, value in enumerate(node.inputs):
            if value.node.is_constant and not _is_within(value.node, target):
                constant = target.prepend(target.graph.create_clone(value.node, _is_read))
                node.replace_input(index, constant.output)
        for inner in node.blocks:
            _lift_constants(inner, target)


def _is_read(value: Value) -> Value:
    raise ValueError(f"a constant reads %{value.name}")


def _is_within(node: Node, target: Block) -> bool:
    block = node.block
    while block is not None:
        if block is target:
            return True
        block = None if block.owner is None else block.owner.block
    return False


def _fold_known_sizes(block: Block) -> None:
    """Put in the sizes that gradients are summed up to, where types say them."""
    for node in (*block.nodes(), block.return_node):
        for index, value in enumerate(node.inputs):
            if value.node.kind != "aten::_size_if_not_equal":
                continue
            known = [_known_sizes(size) for size in value.node.inputs]
            if None not in known:
                with node.graph.inserting_before(node):
                    size = _size_constant(node.graph, None if known[0] == known[1] else known[0])
                node.replace_input(index, size)
        for inner in node.blocks:
            _fold_known_sizes(inner)


def _known_sizes(size: Value) -> list[int] | None:
    kind = size.node.inputs[0].type
    sizes = kind.sizes if isinstance(kind, TensorType) else None
    if sizes is None:
        return None
    known = [one for one in sizes if one is not None]
    return known if len(known) == len(sizes) else None


def _size_constant(graph: Graph, sizes: list[int] | None) -> Value:
    return graph.insert_constant(sizes, NONE if sizes is None else ListType(INT))


def _compute_sizes_again(graph: Graph, reverse: Block) -> None:
    """Let the reverse program ask tensors that it has for their sizes, rather than be handed these too."""
    handed = _handed_over(graph)
    for value in handed:
        node = value.node
        if not matches(node, "aten::size") or node.inputs[0] not in handed:
            continue
        if any(user.block is graph.block for user, _ in value.uses):
            continue
        first = reverse.param_node.next
        assert first is not None
        size = graph.create("aten::size", (node.inputs[0],))
        size.output.set_type(value.type)
        size.insert_before(first)
        value.replace_all_uses_with(size.output)
        node.destroy()


def _handed_over(graph: Graph) -> dict[Value, None]:
    """What the reverse program reads of the graph's values, or a block of the graph does, in order."""
    values = [*graph.inputs, *(output for node in graph.nodes() for output in node.outputs)]
    return dict.fromkeys(
        value for value in values if any(user.block is not graph.block for user, _ in value.uses)
    )


# --- two graphs ---------------------------------------------------------------------------------


def _split(graph: Graph, reverse: ReverseProgram) -> Gradient:
    gradient = Gradient(graph, Graph())
    gradient.differentiated_outputs = reverse.results
    gradient.differentiated_inputs = reverse.inputs
    outputs: dict[Value, int] = {}
    for index, value in enumerate(graph.outputs):
        outputs.setdefault(value, index)
    inputs = {value: index for index, value in enumerate(graph.inputs)}
    for value in _handed_over(graph):
        if value in outputs:
            gradient.captured_outputs.append(outputs[value])
        elif value in inputs:
            gradient.captured_inputs.append(inputs[value])
        else:
            gradient.captured_outputs.append(graph.register_output(value))
    _add_gradients_of_temporaries(gradient, reverse)
    block = reverse.block
    formal: dict[Value, int] = {}
    for value in (
        *(graph.inputs[index] for index in gradient.captured_inputs),
        *(graph.outputs[index] for index in gradient.captured_outputs),
    ):
        formal[value] = len(block.inputs)
        block.add_input().copy_metadata(value)
    backward = gradient.backward
    backward.block.clone_from(block, lambda value: backward.inputs[formal[value]])
    reverse.destroy()
    return gradient


def _add_gradients_of_temporaries(gradient: Gradient, reverse: ReverseProgram) -> None:
    """Take gradients of what is handed over as well: they come from gradients of gradients."""
    graph, block = gradient.forward, reverse.block
    for index in range(gradient.real_outputs, len(graph.outputs)):
        temporary = graph.outputs[index]
        before = reverse.gradients.get(temporary)
        if before is None:
            continue
        given = block.add_input(type=temporary.type)
        total = graph.create("prim::AutogradAdd", (given, given))
        start = block.param_node if before.node.kind == "prim::Param" else before.node
        total.insert_after(start)
        before.replace_all_uses_with(total.output)
        total.replace_input(1, before)
        gradient.differentiated_outputs.append(index)


def _pack_results(graph: Graph) -> None:
    results = list(graph.outputs)
    packed = graph.append(graph.create("prim::TupleConstruct", results))
    packed.output.set_type(TupleType(tuple(value.type for value in results)))
    graph.block.return_node.remove_all_inputs()
    graph.register_output(packed.output)
