"""Texts of inputs that are huge, or made to be hard to read, are read or refused in a short sentence."""

import ast
import contextlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jitviewer.protocol.input_spec import (
    DictSpec,
    LiteralSpec,
    SpecError,
    TensorSpec,
    TupleSpec,
    files_in,
    parse_spec,
)
from jitviewer.protocol.input_tokens import MOST_CHARACTERS

LONG = 100_000
"""Characters: hours for who looks at all of them at each of them."""

PARTS = [
    "1", "9", ".", "..", "_", "+", "-", "e", "E", "j", "inf", "nan", "[", "]", "(", ")", "{", "}", ",", ":",
    "@", "'", '"', "\\", "\\x", "\\u", "\\U", "\\0", " ", "\n", "\t", "\0", "\x85", "\u0663", "\u00b2",
    "\udcff", "\U0001f600", "float32", "int64", "bool", "uint8", "True", "None", ".pt", " as ", "a.png",
    "float32[", "int64[2]:", "0..",
]  # fmt: skip


def refusal(text: str) -> str:
    """The sentence in which a text is refused."""
    with pytest.raises(SpecError) as raised:
        parse_spec(text)
    return str(raised.value)


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=25).map("".join))
@example("{[]: 1}")
@example("(" * 45 + ")" * 45)
def test_every_text_is_read_or_refused_in_a_sentence(text):
    with contextlib.suppress(SpecError):
        parse_spec(text)
    assert isinstance(files_in(text), list)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("head", ["", "[1,", "'", "float32[", "a.pt as "])
def test_long_texts_are_read_or_refused_at_once(head, part):
    text = head + part * (LONG // len(part))
    told = ""
    try:
        parse_spec(text)
    except SpecError as error:
        told = str(error)
    assert len(told) < 2_000


def test_what_is_longer_than_any_input_is_refused():
    assert f"more than {MOST_CHARACTERS:,}" in refusal("[" + "1," * MOST_CHARACTERS + "]")
    assert "longer than any number" in refusal("1" * 5_000)
    assert "longer than any number" in refusal("float32[" + "9" * 50_000 + "]")


@pytest.mark.parametrize(
    "text", ["9223372036854775808", "-9223372036854775809", "1" * 800, "[1, {2: " + "9" * 30]
)
def test_whole_numbers_that_torch_has_no_room_for_are_refused(text):
    assert "64 bits" in refusal(text)


def test_the_largest_numbers_are_read():
    assert parse_spec("9223372036854775807") == LiteralSpec((1 << 63) - 1)
    assert parse_spec("-9223372036854775808") == LiteralSpec(-1 << 63)
    assert parse_spec("99999999999999999999.") == LiteralSpec(1e20)
    assert parse_spec("float32[1]@9223372036854775807") == TensorSpec("float32", (1,), seed=(1 << 63) - 1)


@pytest.mark.parametrize("key", ["[]", "{}", "([],)", "(1, ({},))", "((([1],),),)"])
def test_what_can_change_is_no_key(key):
    assert "the key of a dict is" in refusal(f"{{{key}: 1}}")


def test_what_cannot_change_is_a_key():
    spec = parse_spec("{(1, ('a', 2j)): 1, None: 2, float32[2]: 3}")
    assert isinstance(spec, DictSpec)
    assert isinstance(spec.items[0][0], TupleSpec)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("uint8[2]:0..257", "0..256"), ("uint8[2]:-1..2", "0..256"), ("int8[2]:0..1000", "-128..128"),
        ("int32[2]:0..2147483649", "2147483648"), ("uint64[1]:-1..1", "0.."), ("float16[2]:0..1e9", "65504"),
        ("float32[2]:0..1e999", "3.40"), ("float32[2]:-inf..0", "3.40"), ("float32[2]:-3e38..3e38", "3.40"),
        ("float64[2]:-1e308..1e308", "1.79"), ("bfloat16[2]:0..1e300", "3.40"),
        ("complex128[2]:0..1e999", "1.79"),
    ],
)  # fmt: skip
def test_ranges_that_an_element_cannot_hold_are_refused(text, held):
    assert "does not fit" in refusal(text)
    assert held in refusal(text)


@pytest.mark.parametrize("text", ["float32[2]:nan..1", "float32[2]:0..nan", "int64[2]:1..1"])
def test_ranges_without_a_number_in_them_are_refused(text):
    assert "is empty" in refusal(text)


def test_only_the_digits_of_programs_are_digits():
    for text in ("float32[\u0663]", "\u0663", "float32[\u00b2]", "float32[1]@\u0663"):
        assert "cannot be read" in refusal(text)


@pytest.mark.parametrize(
    "shape", ["9223372036854775807,9223372036854775807,0", "99999999," * 1_000, "1," * 100]
)
def test_shapes_that_torch_does_not_take_are_refused(shape):
    assert re.search("elements are more|no more than 64 dimensions", refusal(f"float32[{shape}]"))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
@example("\\\x1b'\"\u202e\0\x80\U000e0041")
def test_a_text_as_python_writes_it_is_that_text(value):
    assert parse_spec(repr(value)) == LiteralSpec(value)
    assert parse_spec(ascii(value)) == LiteralSpec(value)


@pytest.mark.parametrize("text", [r"'\x41\u00e9\U0001f600\101\7'", r"'\a\b\f\v\\\''", '"\\\n"'])
def test_escapes_are_those_of_python(text):
    assert parse_spec(text) == LiteralSpec(ast.literal_eval(text))


@pytest.mark.parametrize("text", [r"'\q'", r"'\x4'", r"'\U00110000'", r"'C:\data'"])
def test_an_escape_that_is_none_is_refused(text):
    assert "stands for no character" in refusal(text)


@pytest.mark.parametrize("text", ["'a\udcff'", r"'\ud800'"])
def test_half_a_character_is_refused(text):
    assert "is no Unicode" in refusal(text)
