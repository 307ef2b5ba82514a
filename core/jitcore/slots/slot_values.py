"""Python values as the values of slots: converted to the type that the slot has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jitcore.slots.from_python import REFUSALS, reason, to_script
from jitcore.slots.wrappers import is_typed
from jitcore.source import JitError
from jitcore.types import TensorType, TupleType, Type

if TYPE_CHECKING:
    from jitcore.slots.compiles import KnownClasses


def slot_value(module: Any, name: str, kind: Type, known: KnownClasses) -> object:
    """The value of an attribute as one of type `kind`, containers copied; raises `JitError` if it is none.

    `known` are the classes of Python that programs know.
    """
    value = getattr(module, name)
    if is_typed(value):
        value = value.value
    try:
        made = to_script(value, kind, known)
    except REFUSALS as error:
        raise _mismatch(module, name, kind, reason(error)) from None
    if _lacks_tensor(made, kind):
        raise _mismatch(module, name, kind, "None is no tensor")
    return made


def _lacks_tensor(value: object, kind: Type) -> bool:
    """Whether None stands where a tensor should; in lists and dicts that is refused, or taken, before."""
    if isinstance(kind, TupleType):
        items = cast("tuple[object, ...]", value)
        return any(_lacks_tensor(item, part) for item, part in zip(items, kind.elements, strict=True))
    return value is None and isinstance(kind, TensorType)


def _mismatch(module: Any, name: str, kind: Type, why: str) -> JitError:
    return JitError(
        f"Could not cast attribute '{name}' of {type(module).__name__} to type {kind.repr_str}: {why}"
    )
