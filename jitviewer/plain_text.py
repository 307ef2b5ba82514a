"""Makes the hidden characters of foreign text visible: controls, marks of direction, what has no width."""

from __future__ import annotations

import re

_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls: escape sequences of terminals begin with them
    "\xad"  # a hyphen that is seen at the end of a line only
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # turn the direction of what follows
    "\u2028\u2029"  # end a line for some programs and not for others
    "\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # have no width
    "\u115f\u1160\u3164\uffa0"  # letters without a shape
    "\ud800-\udfff"  # halves of a pair, which no encoding takes
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff"  # a second, invisible alphabet
)
_IN_LINE = f"[\t\n\r{_HIDDEN}]"
_IN_LINES = f"[{_HIDDEN}]|\r(?!\n)"
_IN_CELLS = f"[\n\r{_HIDDEN}]"
# As texts: most processes never meet one of these characters, and compiling takes milliseconds.

CELL = "\N{REPLACEMENT CHARACTER}"
"""Not the pictures of controls that Unicode has: many fonts lack them."""

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def plain_line(text: str) -> str:
    """Text as one line; what is hidden, and ends of lines, as Python writes them: `\\x1b`, `\\u202e`."""
    return text if _is_plain(text) else re.sub(_IN_LINE, _escape, text)


def plain_lines(text: str) -> str:
    """Text whose lines and tabs stay as they are."""
    inside = text.replace("\n", "").replace("\t", "")
    return text if _is_plain(inside) else re.sub(_IN_LINES, _escape, text)


def plain_cells(text: str) -> str:
    """A line with one sign in the place of each hidden character, where columns count; tabs stay."""
    return text if _is_plain(text) else re.sub(_IN_CELLS, CELL, text)


def _is_plain(text: str) -> bool:
    """Whether nothing is to be done, as of nearly every text; found without looking at each character."""
    return text.isascii() and text.isprintable()


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    code = ord(sign)
    if code < 0x100:
        return _SHORT.get(sign) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
