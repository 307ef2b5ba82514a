"""Kernels are declared for overloads that exist, with the schemas that they have."""

import pytest

from jitcore import ops
from jitcore.ops.kernels import all_kernels, find
from jitcore.ops.kernels.registry import declare, declared
from jitcore.ops.kernels.string_search import length
from jitcore.ops.releases import USUAL, release


def test_the_declared_schemas_are_those_of_the_table():
    kernels = all_kernels()
    assert len(kernels) > 550
    wrong = [
        text
        for key, (_, text) in declared().items()
        if (schema := ops.find_overload(key)) is not None and ops.schema_text(schema) != text
    ]
    assert wrong == []
    # Not every release of torch has all operators.
    assert release() != USUAL or all(ops.find_overload(key) is not None for key in declared())


def test_an_operator_has_one_kernel():
    with pytest.raises(ValueError, match=r"aten::len\.str has two kernels"):
        declare(length, "aten::len.str(str s) -> int")


def test_kernels_are_found_by_key():
    assert find("aten::len.str") is length
    assert find("aten::relu") is None
    assert find("aten::len.Tensor") is None


def test_strings_are_bytes():
    text = "a\u00e9\u4e2d"
    part = find("aten::slice.str")
    assert length(text) == 6
    first, rest = part(text, 0, 2, 1), part(text, 2, None, 1)
    # A part of a character is no text, but put together it is one again.
    assert first + rest != text
    assert (first + rest).encode("utf-8", "surrogateescape").decode() == text
