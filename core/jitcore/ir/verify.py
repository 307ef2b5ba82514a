"""Checks that a graph is well formed: scopes, uses, names, block shapes."""

from __future__ import annotations

from jitcore.ir.block import Block
from jitcore.ir.graph import Graph
from jitcore.ir.node import Node
from jitcore.ir.value import Value


class VerificationError(Exception):
    """A graph breaks a rule of the IR; the message names the node and the rule."""


def verify(graph: Graph) -> None:
    """Raise `VerificationError` at the first broken rule; costs one walk over the graph."""
    _check_block(graph, graph.block, set(), set())
    for name, value in graph.names.items():
        _require(value.debug_name == name, f"the name {name!r} is registered for %{value.name}")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise VerificationError(message)


def _check_block(graph: Graph, block: Block, scope: set[Value], seen: set[int]) -> None:
    _require(block.graph is graph, "a block belongs to another graph")
    inner = set(scope)
    inner.update(block.inputs)
    position = block.param_node
    for node in block.nodes():
        _require(position.is_before(node), f"{node!r} stands before its predecessor by position")
        position = node
        _check_node(graph, block, node, inner, seen)
        for nested in node.blocks:
            _require(nested.owner is node, f"a block of {node!r} has another owner")
            _check_block(graph, nested, inner, seen)
        _check_shape(node)
        inner.update(node.outputs)
    _check_inputs(block.return_node, inner)


def _check_inputs(node: Node, scope: set[Value]) -> None:
    for index, value in enumerate(node.inputs):
        _require(value in scope, f"{node!r} reads %{value.name}, which is not defined there")
        _require(
            (node, index) in value.use_map,
            f"input {index} of {node!r} is missing from the uses of %{value.name}",
        )


def _check_node(graph: Graph, block: Block, node: Node, scope: set[Value], seen: set[int]) -> None:
    _require(node.graph is graph and node.block is block, f"{node!r} belongs elsewhere")
    _require(node.id not in seen, f"the id {node.id} of {node!r} is taken")
    seen.add(node.id)
    _check_inputs(node, scope)
    for offset, value in enumerate(node.outputs):
        _require(value.node is node and value.offset == offset, f"output {offset} of {node!r} is misplaced")
        for user, index in value.use_map:
            _require(
                index < len(user.inputs) and user.inputs[index] is value,
                f"%{value.name} lists {user!r} as a user, which does not read it",
            )


def _check_shape(node: Node) -> None:
    if node.kind == "prim::If":
        _require(
            len(node.inputs) == 1 and len(node.blocks) == 2, f"{node!r} needs one condition and two blocks"
        )
        for block in node.blocks:
            _require(not block.inputs, f"a block of {node!r} has inputs")
            _require(
                len(block.outputs) == len(node.outputs), f"a block of {node!r} gives another number of values"
            )
    elif node.kind == "prim::Loop":
        _require(
            len(node.blocks) == 1 and len(node.inputs) >= 2,
            f"{node!r} needs trip count, condition and a body",
        )
        carried = len(node.inputs) - 2
        body = node.blocks[0]
        _require(len(node.outputs) == carried, f"{node!r} gives another number of values than it carries")
        _require(len(body.inputs) == carried + 1, f"the body of {node!r} takes another number of values")
        _require(len(body.outputs) == carried + 1, f"the body of {node!r} gives another number of values")
    elif node.kind == "prim::Constant":
        _require(len(node.outputs) == 1 and not node.inputs, f"{node!r} must have one output and no inputs")
