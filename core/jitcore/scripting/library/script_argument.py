"""Arguments and returns of schemas as callers of the library look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.ops.schema_text import argument_text
from jitcore.scripting.library.script_type import ScriptType
from jitcore.scripting.library.to_python import to_python, with_devices

if TYPE_CHECKING:
    from jitcore.scripting.library.machine import Machine
    from jitcore.types import Argument


class ScriptArgument:
    """An argument of a compiled function, or what it gives, under torch's names for what is known of it."""

    __slots__ = ("_argument", "_machine", "kwarg_only", "name", "type")

    def __init__(self, argument: Argument, machine: Machine) -> None:
        self._argument = argument
        self._machine = machine
        self.name = argument.name
        self.type = ScriptType(argument.type)
        self.kwarg_only = argument.kwarg_only

    @property
    def N(self) -> int | None:  # noqa: N802  # torch's name
        """The length to which one number is repeated where a list is wanted."""
        return self._argument.size

    def has_default_value(self) -> bool:
        """Whether the argument may be left out."""
        return self._argument.has_default

    @property
    def default_value(self) -> Any:
        """What it then is, as Python has it; None if it may not be left out."""
        if not self._argument.has_default:
            return None
        kind = self._argument.type
        return to_python(with_devices(self._argument.default, kind), kind, self._machine)

    def __repr__(self) -> str:
        return argument_text(self._argument)
