"""Parsing is the inverse of printing, on torch's graphs and on made-up ones."""

import re

import corpus
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from jitcore.ir import Graph, verify
from jitcore.printing import graph_text, parse_graph
from jitcore.source import SourceError
from jitcore.types import (
    BOOL,
    FLOAT,
    INT,
    STRING,
    TENSOR,
    ClassType,
    DictType,
    ListType,
    TupleType,
    make_optional,
)


def same(oracle) -> None:
    text = str(oracle)
    graph = parse_graph(text)
    verify(graph)
    assert graph_text(graph) == text


@pytest.mark.parametrize("name", [f.__name__ for f in corpus.FUNCTIONS])
def test_a_functions_graph_survives(scripted, name):
    same(scripted[name].graph)
    same(scripted[name].inlined_graph)


@pytest.mark.parametrize("name", corpus.MODULES)
def test_a_modules_graphs_survive(script_modules, name):
    module = script_modules[name]
    same(module.inlined_graph)
    for _, part in module.named_modules():
        for method in part._c._method_names():
            same(part._c._get_method(method).graph)


def test_subgraphs_belong_to_their_nodes(scripted):
    graph = parse_graph(str(scripted["forks"].inlined_graph))
    forks = [node for node in graph.all_nodes() if node.kind == "prim::fork"]
    assert len(forks) == 2
    assert all(isinstance(node.attributes["Subgraph"], Graph) for node in forks)
    assert forks[0].attributes["Subgraph"] is not forks[1].attributes["Subgraph"]


def test_classes_of_one_name_are_one_type():
    graph = parse_graph(
        "graph(%self : __torch__.M, %o : __torch__.M[]):\n"
        '  %w : Tensor = prim::GetAttr[name="w"](%self)\n'
        "  return (%w)\n"
    )
    first, second = (value.type for value in graph.inputs)
    assert isinstance(first, ClassType)
    assert isinstance(second, ListType)
    assert second.element is first


def test_known_classes_are_used():
    known = ClassType("__torch__.M", is_module=True)
    graph = parse_graph("graph(%self : __torch__.M):\n  return (%self)\n", types={"__torch__.M": known}.get)
    assert graph.inputs[0].type is known


DIALECT = """
# a comment
graph(%0 : Tensor,
      %b):
  %1 = aten::add[ a = 1 , b=[1.5, 2.] ](%0, %b)   # no place
  %2 : int, %3 = foo::pair[s="x", t=int, ts=[int, Float(3, 4)]](%1)
  prim::Print(%2)
  %c : bool = prim::Constant[value=1]()
  %y : Tensor = prim::If(%c)
    block0():
      %z = aten::neg(%1)
      -> (%z)
    otherwise():
      -> (%3)
  return (%y, %2)
"""


def test_the_dialect_of_parse_ir_is_read():
    graph = parse_graph(DIALECT)
    verify(graph)
    assert graph_text(parse_graph(graph_text(graph))) == graph_text(graph)
    add = next(graph.nodes())
    assert add.attributes == {"a": 1, "b": [1.5, 2.0]}
    assert [node.kind for node in graph.nodes()] == [
        "aten::add", "foo::pair", "prim::Print", "prim::Constant", "prim::If",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["arithmetic", "branches", "loops", "dict_loop", "slices", "raises"])
def test_renumbered_values_are_those_of_parse_ir(scripted, name):
    text = str(scripted[name].graph)
    mine = graph_text(parse_graph(text, renumber=True), locations=False)
    plain = graph_text(parse_graph(text), locations=False)
    # torch does not read the ` = ` that it prints before nodes without results.
    theirs = str(torch._C.parse_ir(re.sub(r"(?m)^( +) = (?=prim)", r"\1", plain)))
    assert mine == graph_text(parse_graph(theirs), locations=False)
    assert "%x.1 : Tensor" in mine or "%d.1 : " in mine


