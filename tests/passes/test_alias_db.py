"""The alias database against libtorch's: who is written to, and who may share memory."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jitcore.ir import Block, Value
from jitcore.passes.alias_analysis import AliasDb, is_mutable_value
from jitcore.printing import graph_text, parse_graph
from tests.passes.programs import RandomProgram, compiled, written_graphs


def values_of(block: Block) -> list[Value]:
    found = list(block.inputs)
    for node in block.nodes():
        found.extend(node.outputs)
        for inner in node.blocks:
            found.extend(values_of(inner))
    return found


def their_values(block) -> list[object]:
    found = list(block.inputs())
    for node in block.nodes():
        found.extend(node.outputs())
        for inner in node.blocks():
            found.extend(their_values(inner))
    return found


def check(graph) -> None:
    graph = graph.copy()
    mine = parse_graph(str(graph)).copy()
    theirs_db, my_db = graph.alias_db(), AliasDb(mine)
    pairs = list(zip(values_of(mine.block), their_values(graph.block()), strict=True))
    for my_value, their_value in pairs:
        assert my_db.value_has_writers(my_value) == theirs_db.has_writers(their_value), my_value
    mutable = [pair for pair in pairs if is_mutable_value(pair[0])]
    for my_value, their_value in mutable:
        for my_other, their_other in mutable:
            found = my_db.may_contain_alias((my_value,), (my_other,))
            assert found == theirs_db.may_contain_alias(their_value, their_other), (my_value, my_other)


@pytest.mark.parametrize("program", sorted(written_graphs()))
def test_written_program(program):
    check(written_graphs()[program])


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=60)
def test_random_program(seed):
    check(compiled(RandomProgram(seed).source).f.graph)


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=40)
def test_moving_nodes(seed):
    theirs = compiled(RandomProgram(seed).source).f.graph.copy()
    text = str(theirs)
    places = len(list(theirs.nodes()))
    for start in range(0, places, 3):
        for end in range(1, places, 4):
            for before in (True, False):
                graph, mine = theirs.copy(), parse_graph(text).copy()
                their_nodes, my_nodes = list(graph.nodes()), list(mine.nodes())
                their_db, my_db = graph.alias_db(), AliasDb(mine)
                if before:
                    expected = their_db.move_before_topologically_valid(their_nodes[start], their_nodes[end])
                    moved = my_db.move_before(my_nodes[start], my_nodes[end])
                else:
                    expected = their_db.move_after_topologically_valid(their_nodes[start], their_nodes[end])
                    moved = my_db.move_after(my_nodes[start], my_nodes[end])
                assert moved == expected
                assert graph_text(mine) == str(graph)
