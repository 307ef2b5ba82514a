"""Alias rules of nodes that no schema describes: control flow, containers, attributes, calls, forks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Graph
from jitcore.passes.constants import constant_bool
from jitcore.types import ListType, TupleType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Node, Value
    from jitcore.passes.alias_analysis.analyzer import Analyzer


def _creator(analyzer: Analyzer, node: Node) -> None:
    """The node gives fresh objects; their elements are made when somebody asks for them."""


def _extractor(analyzer: Analyzer, node: Node) -> None:
    for value in node.outputs:
        analyzer.set_wildcard(value)


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
    """Batch and instance norm write their running statistics unless they are known not to train."""
    running_mean, running_var, training = node.inputs[3], node.inputs[4], node.inputs[5]
    if constant_bool(training) is not False:
        analyzer.write(node, running_mean)
        analyzer.write(node, running_var)


def _set_attribute(analyzer: Analyzer, node: Node) -> None:
    analyzer.write(node, node.inputs[0])
    analyzer.set_wildcard(node.inputs[1])


def _conservative(analyzer: Analyzer, node: Node) -> None:
    analyzer.analyze_conservatively(node)


_CALLS_THAT_KEEP_NO_ELEMENT: Final = frozenset(
    ("aten::cat", "aten::broadcast_tensors", "aten::stack", "aten::vstack", "aten::hstack", "aten::dstack")
)


def _use_keeps_no_element(analyzer: Analyzer, container: Value) -> bool:
    """Whether the container's only reader neither keeps it nor hands out what it holds."""
    if container.use_count != 1:
        return False
    reader = container.uses[0][0]
    if isinstance(container.type, ListType):
        if reader.kind == "prim::Return":
            return reader.block is analyzer.graph.block
        return reader.kind in _CALLS_THAT_KEEP_NO_ELEMENT
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


def _table() -> dict[str, Callable[[Analyzer, Node], None]]:
    table: dict[str, Callable[[Analyzer, Node], None]] = {
        "aten::batch_norm": _normalization,
        "aten::instance_norm": _normalization,
        "aten::wait": _wait,
        "prim::awaitable_wait": _wait,
        "prim::If": _if,
        "prim::Loop": _loop,
        "prim::GradOf": _grad_of,
        "prim::SetAttr": _set_attribute,
        "prim::BroadcastMKLDNNTensors": _same_as_inputs,
        "prim::TypeCheck": _same_as_inputs,
        "prim::RequiresGradCheck": _same_as_inputs,
        "prim::Print": _nothing,
        "prim::isinstance": _nothing,
    }
    for kind in ("FusionGroup", "CudaFusionGroup", "FunctionalGraph", "DifferentiableGraph", "FallbackGraph"):
        table[f"prim::{kind}"] = _subgraph
    for kind in ("fork", "awaitable", "rpc_async", "rpc_sync", "rpc_remote"):
        table[f"prim::{kind}"] = _start_elsewhere
    for kind in (
        "TensorExprGroup", "TensorExprDynamicGroup", "MKLDNNGroup", "ConstantMKLDNNTensor", "StaticSubgraph",
        "Constant", "AutogradZero", "AutogradAdd", "FusedConcat", "MMTreeReduce", "MMBatchSide",
        "BroadcastSizes", "ChunkSizes", "EmptyListLiteral", "Closure", "CreateObject", "tolist",
        "Uninitialized",
    ):  # fmt: skip
        table[f"prim::{kind}"] = _creator
    for kind in ("TupleConstruct", "DictConstruct", "ListConstruct"):
        table[f"prim::{kind}"] = _container
    for kind in ("TupleUnpack", "TupleIndex", "TupleSlice", "ListUnpack", "PythonOp", "GetAttr"):
        table[f"prim::{kind}"] = _extractor
    for kind in ("unchecked_cast", "ConstantChunk", "profile", "profile_ivalue", "Guard"):
        table[f"prim::{kind}"] = _same_as_first_input
    for kind in ("CallFunction", "CallMethod", "Enter", "Exit"):
        table[f"prim::{kind}"] = _conservative
    return table


HANDLERS: Final = _table()
