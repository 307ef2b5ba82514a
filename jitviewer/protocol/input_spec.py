"""Input specifications: `float32[1,3,224,224]`, `int64[1,16]:0..1000@7`, literals, containers, files."""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

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

_NUMBER = r"[+-]?(?:inf|nan|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
_TOKEN = re.compile(
    rf"\s*(?:(?P<complex>{_NUMBER}j)|(?P<range>\.\.)|(?P<number>{_NUMBER}(?=\.\.)|{_NUMBER})(?![\w])"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<mark>[\[\](){},:@]))"
)
_FILE_AS = re.compile(
    rf"(?P<path>.+(?:{'|'.join(re.escape(suffix) for suffix in FILE_SUFFIXES)}))\s+as\s+(?P<form>\w+\[.*)",
    re.IGNORECASE,
)
_WORDS: dict[str, bool | None] = {"True": True, "False": False, "None": None}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def parse_spec(text: str) -> Spec:
    """The specification that `text` is; raises `SpecError`."""
    stripped = text.strip()
    if stripped and stripped[0] not in "'\"[({":
        if stripped.lower().endswith(FILE_SUFFIXES):
            return FileSpec(stripped)
        file_as = _FILE_AS.fullmatch(stripped)
        if file_as is not None:
            return FileSpec(file_as["path"], _form(text, file_as["form"]))
    parser = _Parser(text)
    spec = parser.value(0)
    parser.expect_end()
    return spec


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
        raise SpecError(
            f"the input {text.strip()!r} cannot be read: {form!r} is no form of a tensor; "
            "write picture.png as float32[1,3,224,224]"
        )
    return spec


class _Parser:
    """A cursor over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []
        position = 0
        end = len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise self._error(f"{text[position:].strip()[:20]!r} is not understood")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self._next = 0

    def value(self, depth: int) -> Spec:
        if depth > _MAX_DEPTH:
            raise self._error(f"nested deeper than {_MAX_DEPTH}")
        kind, token = self._take()
        if kind == "number":
            return LiteralSpec(_number(token))
        if kind == "complex":
            number = complex(token.replace("_", ""))
            return ComplexSpec(number.real, number.imag)
        if kind == "text":
            return LiteralSpec(_unquoted(token))
        if kind == "word":
            return self._word(token)
        if token == "[":
            return ListSpec(tuple(self._items("]", depth)))
        if token == "(":
            return self._parenthesized(depth)
        if token == "{":
            return self._dict(depth)
        raise self._error(f"{token!r} stands where a value should")

    def expect_end(self) -> None:
        if self._next < len(self._tokens):
            raise self._error(f"{self._tokens[self._next][1]!r} is too much")

    def _word(self, word: str) -> Spec:
        if word in _WORDS:
            return LiteralSpec(_WORDS[word])
        if word not in DTYPES:
            raise self._error(f"{word} is no element type; float32, int64 and bool are some")
        self._expect("[")
        shape: list[int] = []
        while not self._accept("]"):
            kind, token = self._take()
            if kind != "number" or not token.isdigit():
                raise self._error(f"the size {token!r} is not a whole number")
            shape.append(int(token))
            if not self._accept(","):
                self._expect("]")
                break
        elements = 1
        for size in shape:
            elements *= size
        if elements > MAX_ELEMENTS:
            raise self._error(f"{elements} elements are more than a run may make up")
        return self._ranged(word, tuple(shape))

    def _ranged(self, dtype: str, shape: tuple[int, ...]) -> TensorSpec:
        if not self._follows_range():
            return TensorSpec(dtype, shape, seed=self._seed())
        self._expect(":")
        low = self._limit(dtype)
        if self._take() != ("range", ".."):
            raise self._error("a range is written LOW..HIGH")
        high = self._limit(dtype)
        if not low < high:
            raise self._error(f"the range {low}..{high} is empty; the upper end is not part of it")
        return TensorSpec(dtype, shape, low, high, self._seed())

    def _seed(self) -> int | None:
        if not self._accept("@"):
            return None
        kind, token = self._take()
        if kind != "number" or not token.isdigit() or int(token) >= 1 << 63:
            raise self._error(f"the seed {token!r} is not a whole number")
        return int(token)

    def _follows_range(self) -> bool:
        """Whether a colon stands here that starts a range, not the value of a dict."""
        ahead = self._tokens[self._next : self._next + 3]
        if len(ahead) == 3:
            return ahead[0] == ("mark", ":") and ahead[2][0] == "range"
        # Too short for a range, but a colon at the very end was meant to start one.
        return ahead[:1] == [("mark", ":")]

    def _limit(self, dtype: str) -> int | float:
        kind, token = self._take()
        if kind != "number":
            raise self._error(f"{token!r} is not a number")
        number = _number(token)
        if dtype not in FLOATING and isinstance(number, float):
            raise self._error(f"{token} is no limit for {dtype}, which holds whole numbers")
        return number

    def _items(self, close: str, depth: int) -> list[Spec]:
        items: list[Spec] = []
        while not self._accept(close):
            items.append(self.value(depth + 1))
            if not self._accept(","):
                self._expect(close)
                break
        return items

    def _parenthesized(self, depth: int) -> Spec:
        start = self._next
        items = self._items(")", depth)
        has_comma = any(token == "," for _, token in self._tokens[self._next - 2 : self._next])
        return (
            items[0] if len(items) == 1 and not has_comma and start < self._next else TupleSpec(tuple(items))
        )

    def _dict(self, depth: int) -> Spec:
        items: list[tuple[Spec, Spec]] = []
        while not self._accept("}"):
            key = self.value(depth + 1)
            self._expect(":")
            items.append((key, self.value(depth + 1)))
            if not self._accept(","):
                self._expect("}")
                break
        return DictSpec(tuple(items))

    def _take(self) -> tuple[str, str]:
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
            got = self._tokens[self._next][1] if self._next < len(self._tokens) else "the end"
            raise self._error(f"{mark!r} expected, not {got}")

    def _error(self, what: str) -> SpecError:
        return SpecError(
            f"the input {self._text.strip()!r} cannot be read: {what}; write float32[1,3,224,224], "
            "int64[1,16]:0..1000, a Python literal, or a .npy, .pt or picture file"
        )


def _number(token: str) -> int | float:
    plain = token.replace("_", "")
    return int(plain) if plain.lstrip("+-").isdigit() else float(plain)


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), token[1:-1], flags=re.DOTALL)
