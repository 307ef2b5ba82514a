"""Parser of operator schemas: `aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import cast

from jitcore.source import JitError
from jitcore.types import (
    COMPLEX,
    FLOAT,
    NO_DEFAULT,
    AliasInfo,
    Argument,
    FunctionSchema,
    ListType,
    OptionalType,
    Type,
    make_optional,
)
from jitcore.types.parsing import TypeParser, wrap_alias

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SIZE = re.compile(r"\[([0-9]+)\]")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+("?)')

# Names that schemas use for the integers behind enums: dtypes, a layout, a reduction, a memory format.
_NAMED_DEFAULTS: dict[str, object] = {
    "True": True, "False": False, "None": None, "float": 6, "complex": 9, "long": 4, "strided": 0,
    "Mean": 1, "contiguous_format": 0,
}  # fmt: skip

# Pieces like `Tensor self` and `*, Tensor(a!) out` recur in thousands of schemas.
_arguments: dict[tuple[str, bool], Argument] = {}


def parse_schema(text: str) -> FunctionSchema:
    """The schema that `text` declares; raises `JitError` with the text when it is malformed."""
    text = text.strip()
    opening = text.find("(")
    if opening < 0:
        raise JitError(f"not a schema, `name(arguments) -> returns` expected: {text!r}")
    end = _closing(text, opening)
    if not text.startswith(" -> ", end + 1):
        raise JitError(f"` -> returns` expected after the arguments: {text!r}")
    name, overload = _split_name(text[:opening])
    arguments, is_vararg = _parse_arguments(text[opening + 1 : end])
    returns, is_varret = _parse_returns(text[end + 5 :].strip())
    return FunctionSchema(name, overload, arguments, returns, is_vararg, is_varret)


def _split_name(full: str) -> tuple[str, str]:
    """`aten::add.Tensor` -> (`aten::add`, `Tensor`); namespaces may hold dots, names do not."""
    separator = full.find("::")
    dot = full.find(".", separator + 2 if separator >= 0 else 0)
    return (full, "") if dot < 0 else (full[:dot], full[dot + 1 :])


def _closing(text: str, opening: int) -> int:
    """Index of the parenthesis that closes the one at `opening`, strings skipped."""
    depth = 0
    quote = False
    index = opening
    while index < len(text):
        char = text[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == '"':
                quote = False
        elif char == '"':
            quote = True
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
            if depth == 0:
                return index
        index += 1
    raise JitError(f"a parenthesis is not closed: {text!r}")


def _split_list(text: str) -> list[str]:
    """The pieces between commas that are in no bracket and no string."""
    if not text:
        return []
    pieces = text.split(", ")
    if '"' not in text and all(p.count("(") == p.count(")") and p.count("[") == p.count("]") for p in pieces):
        return pieces
    joined: list[str] = []
    pending = ""
    for piece in pieces:
        pending = f"{pending}, {piece}" if pending else piece
        if _is_balanced(pending):
            joined.append(pending)
            pending = ""
    if pending:
        raise JitError(f"a bracket or string is not closed: {text!r}")
    return joined


def _is_balanced(text: str) -> bool:
    # Of a text that does not end its mark is left.
    bare = _TEXT.sub(lambda found: "" if found[1] else '"', text)
    return '"' not in bare and bare.count("(") == bare.count(")") and bare.count("[") == bare.count("]")


def _parse_arguments(text: str) -> tuple[tuple[Argument, ...], bool]:
    arguments: list[Argument] = []
    kwarg_only = False
    is_vararg = False
    for piece in _split_list(text):
        if piece == "*":
            kwarg_only = True
        elif piece == "...":
            is_vararg = True
        else:
            key = (piece, kwarg_only)
            argument = _arguments.get(key)
            if argument is None:
                argument = _arguments[key] = parse_argument(piece, kwarg_only)
            arguments.append(argument)
    return tuple(arguments), is_vararg


def _parse_returns(text: str) -> tuple[tuple[Argument, ...], bool]:
    # Types with parts are objects of their own in each schema: exits tell types apart by object.
    return _plain_returns(text) if text.isidentifier() else _read_returns(text)


@cache
def _plain_returns(text: str) -> tuple[tuple[Argument, ...], bool]:
    return _read_returns(text)


def _read_returns(text: str) -> tuple[tuple[Argument, ...], bool]:
    if text == "...":
        return (), True
    if text.startswith("(") and _closing(text, 0) == len(text) - 1:
        pieces = _split_list(text[1:-1])
        is_varret = bool(pieces) and pieces[-1] == "..."
        return tuple(parse_argument(p, False) for p in (pieces[:-1] if is_varret else pieces)), is_varret
    return (parse_argument(text, False),), False


def parse_argument(text: str, kwarg_only: bool) -> Argument:
    """`int[2] stride=1` -> an argument; returns may be without a name."""
    parser = TypeParser(text)
    shown, real, alias = parser.parse()
    size, shown, real, alias = _parse_sized_list(parser, shown, real, alias)
    parser.skip_spaces()
    name = parser.take(_NAME) or ""
    default: object = NO_DEFAULT
    if parser.accept("="):
        default = _parse_default(text[parser.position :], shown, size)
    elif parser.position != len(text):
        raise parser.error("a name or a default expected")
    return Argument(name, shown, default, kwarg_only, size, alias, real)


def _parse_sized_list(
    parser: TypeParser, shown: Type, real: Type, alias: AliasInfo | None
) -> tuple[int | None, Type, Type, AliasInfo | None]:
    match = _SIZE.match(parser.text, parser.position)
    if match is None:
        return None, shown, real, alias
    parser.position = match.end()
    same = real is shown
    shown = ListType(shown)
    real = shown if same else ListType(real)
    alias = wrap_alias(alias, parser.parse_alias())
    if parser.accept("?"):
        shown = make_optional(shown)
        real = shown if same else make_optional(real)
    return int(match.group(1)), shown, real, alias


def _parse_default(text: str, t: Type, size: int | None) -> object:
    value = _NAMED_DEFAULTS[text] if text in _NAMED_DEFAULTS else _literal(text)
    if isinstance(t, OptionalType):
        # Not converted to the type inside: libtorch keeps the 1 of `float? correction=1` an integer.
        t = t.element
        return [value] * size if isinstance(t, ListType) and size is not None and _is_scalar(value) else value
    if not isinstance(t, ListType):
        return _coerce(value, t)
    if isinstance(value, list):
        return [_coerce(item, t.element) for item in cast(list[object], value)]
    return [_coerce(value, t.element)] * size if size is not None and _is_scalar(value) else value


def _is_scalar(value: object) -> bool:
    return value is not None and not isinstance(value, list)


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        raise JitError(f"not a default value of a schema: {text!r}") from None


def _coerce(value: object, t: Type) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        if t is FLOAT:
            return float(value)
        if t is COMPLEX:
            return complex(value)
    return value
