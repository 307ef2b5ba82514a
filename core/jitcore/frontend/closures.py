"""Closures become graphs of their own, and forks of them take what they close over as inputs.

%f = prim::Closure()                           %r = prim::fork(%a)
  block0(): %1 = g(%a) -> (%1)          ->     with prim::fork_0 = graph(%a):
%r = prim::forkClosure(%f)                       %1 = g(%a)
                                                 return (%1)
"""

from __future__ import annotations

from collections.abc import Callable

from jitcore.frontend.building import NOWHERE
from jitcore.ir import Block, Graph, Node, Value
from jitcore.types import TupleType

CleanUp = Callable[[Graph], None]

DELAYED = {"prim::forkClosure": "prim::fork", "prim::awaitableClosure": "prim::awaitable"}
"""Nodes that run a closure later, and what they become when the closure is a graph."""


def lift_closures(block: Block, clean_up: CleanUp) -> None:
    """Turn the block of every closure into a subgraph; it takes what it closes over as one tuple."""
    for node in block.nodes():
        if node.kind == "prim::Closure" and node.blocks:
            _lift(node, clean_up)
        else:
            for inner in node.blocks:
                lift_closures(inner, clean_up)


def _lift(closure: Node, clean_up: CleanUp) -> None:
    graph = closure.graph
    subgraph = Graph()
    pack = graph.create("prim::TupleConstruct").insert_after(closure)
    context = subgraph.add_input("context")
    unpack = subgraph.insert(subgraph.create("prim::TupleUnpack", (context,), 0))
    captured: dict[Value, Value] = {}

    def capture(value: Value) -> Value:
        found = captured.get(value)
        if found is None:
            pack.add_input(value)
            found = captured[value] = unpack.add_output().copy_metadata(value)
        return found

    subgraph.block.clone_from(closure.blocks[0], capture)
    context_type = TupleType(tuple(v.type for v in pack.inputs))
    context.set_type(context_type)
    pack.outputs[0].set_type(context_type)
    both = graph.create("prim::TupleConstruct").insert_after(pack)
    closure.outputs[0].replace_all_uses_with(both.outputs[0])
    both.add_input(closure.outputs[0])
    both.add_input(pack.outputs[0])
    both.outputs[0].set_type(TupleType((closure.outputs[0].type, context_type)))
    closure.erase_block(0)
    closure.set_attribute("Subgraph", subgraph)
    clean_up(subgraph)


def inline_forked_closures(block: Block, clean_up: CleanUp) -> None:
    """Turn every fork of a closure into a fork with inputs."""
    for node in block.nodes():
        if node.kind in DELAYED:
            _inline(node, clean_up)
        else:
            for inner in node.blocks:
                inline_forked_closures(inner, clean_up)


def _inline(forked: Node, clean_up: CleanUp) -> None:
    at = forked.source_range or NOWHERE
    both = forked.inputs[0].node
    parts = [value.node for value in both.inputs]
    if [n.kind for n in parts] != ["prim::Closure", "prim::TupleConstruct"]:
        raise at.error("Cannot fork this value")
    closure, context = parts
    subgraph = closure.attributes["Subgraph"]
    assert isinstance(subgraph, Graph)
    subgraph = subgraph.copy()
    fork = forked.graph.create(DELAYED[forked.kind]).insert_after(forked)
    fork.source_range = forked.source_range
    if len(subgraph.inputs) != 1 or not isinstance(subgraph.inputs[0].type, TupleType):
        raise at.error("Cannot fork lambda with parameters")
    ((unpack, _),) = subgraph.inputs[0].uses
    for index, value in enumerate(context.inputs):
        fork.add_input(value)
        captured = subgraph.block.insert_input(index).copy_metadata(value)
        unpack.outputs[index].replace_all_uses_with(captured)
    unpack.destroy()
    subgraph.block.erase_input(len(subgraph.inputs) - 1)
    fork.outputs[0].copy_metadata(forked.outputs[0])
    forked.outputs[0].replace_all_uses_with(fork.outputs[0])
    forked.destroy()
    fork.set_attribute("Subgraph", subgraph)
    clean_up(subgraph)
