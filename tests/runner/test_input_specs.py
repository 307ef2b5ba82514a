"""Specifications of inputs: how they are read, and the values they stand for."""

import contextlib

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jitcore.exec import ExecutionError
from jitviewer.protocol.input_spec import (
    ComplexSpec,
    DictSpec,
    FileSpec,
    ListSpec,
    LiteralSpec,
    Spec,
    SpecError,
    TensorSpec,
    TupleSpec,
    parse_spec,
)  # fmt: skip
from jitviewer.runner.inputs import make_inputs, read_arguments

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("float32[1,3,224,224]", TensorSpec("float32", (1, 3, 224, 224))),
        (" int64[1, 16]:0..1000 ", TensorSpec("int64", (1, 16), 0, 1000)),
        ("int64[3]:-5..5", TensorSpec("int64", (3,), -5, 5)),
        ("float16[2]:-1.5..2.5", TensorSpec("float16", (2,), -1.5, 2.5)),
        ("bool[]", TensorSpec("bool", ())),
        ("float32[0,3]", TensorSpec("float32", (0, 3))),
        ("3", LiteralSpec(3)),
        ("-2.5e-1", LiteralSpec(-0.25)),
        ("1_000", LiteralSpec(1000)),
        ("-inf", LiteralSpec(float("-inf"))),
        ("True", LiteralSpec(True)),
        ("None", LiteralSpec(None)),
        (r"'it\'s'", LiteralSpec("it's")),
        ('"a\\n"', LiteralSpec("a\n")),
        ("2j", ComplexSpec(0.0, 2.0)),
        ("[float32[3,320,320]]", ListSpec((TensorSpec("float32", (3, 320, 320)),))),
        ("()", TupleSpec(())),
        ("(1,)", TupleSpec((LiteralSpec(1),))),
        ("(1)", LiteralSpec(1)),
        ("(1, [2])", TupleSpec((LiteralSpec(1), ListSpec((LiteralSpec(2),))))),
        ("{'a': float32[2], 1: int64[2]:0..5}", DictSpec((
            (LiteralSpec("a"), TensorSpec("float32", (2,))),
            (LiteralSpec(1), TensorSpec("int64", (2,), 0, 5)),
        ))),
        ("some dir/x.npy", FileSpec("some dir/x.npy")),
        ("inputs.pt", FileSpec("inputs.pt")),
    ],
)  # fmt: skip
def test_reading(text, spec):
    assert parse_spec(text) == spec
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(spec), type=Spec) == spec


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "ends too early"),
        ("float32[2", "']' expected"),
        ("float32[-1]", "not a whole number"),
        ("float31[2]", "no element type"),
        ("int64[2]:0..1.5", "no limit for int64"),
        ("int64[2]:5..5", "is empty"),
        ("int64[2]:5", "ends too early"),
        ("1 2", "too much"),
        ("[1", "']' expected"),
        ("{1}", "':' expected"),
        ("@", "stands where a value should"),
        ("$", "not understood"),
        ("[" * 60 + "]" * 60, "nested deeper"),
        ("float32[99999999,99999999]", "more than a run may make up"),
        ("__import__('os')", "no element type"),
    ],
)
def test_what_is_no_specification(text, part):
    with pytest.raises(SpecError, match="cannot be read") as caught:
        parse_spec(text)
    assert part in str(caught.value)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(SpecError):
        parse_spec(text)


def test_values():
    values = make_inputs(
        [
            "float32[2,3]",
            "int64[50]:4..7",
            "int32[5]",
            "bool[20]",
            "float64[100]:-1..3",
            "[3, (None, 'x')]",
            "2j",
        ],
        0,
        CPU,
    )
    x, n, small, flags, ranged, nested, number = values
    assert (x.dtype, x.shape) == (torch.float32, (2, 3))
    assert set(n.tolist()) == {4, 5, 6}
    assert small.dtype == torch.int32
    assert 0 <= small.min() <= small.max() < 10
    assert set(flags.tolist()) == {True, False}
    assert -1 <= ranged.min() < 0 < 2 < ranged.max() <= 3
    assert nested == [3, (None, "x")]
    assert number == 2j


def test_seeds_decide():
    def make(seed):
        return make_inputs(["float32[4]", "int64[4]:0..1000"], seed, CPU)

    for one, other in zip(make(1), make(1), strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(make(1)[0], make(2)[0])


def test_narrow_types_get_the_same_numbers():
    wide = make_inputs(["float32[8]"], 3, CPU)[0]
    assert torch.equal(make_inputs(["bfloat16[8]"], 3, CPU)[0], wide.to(torch.bfloat16))


def test_range_that_does_not_fit():
    (value,) = make_inputs(["uint8[4]:0..256"], 0, CPU)
    assert value.dtype == torch.uint8


def test_files(tmp_path):
    array = tmp_path / "a.npy"
    np.save(array, np.arange(3))
    saved = tmp_path / "b.pt"
    torch.save({"x": torch.ones(2)}, saved)
    a, b = make_inputs([str(array), str(saved)], 0, CPU)
    assert a.tolist() == [0, 1, 2]
    assert b["x"].tolist() == [1.0, 1.0]
    torch.save((torch.zeros(1), 3), saved)
    assert read_arguments(str(saved), CPU)[1] == 3


def test_files_that_hold_code_or_nothing_are_refused(tmp_path):
    class Evil:
        def __reduce__(self):
            return (print, ("ran",))

    path = tmp_path / "evil.pt"
    torch.save(Evil(), path)
    with pytest.raises(ExecutionError, match="read safely"):
        make_inputs([str(path)], 0, CPU)
    with pytest.raises(ExecutionError, match="No such file"):
        make_inputs([str(tmp_path / "absent.npy")], 0, CPU)
    objects = tmp_path / "objects.npy"
    np.save(objects, np.array([Evil()], dtype=object), allow_pickle=True)
    with pytest.raises(ExecutionError, match="read safely"):
        make_inputs([str(objects)], 0, CPU)
