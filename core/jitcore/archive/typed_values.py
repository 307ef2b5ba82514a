"""Saved values turned into values of the types that the archive's code declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from jitcore.archive.errors import ArchiveError
from jitcore.archive.tensors import LazyTensor
from jitcore.archive.values import Device, SavedDict, SavedEnum, SavedList, SavedObject, Value
from jitcore.ir.objects import EnumValue, ScriptObject
from jitcore.types import (
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    NONE,
    STRING,
    ClassType,
    DictType,
    EnumType,
    InterfaceType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.types import MethodLike


class NamedTypes(Protocol):
    """Finds the types that the archive's code defines."""

    def named_type(self, name: str, /) -> Type | None:
        """The class or enum of that name; None if the code defines none."""
        ...


_SCALARS: Final[dict[Type, type]] = {INT: int, FLOAT: float, BOOL: bool, STRING: str, COMPLEX: complex}


class TypedValues:
    """Converts the values of one archive; what was shared stays shared.

    Lists, dicts and tuples become Python's own, devices their names, enum members `EnumValue`,
    objects `ScriptObject` with their attributes in the order of the class. `where` names the record
    in errors, which are `ArchiveError`. `restorers` are the `__setstate__` of the classes whose objects
    restore themselves.
    """

    def __init__(self, types: NamedTypes, where: str) -> None:
        self.restorers: dict[MethodLike, None] = {}
        self._types = types
        self._where = where
        # Converted by identity; the saved values live as long as the archive's root, which is kept.
        self._converted: dict[int, tuple[Value, object]] = {}

    def object(self, saved: SavedObject, path: str = "") -> ScriptObject:
        """The object with the attributes that its class declares, or with the state it saved."""
        known = self._converted.get(id(saved))
        if known is not None and isinstance(known[1], ScriptObject):
            return known[1]
        class_type = self._types.named_type(saved.type_name)
        if not isinstance(class_type, ClassType):
            raise self._wrong(
                path, f"is of the class {saved.type_name}, which the archive's code does not define"
            )
        made = ScriptObject(class_type)
        self._converted[id(saved)] = saved, made
        restore = class_type.methods.get("__setstate__")
        if saved.has_state or (restore is not None and "__getstate__" in class_type.methods):
            made.has_state = True
            if restore is not None:
                self.restorers[restore] = None
            state: Value = saved.state if saved.has_state else _as_dict(saved)
            declared = restore.schema.arguments[1].type if restore is not None else None
            made.state = self.value(state, declared, f"{path}.__state__" if path else "__state__")
            return made
        for name, attribute in class_type.attributes.items():
            below = f"{path}.{name}" if path else name
            if name not in saved.attributes:
                raise self._wrong(below, f"is missing, though {saved.type_name} declares it")
            value = self.value(saved.attributes[name], attribute.type, below)
            if isinstance(value, LazyTensor) and attribute.is_parameter:
                value.is_parameter = True
            made.attributes[name] = value
        return made

    def value(self, saved: Value, declared: Type | None, path: str) -> object:
        """The value as the type `declared`, or as it was saved if that is None or says nothing."""
        if isinstance(declared, OptionalType):
            return None if saved is None else self.value(saved, declared.element, path)
        if declared is None:
            return self._undeclared(saved, path)
        scalar = _SCALARS.get(declared)
        if scalar is not None:
            if type(saved) is not scalar:
                raise self._mismatch(saved, declared, path)
            return saved
        convert = _CONVERSIONS.get(type(declared))
        if convert is not None:
            return convert(self, saved, declared, path)
        if declared is NONE and saved is not None:
            raise self._mismatch(saved, declared, path)
        if declared is DEVICE:
            if not isinstance(saved, Device):
                raise self._mismatch(saved, declared, path)
            return saved.name
        return self._undeclared(saved, path)

    def as_tensor(self, saved: Value, declared: Type, path: str) -> object:
        """A tensor."""
        if not isinstance(saved, LazyTensor):
            raise self._mismatch(saved, declared, path)
        return saved

    def as_list(self, saved: Value, declared: ListType, path: str) -> object:
        """A list of the declared elements."""
        if not isinstance(saved, SavedList):
            raise self._mismatch(saved, declared, path)
        return self._items(saved, declared.element, path)

    def as_dict(self, saved: Value, declared: DictType, path: str) -> object:
        """A dict of the declared keys and values."""
        if not isinstance(saved, SavedDict):
            raise self._mismatch(saved, declared, path)
        return self._entries(saved, declared.key_type, declared.value_type, path)

    def as_tuple(self, saved: Value, declared: TupleType, path: str) -> object:
        """A tuple of the declared length."""
        if not isinstance(saved, tuple) or len(saved) != len(declared.elements):
            raise self._mismatch(saved, declared, path)
        pairs = zip(saved, declared.elements, strict=True)
        return tuple(
            self.value(item, element, f"{path}[{index}]") for index, (item, element) in enumerate(pairs)
        )

    def as_object(self, saved: Value, declared: ClassType, path: str) -> object:
        """An object of the declared class."""
        if not isinstance(saved, SavedObject) or saved.type_name != declared.qualified_name:
            raise self._mismatch(saved, declared, path)
        return self.object(saved, path)

    def as_implementation(self, saved: Value, declared: InterfaceType, path: str) -> object:
        """An object of some class with the interface."""
        if not isinstance(saved, SavedObject):
            raise self._mismatch(saved, declared, path)
        return self.object(saved, path)

    def as_enum_member(self, saved: Value, declared: EnumType, path: str) -> object:
        """A member of the declared enum."""
        if not isinstance(saved, SavedEnum) or saved.type_name != declared.qualified_name:
            raise self._mismatch(saved, declared, path)
        return self._member(saved, declared, path)

    def _undeclared(self, saved: Value, path: str) -> object:
        if isinstance(saved, SavedList):
            return self._items(saved, None, path)
        if isinstance(saved, SavedDict):
            return self._entries(saved, None, None, path)
        if isinstance(saved, tuple):
            return tuple(self._undeclared(item, f"{path}[{index}]") for index, item in enumerate(saved))
        if isinstance(saved, SavedObject):
            return self.object(saved, path)
        if isinstance(saved, SavedEnum):
            declared = self._types.named_type(saved.type_name)
            if not isinstance(declared, EnumType):
                raise self._wrong(path, f"is of the enum {saved.type_name}, which the code does not define")
            return self._member(saved, declared, path)
        return saved

    def _items(self, saved: SavedList, element: Type | None, path: str) -> object:
        known = self._converted.get(id(saved))
        if known is None:
            items = _empty_list(saved, element)
            known = self._converted[id(saved)] = saved, items
            items.extend(self.value(item, element, f"{path}[{index}]") for index, item in enumerate(saved))
        return known[1]

    def _entries(self, saved: SavedDict, key_type: Type | None, value_type: Type | None, path: str) -> object:
        known = self._converted.get(id(saved))
        if known is None:
            entries = _empty_dict(saved, value_type)
            known = self._converted[id(saved)] = saved, entries
            for key, item in saved.items():
                below = f"{path}[{key!r}]"
                entries[self.value(key, key_type, below)] = self.value(item, value_type, below)
        return known[1]

    def _member(self, saved: SavedEnum, declared: EnumType, path: str) -> EnumValue:
        for name, value in declared.members:
            if value == saved.value and type(value) is type(saved.value):
                return EnumValue(declared, name, value)
        raise self._wrong(path, f"is {saved.value!r}, which is no value of {saved.type_name}")

    def _mismatch(self, saved: Value, declared: Type, path: str) -> ArchiveError:
        kind = saved.type_name if isinstance(saved, SavedObject | SavedEnum) else type(saved).__name__
        kind = {"SavedList": "list", "SavedDict": "dict", "LazyTensor": "Tensor", "NoneType": "None"}.get(
            kind, kind
        )
        return self._wrong(path, f"is declared as {declared.annotation()} but was saved as {kind}")

    def _wrong(self, path: str, what: str) -> ArchiveError:
        subject = f"the attribute '{path}'" if path else "the module"
        return ArchiveError(f"{self._where}: {subject} {what}; save the file again")


def _empty_list(saved: SavedList, element: Type | None) -> list[object]:
    """A list for the items of `saved`. Where no type is declared it keeps the one that was saved."""
    items: list[Any] = []
    if element is None:
        items = SavedList()
        items.type_tag = saved.type_tag
    return items


def _empty_dict(saved: SavedDict, value_type: Type | None) -> dict[object, object]:
    entries: dict[Any, Any] = {}
    if value_type is None:
        entries = SavedDict()
        entries.type_tag = saved.type_tag
    return entries


def _as_dict(saved: SavedObject) -> SavedDict:
    state = SavedDict()
    state.update(saved.attributes)
    return state


_CONVERSIONS: Final[dict[type[Type], Callable[[TypedValues, Value, Any, str], object]]] = {
    TensorType: TypedValues.as_tensor,
    ListType: TypedValues.as_list,
    DictType: TypedValues.as_dict,
    TupleType: TypedValues.as_tuple,
    ClassType: TypedValues.as_object,
    InterfaceType: TypedValues.as_implementation,
    EnumType: TypedValues.as_enum_member,
}
