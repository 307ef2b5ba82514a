"""Values of attributes while a module is frozen: what shares memory, and what a constant is made of.

As `IValue::isAliasOf` and `getSubValues` of libtorch (aten/src/ATen/core/ivalue.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jitcore.ir import DeviceName, ScriptObject, is_native_object
from jitcore.passes.alias_analysis.mutable_types import is_mutable_type
from jitcore.passes.constants import is_tensor, type_of_constant

if TYPE_CHECKING:
    from collections.abc import Hashable

    from jitcore.types import Type


class AliasedValues:
    """A set of values that can change: one that shares memory with another is in it with that."""

    __slots__ = ("_held",)

    def __init__(self, held: dict[Hashable, object] | None = None) -> None:
        # The values are kept, so that no other value gets the identity of one that is gone.
        self._held: dict[Hashable, object] = {} if held is None else held

    def add(self, value: object) -> None:
        """Put a value in."""
        self._held.setdefault(memory_of(value), value)

    def __contains__(self, value: object) -> bool:
        return memory_of(value) in self._held

    def values(self) -> list[object]:
        """Of each memory the value that came first."""
        return list(self._held.values())

    def copy(self) -> AliasedValues:
        """Another set of the same values."""
        return AliasedValues(dict(self._held))


def memory_of(value: object) -> Hashable:
    """What values share that are the same memory."""
    if is_tensor(value):
        of_torch = getattr(value, "untyped_storage", None)
        if of_torch is not None and str(cast("Any", value).layout) == "torch.strided":
            return "storage", of_torch()._cdata
        storage = getattr(value, "storage", None)
        if storage is not None and not callable(storage):
            return "storage", id(storage)
    return "object", id(value)


def parts_of(value: object) -> AliasedValues:
    """The value and all that it holds, without what cannot change."""
    found = AliasedValues()
    pending = [value]
    while pending:
        current = pending.pop()
        inner = _held_by(current)
        if not is_tensor(current) and inner is None:
            continue
        if current not in found:
            found.add(current)
            pending.extend(inner or ())
    return found


def _held_by(value: object) -> list[object] | None:
    if isinstance(value, list | tuple):
        return list(cast("list[object]", value))
    if isinstance(value, dict):
        entries = cast("dict[object, object]", value)
        return [*entries.keys(), *entries.values()]
    if isinstance(value, ScriptObject):
        return list(value.attributes.values())
    return None


def is_object(value: object) -> bool:
    """Whether the value is an object of a class, a module or none."""
    return isinstance(value, ScriptObject) or is_native_object(value)


def is_module(value: object) -> bool:
    """Whether the value is a module."""
    return isinstance(value, ScriptObject) and value.type.is_module


def can_change(value: object, declared: Type) -> bool:
    """Whether the value is, or holds, something that can be written to; of its own type, not the declared."""
    if isinstance(value, ScriptObject) or is_native_object(value):
        return True
    if value is not None and not isinstance(value, list | tuple | dict) and not is_tensor(value):
        return False
    return is_mutable_type(type_of_constant(value, declared))


def as_constant(value: object) -> object:
    """The value as a graph holds it: tensors share their memory but need no gradient, devices are names."""
    if is_tensor(value):
        return _detached(value) if getattr(value, "requires_grad", False) else value
    if isinstance(value, list):
        return _same_unless_changed(value, [as_constant(item) for item in cast("list[object]", value)])
    if isinstance(value, tuple):
        return _same_unless_changed(value, tuple(map(as_constant, cast("tuple[object, ...]", value))))
    if isinstance(value, dict):
        entries = cast("dict[object, object]", value)
        made = {key: as_constant(item) for key, item in entries.items()}
        return made if any(made[key] is not item for key, item in entries.items()) else entries
    if type(value).__name__ == "device" and hasattr(value, "index"):
        return DeviceName(str(value))
    return value


def _same_unless_changed(old: Any, new: Any) -> Any:
    return old if all(a is b for a, b in zip(old, new, strict=True)) else new


def _detached(tensor: object) -> object:
    detach = getattr(tensor, "detach", None)
    return detach() if detach is not None else cast("Any", tensor).without_gradient()
