"""Equal constants find each other however many there are, and few are compared for it."""

import struct

import pytest

from jitcore.archive import LazyTensor
from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.tensors import LazyStorage
from jitcore.ir import Function, Graph
from jitcore.ir.tensor_contents import TensorContents
from jitcore.passes import node_equality
from jitcore.passes.constant_pooling import pool_constants
from jitcore.printing.code_constants import ConstantTable
from jitcore.types import INT, TENSOR, FunctionSchema, FunctionType, ListType

MANY = 120


def tensor(*numbers: float) -> LazyTensor:
    content = memoryview(struct.pack(f"<{len(numbers)}f", *numbers))
    storage = LazyStorage(STORAGE_TYPES["FloatStorage"], "data/0", "cpu", len(numbers), lambda _: content)
    return LazyTensor(storage, 0, (len(numbers),), (1,))


@pytest.fixture
def comparisons(monkeypatch) -> list[object]:
    made: list[object] = []
    plain = node_equality.equal_nodes

    def counted(a, b):
        made.append(a)
        return plain(a, b)

    monkeypatch.setattr(node_equality, "equal_nodes", counted)
    return made


def test_many_tensors_of_one_shape_are_told_apart(comparisons):
    graph = Graph()
    for i in range(MANY):
        graph.insert_constant(tensor(i % 40, 1.0, -0.0 if i % 2 else 0.0), TENSOR)
    assert pool_constants(graph)
    kept = [node.attributes["value"].to_numpy()[0] for node in graph.nodes()]
    assert sorted(kept) == list(range(40))
    assert len(comparisons) < 3 * MANY


def test_nan_stays_apart():
    graph = Graph()
    for _ in range(MANY):
        graph.insert_constant(tensor(float("nan")), TENSOR)
    pool_constants(graph)
    assert len(list(graph.nodes())) == MANY


def test_many_lists_are_told_apart(comparisons):
    graph = Graph()
    for i in range(MANY):
        graph.insert_constant([i % 50, 2, 3], ListType(INT))
    pool_constants(graph)
    assert sorted(node.attributes["value"][0] for node in graph.nodes()) == list(range(50))
    assert len(comparisons) < 2 * MANY


def test_constants_that_are_functions_are_told_apart_by_their_types(comparisons):
    graph = Graph()
    functions = [Function(f"__torch__.f{i}", FunctionSchema("f", "", (), ()), Graph()) for i in range(MANY)]
    for function in functions + functions:
        node = graph.create("prim::Constant")
        node.attributes["name"] = "f"
        node.output.set_type(FunctionType(function.qualified_name, function))
        graph.insert(node)
    pool_constants(graph)
    assert len(list(graph.nodes())) == MANY
    assert len(comparisons) < 2 * MANY


def test_the_table_of_constants_shares_equal_tensors_among_many():
    table = ConstantTable()
    positions = [table.position(tensor(i % 30, 7.0)) for i in range(MANY)]
    assert positions == [i % 30 for i in range(MANY)]
    assert len(table.values) == 30


def test_no_more_is_read_than_may_be(monkeypatch):
    monkeypatch.setattr("jitcore.ir.tensor_contents._MOST_READ", 40)
    contents = TensorContents()
    one, other = tensor(*range(5)), tensor(*range(5))
    assert contents.of(one) == contents.of(other)
    assert contents.of(one) != contents.of(other)


def test_a_tensor_with_nan_differs_from_itself_as_in_libtorch():
    import torch

    from jitcore.passes.node_equality import equal_tensors

    for tensor in (torch.tensor([1.0, float("nan")]), torch.tensor([1.0, 2.0]), torch.tensor([1, 2])):
        assert equal_tensors(tensor, tensor) == torch.equal(tensor, tensor)
    sparse = torch.eye(2).to_sparse()
    assert equal_tensors(sparse, sparse)
