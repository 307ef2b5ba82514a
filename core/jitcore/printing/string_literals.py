"""Reads the string literals that `literals.string_text` writes."""

from __future__ import annotations

import re

# Nothing is noted for going back: a text may have millions of letters.
STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)

_SIMPLE = {
    "\\": 0x5C, "'": 0x27, '"': 0x22, "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11,
}  # fmt: skip


def unquoted(literal: str) -> str:
    """The string that `literal`, quotes included, stands for. Raises `ValueError` for a bad escape."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    raw = body.encode("utf-8", "surrogateescape")
    out = bytearray()
    index = 0
    while (escape := raw.find(b"\\", index)) >= 0:
        out += raw[index:escape]
        index = escape
        simple = _SIMPLE.get(chr(raw[index + 1]))
        if simple is not None:
            out.append(simple)
            index += 2
        elif raw[index + 1] == 0x78:
            out.append(int(raw[index + 2 : index + 4], 16))
            index += 4
        else:
            out.append(_octal(raw[index + 1 : index + 4]))
            index += 4
    out += raw[index:]
    return out.decode("utf-8", "surrogateescape")


def _octal(digits: bytes) -> int:
    """The byte of three octal digits, which are below `0` for the bytes above 127 that torch writes."""
    if len(digits) != 3:
        raise ValueError("three digits must follow the backslash")
    number = 0
    for digit in digits:
        if not 0x29 <= digit <= 0x37:
            raise ValueError(f"{chr(digit)!r} is not an octal digit")
        number = number * 8 + digit - 0x30
    return number & 0xFF
