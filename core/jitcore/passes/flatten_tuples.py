"""Rules that hand the parts of a tuple over where the tuple itself was handed over.

Parts that ifs and loops give get the types of the tuple's elements. libtorch calls them all tensors,
numbers too, and then fails to find the operators that read them; ours are called so where they are printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import made_from
from jitcore.passes.rules import names, rule
from jitcore.source import JitError
from jitcore.types import TENSOR, TupleType

if TYPE_CHECKING:
    from jitcore.ir import Node, Value
    from jitcore.types import Type


def _elements(value: Value, given: Value | None = None) -> tuple[Type, ...]:
    """Types of the parts of `value`, which takes those of `given`; `JitError` if it is no such tuple."""
    wanted = value.type
    if isinstance(wanted, TupleType) and (given is None or len(wanted.elements) == len(given.node.inputs)):
        return wanted.elements
    told = f"%{given.name} is a tuple" if given is not None else "a tuple is taken apart"
    raise JitError(f"{told}, and cannot be handed over by its parts where %{value.name} is of type {wanted}")


def _shown_as_tensor(part: Value) -> Value:
    if part.type is not TENSOR:
        part.graph.shown_as_tensors.add(part)
    return part


@rule
def flatten_argument(node: Node, index: int) -> None:
    """f(a, tuple, b) -> f(a, part, part, b)"""
    value = node.inputs[index]
    parts = list(value.node.inputs)
    with flatten_argument.step(
        node.graph,
        lambda: f"%{value.name} is built of {names(parts)}, so {node.kind} is given these",
        (node,),
    ):
        for offset, part in enumerate(parts):
            node.insert_input(index + 1 + offset, part)
        node.remove_input(index)


@rule
def flatten_carried_value(node: Node, index: int) -> None:
    """Loop(n, c, tuple) -> Loop(n, c, part, part), the body builds the tuple for itself"""
    value = node.inputs[index]
    parts = list(value.node.inputs)
    body = node.blocks[0]
    elements = _elements(body.inputs[index - 1], value)
    with flatten_carried_value.step(
        node.graph, lambda: f"the loop carries {names(parts)} instead of the tuple %{value.name}", (node,)
    ):
        construct = body.prepend(node.graph.create("prim::TupleConstruct"))
        construct.provenance = made_from(node)
        for offset, (part, element) in enumerate(zip(parts, elements, strict=True)):
            # The loop has two inputs before those that it carries, the body one.
            construct.add_input(_shown_as_tensor(body.insert_input(index + offset, type=element)))
            node.insert_input(index + 1 + offset, part)
        carried = body.inputs[index - 1]
        construct.output.set_type(carried.type)
        construct.copy_metadata(node)
        carried.replace_all_uses_with(construct.output)
        body.erase_input(index - 1)
        node.remove_input(index)


@rule
def flatten_result(node: Node, index: int) -> None:
    """return tuple -> return part, part; outside the block the tuple is built again"""
    value = node.inputs[index]
    parts = list(value.node.inputs)
    block = node.block
    if block is None:
        raise ValueError("a return node outside a block")
    with flatten_result.step(
        node.graph, lambda: f"%{value.name} is built of {names(parts)}, so the block gives these", (node,)
    ):
        for offset, part in enumerate(parts):
            block.insert_output(index + 1 + offset, part)
        block.erase_output(index)
        owner = block.owner
        if owner is not None:
            _flatten_owner_output(owner, index - 1 if owner.kind == "prim::Loop" else index, value)


def _flatten_owner_output(owner: Node, index: int, value: Value) -> None:
    if index >= len(owner.outputs) or not isinstance(owner.outputs[index].type, TupleType):
        # The other branch of a prim::If has done it already; `check_handed_over` finds where it has not.
        return
    output = owner.outputs[index]
    elements = _elements(output, value)
    construct = owner.graph.create("prim::TupleConstruct")
    construct.insert_after(owner)
    construct.provenance = made_from(owner)
    for offset, element in enumerate(elements):
        part = owner.insert_output(index + 1 + offset).set_type(element)
        construct.add_input(_shown_as_tensor(part))
    construct.output.set_type(output.type)
    construct.copy_metadata(owner)
    output.replace_all_uses_with(construct.output)
    owner.erase_output(index)


@rule
def flatten_output(node: Node, index: int, following: Node) -> Node:
    """a, tuple = f() -> a, part, part = f() and the tuple built of the parts"""
    output = node.outputs[index]
    elements = _elements(output)
    graph = node.graph
    with flatten_output.step(
        graph, lambda: f"the parts of %{output.name} are given one by one, and it is built of them", (node,)
    ):
        parts = [
            node.insert_output(index + 1 + offset).set_type(part) for offset, part in enumerate(elements)
        ]
        construct = graph.create("prim::TupleConstruct", parts)
        construct.output.set_type(TupleType(tuple(part.type for part in parts)))
        construct.copy_metadata(node)
        construct.provenance = made_from(node)
        construct.insert_before(following)
        output.replace_all_uses_with(construct.output)
        node.erase_output(index)
    return construct


def check_handed_over(node: Node) -> None:
    """Raise `JitError` if an if or a loop gives other values than its blocks do.

    That is so where a tuple became its parts on one side only: what may be None or a tuple is left whole.
    """
    results = len(node.outputs)
    if node.kind == "prim::Loop":
        body = node.blocks[0]
        fits = results == len(node.inputs) - 2 == len(body.inputs) - 1 == len(body.outputs) - 1
    else:
        fits = all(len(block.outputs) == results for block in node.blocks)
    if not fits:
        raise JitError(
            f"{node.kind} is given a tuple where its result, or what it carries, is of another type"
        )
