"""Turns the graphs that run where guards fail into functions, which can be profiled and optimized in turn.

%y = prim::FallbackGraph_1(%x)    ->    %f : Function = prim::Constant[name="fallback_function", fallback=1]()
                                        %r : (Tensor) = prim::CallFunction(%f, %x)
                                        %y : Tensor = prim::TupleUnpack(%r)

As replaceFallbackGraphWithFallbackFunction of libtorch
(torch/csrc/jit/runtime/profiling_graph_executor_impl.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, cast

from jitcore.ir import CONSTANT, Function, Graph, made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.fusion.type_guards import FALLBACK
from jitcore.passes.rules import rule
from jitcore.types import Argument, FunctionSchema, FunctionType, TupleType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Node

NAME: Final = "fallback_function"


class CallFallbacks(Pass):
    """Call functions for what runs where guards fail.

    FallbackGraph(x)    ->    fallback_function(x)
    """

    name: ClassVar[str] = "call-fallbacks"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace the fallback graphs of all blocks."""
        return call_fallbacks(graph, lambda schema, body: Function(NAME, schema, body))


def call_fallbacks(graph: Graph, make: Callable[[FunctionSchema, Graph], Function]) -> bool:
    """Replace the fallback graphs of all blocks by calls of the functions that `make` gives for them.

    Says whether there were any.
    """
    found = [node for node in graph.all_nodes() if node.kind == FALLBACK]
    for node in found:
        call_fallback(node, make)
    return bool(found)


@rule
def call_fallback(node: Node, make: Callable[[FunctionSchema, Graph], Function]) -> None:
    """y = FallbackGraph(x) -> (y,) = fallback_function(x)"""
    graph = node.graph
    body, schema = _function_of(cast("Graph", node.attributes["Subgraph"]))
    [returned] = schema.returns
    with (
        call_fallback.step(graph, lambda: "what runs where the guard fails is specialized in turn", (node,)),
        graph.inserting_before(node),
    ):
        callee = graph.create(CONSTANT)
        callee.attributes.update(name=NAME, fallback=1)
        callee.output.type = FunctionType(NAME, make(schema, body))
        call = graph.create("prim::CallFunction", (callee.output, *node.inputs))
        call.output.type = returned.type
        parts = graph.create("prim::TupleUnpack", (call.output,), len(node.outputs))
        for made in (callee, call, parts):
            made.set_provenance(made_from(node))
            graph.insert(made)
        for old, new in zip(node.outputs, parts.outputs, strict=True):
            new.set_type(old.type)
            old.replace_all_uses_with(new)
        node.destroy()


def _function_of(graph: Graph) -> tuple[Graph, FunctionSchema]:
    """A copy that gives all its results in one tuple, since a function has only one."""
    body = graph.copy()
    results = list(body.outputs)
    kind = TupleType(tuple(value.type for value in results))
    packed = body.append(body.create("prim::TupleConstruct", results)).output
    packed.set_type(kind)
    for place in range(len(results) - 1, -1, -1):
        body.block.erase_output(place)
    body.register_output(packed)
    arguments = tuple(Argument(value.name, value.type) for value in body.inputs)
    return body, FunctionSchema(NAME, "", arguments, (Argument("", kind),))
