"""Gathers what libtorch can differentiate in groups, and gives back what is not worth a group.

%2 = aten::mul(%x, %y)                  %3 = prim::DifferentiableGraph_0(%x, %y)
%3 = aten::add(%2, %z, %one)     ->     with prim::DifferentiableGraph_0 = graph(%x, %y): ...

As torch/csrc/jit/passes/create_autodiff_subgraphs.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Graph
from jitcore.ops.differentiable_operators import is_differentiable
from jitcore.ops.effects import has_side_effects
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.common_subexpression_elimination import eliminate_common_subexpressions
from jitcore.passes.constants import NOT_CONSTANT, constant_of
from jitcore.passes.functional_graphs.alias_keeping import group_alone, merge_with_aliases
from jitcore.passes.functional_graphs.merging import (
    recording_inside,
    subgraph_of,
    take_apart,
)
from jitcore.passes.gradients.gradient import GROUP
from jitcore.passes.gradients.results_of_groups import say_what_results_require
from jitcore.passes.rules import names, rule
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value

_VIEWS: Final = frozenset({
    "aten::view", "aten::view_as", "aten::reshape", "aten::reshape_as", "aten::transpose", "aten::expand",
    "aten::expand_as",
})  # fmt: skip
"""Views that a group may not give, since they would be differentiated wrongly."""

_GRADIENT: Final = "prim::GradOf"
_NOT_EXECUTED: Final = frozenset(("prim::Constant", "prim::profile", "prim::profile_ivalue"))


def gather_differentiable(graph: Graph, fewest: int = 2) -> list[Node]:
    """Gather nodes, and give the groups of at least `fewest` nodes that are executed, the last one first."""
    db = AliasDb(graph)
    groups: list[Node] = []
    _gather_in(graph.block, db, fewest)
    _give_back_aliases(graph.block)
    _clean_up(graph.block, fewest, groups)
    eliminate_common_subexpressions(graph)
    say_what_results_require(graph)
    return groups


def _gather_in(block: Block, db: AliasDb, fewest: int) -> None:
    for first, last in _stretches(block, fewest):
        changed = True
        while changed:
            changed = False
            node: Node | None = last
            while node is not None and node is not first:
                node, merged = _scan(node, db)
                changed |= merged
    for node in block.nodes():
        for inner in node.blocks:
            _gather_in(inner, db, fewest)


def _stretches(block: Block, fewest: int) -> list[tuple[Node, Node]]:
    """What stands between nodes that nothing may pass, the last first; too few for a group are left alone."""
    found: list[tuple[Node, Node]] = []
    last = block.return_node
    count = 0
    for node in (*block.nodes_reversed(), block.param_node):
        if node is not block.param_node:
            count += _may_be_grouped(node)
            if not has_side_effects(node):
                continue
        if count >= fewest:
            found.append((node, last))
        last, count = node, 0
    return found


def _scan(node: Node, db: AliasDb) -> tuple[Node | None, bool]:
    """Merge one producer into the node; gives where to go on, and whether anything was merged."""
    if not _may_be_grouped(node):
        return node.prev, False
    if node.kind != GROUP:
        _check_can_be_moved(node)
        node = start_gradient_group(node, db)
    producers = {value.node for value in node.inputs if value.node.block is node.block}
    for producer in sorted(producers, key=lambda one: one.position, reverse=True):
        if _may_be_grouped(producer) and db.move_before(producer, node, dry_run=True):
            _check_can_be_moved(producer)
            join_gradient_group(producer, node, db)
            return node, True
    return node.prev, False


def _may_be_grouped(node: Node) -> bool:
    if node.kind == GROUP:
        return True
    if node.is_constant or node.kind in _VIEWS:
        return False
    if node.kind == _GRADIENT:
        return all(is_differentiable(inner) for inner in node.blocks[0].nodes())
    return is_differentiable(node)


def has_what_cannot_be_moved(graph: Graph) -> bool:
    """Whether gathering may raise `JitError`."""
    return any(node.kind == _GRADIENT for node in graph.all_nodes())


def _check_can_be_moved(node: Node) -> None:
    """As libtorch, which begins to group such nodes and then finds that it cannot."""
    if node.kind == _GRADIENT:
        raise JitError(
            f"{node.kind} cannot be part of a group that is differentiated: lower it first (lower-grad-of)"
        )


@rule
def start_gradient_group(node: Node, db: AliasDb) -> Node:
    """f(x) -> DifferentiableGraph(x), which computes f"""
    with start_gradient_group.step(
        node.graph, lambda: f"{_named(node)} has a formula for its gradients, and others may join it", (node,)
    ):
        return group_alone(GROUP, node, db)


@rule
def join_gradient_group(node: Node, group: Node, db: AliasDb) -> None:
    """f(x), DifferentiableGraph(f) -> DifferentiableGraph(x), which computes f too"""
    with join_gradient_group.step(
        node.graph,
        lambda: f"{_named(node)} has a formula for its gradients as the group behind it has",
        (node, group),
    ):
        db.move_before(node, group)
        merge_with_aliases(node, group, db)


def _named(node: Node) -> str:
    return f"{node.kind}, which gives {names(node.outputs)},"


# --- aliases ------------------------------------------------------------------------------------


def _give_back_aliases(block: Block) -> None:
    """Take out of groups what they would give twice, or give although they were given it."""
    changed = True
    while changed:
        changed = False
        for node in list(block.nodes_reversed()):
            if node.kind == GROUP:
                changed |= _give_back(node, _aliases_of_others(node))
                changed |= _give_back(node, _aliases_of_inputs(node))
    for node in list(block.nodes()):
        for inner in node.blocks:
            _give_back_aliases(inner)


def _aliases_of_others(group: Node) -> list[Node]:
    outputs = subgraph_of(group).outputs
    if len(outputs) < 2:
        return []
    db = AliasDb(subgraph_of(group))
    sets: list[list[Value]] = []
    for output in outputs:
        alike = [one for one in sets if db.may_contain_alias((one[0],), (output,))]
        for one in alike:
            if output not in one:
                one.append(output)
        if not alike:
            sets.append([output])
    starts = [value.node for one in sets for value in _after_first(one)]
    return _with_readers(starts)


def _after_first(values: list[Value]) -> list[Value]:
    return sorted(values, key=lambda value: value.node.position)[1:]


def _aliases_of_inputs(group: Node) -> list[Node]:
    graph = subgraph_of(group)
    db = AliasDb(graph)
    starts = [
        value.node
        for value in graph.outputs
        if value.node is not graph.block.param_node and db.may_contain_alias((value,), graph.inputs)
    ]
    return _with_readers(starts)


def _with_readers(starts: list[Node]) -> list[Node]:
    """The nodes and all that reads what they give, in order."""
    found: set[Node] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node in found or node.kind in ("prim::Return", "prim::Param"):
            continue
        found.add(node)
        waiting += [user for output in node.outputs for user, _ in output.uses]
    return sorted(found, key=lambda node: node.position)


def _give_back(group: Node, nodes: list[Node]) -> bool:
    for node in reversed(nodes):
        give_back_alias(node, group)
    return bool(nodes)


@rule
def give_back_alias(node: Node, group: Node) -> None:
    """DifferentiableGraph(x) -> DifferentiableGraph(x), f(x), where f gives a view"""
    graph, subgraph = group.graph, subgraph_of(group)
    with (
        give_back_alias.step(
            graph,
            lambda: f"{_named(node)} shares memory with what the group is given or else gives",
            (group,),
        ),
        recording_inside(graph, subgraph),
    ):
        _move_behind(node, group)


def _move_behind(node: Node, group: Node) -> None:
    """Put a node of the group, whose results no other node of it reads, directly behind the group."""
    graph, subgraph = group.graph, subgraph_of(group)
    outer: dict[Value, Value] = {}
    behind = group.next
    assert behind is not None
    with graph.inserting_before(behind):
        # What the group was given comes out of it as well: only its end tells that nothing happened to it.
        for value in dict.fromkeys(node.inputs):
            constant = constant_of(value)
            if constant is not NOT_CONSTANT:
                outer[value] = graph.insert(graph.create_constant(constant, value.type)).output
            elif value in subgraph.outputs:
                outer[value] = group.outputs[subgraph.outputs.index(value)]
            else:
                subgraph.register_output(value)
                outer[value] = group.add_output(value.type)
        copy = graph.insert(graph.create_clone(node, outer.__getitem__))
    for place in range(len(subgraph.outputs) - 1, -1, -1):
        given = subgraph.outputs[place]
        if given.node is node:
            group.outputs[place].replace_all_uses_with(copy.outputs[node.outputs.index(given)])
            group.erase_output(place)
            subgraph.block.erase_output(place)
    node.destroy()


# --- sizes --------------------------------------------------------------------------------------


def _clean_up(block: Block, fewest: int, groups: list[Node]) -> None:
    for node in list(block.nodes_reversed()):
        if node.kind == GROUP:
            subgraph = subgraph_of(node)
            with recording_inside(block.graph, subgraph):
                eliminate_common_subexpressions(subgraph)
            if sum(one.kind not in _NOT_EXECUTED for one in subgraph.nodes()) < fewest:
                give_back_small_group(node, fewest)
            else:
                groups.append(node)
    for node in list(block.nodes()):
        for inner in node.blocks:
            _clean_up(inner, fewest, groups)


@rule
def give_back_small_group(node: Node, fewest: int) -> None:
    """DifferentiableGraph(x) -> f(x)"""
    with give_back_small_group.step(
        node.graph, lambda: f"a group of fewer than {fewest} operators is left to autograd", (node,)
    ):
        take_apart(node)
