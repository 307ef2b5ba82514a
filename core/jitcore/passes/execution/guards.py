"""Nodes that are run only on tensors that they were made for; what stood there before is the other branch.

                                       %a, %fit = prim::RequiresGradCheck[types=[Tensor(requires_grad=1)]](%x)
                                       %y = prim::If(%fit)
%y = prim::DifferentiableGraph(%x)  ->   block0(): %z = prim::DifferentiableGraph(%a)
                                                   -> (%z)
                                         block1(): %w = prim::FallbackGraph(%x)
                                                   -> (%w)

As torch/csrc/jit/passes/tensorexpr_fuser.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Function, Graph
from jitcore.passes.execution.profile_nodes import forget_specializations, remove_profile_nodes
from jitcore.passes.functional_graphs.merging import subgraph_of
from jitcore.types import BOOL, Argument, FunctionSchema, FunctionType, TensorType, TupleType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Block, Node, Value

FALLBACK: Final = "prim::FallbackGraph"
FALLBACK_FUNCTION: Final = "fallback_function"


def insert_guard(node: Node, kind: str, expected: Callable[[TensorType], TensorType]) -> None:
    """Run a node that has a graph only where a node of `kind` finds its tensors to be as `expected` says."""
    graph = node.graph
    checked = [
        value
        for value in node.inputs
        if isinstance(value.type, TensorType) and not value.node.is_constant
    ]  # fmt: skip
    if not checked:
        return
    guard = graph.create(kind, checked, len(checked) + 1).insert_before(node)
    guard.set_attribute("types", tuple(expected(_tensor_type(value)) for value in checked))
    guarded: dict[Value, Value] = {}
    for value, output in zip(checked, guard.outputs, strict=False):
        guarded[value] = output.set_type(value.type)
    fits = guard.outputs[-1].set_type(BOOL)
    choice = graph.create("prim::If", (fits,), len(node.outputs)).insert_after(guard)
    for output, chosen in zip(node.outputs, choice.outputs, strict=True):
        chosen.set_type(output.type)
        output.replace_all_uses_with(chosen)
    optimized, otherwise = choice.add_block(), choice.add_block()
    with graph.inserting_at_end(otherwise):
        results, _ = graph.insert_graph(subgraph_of(node), list(node.inputs))
    for value in results:
        otherwise.register_output(value)
    forget_specializations(otherwise)
    fall_back(otherwise, list(node.inputs))
    node.move_before(optimized.return_node)
    for index, value in enumerate(node.inputs):
        if value in guarded:
            node.replace_input(index, guarded[value])
    for output in node.outputs:
        optimized.register_output(output)


def _tensor_type(value: Value) -> TensorType:
    assert isinstance(value.type, TensorType)
    return value.type


def fall_back(block: Block, inputs: list[Value]) -> None:
    """Put what a block does in a graph of its own, which takes `inputs` from outside of the block."""
    graph, inner = block.graph, Graph()
    parameters = {value: inner.add_input() for value in inputs}
    inner.block.clone_from(block, parameters.__getitem__)
    node = block.prepend(graph.create(FALLBACK, inputs, len(block.outputs)))
    node.set_attribute("Subgraph", inner)
    for value, parameter in zip(inputs, inner.inputs, strict=True):
        parameter.copy_metadata(value)
    for index, (value, output) in enumerate(zip(list(block.outputs), node.outputs, strict=True)):
        output.copy_metadata(value)
        block.replace_output(index, output)
    remove_profile_nodes(inner.block)
    for other in block.nodes_reversed():
        if other is not node:
            other.destroy()


def call_fallbacks(block: Block) -> None:
    """Make functions of the graphs that are fallen back on, and call them.

    As `replaceFallbackGraphWithFallbackFunction` of torch/csrc/jit/runtime/profiling_graph_executor_impl.cpp.
    """
    for node in block.nodes():
        if node.kind == FALLBACK:
            _call_fallback(node)
            continue
        for inner in node.blocks:
            call_fallbacks(inner)


def _call_fallback(node: Node) -> None:
    graph = node.graph
    function = _function_of(subgraph_of(node))
    with graph.inserting_before(node):
        constant = graph.insert(graph.create("prim::Constant"))
        constant.set_attribute("name", function.name)
        constant.set_attribute("fallback", 1)
        constant.output.set_type(FunctionType(function.name, function))
        call = graph.insert(graph.create("prim::CallFunction", (constant.output, *node.inputs)))
        call.output.set_type(function.schema.returns[0].type)
        unpack = graph.insert(graph.create("prim::TupleUnpack", (call.output,), len(node.outputs)))
    for old, new, kind in zip(node.outputs, unpack.outputs, call.output.type.parts, strict=True):
        new.set_type(kind)
        old.replace_all_uses_with(new)
    node.destroy()


def _function_of(body: Graph) -> Function:
    """A function with the body of a graph, which gives all results in one tuple."""
    graph = Graph()
    graph.block.clone_from(body.block, lambda value: value)
    results = list(graph.outputs)
    packed = graph.create("prim::TupleConstruct", results)
    packed.output.set_type(TupleType(tuple(value.type for value in results)))
    graph.append(packed)
    graph.block.return_node.remove_all_inputs()
    graph.register_output(packed.output)
    taken = tuple(Argument(f"input_{index}", value.type) for index, value in enumerate(graph.inputs))
    schema = FunctionSchema(FALLBACK_FUNCTION, "", taken, (Argument("", packed.output.type),))
    return Function(FALLBACK_FUNCTION, schema, graph)
