"""Values as text: `str(x)`, `"{}".format(x)` and `"%d" % x`."""

from __future__ import annotations

from functools import singledispatch
from typing import Any, cast

from jitcore.ir import EnumValue, ScriptObject
from jitcore.ops.kernels.byte_strings import mended
from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import signed_text, single, to_int32
from jitcore.ops.kernels.registry import op
from jitcore.ops.literals import float_text


@singledispatch
def foreign_text(value: object) -> str:
    """Text of a value that is no plain Python value; register a function for what may come (tensors)."""
    raise TypeError(f"a {type(value).__name__} has no text here")


@foreign_text.register
def _(value: EnumValue) -> str:
    return f"Enum<{value.type.name}.{value.name}>"


@foreign_text.register
def _(value: ScriptObject) -> str:
    return f"<{value.type.qualified_name} object at {id(value):#x}>"


def value_text(value: Any) -> str:
    """A value as `print` shows it: strings without quotes, floats with a dot."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return float_text(value) if value == value else signed_text(value)
    if isinstance(value, complex):
        sign = "+" if value.imag >= 0 else "-"
        return f"{value_text(value.real)}{sign}{value_text(abs(value.imag))}j"
    if isinstance(value, list):
        return f"[{', '.join(value_text(item) for item in cast(list[object], value))}]"
    if isinstance(value, tuple):
        items = cast(tuple[object, ...], value)
        return f"({', '.join(value_text(item) for item in items)}{',' if len(items) == 1 else ''})"
    if isinstance(value, dict):
        pairs = cast(dict[object, object], value).items()
        return f"{{{', '.join(f'{value_text(key)}: {value_text(item)}' for key, item in pairs)}}}"
    return foreign_text(value)


@op("aten::str(t elem) -> str")
def text_of(elem: Any) -> str:
    """A value as text."""
    return value_text(elem)


@op("aten::format(str self, ...) -> str")
def format_text(self: str, *values: Any) -> str:
    """Replace each `{}` by the text of a value; values too many are ignored."""
    pieces = self.split("{}")
    if len(pieces) - 1 > len(values):
        raise TorchScriptError(f"Too few arguments for format string: {self}")
    shown = pieces[0]
    for piece, value in zip(pieces[1:], values, strict=False):
        shown += value_text(value) + piece
    return mended(shown)


@op("aten::percentFormat(str self, ...) -> str")
def percent_format(self: str, *values: Any) -> str:
    """Replace `%d`, `%i`, `%e`, `%f`, `%c`, `%s` by the elements of a tuple or by a single value."""
    given = values[0]
    arguments = cast(tuple[Any, ...], given) if isinstance(given, tuple) else (given,)
    used = 0
    shown = ""
    start = 0
    while (percent := self.find("%", start)) >= 0:
        if percent + 1 == len(self):
            raise TorchScriptError("Incomplete format specifier")
        shown += self[start:percent]
        key = self[percent + 1]
        start = percent + 2
        if key == "%":
            shown += "%"
            continue
        if used >= len(arguments):
            raise TorchScriptError("Too few arguments for format string")
        shown += _formatted(key, arguments[used])
        used += 1
    if used != len(arguments):
        raise TorchScriptError("Too many arguments for format string")
    return mended(shown + self[start:])


_TAGS: dict[type[Any], str] = {
    str: "String", list: "GenericList", tuple: "Tuple", dict: "GenericDict", type(None): "None",
    bool: "Bool", int: "Int", float: "Double", complex: "ComplexDouble",
}  # fmt: skip


def _tag(value: object) -> str:
    return _TAGS.get(type(value), "Tensor")


def _formatted(key: str, value: Any) -> str:
    if key == "s":
        return value_text(value)
    if key not in "diefcEF":
        raise TorchScriptError(f"The specifier %{key} is not supported in TorchScript format strings")
    if key == "c":
        if isinstance(value, int) and not isinstance(value, bool):
            return bytes([value & 0xFF]).decode("utf-8", "surrogateescape")
        if isinstance(value, str) and len(value.encode("utf-8", "surrogateescape")) == 1:
            return value
        raise TorchScriptError(f"%{key} requires an int or char for formatting, but got {_tag(value)}")
    if not isinstance(value, int | float | complex):
        raise TorchScriptError(f"%{key} requires a number for formatting, but got {_tag(value)}")
    if isinstance(value, bool | complex):
        raise TorchScriptError("expected double")
    if key in "di":
        return str(int(value)) if isinstance(value, int) else str(to_int32(value))
    return f"{single(float(value)):.6{key}}"
