"""Names of local variables in printed code."""

from __future__ import annotations

import re

from jitcore.ir import Value

_RESERVED = frozenset(
    {
        "_", "as", "aten", "attribute", "CONSTANTS", "fork", "getattr", "inf", "nan", "infj", "nanj", "ops",
        "__torch__", "and", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
        "else", "except", "False", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
        "None", "nonlocal", "not", "or", "pass", "raise", "return", "True", "try", "while", "with", "yield",
        "uninitialized", "unchecked_cast",
    }
)  # fmt: skip

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NOT_IN_IDENTIFIERS = re.compile(r"[^A-Za-z0-9_]")


def is_identifier(name: str) -> bool:
    """Whether `name` can be written as a variable or an attribute."""
    return _IDENTIFIER.match(name) is not None


def name_base(debug_name: str) -> str:
    """A debug name without the number that made it unique: `x` of `x.3`."""
    base, dot, suffix = debug_name.rpartition(".")
    return base if dot and suffix.isascii() and suffix.isdigit() else debug_name


def as_identifier(name: str) -> str:
    """The identifier nearest to `name`."""
    identifier = _NOT_IN_IDENTIFIERS.sub("_", name)
    return identifier if identifier and not identifier[0].isdigit() else "_" + identifier


class UniqueNames:
    """Gives each variable of a function a name of its own.

    The counters outlive a function: in a file of several functions numbers go on where they were,
    as in TorchScript's archives.
    """

    __slots__ = ("_next_suffix", "_used")

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._next_suffix: dict[str, int] = {}

    def begin_function(self) -> None:
        """Forget which names are taken."""
        self._used.clear()

    def take(self, candidate: str) -> str:
        """`candidate`, or the first free name made of it and a number."""
        name = candidate
        while name in self._used or name in _RESERVED:
            # The counter belongs to the name that was taken, not to the candidate.
            suffix = self._next_suffix.get(name, 0)
            self._next_suffix[name] = suffix + 1
            name = f"{candidate}{suffix}"
        self._used.add(name)
        return name

    def take_for(self, value: Value) -> str:
        """A name for `value`, from its debug name if it has one."""
        debug_name = value.debug_name
        return self.take(as_identifier(name_base(debug_name)) if debug_name else "_")
