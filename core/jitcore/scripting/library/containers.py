"""Lists and dicts that compiled code and Python share, instead of each having a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from jitcore.exec.value_text import value_text
from jitcore.scripting.library.run_errors import Error
from jitcore.scripting.library.to_python import to_python
from jitcore.slots.from_python import REFUSALS, to_script
from jitcore.slots.held import Held
from jitcore.slots.inferred_types import InferenceError, inferred_type
from jitcore.types import STRING, TENSOR, DictType, ListType, Type

if TYPE_CHECKING:
    from jitcore.scripting.library.machine import Machine

_EMPTY = {list: ListType(TENSOR), dict: DictType(STRING, TENSOR)}


def _as(value: Any, kind: Type, machine: Machine) -> Any:
    try:
        return to_script(value, kind, machine.known)
    except REFUSALS:
        raise TypeError(f"{value!r} is no {kind.annotation()}, which is what this container takes") from None


class ScriptList(Held):
    """A list of one type of elements. Raises TypeError for elements of another."""

    __slots__ = ("machine",)
    held: list[Any]
    kind: ListType

    def __init__(self, held: list[Any], kind: ListType, machine: Machine) -> None:
        super().__init__(held, kind)
        self.machine = machine

    def __repr__(self) -> str:
        return value_text(self.held)

    def __iter__(self) -> Iterator[Any]:
        return (self._out(item) for item in self.held)

    def __contains__(self, item: object) -> bool:
        return self._in(item) in self.held

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return ScriptList(self.held[place], self.kind, self.machine)
        return self._out(self.held[place])

    def __setitem__(self, place: int | slice, value: Any) -> None:
        if isinstance(place, slice):
            self.held[place] = self._all(value)
        else:
            self.held[place] = self._in(value)

    def __delitem__(self, place: int) -> None:
        del self.held[place]

    def append(self, value: Any) -> None:
        """Add an element at the end."""
        self.held.append(self._in(value))

    def insert(self, place: int, value: Any) -> None:
        """Add an element before a place."""
        self.held.insert(place, self._in(value))

    def extend(self, values: Iterable[Any]) -> None:
        """Add elements at the end; none if one of them has another type."""
        self.held.extend(self._all(values))

    def pop(self, place: int = -1) -> Any:
        """Take an element out. Raises IndexError where there is none."""
        return self._out(self.held.pop(place))

    def remove(self, value: Any) -> None:
        """Take out the first element that is equal. Raises ValueError if there is none."""
        self.held.remove(self._in(value))

    def count(self, value: Any) -> int:
        """How many elements are equal."""
        return self.held.count(self._in(value))

    def clear(self) -> None:
        """Take all elements out."""
        self.held.clear()

    def _in(self, value: Any) -> Any:
        return _as(value, self.kind.element, self.machine)

    def _all(self, values: Iterable[Any]) -> list[Any]:
        return [self._in(value) for value in values]

    def _out(self, item: Any) -> Any:
        return to_python(item, self.kind.element, self.machine)


class ScriptDict(Held):
    """A dict of one type of keys and one of values.

    Raises TypeError for others, KeyError for what is not there.
    """

    __slots__ = ("machine",)
    held: dict[Any, Any]
    kind: DictType

    def __init__(self, held: dict[Any, Any], kind: DictType, machine: Machine) -> None:
        super().__init__(held, kind)
        self.machine = machine

    def __repr__(self) -> str:
        return value_text(self.held)

    def __iter__(self) -> Iterator[Any]:
        return self.keys()

    def __contains__(self, key: object) -> bool:
        return _as(key, self.kind.key_type, self.machine) in self.held

    def __getitem__(self, key: Any) -> Any:
        try:
            return self._value(self.held[to_script(key, self.kind.key_type, self.machine.known)])
        except REFUSALS:
            raise KeyError(key) from None

    def __setitem__(self, key: Any, value: Any) -> None:
        self.held[_as(key, self.kind.key_type, self.machine)] = _as(value, self.kind.value_type, self.machine)

    def __delitem__(self, key: Any) -> None:
        del self.held[_as(key, self.kind.key_type, self.machine)]

    def keys(self) -> Iterator[Any]:
        """The keys, in the order in which they came."""
        return (self._key(key) for key in self.held)

    def items(self) -> Iterator[tuple[Any, Any]]:
        """Keys and values."""
        return ((self._key(key), self._value(value)) for key, value in self.held.items())

    def _key(self, key: Any) -> Any:
        return to_python(key, self.kind.key_type, self.machine)

    def _value(self, value: Any) -> Any:
        return to_python(value, self.kind.value_type, self.machine)


def shared_container(values: list[Any] | dict[Any, Any], machine: Machine) -> ScriptList | ScriptDict:
    """A list or dict of values as one that compiled code, which `machine` runs, may write to.

    An empty one is for tensors, by names if it is a dict. Raises `Error` without a common type.
    """
    try:
        kind = inferred_type(values, machine.known) if values else _EMPTY[type(values)]
    except InferenceError as error:
        name = "list" if isinstance(values, list) else "dictionary"
        raise Error(f"Unable to infer type of {name}: {error}") from None
    held = to_script(values, kind, machine.known)
    if isinstance(kind, ListType):
        return ScriptList(held, kind, machine)
    assert isinstance(kind, DictType)
    return ScriptDict(held, kind, machine)
