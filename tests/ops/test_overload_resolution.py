"""Calls of operators become the nodes that torch makes of them."""

import re

import pytest

from jitcore import ops
from jitcore.ir import Graph
from jitcore.ops.lookup import operator_key
from jitcore.printing import parse_graph
from jitcore.source import JitError
from jitcore.types import FLOAT, INT, STRING, TENSOR, ListType, ir_text
from tests.ops.resolved_calls import Call

# operator; types of the arguments, the last of which are the keywords that are named
CASES = """
    add: Tensor; Tensor
    add: Tensor; int
    add: Tensor; bool
    add: int; Tensor
    add: Tensor; Tensor; Tensor alpha
    sub: float; Tensor
    sub: complex; Tensor
    mul: float; Tensor
    div: Tensor; Tensor
    div: int; Tensor
    div: Tensor; Tensor; str rounding_mode
    lt: int; Tensor
    ge: float; Tensor
    eq: complex; Tensor
    ne: int; Tensor
    floor_divide: Tensor; float
    zeros: int; int
    zeros: Tuple[int, int]
    zeros: List[int]; str device
    zeros: int; Tensor; int dtype
    full: List[int]; bool
    full: List[int]; Tensor
    max: Tensor
    max: Tensor; int
    max: Tensor; Tensor
    max: Tensor; int dim; bool keepdim
    max_pool2d: Tensor; int
    max_pool2d: Tensor; Tuple[int, int]; int stride
    softmax: Tensor; bool
    softmax: Tensor; int; Optional[int] dtype
    sum: Tensor; int dim
    mean: Tensor; List[int]; bool
    cat: List[Tensor]; int
    cat: Tuple[Tensor, Tensor]
    stack: List[Tensor]; Tensor
    reshape: Tensor; Tuple[int, int]
    permute: Tensor; List[int]
    relu: Tensor input
    dropout: Tensor; bool; bool
    where: Tensor; Tensor; float
    clamp: Tensor; float min
    clamp: Tensor; int; Tensor
    arange: int
    arange: int; float
    arange: float; int; int
    linspace: float; float; int
    lstm: Tensor; List[Tensor]; List[Tensor]; bool; int; float; bool; bool; bool
    topk: Tensor; int
    index_select: Tensor; int; Tensor
    pow: int; float
    pow: Tensor; int
    split: Tensor; int
    split: Tensor; List[int]
    _assert: Tensor; str
    _assert: bool; str
    device: str type
    device: str; int
    bucketize: Tensor; Tensor
    addmm: Tensor; Tensor; Tensor; int beta; float alpha
    conv2d: Tensor; Tensor; Optional[Tensor]; int; Tuple[int, int]
    conv2d: Tensor; Tensor; Optional[Tensor]; int; str
    layer_norm: Tensor; List[int]; Optional[Tensor]
    rand: int; int; int
    broadcast_tensors: Tensor; Tensor
    meshgrid: Tensor; Tensor
    tensor: List[float]
    tensor: int; int dtype
    instance_norm: Tensor; Optional[Tensor]; Optional[Tensor]; Tensor; Tensor; bool; float; float; bool
    nonexistent: Tensor
    relu: str
    relu: Tensor; int
    relu: Tensor; int inplace
    max: Tensor; str; int
    zeros: str
    mul: Tensor; str
    cat: List[int]
    add: Tensor; Tensor; Tensor; Tensor
"""


def parse_case(line):
    """`max: Tensor; int dim` -> name, annotations, keyword names (None for positional arguments)."""
    name, _, listed = line.strip().partition(": ")
    annotations, keywords = [], []
    for argument in listed.split("; "):
        match = re.fullmatch(r"(.*\]|\w+)(?: (\w+))?", argument)
        annotations.append(match.group(1))
        keywords.append(match.group(2))
    return name, annotations, keywords


@pytest.mark.parametrize("line", [line.strip() for line in CASES.strip().splitlines()])
def test_a_call_is_resolved_as_torch_resolves_it(line):
    call = Call(*parse_case(line))
    expected, refusal = call.by_torch()
    result, our_refusal = call.by_core()
    if refusal is not None and refusal.startswith("object has no attribute"):
        assert our_refusal is not None
    else:
        assert our_refusal == refusal
        assert result == expected


