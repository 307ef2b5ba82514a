"""Constants as TorchScript spells them: numbers, quoted strings, containers, enums and devices."""

from __future__ import annotations

import math
from collections.abc import Callable

from jitcore.ir.objects import DeviceName, EnumValue, GeneratorValue, ScriptObject, is_native_object
from jitcore.printing.printed_values import PrintedValue
from jitcore.types import (
    BOOL,
    DEVICE,
    FLOAT,
    INT,
    STRING,
    ClassType,
    DictType,
    ListType,
    OptionalType,
    TupleType,
    Type,
    UnionType,
)  # fmt: skip

ValueFormatter = Callable[[object, "Type | None"], "str | None"]
"""Spells values (of a type, if known) that need a form of their own; None leaves them to the literals."""

_ESCAPES = {
    "\\": "\\\\", "'": "\\'", '"': '\\"', "\a": "\\a", "\b": "\\b", "\f": "\\f",
    "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}  # fmt: skip

_LARGEST_DOTTED = 1e10
_SMALLEST_NORMAL = 2.2250738585072014e-308
_UNINFERABLE = frozenset({"UnionType", "OptionalType", "NumberType", "InterfaceType", "AnyType"})


def float_text(value: float) -> str:
    """`value` as `1.`, `0.10000000000000001` or `1.0000000000000001e-05`; `nan`, `inf`, `-inf`."""
    magnitude = abs(value)
    if (
        magnitude < _LARGEST_DOTTED
        and value == int(value)
        and (magnitude >= _SMALLEST_NORMAL or magnitude == 0)
    ):
        sign = "-" if math.copysign(1.0, value) < 0 else ""
        return f"{sign}{int(magnitude)}."
    if value != value and math.copysign(1.0, value) < 0:
        return "-nan"
    return f"{value:.17g}"


def complex_text(value: complex) -> str:
    """`value` as `3.+2.j`; a zero has no sign, as in torch's text."""
    sign = "+" if value.imag >= 0 else "-"
    return f"{float_text(value.real + 0.0)}{sign}{float_text(abs(value.imag))}j"


def string_text(value: str) -> str:
    """`value` in double quotes with TorchScript's escapes."""
    if value.isascii() and value.isprintable() and not any(c in value for c in "\\'\""):
        return f'"{value}"'
    spelled: list[str] = []
    for byte in value.encode("utf-8", "surrogateescape"):
        char = chr(byte)
        escape = _ESCAPES.get(char)
        if escape is not None:
            spelled.append(escape)
        elif 0x1F < byte < 0x7F:
            spelled.append(char)
        else:
            spelled.append(_octal(byte))
    return f'"{"".join(spelled)}"'


def _octal(byte: int) -> str:
    """Three digits after a backslash.

    TorchScript takes them from a signed char with C's remainder, so bytes above 127 give
    characters below `0` where digits should be; the same text is made here.
    """
    number = byte - 256 if byte > 127 else byte
    digits: list[str] = []
    for _ in range(2):
        quotient = int(number / 8)
        digits.append(chr(48 + number - quotient * 8))
        number = quotient
    return "\\" + chr(48 + number) + digits[1] + digits[0]


def literal_text(value: object, declared: Type | None = None, formatter: ValueFormatter | None = None) -> str:
    """`value` as it stands inside a container constant.

    `declared` is the value's type if it is known; it tells devices from strings and gives empty lists
    and dicts their annotation. Raises `TypeError` for values that have no literal.
    """
    if formatter is not None:
        formatted = formatter(value, declared)
        if formatted is not None:
            return formatted
    if value is None:
        return "None"
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, complex):
        return complex_text(value)
    if isinstance(declared, OptionalType):
        declared = declared.element
    if isinstance(value, str):
        is_device = declared is DEVICE or isinstance(value, DeviceName)
        return device_text(value) if is_device else string_text(value)
    if isinstance(value, tuple):
        return _tuple_text(value, declared, formatter)
    if isinstance(value, list):
        return _list_text(value, declared, formatter)
    if isinstance(value, dict):
        return _dict_text(value, declared, formatter)
    if isinstance(value, EnumValue):
        return f"{value.type.qualified_name}.{value.name}"
    if isinstance(value, GeneratorValue):
        return f"torch.Generator(device={string_text(value.device)}, seed={value.seed})"
    if isinstance(value, PrintedValue):
        return value.text
    if isinstance(value, ScriptObject):
        return f"object({value.type.qualified_name})"
    if isinstance(declared, ClassType) and is_native_object(value):
        return f"object({declared.qualified_name})"
    if declared is DEVICE or declared is None:
        return device_text(str(getattr(value, "name", value)))
    raise TypeError(f"no literal for {value!r}")


def device_text(device: str) -> str:
    """A device in an expression."""
    return f"torch.device({string_text(device)})"


def _tuple_text(value: tuple[object, ...], declared: Type | None, formatter: ValueFormatter | None) -> str:
    types: tuple[Type | None, ...] = (None,) * len(value)
    if isinstance(declared, TupleType) and len(declared.parts) == len(value):
        types = declared.parts
    items = [literal_text(item, t, formatter) for item, t in zip(value, types, strict=True)]
    return f"({', '.join(items)}{',)' if len(items) == 1 else ')'}"


def _list_text(value: list[object], declared: Type | None, formatter: ValueFormatter | None) -> str:
    if not isinstance(declared, ListType):
        declared = _matching(declared, ListType) or _inferred_list(value)
    element = declared.parts[0] if declared is not None else None
    text = f"[{', '.join(literal_text(item, element, formatter) for item in value)}]"
    if declared is None or (value and (element is None or element.kind not in _UNINFERABLE)):
        return text
    return f"annotate({declared.annotation()}, {text})"


def _dict_text(value: dict[object, object], declared: Type | None, formatter: ValueFormatter | None) -> str:
    if not isinstance(declared, DictType):
        declared = _matching(declared, DictType)
    key_type, value_type = declared.parts if declared is not None else (None, None)
    items = [
        f"{literal_text(key, key_type, formatter)}: {literal_text(item, value_type, formatter)}"
        for key, item in value.items()
    ]
    text = "{" + ", ".join(items) + "}"
    if declared is None or (value and (value_type is None or value_type.kind not in _UNINFERABLE)):
        return text
    return f"annotate({declared.annotation()},{text})"


def _matching(declared: Type | None, kind: type[Type]) -> Type | None:
    """The only member of a union that is of `kind`."""
    if not isinstance(declared, UnionType):
        return None
    found = [part for part in declared.parts if isinstance(part, kind)]
    return found[0] if len(found) == 1 else None


def _inferred_list(value: list[object]) -> Type | None:
    if not value:
        return None
    for kind, element in ((bool, BOOL), (int, INT), (float, FLOAT), (str, STRING)):
        if all(isinstance(item, kind) for item in value):
            return ListType(element)
    return None
