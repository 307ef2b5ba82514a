"""Input specifications: `float32[1,3,224,224]`, `int64[1,16]:0..1000@7`, literals, containers, files."""

from __future__ import annotations

import re
from sys import float_info
from typing import TypeAlias

import msgspec

from jitviewer.protocol.input_tokens import (
    Token,
    TokenError,
    number_of,
    shown,
    size_of,
    text_of,
    tokens_of,
)

FLOATING = frozenset({
    "float16", "float32", "float64", "bfloat16", "float8_e5m2", "float8_e4m3fn", "complex32", "complex64",
    "complex128",
})  # fmt: skip
INTEGRAL = frozenset({"uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"})
DTYPES = FLOATING | INTEGRAL | {"bool"}

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
FILE_SUFFIXES = (".npy", ".pt", *PICTURE_SUFFIXES)
MAX_ELEMENTS = 1 << 34
_MAX_DEPTH = 50


class SpecError(ValueError):
    """A specification cannot be read; one sentence that says what and how it is written."""


class TensorSpec(msgspec.Struct, frozen=True, tag=True):
    """A random tensor. Integers are drawn from `low` up to but without `high`; floats between them,
    or without limits from the standard normal distribution. `seed` is a seed of its own; without it the
    numbers follow those of the inputs before."""

    dtype: str
    shape: tuple[int, ...]
    low: int | float | None = None
    high: int | float | None = None
    seed: int | None = None


class LiteralSpec(msgspec.Struct, frozen=True, tag=True):
    """A number, text, truth value or None."""

    value: bool | int | float | str | None


class ComplexSpec(msgspec.Struct, frozen=True, tag=True):
    """A complex number."""

    real: float
    imag: float


class FileSpec(msgspec.Struct, frozen=True, tag=True):
    """The array of a `.npy` file, the value of a `.pt` file, which may hold tensors and containers only, or
    the pixels of a picture.

    `form` says which tensor to make of it: a picture is scaled to its size, and its brightness to its range
    (0 to 1 without one); an array is converted and reshaped.
    """

    path: str
    form: TensorSpec | None = None


class ListSpec(msgspec.Struct, frozen=True, tag=True):
    """A list."""

    items: tuple[Spec, ...]


class TupleSpec(msgspec.Struct, frozen=True, tag=True):
    """A tuple."""

    items: tuple[Spec, ...]


class DictSpec(msgspec.Struct, frozen=True, tag=True):
    """A dict of keys and values."""

    items: tuple[tuple[Spec, Spec], ...]


Spec: TypeAlias = TensorSpec | LiteralSpec | ComplexSpec | FileSpec | ListSpec | TupleSpec | DictSpec

_FILE_AS = re.compile(
    rf"(?P<path>.+(?:{'|'.join(re.escape(suffix) for suffix in FILE_SUFFIXES)}))\s+as\s+(?P<form>\w+\[.*)",
    re.IGNORECASE,
)
_WORDS: dict[str, bool | None] = {"True": True, "False": False, "None": None}
_MOST_DIMENSIONS = 64
_EXAMPLES = (
    "write float32[1,3,224,224], int64[1,16]:0..1000, a Python literal, or a .npy, .pt or picture file"
)
_TEXT_SHOWN = 200
"""Characters of a specification that a sentence repeats."""

_WHOLE_LIMITS = {
    "uint8": (0, 1 << 8), "int8": (-(1 << 7), 1 << 7), "uint16": (0, 1 << 16), "int16": (-(1 << 15), 1 << 15),
    "uint32": (0, 1 << 32), "int32": (-(1 << 31), 1 << 31),
    "uint64": (0, 1 << 64),
}  # fmt: skip
"""The least number of an element type, and the first that is too large; the others hold all of 64 bits."""

_SINGLE = 3.4028234663852886e38
_LARGEST = {
    "float16": 65504.0, "complex32": 65504.0, "float8_e5m2": 57344.0, "float8_e4m3fn": 448.0,
    "float64": float_info.max, "complex128": float_info.max,
}  # fmt: skip
"""The largest number of an element type; of the others it is that of single precision, in which narrower
types are drawn too."""


def parse_spec(text: str) -> Spec:
    """The specification that `text` is; raises `SpecError`."""
    stripped = text.strip()
    if stripped and stripped[0] not in "'\"[({":
        if stripped.lower().endswith(FILE_SUFFIXES):
            return FileSpec(stripped)
        file_as = _FILE_AS.fullmatch(stripped)
        if file_as is not None:
            return FileSpec(file_as["path"], _form(text, file_as["form"]))
    return _Parser(text).whole()


def files_in(text: str) -> list[str]:
    """Paths of the files that a specification reads; none if it cannot be read itself."""
    try:
        spec = parse_spec(text)
    except SpecError:
        return []
    return [spec.path] if isinstance(spec, FileSpec) else []


def _form(text: str, form: str) -> TensorSpec:
    spec = parse_spec(form)
    if not isinstance(spec, TensorSpec) or spec.seed is not None:
        what = f"{shown(form)} is no form of a tensor; write picture.png as float32[1,3,224,224]"
        raise _unreadable(text, what)
    return spec


