"""Does at once what was forked to be done meanwhile.

%f : Future(Tensor) = prim::fork(%x), a graph of one negation
%1 : Tensor = aten::wait(%f)                                      ->    %1 : Tensor = aten::neg(%x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import Graph
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.inserting import mark_origin
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value


class InlineForkWait(Pass):
    """Put the graph of a `prim::fork` in its place, and its result in the place of `aten::wait`.

    aten::wait(prim::fork(%x))    ->    aten::neg(%x), where that is what was forked

    A future that leaves the graph is replaced by its value as well, as in libtorch
    (torch/csrc/jit/passes/inline_fork_wait.cpp).
    """

    name: ClassVar[str] = "inline-fork-wait"
    counterpart: ClassVar[str] = "_jit_pass_inline_fork_wait"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Inline the forks of all blocks."""
        return _inline_in(graph.block, {})


def _inline_in(block: Block, values: dict[Value, Value]) -> bool:
    """Inline the forks of `block`; `values` are those of futures met so far, in blocks around it too."""
    changed = False
    forks = [node for node in block.nodes() if node.kind == "prim::fork"]
    for node in forks:
        subgraph = node.attributes["Subgraph"]
        if not isinstance(subgraph, Graph):
            raise TypeError("a fork without a graph")
        values[node.output] = do_it_now(node, subgraph)
        changed = True
    for node in block.nodes_reversed():
        if node.kind == "prim::fork":
            forget_future(node, values[node.output])
        elif node.kind == "aten::wait" and node.inputs[0] in values:
            wait_no_more(node, values[node.inputs[0]])
            changed = True
    for node in block.nodes():
        for inner in node.blocks:
            changed |= _inline_in(inner, values)
    return changed


@rule
def do_it_now(node: Node, subgraph: Graph) -> Value:
    """prim::fork(x) of a graph -> the nodes of the graph, before the fork"""
    graph = node.graph
    with (
        do_it_now.step(graph, lambda: f"what %{node.output.name} stands for is done here", (node,)),
        graph.inserting_before(node),
    ):
        before = node.prev
        results, _ = graph.insert_graph(subgraph, list(node.inputs))
        mark_origin(graph, before, node)
    return results[0]


@rule
def forget_future(node: Node, value: Value) -> None:
    """a future of prim::fork -> its value"""
    with forget_future.step(
        node.graph, lambda: f"%{value.name} is there already, so nobody needs %{node.output.name}", (node,)
    ):
        node.output.replace_all_uses_with(value)
        node.destroy()


@rule
def wait_no_more(node: Node, value: Value) -> None:
    """aten::wait(future) -> its value"""
    with wait_no_more.step(
        node.graph, lambda: f"%{value.name} is there already, so there is nothing to wait for", (node,)
    ):
        node.output.replace_all_uses_with(value)
        node.destroy()
