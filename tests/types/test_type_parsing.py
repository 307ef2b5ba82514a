"""Types read from schema and graph spelling are the types that print so."""

import pytest

from jitcore.source import JitError
from jitcore.types import (
    FLOAT,
    INT,
    SCALAR_TYPE,
    STRING,
    SYM_INT,
    TENSOR,
    ClassType,
    DictType,
    FutureType,
    ListType,
    TensorType,
    TupleType,
    VarType,
    ir_text,
    make_optional,
)
from jitcore.types.parsing import TypeParser, custom_class, parse_type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tensor", TENSOR),
        ("Tensor?[]", ListType(make_optional(TENSOR))),
        ("Tensor[]?", make_optional(ListType(TENSOR))),
        ("Dict(str, int[])", DictType(STRING, ListType(INT))),
        ("(int, float)[]", ListType(TupleType((INT, FLOAT)))),
        ("Future(t)", FutureType(VarType("t"))),
        ("tVal", VarType("tVal")),
        ("ScalarType?", make_optional(SCALAR_TYPE)),
        ("()", TupleType(())),
    ],
)
def test_schema_spelling(text, expected):
    assert parse_type(text) == expected


def test_faked_types_are_integers_to_the_compiler():
    parsed = TypeParser("SymInt[]?").parse()
    assert parsed.type == make_optional(ListType(INT))
    assert parsed.real_type == make_optional(ListType(SYM_INT))


def test_a_custom_class_is_one_type():
    name = "__torch__.torch.classes.quantized.Conv2dPackedParamsBase"
    assert parse_type(name) is custom_class(name)
    assert parse_type(name + "[]") == ListType(custom_class(name))


@pytest.mark.parametrize(
    ("text", "before", "after", "is_write", "contained"),
    [
        ("Tensor(a!)", {"a"}, {"a"}, True, 0),
        ("Tensor(a -> *)", {"a"}, {"*"}, False, 0),
        ("Tensor(a|b)", {"a", "b"}, {"a", "b"}, False, 0),
        ("Tensor(a!)[]", set(), set(), True, 1),
        ("t[](a!)", {"a"}, {"a"}, True, 0),
        ("Dict(int, t)(a!)", {"a"}, {"a"}, True, 0),
    ],
)
def test_alias_annotations(text, before, after, is_write, contained):
    alias = TypeParser(text).parse().alias
    assert alias is not None
    assert (alias.before, alias.after) == (before, after)
    assert (alias.is_write, len(alias.contained)) == (is_write, contained)


@pytest.mark.parametrize(
    "text",
    [
        "Tensor",
        "Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)",
        "Long(*, 4)",
        "FloatTensor",
        "Float()",
        "Tensor(requires_grad=1, device=cuda:0)",
        "(int, Float(2, requires_grad=0)[])",
        "NamedTuple(values : Tensor, indices : Tensor)",
        "Dict(str, Tensor)",
        "Future[int]",
        "Union(float, int, NoneType)",
        "int?",
        "Device",
    ],
)
def test_graph_spelling_round_trip(text):
    assert ir_text(parse_type(text, graph_spelling=True)) == text


def test_classes_of_a_graph_come_from_the_resolver():
    net = ClassType("__torch__.___torch_mangle_3.Net", is_module=True)
    known = {net.qualified_name: net}
    assert parse_type("__torch__.___torch_mangle_3.Net", known.__getitem__, graph_spelling=True) is net


def test_rank_zero_is_not_an_unknown_rank():
    scalar = parse_type("Long(requires_grad=0, device=cpu)", graph_spelling=True)
    assert isinstance(scalar, TensorType)
    assert scalar.sizes == ()
    unknown = parse_type("LongTensor(requires_grad=0)", graph_spelling=True)
    assert isinstance(unknown, TensorType)
    assert unknown.sizes is None


@pytest.mark.parametrize(
    "text", ["", "Foo", "Tensor(a", "Dict(int)", "Tensor]", "Tensor x", "int[", "Future(int, int)"]
)
def test_malformed_types_are_refused(text):
    with pytest.raises(JitError, match="cannot read a type"):
        parse_type(text)
