"""Side effects, randomness and writes of operators, as torch sees them."""

import pytest

from jitcore.ir import Graph
from jitcore.ops.effects import has_side_effects, is_nondeterministic, traits
from jitcore.ops.memory_facts import written_inputs
from jitcore.types import BOOL, FLOAT, INT, STRING, ListType

KINDS = {"t": None, "i": INT, "f": FLOAT, "b": BOOL, "s": STRING}


def node_of(kind, letters, outputs=1):
    graph = Graph()
    inputs = [
        graph.add_input(f"a{i}", KINDS[c]) if KINDS[c] else graph.add_input(f"a{i}")
        for i, c in enumerate(letters)
    ]
    return graph.insert(graph.create(kind, inputs, outputs))


@pytest.mark.parametrize(
    ("kind", "letters", "expected"),
    [
        ("prim::Print", "t", True),
        ("prim::RaiseException", "s", True),
        ("prim::CallMethod", "t", True),
        ("aten::manual_seed", "i", True),
        ("aten::is_grad_enabled", "", True),
        ("aten::relu", "t", False),
        ("aten::relu_", "t", False),
        ("prim::If", "b", False),
        ("prim::TupleConstruct", "tt", False),
        ("prim::SetAttr", "tt", False),
        ("myops::unheard_of", "t", True),
    ],
)
def test_side_effects(kind, letters, expected):
    assert has_side_effects(node_of(kind, letters)) is expected


@pytest.mark.parametrize(
    ("kind", "letters", "expected"),
    [
        ("aten::dropout", "tfb", True),
        # No overload takes a tensor alone.
        ("aten::rand_like", "t", False),
        ("aten::relu", "t", False),
        ("prim::Print", "t", False),
    ],
)
def test_randomness(kind, letters, expected):
    assert is_nondeterministic(node_of(kind, letters)) is expected


def test_dropout_outside_of_training_is_deterministic():
    graph = Graph()
    x, p = graph.add_input("x"), graph.add_input("p", FLOAT)
    node = graph.insert(graph.create("aten::dropout", (x, p, graph.insert_constant(False, BOOL))))
    assert not is_nondeterministic(node)
    node.replace_input(2, graph.insert_constant(True, BOOL))
    assert is_nondeterministic(node)


def test_writes():
    assert written_inputs(node_of("aten::relu_", "t")) == (0,)
    assert written_inputs(node_of("aten::relu", "t")) == ()
    assert written_inputs(node_of("prim::SetAttr", "tt")) == (0,)
    graph = Graph()
    items, x = graph.add_input("l", ListType(INT)), graph.add_input("x", INT)
    assert written_inputs(graph.insert(graph.create("aten::append", (items, x)))) == (0,)


def test_traits_name_known_overloads():
    from jitcore import ops

    for keys in traits().values():
        assert keys
        assert all(ops.find_overload(key) is not None for key in keys)
