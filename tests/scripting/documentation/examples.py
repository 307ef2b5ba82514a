"""The list of examples, and what an example gives."""

import re
from collections.abc import Callable
from typing import Any

from tests.differential.script_modules.comparison import renumbered

_ADDRESS = re.compile(r" \(of Python compilation unit at: (0x)?[0-9a-f]+\)")

EXAMPLES: list[Callable[[Any], Any]] = []
"""Functions that do something with torch.jit, or jitcore, and give what comes of it."""


def example(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Add an example."""
    EXAMPLES.append(function)
    return function


def texts(compiled: Any, name: str = "forward") -> str:
    """Code and graph of a compiled function, or of a method of a compiled module."""
    found = getattr(compiled, name) if hasattr(compiled, "original_name") else compiled
    return renumbered(f"{found.code}{found.graph}")


def refusal(action: Callable[[], Any]) -> str:
    """The first line of what an action is refused with."""
    try:
        action()
    except Exception as error:
        first = _ADDRESS.sub("", str(error)).strip().split("\n")[0].split(":")[0]
        # torch says where on a line of its own.
        return first.removesuffix(" and was used here")
    raise AssertionError("it was not refused")
