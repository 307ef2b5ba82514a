"""Whether objects implement interfaces, and in torch's words why they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.schema_text import schema_text
from jitcore.types import unlike_method

if TYPE_CHECKING:
    from jitcore.types import ClassType, InterfaceType


def why_not_implemented(cls: ClassType, interface: InterfaceType) -> str | None:
    """Why objects of a class cannot stand where an interface is asked for; None if they can."""
    reason = _difference(cls, interface)
    if reason is None:
        return None
    return f"Object of type {cls.repr_str} is not compatible with interface {interface.repr_str}\n{reason}"


def _difference(cls: ClassType, interface: InterfaceType) -> str | None:
    if interface.is_module and not cls.is_module:
        return (
            f"Class '{cls.repr_str}' is not a subtype of the module interface '{interface.repr_str}' , only "
            "ScriptModule class can be subtype of module interface.\n"
        )
    name = unlike_method(cls, interface)
    if name is None:
        return None
    mine, theirs = cls.methods.get(name), interface.methods[name]
    if mine is None:
        return f"Class '{cls.repr_str}' does not have method '{name}' but '{interface.repr_str}' does.\n"
    return (
        f"Method on class '{cls.repr_str}' (1) is not compatible with interface '{interface.repr_str}' (2)\n"
        f"  (1) {schema_text(mine.schema)}\n  (2) {schema_text(theirs)}\n"
    )