def test_several_results_are_packed_with_their_names():
    graph = Graph()
    x = graph.add_input("x")
    packed = ops.emit_builtin(
        graph, None, "aten::topk", [ops.NamedValue(x), ops.NamedValue.of_constant(2, INT)]
    )
    assert ir_text(packed.type) == "NamedTuple(values : Tensor, indices : Tensor)"
    assert packed.node.kind == "prim::TupleConstruct"


def test_failed_attempts_leave_their_constants_behind():
    graph = Graph()
    x = graph.add_input("x")
    ops.emit_builtin(graph, None, "aten::max", [ops.NamedValue(x), ops.NamedValue.of_constant(1, INT)])
    constants = [n.attributes.get("value") for n in graph.nodes() if n.is_constant]
    # Once for the overload with two tensors, once for the one without arguments, once for the right one.
    assert constants.count(1) >= 2


def test_an_empty_list_literal_takes_the_type_that_is_asked_for():
    graph = Graph()
    x = graph.add_input("x")
    empty = graph.insert(graph.create("prim::EmptyListLiteral")).output.set_type(ListType(TENSOR))
    result = ops.emit_builtin(graph, None, "aten::permute", [ops.NamedValue(x), ops.NamedValue(empty)])
    assert result.node.inputs[1].type == ListType(INT)


def test_self_is_passed_where_the_schema_names_it():
    graph = Graph()
    x, other = graph.add_input("x"), graph.add_input("y")
    result = ops.emit_builtin(graph, None, "aten::lt", [ops.NamedValue(other)], [], ops.NamedValue(x))
    assert result.node.inputs == [x, other]


def test_an_unknown_operator_suggests_similar_ones():
    with pytest.raises(
        JitError, match=r"Unknown builtin op: aten::softmx\.\nHere are some suggestions: \n\taten::softmax"
    ):
        ops.emit_builtin(Graph(), None, "aten::softmx", [])
    with pytest.raises(JitError, match="Could not find any similar ops to aten::no_such_operator"):
        ops.emit_builtin(Graph(), None, "aten::no_such_operator", [])


def test_the_dtype_overload_of_view_is_never_chosen():
    graph = Graph()
    x, n = graph.add_input("x"), graph.add_input("n", INT)
    result = ops.emit_builtin(graph, None, "aten::view", [ops.NamedValue(x), ops.NamedValue(n)])
    assert ops.operator_key(result.node) == "aten::view"


def test_the_schema_of_a_node_follows_its_inputs():
    graph = Graph()
    x, n, s = graph.add_input("x"), graph.add_input("n", INT), graph.add_input("s", STRING)
    node = graph.insert(graph.create("aten::eq", (x, n)))
    assert ops.operator_key(node) == "aten::eq.Scalar"
    assert ops.matches(node, "aten::eq.Scalar")
    assert not ops.matches(node, "aten::eq.Tensor", "aten::eq.str")
    node.replace_input(0, s)
    assert ops.operator_key(node) is None
    node.replace_input(1, s)
    assert ops.operator_key(node) == "aten::eq.str"
    assert ops.named_input(node, "b") == 1


def test_a_value_of_another_type_is_another_overload_for_its_readers():
    graph = parse_graph(
        "graph(%x : Tensor, %n : int):\n  %1 : int = prim::Constant[value=1]()\n"
        "  %2 : Tensor = aten::mul(%x, %n)\n  return (%2)\n"
    )
    product = graph.outputs[0].node
    number = graph.inputs[1]
    journal = graph.attach_journal()
    assert operator_key(product) == "aten::mul.Scalar"
    number.set_type(TENSOR)
    assert operator_key(product) == "aten::mul.Tensor"
    journal.undo()
    assert operator_key(product) == "aten::mul.Scalar"
    journal.redo()
    assert operator_key(product) == "aten::mul.Tensor"
    number.set_type(FLOAT)
    assert operator_key(product) == "aten::mul.Scalar"