OUT_OF_SCOPE = """graph(%x : bool):
  %1 : int = prim::If(%x)
    block0():
      %a : int = prim::Constant[value=1]()
      -> (%a)
    block1():
      -> (%a)
  return (%1)
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:0: expected 'graph'"),
        ("graph(%x : Tensor):\n  return (%y)\n", "2:10: %y is not defined here"),
        ("graph(%x : Tensor):\n  %1 : Tensr = aten::neg(%x)\n", "expected a node or the results"),
        ("graph(%x : Tensor):\n  %x : Tensor = aten::neg(%x)\n  return (%x)", "%x is defined twice"),
        ("graph(%x : Tensor):\n  %1 : Tensor = aten::neg[value=](%x)\n  return (%1)", "2:32: "),
        ("graph(%x : Tensor):\n  %1 : Tensor = aten::neg(%x\n  return (%1)", "3:2: expected ')'"),
        ("graph(%x : Tensor):\n  return (%x)\n garbage", "3:1: expected the end of the text"),
        (
            'graph(%x : Tensor):\n  %1 : str = prim::Constant[value="\\9"]()\n  return (%1)',
            "2:34: bad string",
        ),
        ("graph(%x : Tensor[):\n  return (%x)", "1:17: "),
        (
            OUT_OF_SCOPE,
            "7:10: %a is not defined here",
        ),
        ("graph():\n  %f : Function = prim::Constant()\n  return (%f)", "a function constant needs a name"),
    ],
)
def test_errors_say_where(text, message):
    with pytest.raises(SourceError) as caught:
        parse_graph(text, filename="a.ir")
    assert message in str(caught.value)
    assert str(caught.value).startswith("a.ir:")


def literals_of(kind):
    return {
        INT: st.integers(-(2**63), 2**63 - 1),
        FLOAT: st.floats(allow_nan=False),
        STRING: st.text(max_size=12),
        BOOL: st.booleans(),
    }[kind]


SIMPLE = [INT, FLOAT, STRING, BOOL]


@st.composite
def constants(draw):
    kind = draw(st.sampled_from(SIMPLE))
    form = draw(st.sampled_from(["plain", "list", "tuple", "dict", "none", "optionals"]))
    if form == "plain":
        return draw(literals_of(kind)), kind
    if form == "list":
        return draw(st.lists(literals_of(kind), max_size=4)), ListType(kind)
    if form == "optionals":
        return draw(st.lists(st.none() | literals_of(kind), max_size=4)), ListType(make_optional(kind))
    if form == "tuple":
        other = draw(st.sampled_from(SIMPLE))
        return (draw(literals_of(kind)), [draw(literals_of(other))]), TupleType((kind, ListType(other)))
    if form == "dict":
        return draw(st.dictionaries(st.text(max_size=5), literals_of(kind), max_size=3)), DictType(
            STRING, kind
        )
    return None, make_optional(kind)


@st.composite
def graphs(draw):
    graph = Graph()
    values = [graph.add_input(draw(st.sampled_from(["", "x", "x.1", "self", "input.7"]))) for _ in range(3)]

    def fill(block, depth):
        local = list(values_of_scope[-1])
        values_of_scope.append(local)
        for _ in range(draw(st.integers(0, 4))):
            if draw(st.booleans()):
                value, kind = draw(constants())
                node = graph.create_constant(value, kind)
                block.append(node)
                local.append(node.output)
                continue
            inputs = draw(st.lists(st.sampled_from(local), max_size=3))
            node = block.append(
                graph.create(draw(st.sampled_from(["aten::add", "prim::Print", "ns::op_3"])), inputs)
            )
            if draw(st.booleans()):
                node.output.set_debug_name(draw(st.sampled_from(["y", "y.2", "z_1", "h"])))
            if depth and draw(st.booleans()):
                fill(node.add_block(), depth - 1)
                inner = node.add_block()
                inner.add_input("i", INT)
                fill(inner, depth - 1)
            local.append(node.output)
        for value in draw(st.lists(st.sampled_from(local), max_size=2)):
            block.register_output(value)
        values_of_scope.pop()

    values_of_scope = [values]
    fill(graph.block, 2)
    return graph


@settings(max_examples=150)
@given(graphs())
def test_any_graph_survives(graph):
    text = graph_text(graph)
    parsed = parse_graph(text)
    verify(parsed)
    assert graph_text(parsed) == text
    for mine, theirs in zip(parsed.all_nodes(), graph.all_nodes(), strict=True):
        assert mine.kind == theirs.kind
        assert repr(mine.attributes) == repr(theirs.attributes)
        assert [v.type for v in mine.outputs] == [v.type for v in theirs.outputs]


def test_tensor_types_keep_what_is_known():
    first = "%x : Float(2, *, strides=[3, 1], requires_grad=1, device=cuda:0)"
    graph = parse_graph(f"graph({first}, %y : DoubleTensor, %z : Tensor?[]):\n  return (%x)\n")
    x = graph.inputs[0].type
    assert (x.dtype, x.sizes, x.strides, x.requires_grad, x.device) == (
        "float32",
        (2, None),
        (3, 1),
        True,
        "cuda:0",
    )
    assert graph.inputs[1].type.dtype == "float64"
    assert graph.inputs[2].type == ListType(make_optional(TENSOR))


ONE = "graph(%x : Tensor):\n  %1 : {} = prim::Constant[value={}]()\n  return (%1)\n"
LONG = "1" * 5000
BIG = {
    "int": ONE.format("int", 1 << 63),
    "negative": ONE.format("int", -(1 << 63) - 1),
    "long": ONE.format("int", LONG),
    "in a list": ONE.format("int[]", f"[1, {LONG}]"),
    "in a dict": ONE.format("Dict(str, int)", f'{{"a": {LONG}}}'),
    "bool": ONE.format("bool", LONG),
    "exponent": ONE.format("float", "1e999999999999"),
    "negative exponent": ONE.format("float", "-1e400"),
    "float": ONE.format("float", f"{LONG}.5"),
    "complex": ONE.format("complex", f"{LONG}.j"),
    "imaginary": ONE.format("complex", "1.+1e400j"),
    "attribute": f"graph(%x):\n  %1 : Tensor = foo::bar[a={LONG}](%x)\n  return (%1)\n",
    "size": f"graph(%x : Float({LONG})):\n  return (%x)\n",
    "size of 64 bits": f"graph(%x : Float({1 << 63})):\n  return (%x)\n",
    "stride": f"graph(%x : Float(1, strides=[{LONG}])):\n  return (%x)\n",
    "requires_grad": f"graph(%x : Float(1, strides=[1], requires_grad={LONG})):\n  return (%x)\n",
    "device": f"graph(%x : Float(2, strides=[1], device=cuda:{LONG})):\n  return (%x)\n",
}


@pytest.mark.parametrize("case", BIG)
def test_numbers_that_are_too_big_are_refused_in_a_sentence_as_torch_does(case):
    text = BIG[case]
    with pytest.raises(RuntimeError):
        torch._C.parse_ir(text)
    with pytest.raises(SourceError) as refused:
        parse_graph(text, filename="f.ir")
    assert re.match(r"f\.ir:[12]:[0-9]+: ", str(refused.value))
    message = str(refused.value).partition(": ")[2]
    assert re.match(r"(cannot read a type: )?(Number|Device index) is too (big|long)", message)


@pytest.mark.parametrize(
    "value", [(1 << 63) - 1, -(1 << 63), "1.7976931348623157e+308", "-4.9406564584124654e-324", "inf"]
)
def test_the_largest_numbers_are_read(value):
    text = ONE.format("float" if isinstance(value, str) else "int", value)
    parsed = graph_text(parse_graph(text))
    assert str(value) in parsed
    if value not in ("-4.9406564584124654e-324", "inf"):
        # Torch prints these too, and does not read them again.
        assert str(value) in str(torch._C.parse_ir(text))


@pytest.mark.parametrize("name", [LONG, "99999999999999999999"])
def test_numbers_of_values_that_are_too_big_are_refused_where_they_are_kept(name):
    text = f"graph(%{name} : Tensor):\n  return (%{name})\n"
    with pytest.raises(SourceError, match=r"f\.ir:1:0: the number of a value is too big"):
        parse_graph(text, filename="f.ir")
    assert graph_text(parse_graph(text, renumber=True)) == str(torch._C.parse_ir(text))


@pytest.mark.parametrize("name", ["²", "٣", "3²"])
def test_digits_of_other_scripts_are_names(name):
    text = f"graph(%{name} : Tensor):\n  return (%{name})\n"
    assert graph_text(parse_graph(text)) == text


@pytest.mark.parametrize("place", [f"{LONG}:1", f"1:{LONG}", "1:999999999999", "999999999999999999:3"])
def test_places_that_no_program_has_are_no_obstacle(place):
    text = f"graph(%x : Tensor):\n  %1 : Tensor = aten::neg(%x) # f.py:{place}\n  return (%1)\n"
    graph = parse_graph(text)
    torch._C.parse_ir(text)
    (node,) = graph.nodes()
    assert (node.source_range is None) == (not place.endswith(":3"))
