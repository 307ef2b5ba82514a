"""Reasons of failed runs, without the tables that torch adds for its own developers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jitcore.exec.errors import ExecutionError
from jitcore.exec.values import usable_device

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLE = re.compile(
    r"(Could not run '[^']*' with arguments from the '[^']*' backend\.)[^\n]{0,2000}?"
    r"is only available for these backends: \[([^\]]{0,4000})\]\."
    r"(?:\s*\n\w+: (?:fallthrough )?registered at [^\n]*)*"
)
_NAMED = 4


def without_tables(text: str) -> str:
    """The text with the list of backends that have an operator cut to the first few."""
    return _TABLE.sub(lambda found: f"{found[1]} {_backends(found[2])}", text)


def _backends(listed: str) -> str:
    names = [name.strip() for name in listed.split(",")]
    more = len(names) - _NAMED
    return f"It is there for {', '.join(names[:_NAMED])}{f' and {more} more' if more > 0 else ''}."


def unusable_devices(names: Iterable[str]) -> str:
    """Which device of an operator's constants this machine has not, and why, in a sentence; else ""."""
    for name in names:
        try:
            usable_device(name)
        except ExecutionError as error:
            return (
                f"the device '{name}' is written down in the program there, whatever device a run is given; "
                f"{error.reason}"
            )
    return ""
