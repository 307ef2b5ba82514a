"""What an archive's pickles are made of, beyond Python's own values and tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from jitcore.archive.tensors import LazyTensor

Value: TypeAlias = "int | float | complex | str | Device | LazyTensor | SavedObject | SavedEnum | SavedList | SavedDict | tuple[Value, ...] | None"  # noqa: E501
"""Anything that a record can hold. Text that is not UTF-8 keeps its bytes as surrogate escapes."""


class SavedList(list["Value"]):
    """A list with the type that was saved with it, as in `List[int]`; None if none was saved."""

    type_tag: str | None = None


class SavedDict(dict["str | int | float | bool | complex | LazyTensor", "Value"]):
    """A dict with the type that was saved with it, as in `Dict[str, int]`; None if none was saved.

    `beside` is what an object of a dict's class holds beside its items, as `_metadata` of a state_dict.
    """

    type_tag: str | None = None
    beside: SavedDict | None = None


class Device:
    """A device such as `cpu` or `cuda:1`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Device({self.name!r})"


class SavedEnum:
    """A member of the enum class `type_name`; the member's name is in the class's code."""

    __slots__ = ("type_name", "value")

    def __init__(self, type_name: str, value: Value) -> None:
        self.type_name = type_name
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SavedEnum) and (other.type_name, other.value) == (
            self.type_name,
            self.value,
        )

    def __hash__(self) -> int:
        return hash(self.type_name)

    def __repr__(self) -> str:
        return f"SavedEnum({self.type_name!r}, {self.value!r})"


class SavedObject:
    """An instance of the class `type_name` (`__torch__...`), compared by identity.

    `attributes` holds its attributes in the order saved. An object whose class saves itself through
    `__getstate__` has none: `state` is what it returned, and `has_state` is true. A state is kept as
    it is; `__setstate__` is never run here.
    """

    __slots__ = ("attributes", "has_state", "state", "type_name")

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name
        self.attributes: dict[str, Value] = {}
        self.state: Value = None
        self.has_state = False

    def __repr__(self) -> str:
        return f"SavedObject({self.type_name!r})"
