"""Whether types implement interfaces, and in torch's words why they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.schema_text import schema_text
from jitcore.types import ClassType, InterfaceType, OptionalType, schema_is_subtype, unlike_method

if TYPE_CHECKING:
    from jitcore.types import FunctionSchema, Type


def why_not_implemented(cls: ClassType, interface: InterfaceType) -> str | None:
    """Why objects of a class cannot stand where an interface is asked for; None if they can."""
    reason = _difference(cls, interface)
    if reason is None:
        return None
    return f"Object of type {cls.repr_str} is not compatible with interface {interface.repr_str}\n{reason}"


def why_no_subtype(actual: Type, wanted: Type) -> str:
    """Why a type does not fit an interface, or an Optional of one, in lines; "" if nothing is to be said."""
    if isinstance(wanted, OptionalType):
        return why_no_subtype(actual, wanted.element)
    if not isinstance(wanted, InterfaceType):
        return ""
    if isinstance(actual, ClassType):
        return _difference(actual, wanted) or ""
    return _difference_of_interfaces(actual, wanted) if isinstance(actual, InterfaceType) else ""


def _difference(cls: ClassType, interface: InterfaceType) -> str | None:
    mine, theirs = cls.repr_str, interface.repr_str
    if interface.is_module and not cls.is_module:
        return (
            f"Class '{mine}' is not a subtype of the module interface '{theirs}' , only ScriptModule class "
            "can be subtype of module interface.\n"
        )
    name = unlike_method(cls, interface)
    if name is None:
        return None
    method = cls.methods.get(name)
    if method is None:
        return f"Class '{mine}' does not have method '{name}' but '{theirs}' does.\n"
    return _unlike("class", mine, method.schema, interface, name)


def _difference_of_interfaces(own: InterfaceType, interface: InterfaceType) -> str:
    mine, theirs = own.repr_str, interface.repr_str
    if interface.is_module and not own.is_module:
        return f"Interface '{mine}' is not a subtype of the module interface '{theirs}'.\n"
    for name, schema in interface.methods.items():
        method = own.methods.get(name)
        if method is None:
            return f"Interface '{mine}' does not have method '{name}' but interface '{theirs}' does.\n"
        if not schema_is_subtype(method, schema, is_method=True):
            return _unlike("interface", mine, method, interface, name)
    return ""


def _unlike(what: str, mine: str, schema: FunctionSchema, interface: InterfaceType, name: str) -> str:
    return (
        f"Method on {what} '{mine}' (1) is not compatible with interface '{interface.repr_str}' (2)\n"
        f"  (1) {schema_text(schema)}\n  (2) {schema_text(interface.methods[name])}\n"
    )
