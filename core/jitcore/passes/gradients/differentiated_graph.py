"""Shows a graph and the graph of its gradients, one after the other.

graph(%x, %y):                      graph(%x, %y, %grad):
  %z = aten::mul(%x, %y)      ->      %z, %a, %b = prim::DifferentiableGraph_0(%x, %y)
  return (%z)                         %g : (Tensor, Tensor) = prim::Reverse_1(%grad, %x, %y, %a, %b)
                                      return (%z, %g)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.gradients.differentiate import differentiate
from jitcore.passes.gradients.gradient import GROUP
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node, Value
    from jitcore.passes.gradients.gradient import Gradient

REVERSE = "prim::Reverse"


class Differentiate(Pass):
    """Compute gradients of the inputs beside the results, by a graph of its own that the formulas are put in.

    return (%z)    ->    %g : (Tensor, Tensor) = prim::Reverse_1(%grad, ...)
                         return (%z, %g)

    The two graphs are those of `torch._C._jit_differentiate` (torch/csrc/jit/runtime/autodiff.cpp).
    The graph takes gradients of its results as well, and gives those of its inputs in a tuple. Operators
    without a formula are refused, and blocks with them.
    """

    name: ClassVar[str] = "differentiate"
    counterpart: ClassVar[str] = "_jit_differentiate"
    assumes: ClassVar[str] = (
        "whoever runs the graph gives it gradients of its results, and takes those of its inputs"
    )

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Differentiate the whole graph. Raises `JitError` where there is no formula."""
        if any(node.kind == REVERSE for node in graph.nodes()):
            return False
        compute_gradients(graph, differentiate(graph.copy()))
        return True


@rule
def compute_gradients(graph: Graph, gradient: Gradient) -> None:
    """return f(x) -> return f(x), gradients of x"""
    nodes = list(graph.nodes())
    with compute_gradients.step(graph, lambda: "every operator of the graph has a formula", nodes):
        forward = _appended(graph, GROUP, list(graph.inputs), gradient.forward, nodes)
        results = list(graph.outputs)
        for index, value in enumerate(results):
            graph.block.replace_output(index, forward.outputs[index].copy_metadata(value))
        for node in reversed(nodes):
            node.destroy()
        backward = _appended(graph, REVERSE, _given(graph, gradient, forward), gradient.backward, nodes)
        graph.register_output(backward.output)


def _appended(graph: Graph, kind: str, inputs: list[Value], body: Graph, origins: list[Node]) -> Node:
    node = graph.append(graph.create(kind, inputs, len(body.outputs)))
    node.set_attribute("Subgraph", body)
    node.set_provenance(made_from(*origins))
    for value, inner in zip(node.outputs, body.outputs, strict=True):
        value.set_type(inner.type)
    return node


def _given(graph: Graph, gradient: Gradient, forward: Node) -> list[Value]:
    """What the backward graph takes: gradients of results are inputs, of temporaries there are none here."""
    given: list[Value] = []
    for index in gradient.differentiated_outputs:
        if index < gradient.real_outputs:
            given.append(graph.block.insert_input(len(graph.inputs), "grad", forward.outputs[index].type))
        else:
            given.append(graph.append(graph.create("prim::AutogradZero")).output)
    given += [graph.inputs[index] for index in gradient.captured_inputs]
    return given + [forward.outputs[index] for index in gradient.captured_outputs]
