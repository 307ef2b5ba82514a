"""What the analysis records for nodes that have a `MemoryRule`: control flow, containers, calls, forks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Graph
from jitcore.ops.memory_facts import (
    CALLS_THAT_KEEP_NO_ELEMENT,
    RUNNING_STATISTICS,
    SPECIAL_NODES,
    MemoryRule,
    may_train,
)
from jitcore.types import ClassType, ListType, TupleType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Node, Value
    from jitcore.passes.alias_analysis.analyzer import Analyzer


def _creator(analyzer: Analyzer, node: Node) -> None:
    """The node gives fresh objects; their elements are made when somebody asks for them."""


def _extractor(analyzer: Analyzer, node: Node) -> None:
    if analyzer.is_frozen and node.kind == "prim::GetAttr" and _is_module(node.inputs[0]):
        return
    for value in node.outputs:
        analyzer.set_wildcard(value)


def _is_module(value: Value) -> bool:
    return isinstance(value.type, ClassType) and value.type.is_module


def _nothing(analyzer: Analyzer, node: Node) -> None:
    """The node neither gives objects nor writes to any."""


def _same_as_first_input(analyzer: Analyzer, node: Node) -> None:
    for value in node.outputs:
        analyzer.point(value, node.inputs[0])


def _same_as_inputs(analyzer: Analyzer, node: Node) -> None:
    for output, value in zip(node.outputs, node.inputs, strict=False):
        analyzer.point(output, value)


def _if(analyzer: Analyzer, node: Node) -> None:
    then, otherwise = node.blocks
    analyzer.analyze_block(then)
    analyzer.analyze_block(otherwise)
    for output, first, second in zip(node.outputs, then.outputs, otherwise.outputs, strict=True):
        analyzer.point(output, first)
        analyzer.point(output, second)


def _loop(analyzer: Analyzer, node: Node) -> None:
    body = node.blocks[0]
    for inner, outer in zip(body.inputs[1:], node.inputs[2:], strict=True):
        analyzer.point(inner, outer)
    analyzer.analyze_block(body)
    for output, inner in zip(node.outputs, body.outputs[1:], strict=True):
        analyzer.point(output, inner)


def _grad_of(analyzer: Analyzer, node: Node) -> None:
    block = node.blocks[0]
    analyzer.analyze_block(block)
    for output, inner in zip(node.outputs, block.outputs, strict=True):
        analyzer.point(output, inner)


def _subgraph(analyzer: Analyzer, node: Node) -> None:
    graph = node.attributes["Subgraph"]
    if not isinstance(graph, Graph):
        raise TypeError(f"the Subgraph of {node.kind} is not a graph")
    for inner, outer in zip(graph.inputs, node.inputs, strict=True):
        analyzer.point(inner, outer)
    analyzer.analyze_block(graph.block)
    for output, inner in zip(node.outputs, graph.outputs, strict=False):
        analyzer.point(output, inner)


def _start_elsewhere(analyzer: Analyzer, node: Node) -> None:
    """A fork may do anything to its inputs until it is waited for."""
    for value in node.inputs:
        analyzer.set_wildcard(value)


def _wait(analyzer: Analyzer, node: Node) -> None:
    """What was forked may have written to anything that is known elsewhere."""
    _extractor(analyzer, node)
    analyzer.writes.add_unknown(node)


def _normalization(analyzer: Analyzer, node: Node) -> None:
    """Batch and instance norm write their running statistics unless they are known not to train.

    While a module is frozen libtorch takes batch norm not to train, though that becomes a constant only then.
    """
    if analyzer.is_frozen and node.kind == "aten::batch_norm":
        return
    if may_train(node):
        for index in RUNNING_STATISTICS:
            analyzer.write(node, node.inputs[index])


def _set_attribute(analyzer: Analyzer, node: Node) -> None:
    analyzer.write(node, node.inputs[0])
    analyzer.set_wildcard(node.inputs[1])


def _conservative(analyzer: Analyzer, node: Node) -> None:
    analyzer.analyze_conservatively(node)


def _use_keeps_no_element(analyzer: Analyzer, container: Value) -> bool:
    """Whether the container's only reader neither keeps it nor hands out what it holds."""
    if container.use_count != 1:
        return False
    reader = container.uses[0][0]
    if isinstance(container.type, ListType):
        if reader.kind == "prim::Return":
            return reader.block is analyzer.graph.block
        return reader.kind in CALLS_THAT_KEEP_NO_ELEMENT
    if isinstance(container.type, TupleType):
        return reader.kind == "prim::Return" and reader.block is analyzer.graph.block
    return False


def _container(analyzer: Analyzer, node: Node) -> None:
    """What goes into a container is unknown from then on, except where its only use is harmless."""
    output = node.output
    if not analyzer.types.is_mutable(output.type):
        return
    if _use_keeps_no_element(analyzer, output):
        analyzer.give_fresh(output, holds_unknown=False)
        for value in node.inputs:
            analyzer.contain(value, output)
        return
    container = analyzer.give_fresh(output)
    for value in node.inputs:
        wildcard = analyzer.set_wildcard(value)
        if wildcard is not None and container is not None:
            analyzer.memory.contain(wildcard, container)


_BY_RULE: Final[dict[MemoryRule, Callable[[Analyzer, Node], None]]] = {
    MemoryRule.NOTHING: _nothing,
    MemoryRule.CREATES: _creator,
    MemoryRule.EXTRACTS: _extractor,
    MemoryRule.CONTAINS: _container,
    MemoryRule.IS_FIRST_INPUT: _same_as_first_input,
    MemoryRule.IS_INPUTS: _same_as_inputs,
    MemoryRule.BRANCHES: _if,
    MemoryRule.LOOPS: _loop,
    MemoryRule.RUNS_BLOCK: _grad_of,
    MemoryRule.RUNS_SUBGRAPH: _subgraph,
    MemoryRule.STARTS_ELSEWHERE: _start_elsewhere,
    MemoryRule.WAITS: _wait,
    MemoryRule.NORMALIZES: _normalization,
    MemoryRule.SETS_ATTRIBUTE: _set_attribute,
    MemoryRule.ANYTHING: _conservative,
}

HANDLERS: Final = {kind: _BY_RULE[rule] for kind, rule in SPECIAL_NODES.items()}
