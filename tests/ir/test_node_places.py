"""Nodes keep their order wherever they are put in, and whole runs of them can change blocks."""

import itertools
import random

import pytest

from jitcore.ir import Graph, Node, verify


def chain(graph: Graph, length: int) -> list[Node]:
    x = graph.add_input("x")
    return [graph.insert(graph.create("aten::neg", [x])) for _ in range(length)]


@pytest.mark.parametrize("seed", range(6))
def test_nodes_put_in_anywhere_keep_their_order(seed):
    rng = random.Random(seed)
    graph = Graph()
    order = chain(graph, 40)
    favourite = order[20]
    for _ in range(3_000):
        node = graph.create("aten::neg", graph.inputs)
        # Mostly at one place, which is what uses up the room there.
        place = order.index(favourite) if rng.random() < 0.8 else rng.randrange(len(order))
        if rng.random() < 0.5:
            node.insert_after(order[place])
            order.insert(place + 1, node)
        else:
            node.insert_before(order[place])
            order.insert(place, node)
    assert list(graph.nodes()) == order
    assert all(a.is_before(b) for a, b in itertools.pairwise(order))
    assert graph.block.param_node.position < order[0].position
    assert order[-1].position < graph.block.return_node.position


def test_places_are_spread_only_around_where_nodes_go_in():
    graph = Graph()
    order = chain(graph, 5_000)
    moved = 0
    for _ in range(1_000):
        before = [node.position for node in order[::50]]
        graph.create("aten::neg", graph.inputs).insert_after(order[2_500])
        moved += sum(place != node.position for place, node in zip(before, order[::50], strict=True))
    assert moved < 1_000


def test_a_run_of_nodes_is_taken_by_another_block():
    graph = Graph()
    nodes = chain(graph, 6)
    branch = graph.create("prim::If", [graph.add_input("c")], 0).insert_before(nodes[2])
    first, second = branch.add_block(), branch.add_block()
    second.take_from(nodes[2])
    assert list(graph.nodes()) == [*nodes[:2], branch]
    assert list(second.nodes()) == nodes[2:]
    assert all(node.block is second for node in nodes[2:])
    assert nodes[2].is_before(nodes[5])
    first.take_from(second.return_node)
    assert list(first.nodes()) == []
    verify(graph)


def test_a_run_is_not_taken_where_a_journal_would_have_to_know():
    graph = Graph()
    nodes = chain(graph, 2)
    branch = graph.create("prim::If", [graph.add_input("c")], 0).insert_before(nodes[0])
    block = branch.add_block()
    branch.add_block()
    graph.attach_journal()
    with pytest.raises(ValueError, match="journal"):
        block.take_from(nodes[0])
    with pytest.raises(ValueError, match="another block"):
        graph.block.take_from(nodes[0])
