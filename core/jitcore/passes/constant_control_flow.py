"""Rules for ifs and loops whose conditions are constant, or whose results do not depend on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.constants import (
    NOT_CONSTANT,
    constant_bool,
    constant_int,
    constant_of,
    insert_constant,
    literal,
)
from jitcore.passes.node_equality import equal_nodes
from jitcore.passes.rules import count, rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value


@rule
def inline_taken_branch(node: Node, block: Block, condition: bool) -> None:
    """If(True) with two branches -> the nodes of the first"""

    def because() -> str:
        nodes = count(sum(1 for _ in block.nodes()), "node")
        which = "first" if condition else "second"
        return f"%{node.inputs[0].name} is {condition}, so the {which} branch stands here ({nodes})"

    with inline_taken_branch.step(node.graph, because, (node,)):
        for inner in block.nodes():
            inner.move_before(node)
        for output, given in zip(node.outputs, block.outputs, strict=True):
            output.replace_all_uses_with(given)
        node.destroy()


def merge_equal_branch_results(node: Node) -> bool:
    """Replace results of a `prim::If` that both branches give; says whether there were any."""
    changed = False
    index = 0
    while index < len(node.outputs):
        first, second = (block.outputs[index] for block in node.blocks)
        if first is second:
            take_common_result(node, index)
            changed = True
        elif constant_of(first) is not NOT_CONSTANT and equal_nodes(first.node, second.node):
            take_common_constant(node, index)
            changed = True
        else:
            index += 1
    return changed


def _drop_result(node: Node, index: int, replacement: Value) -> None:
    node.outputs[index].replace_all_uses_with(replacement)
    node.erase_output(index)
    for block in node.blocks:
        block.erase_output(index)


@rule
def take_common_result(node: Node, index: int) -> None:
    """If(c) that gives x either way -> x"""
    value = node.blocks[0].outputs[index]
    with take_common_result.step(
        node.graph,
        lambda: f"both branches give %{value.name}, so %{node.outputs[index].name} is that",
        (node,),
    ):
        _drop_result(node, index, value)


@rule
def take_common_constant(node: Node, index: int) -> None:
    """If(c) that gives the same constant either way -> the constant"""
    given = node.blocks[0].outputs[index]
    value = constant_of(given)
    graph = node.graph
    with take_common_constant.step(
        graph, lambda: f"both branches give {literal(value)}, so %{node.outputs[index].name} is that", (node,)
    ):
        with graph.inserting_before(node):
            constant = insert_constant(graph, value, given.type, given.node)
        _drop_result(node, index, constant)


def loop_never_runs(node: Node) -> bool:
    """Whether the trip count or the condition of a loop forbid even one turn."""
    trips = constant_int(node.inputs[0])
    return (trips is not None and trips <= 0) or constant_bool(node.inputs[1]) is False


@rule
def remove_loop(node: Node) -> None:
    """Loop(0, c, x) -> x"""

    def because() -> str:
        if constant_bool(node.inputs[1]) is False:
            return f"%{node.inputs[1].name} is False, so the loop never starts and gives what it was given"
        return f"%{node.inputs[0].name} is {constant_int(node.inputs[0])}, so the loop makes no turn"

    with remove_loop.step(node.graph, because, (node,)):
        for output, given in zip(node.outputs, node.inputs[2:], strict=True):
            output.replace_all_uses_with(given)
        node.destroy()


def drop_unchanged_carried_values(node: Node) -> bool:
    """Stop carrying what the body of a loop hands on as it got it; says whether there was any."""
    changed = False
    body = node.blocks[0]
    for index in range(len(node.outputs) - 1, -1, -1):
        if body.inputs[index + 1] is body.outputs[index + 1]:
            drop_unchanged_carried_value(node, index)
            changed = True
    return changed


@rule
def drop_unchanged_carried_value(node: Node, index: int) -> None:
    """a value that a loop carries and never changes -> the value as it was before the loop"""
    body = node.blocks[0]
    before = node.inputs[index + 2]
    carried = body.inputs[index + 1]
    with drop_unchanged_carried_value.step(
        node.graph,
        lambda: (
            f"no turn of the loop changes %{carried.name}, "
            f"so it and %{node.outputs[index].name} are %{before.name}"
        ),
        (node,),
    ):
        node.outputs[index].replace_all_uses_with(before)
        carried.replace_all_uses_with(before)
        node.erase_output(index)
        node.remove_input(index + 2)
        body.erase_input(index + 1)
        body.erase_output(index + 1)
