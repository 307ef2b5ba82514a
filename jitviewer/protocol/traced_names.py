"""What the trace of an object of a Python file is called: `trace(Net)`, as a call would be written."""

from __future__ import annotations

_BEFORE, _AFTER = "trace(", ")"


def traced_name(name: str) -> str:
    """The name of the trace of an object; of a trace it is its own."""
    return name if is_traced_name(name) else f"{_BEFORE}{name}{_AFTER}"


def is_traced_name(name: str) -> bool:
    """Whether a name is that of a trace: no name of Python has parentheses."""
    return name.startswith(_BEFORE) and name.endswith(_AFTER)


def name_that_was_traced(name: str) -> str:
    """The name of the object that a trace is of; of an object its own."""
    return name.removeprefix(_BEFORE).removesuffix(_AFTER) if is_traced_name(name) else name
