"""A method as it was found in a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jitcore.ir import Function, ScriptObject


class Method(NamedTuple):
    """A function, and the object that it is called on; None for a free function or a class alone."""

    function: Function
    receiver: ScriptObject | None

    @property
    def module(self) -> ScriptObject | None:
        """The object, if it is a module."""
        return self.receiver if self.receiver is not None and self.receiver.type.is_module else None