class _Parser:
    """A cursor over the words of one text."""

    def __init__(self, text: str) -> None:
        """Raises `SpecError` for words that are none; the other methods do as well."""
        self._text = text
        try:
            self._tokens = tokens_of(text)
        except TokenError as error:
            raise self._error(str(error)) from error
        self._next = 0

    def whole(self) -> Spec:
        """The specification that the text is."""
        try:
            spec = self._value(0)
        except TokenError as error:
            raise self._error(str(error)) from error
        if self._next < len(self._tokens):
            raise self._error(f"{self._tokens[self._next].shown} is too much")
        return spec

    def _value(self, depth: int) -> Spec:
        if depth > _MAX_DEPTH:
            raise self._error(f"nested deeper than {_MAX_DEPTH}")
        token = self._take()
        match token:
            case Token("number"):
                return LiteralSpec(number_of(token))
            case Token("complex", text):
                return ComplexSpec(0.0, float(text.replace("_", "")))
            case Token("text"):
                return LiteralSpec(text_of(token))
            case Token("word"):
                return self._word(token)
            case Token(_, "["):
                return ListSpec(tuple(self._items("]", depth)))
            case Token(_, "("):
                return self._parenthesized(depth)
            case Token(_, "{"):
                return self._dict(depth)
            case _:
                raise self._error(f"{token.shown} stands where a value should")

    def _word(self, token: Token) -> Spec:
        word = token.text
        if word in _WORDS:
            return LiteralSpec(_WORDS[word])
        if word not in DTYPES:
            raise self._error(f"{token.shown} is no element type; float32, int64 and bool are some")
        self._expect("[")
        shape: list[int] = []
        elements = 1
        while not self._accept("]"):
            written = self._take()
            size = size_of(written)
            if size is None:
                raise self._error(f"the size {written.shown} is not a whole number")
            shape.append(size)
            # Torch multiplies beside a zero too.
            elements *= size or 1
            if elements > MAX_ELEMENTS:
                raise self._error(f"{elements:,} elements are more than a run may make up")
            if len(shape) > _MOST_DIMENSIONS:
                raise self._error(f"a tensor has no more than {_MOST_DIMENSIONS} dimensions")
            if not self._accept(","):
                self._expect("]")
                break
        return self._ranged(word, tuple(shape))

    def _ranged(self, dtype: str, shape: tuple[int, ...]) -> TensorSpec:
        if not self._follows_range():
            return TensorSpec(dtype, shape, seed=self._seed())
        self._expect(":")
        low = self._limit(dtype)
        if self._take().kind != "range":
            raise self._error("a range is written LOW..HIGH")
        high = self._limit(dtype)
        if not low < high:
            raise self._error(f"the range {low}..{high} is empty; the upper end is not part of it")
        self._check_range(dtype, low, high)
        return TensorSpec(dtype, shape, low, high, self._seed())

    def _check_range(self, dtype: str, low: float, high: float) -> None:
        if dtype in FLOATING:
            most: float = _LARGEST.get(dtype, _SINGLE)
            # The numbers are drawn by their distance from the lower end.
            fits = -most <= low and high <= most and high - low <= max(most, _SINGLE)
            held = f"{-most:g}..{most:g}"
        else:
            least, end = _WHOLE_LIMITS.get(dtype, (low, high))
            fits = least <= low and high <= end
            held = f"{least}..{end}"
        if not fits:
            raise self._error(f"the range {low}..{high} does not fit {dtype}, which holds {held}")

    def _seed(self) -> int | None:
        if not self._accept("@"):
            return None
        written = self._take()
        seed = size_of(written)
        if seed is None:
            raise self._error(f"the seed {written.shown} is not a whole number")
        return seed

    def _follows_range(self) -> bool:
        """Whether a colon stands here that starts a range, not the value of a dict."""
        ahead = self._tokens[self._next : self._next + 3]
        if len(ahead) == 3:
            return ahead[0].text == ":" and ahead[2].kind == "range"
        # Too short for a range, but a colon at the very end was meant to start one.
        return bool(ahead) and ahead[0].text == ":"

    def _limit(self, dtype: str) -> int | float:
        token = self._take()
        if token.kind != "number":
            raise self._error(f"{token.shown} is not a number")
        number = number_of(token)
        if dtype not in FLOATING and isinstance(number, float):
            raise self._error(f"{token.text} is no limit for {dtype}, which holds whole numbers")
        return number

    def _items(self, close: str, depth: int) -> list[Spec]:
        items: list[Spec] = []
        while not self._accept(close):
            items.append(self._value(depth + 1))
            if not self._accept(","):
                self._expect(close)
                break
        return items

    def _parenthesized(self, depth: int) -> Spec:
        items = self._items(")", depth)
        has_comma = any(token.text == "," for token in self._tokens[self._next - 2 : self._next])
        return items[0] if len(items) == 1 and not has_comma else TupleSpec(tuple(items))

    def _dict(self, depth: int) -> Spec:
        items: list[tuple[Spec, Spec]] = []
        while not self._accept("}"):
            key = self._value(depth + 1)
            if _can_change(key):
                raise self._error("the key of a dict is a number, a text, a tensor or a tuple of these")
            self._expect(":")
            items.append((key, self._value(depth + 1)))
            if not self._accept(","):
                self._expect("}")
                break
        return DictSpec(tuple(items))

    def _take(self) -> Token:
        if self._next >= len(self._tokens):
            raise self._error("it ends too early")
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _accept(self, mark: str) -> bool:
        if self._next < len(self._tokens) and self._tokens[self._next] == ("mark", mark):
            self._next += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._accept(mark):
            got = self._tokens[self._next].shown if self._next < len(self._tokens) else "the end"
            raise self._error(f"{mark!r} expected, not {got}")

    def _error(self, what: str) -> SpecError:
        return _unreadable(self._text, f"{what}; {_EXAMPLES}")


def _unreadable(text: str, what: str) -> SpecError:
    return SpecError(f"the input {shown(text.strip(), _TEXT_SHOWN)} cannot be read: {what}")


def _can_change(key: Spec) -> bool:
    """Whether a value is no key of a dict, because it can change or holds what can."""
    return isinstance(key, ListSpec | DictSpec) or (
        isinstance(key, TupleSpec) and any(_can_change(item) for item in key.items)
    )
