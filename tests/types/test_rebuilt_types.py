"""Types made over other parts are what torch makes of these parts, which may be simpler."""

import pytest
import torch

from jitcore.types import (
    FLOAT,
    INT,
    NONE,
    STRING,
    TENSOR,
    DictType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    make_optional,
    make_union,
    rebuilt,
    unshaped,
)

TORCH = {
    FLOAT: torch._C.FloatType.get(),
    INT: torch._C.IntType.get(),
    NONE: torch._C.NoneType.get(),
    STRING: torch._C.StringType.get(),
    TENSOR: torch._C.TensorType.get(),
    make_optional(INT): torch._C.OptionalType(torch._C.IntType.get()),
    make_union((INT, STRING)): torch._C.UnionType([torch._C.IntType.get(), torch._C.StringType.get()]),
}


@pytest.mark.parametrize(
    "parts",
    [(STRING, FLOAT), (FLOAT, STRING, INT), (make_union((INT, STRING)), FLOAT), (TENSOR, STRING, NONE)],
    ids=str,
)
def test_a_union_is_flat_and_sorted(parts):
    theirs = torch._C.UnionType([TORCH[part] for part in parts])
    assert rebuilt(make_union((INT, STRING)), parts).annotation() == theirs.annotation_str


def test_a_union_of_one_type_is_that_type():
    assert rebuilt(make_union((INT, STRING)), (FLOAT, FLOAT)) is FLOAT


def test_a_union_with_none_of_one_more_is_optional():
    assert rebuilt(make_union((INT, STRING, NONE)), (FLOAT, NONE)) == OptionalType(FLOAT)


def test_an_optional_holds_no_other():
    inner = make_optional(INT)
    theirs = torch._C.OptionalType(TORCH[inner])
    assert rebuilt(make_optional(STRING), (inner,)).annotation() == theirs.annotation_str


def test_other_types_take_the_parts_as_they_are():
    inner = make_optional(INT)
    assert rebuilt(ListType(INT), (inner,)) == ListType(inner)
    assert rebuilt(DictType(STRING, INT), (STRING, inner)) == DictType(STRING, inner)
    named = rebuilt(TupleType((INT, INT), "Pair", ("a", "b")), (inner, FLOAT))
    assert (named.name, named.field_names, named.parts) == ("Pair", ("a", "b"), (inner, FLOAT))


def test_what_a_deep_type_is_without_shapes_is_made_once_for_each_part():
    inner = TupleType((TensorType(dtype="float32"),))
    outer = TupleType((inner, INT))
    assert unshaped(outer) == TupleType((TupleType((TENSOR,)), INT))
    assert unshaped(outer).parts[0] is unshaped(inner)
    plain = TupleType((TENSOR, ListType(INT)))
    assert unshaped(plain) is plain
