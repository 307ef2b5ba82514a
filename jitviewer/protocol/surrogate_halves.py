"""Halves of surrogate pairs, as which Python reads bytes of names that are no UTF-8, in texts of UTF-8."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\(?:\\|u[0-9a-f]{4})")


def has_halves(text: str) -> bool:
    """Whether a text cannot be written as UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def spell_out(text: str) -> str:
    """A text to be shown, with words for the halves: `\\udcff`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def escape(text: str) -> str:
    """A text that `restore` turns back into this one."""
    return spell_out(text.replace("\\", "\\\\"))


def restore(text: str) -> str:
    """The text that was escaped."""
    return _ESCAPED.sub(lambda found: "\\" if found[0] == "\\\\" else chr(int(found[0][2:], 16)), text)
