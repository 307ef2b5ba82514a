"""Numbers and strings as C++ streams of libtorch write them."""

from __future__ import annotations

import math

_ESCAPES = {
    "\\": "\\\\", "'": "\\'", '"': '\\"', "\a": "\\a", "\b": "\\b", "\f": "\\f",
    "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}  # fmt: skip


def float_text(value: float) -> str:
    """A float that reads back exactly: `1.`, `0.10000000000000001`, `inf`; whole numbers end in a dot."""
    if not math.isfinite(value):
        return f"{value:g}"
    if value == math.floor(value) and -(2.0**63) <= value < 2.0**63:
        return f"{int(value)}."
    return f"{value:.17g}"


def quoted(text: str) -> str:
    """`text` in double quotes, with control characters and bytes outside ASCII escaped in octal."""
    shown: list[str] = []
    for byte in text.encode():
        char = chr(byte)
        if char in _ESCAPES:
            shown.append(_ESCAPES[char])
        elif 32 <= byte < 127:
            shown.append(char)
        else:
            shown.append(f"\\{byte:03o}")
    return f'"{"".join(shown)}"'
