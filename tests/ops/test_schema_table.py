"""The table holds what torch registers, and reading it loses nothing."""

import pytest

from jitcore import ops
from jitcore.ops.table import TORCH_SCHEMAS, TORCHVISION_SCHEMAS, name_of, tables
from jitcore.source import JitError
from jitcore.types import FLOAT, INT, NO_DEFAULT, ListType, make_optional


@pytest.mark.parametrize("path", [TORCH_SCHEMAS, TORCHVISION_SCHEMAS])
def test_every_schema_prints_as_it_was_written(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    different = [line for line in lines if ops.schema_text(ops.parse_schema(line)) != line]
    assert lines
    assert different == []


def test_every_name_is_found_with_its_lines():
    for table in tables():
        grouped: dict[str, list[str]] = {}
        for line in table:
            grouped.setdefault(name_of(line), []).append(line)
        assert all(table.lines(name) == lines for name, lines in grouped.items())


@pytest.mark.parametrize(
    "name", ["", "aten", "aten::", "aten::ad", "aten::add.Tensor", "aaaa::first", "zzzz::last"]
)
def test_unknown_names_are_not_found(name):
    assert not ops.exists(name)
    assert list(ops.find(name)) == []


def test_the_table_equals_what_torch_registers():
    torch = pytest.importorskip("torch")
    for name in ("aten::add", "aten::zeros", "aten::mul", "aten::__getitem__", "prim::min", "aten::format"):
        registered = torch._C._jit_get_schemas_for_operator(name)
        ours = ops.find(name)
        assert [ops.schema_text(s) for s in ours] == [str(s) for s in registered]
        for mine, theirs in zip(ours, registered, strict=True):
            for a, b in zip(mine.arguments, theirs.arguments, strict=True):
                assert (a.name, a.kwarg_only, a.size) == (b.name, b.kwarg_only, b.N)
                assert a.has_default == b.has_default_value()
                assert a.type.annotation() == b.type.annotation_str
                if a.has_default:
                    assert a.default == b.default_value
                    assert type(a.default) is type(b.default_value)


def test_overloads_are_found_by_key():
    schema = ops.find_overload("aten::add.Tensor")
    assert schema is not None
    assert schema.overload == "Tensor"
    assert ops.find_overload("aten::relu") is ops.find("aten::relu")[0]
    assert ops.find_overload("aten::add.nothing") is None


def test_defaults_take_the_type_of_the_argument():
    schema = ops.parse_schema(
        'f::g(int[2] a=1, float b=2, float? c=1, int[] d=[], *, str e="x, (", int[1]? f=None, '
        "ScalarType g=long) -> ()"
    )
    a, b, c, d, e, f, g = schema.arguments
    assert (a.default, a.size, a.type) == ([1, 1], 2, ListType(INT))
    assert (b.default, type(b.default)) == (2.0, float)
    assert (c.default, type(c.default), c.type) == (1, int, make_optional(FLOAT))
    assert (d.default, e.default, f.default, g.default) == ([], "x, (", None, 4)
    assert [x.kwarg_only for x in schema.arguments] == [False] * 4 + [True] * 3
    assert schema.returns == ()


def test_returns():
    named = ops.parse_schema("f::g(Tensor x) -> (Tensor values, Tensor indices)")
    assert [r.name for r in named.returns] == ["values", "indices"]
    pairs = ops.parse_schema("f::g(Tensor x) -> ((str, t)[])")
    assert len(pairs.returns) == 1
    assert str(pairs.returns[0].type) == "(str, t)[]"
    assert ops.parse_schema("f::g(...) -> ...").is_varret
    assert pairs.arguments[0].default is NO_DEFAULT


@pytest.mark.parametrize(
    "text", ["aten::add", "f::g(int a", "f::g(int a) int", "f::g(int a=[) -> ()", "f::g(int a=b) -> ()"]
)
def test_malformed_schemas_are_refused(text):
    with pytest.raises(JitError):
        ops.parse_schema(text)
