"""Rules that put the rounds of a loop one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import made_from
from jitcore.ir.cloning import Cloner
from jitcore.passes.constants import constant_bool, constant_int, insert_constant
from jitcore.passes.control_flow.unrolling_limits import UnrollingLimits
from jitcore.passes.dead_code_elimination import (
    eliminate_dead_code_outside_of_blocks,
    eliminate_dead_code_with_aliases,
)
from jitcore.passes.inserting import insert_call
from jitcore.passes.rules import rule
from jitcore.types import INT

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

ROUNDS_AT_ONCE: Final = 8
"""Rounds that a loop of unknown length makes in one."""
LARGEST_BODY: Final = 32
"""Nodes and ends of blocks of a body that is repeated, constants not counted."""
MOST_ROUNDS: Final = 64
"""Rounds below which a loop of known length goes altogether."""

_NOT_EXECUTED: Final = frozenset(("prim::Constant", "prim::profile", "prim::profile_ivalue"))


def unroll_loops(graph: Graph, constant_only: bool) -> bool:
    """Unroll what can be; with `constant_only` the loops whose number of rounds is known, of any size.

    Raises `JitError` where that would make too large a graph.
    """
    changed = _unroll_in(graph.block, constant_only, UnrollingLimits(graph))
    if changed:
        eliminate_dead_code_with_aliases(graph)
    return changed


def _unroll_in(block: Block, constant_only: bool, limits: UnrollingLimits) -> bool:
    changed = False
    node = block.param_node.next
    while node is not None and node is not block.return_node:
        # Looked up first: the loop may be gone afterwards, and its epilogue is not unrolled in turn.
        following = node.next
        for inner in node.blocks:
            changed |= _unroll_in(inner, constant_only, limits)
        if _counts_rounds(node):
            known = node.inputs[0].node.is_constant
            if known if constant_only else _is_small(node.blocks[0]):
                unroll(node, limits)
                changed = True
        node = following
    return changed


def _counts_rounds(node: Node) -> bool:
    """Whether the node is a loop that ends when all rounds are done and not before."""
    return (
        node.kind == "prim::Loop"
        and constant_bool(node.inputs[1]) is True
        and constant_bool(node.blocks[0].outputs[0]) is True
    )


def _is_small(body: Block) -> bool:
    return _size(body) <= LARGEST_BODY


def _size(block: Block) -> int:
    """Nodes that are executed, and one for the end of each block, as libtorch counts."""
    return 1 + sum(
        (node.kind not in _NOT_EXECUTED) + sum(_size(inner) for inner in node.blocks)
        for node in block.nodes()
    )


def unroll(loop: Node, limits: UnrollingLimits) -> None:
    """Put the rounds of a loop one after the other, all of them if they are few and their number is known."""
    rounds = constant_int(loop.inputs[0])
    known = max(rounds, 0) if rounds is not None and rounds < MOST_ROUNDS else None
    # Else one body is that of the epilogue.
    limits.take(loop.blocks[0], ROUNDS_AT_ONCE if known is None else max(known - 1, 0))
    if loop.blocks[0].inputs[0].has_uses():
        carry_counter(loop)
    if known is not None:
        repeat_body(loop, known)
        eliminate_dead_code_outside_of_blocks(loop.blocks[0])
        take_body_out(loop)
    else:
        epilogue = add_epilogue(loop)
        repeat_body(loop, ROUNDS_AT_ONCE)
        eliminate_dead_code_outside_of_blocks(loop.blocks[0])
        divide_rounds(loop, epilogue)


@rule
def carry_counter(loop: Node) -> None:
    """Loop(n, True), body reads its number i -> Loop(n, True, 0), body carries i + 1"""
    graph = loop.graph
    body = loop.blocks[0]
    with carry_counter.step(
        graph,
        lambda: (
            f"the body reads its number %{body.inputs[0].name}, so it is carried and counted by the rounds"
        ),
        (loop,),
    ):
        with graph.inserting_before(loop):
            start = insert_constant(graph, 0, INT, loop)
        loop.insert_input(2, start)
        loop.insert_output(0).set_type(INT)
        counter = body.insert_input(1, type=INT)
        body.inputs[0].replace_all_uses_with(counter)
        with graph.inserting_at_end(body):
            following = insert_call(graph, "aten::add", [counter, 1], loop)
        body.insert_output(1, following)


@rule
def repeat_body(loop: Node, rounds: int) -> None:
    """Loop(n, True, x) -> a loop whose body is its body, several times"""
    graph = loop.graph
    body = loop.blocks[0]
    with repeat_body.step(graph, lambda: f"the body stands here {rounds} times", (loop,)):
        target = loop.add_block()
        for value in body.inputs:
            target.add_input().copy_metadata(value)
        given = list(target.inputs)
        with graph.inserting_at_end(target):
            for _ in range(rounds):
                given[0] = body.inputs[0]
                given = _insert_body(graph, body, given)
        for value in given:
            target.register_output(value)
        loop.erase_block(0)


def _insert_body(graph: Graph, body: Block, given: list[Value]) -> list[Value]:
    """Copy the nodes of `body` to the insert point; gives what stands for its results."""
    cloner = Cloner(graph, lambda value: value, values=dict(zip(body.inputs, given, strict=True)))
    for node in body.nodes():
        copy = graph.insert(cloner.node(node))
        copy.set_provenance(made_from(node))
    return [cloner.values.get(value, value) for value in body.outputs]


@rule
def take_body_out(loop: Node) -> None:
    """Loop(1, True, x) -> the nodes of its body"""
    graph = loop.graph
    body = loop.blocks[0]
    with (
        take_body_out.step(graph, lambda: "all rounds are in the body, which is done once", (loop,)),
        graph.inserting_before(loop),
    ):
        results = _insert_body(graph, body, [body.inputs[0], *loop.inputs[2:]])
        for output, result in zip(loop.outputs, results[1:], strict=True):
            output.replace_all_uses_with(result)
        loop.destroy()


@rule
def add_epilogue(loop: Node) -> Node:
    """Loop(n, True, x) -> the loop, and a copy of it that goes on where it ends"""
    graph = loop.graph
    with add_epilogue.step(
        graph,
        lambda: f"rounds that are left over by a multiple of {ROUNDS_AT_ONCE} are made afterwards",
        (loop,),
    ):
        epilogue = graph.create_clone(loop, lambda value: value)
        epilogue.provenance = made_from(loop)
        epilogue.insert_after(loop)
        for index, output in enumerate(loop.outputs):
            output.replace_all_uses_with(epilogue.outputs[index])
            epilogue.replace_input(index + 2, output)
    return epilogue


@rule
def divide_rounds(loop: Node, epilogue: Node) -> None:
    """Loop(n), Loop(n) -> Loop(n // 8), Loop(n - n // 8 * 8)"""
    graph = loop.graph
    rounds = loop.inputs[0]
    with (
        divide_rounds.step(
            graph,
            lambda: (
                f"the loop makes {ROUNDS_AT_ONCE} rounds of %{rounds.name} at once, the next one the rest"
            ),
            (loop, epilogue),
        ),
        graph.inserting_before(loop),
    ):
        whole = insert_call(graph, "aten::__round_to_zero_floordiv", [rounds, ROUNDS_AT_ONCE], loop)
        loop.replace_input(0, whole)
        made = insert_call(graph, "aten::mul", [whole, ROUNDS_AT_ONCE], loop)
        epilogue.replace_input(0, insert_call(graph, "aten::sub", [rounds, made], loop))
