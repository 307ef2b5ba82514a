"""Lists and dicts that compiled code and Python share, instead of each having a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jitcore.exec.value_text import value_text
from jitcore.scripting.library.from_python import REFUSALS, to_script
from jitcore.scripting.library.held import Held
from jitcore.scripting.library.inferred_types import InferenceError, inferred_type
from jitcore.scripting.library.machine import shared_machine
from jitcore.scripting.library.run_errors import Error
from jitcore.scripting.library.to_python import to_python
from jitcore.types import STRING, TENSOR, DictType, ListType, Type

_EMPTY = {list: ListType(TENSOR), dict: DictType(STRING, TENSOR)}


def _as(value: Any, kind: Type) -> Any:
    try:
        return to_script(value, kind)
    except REFUSALS:
        raise TypeError(f"{value!r} is no {kind.annotation()}, which is what this container takes") from None


class ScriptList(Held):
    """A list of one type of elements. Raises TypeError for elements of another."""

    __slots__ = ()
    held: list[Any]
    kind: ListType

    def __repr__(self) -> str:
        return value_text(self.held)

    def __iter__(self) -> Iterator[Any]:
        return (self._out(item) for item in self.held)

    def __contains__(self, item: object) -> bool:
        return self._in(item) in self.held

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return ScriptList(self.held[place], self.kind)
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
        return _as(value, self.kind.element)

    def _all(self, values: Iterable[Any]) -> list[Any]:
        return [self._in(value) for value in values]

    def _out(self, item: Any) -> Any:
        return to_python(item, self.kind.element, shared_machine())


class ScriptDict(Held):
    """A dict of one type of keys and one of values.

    Raises TypeError for others, KeyError for what is not there.
    """

    __slots__ = ()
    held: dict[Any, Any]
    kind: DictType

    def __repr__(self) -> str:
        return value_text(self.held)

    def __iter__(self) -> Iterator[Any]:
        return self.keys()

    def __contains__(self, key: object) -> bool:
        return _as(key, self.kind.key_type) in self.held

    def __getitem__(self, key: Any) -> Any:
        try:
            return self._value(self.held[to_script(key, self.kind.key_type)])
        except REFUSALS:
            raise KeyError(key) from None

    def __setitem__(self, key: Any, value: Any) -> None:
        self.held[_as(key, self.kind.key_type)] = _as(value, self.kind.value_type)

    def __delitem__(self, key: Any) -> None:
        del self.held[_as(key, self.kind.key_type)]

    def keys(self) -> Iterator[Any]:
        """The keys, in the order in which they came."""
        return (self._key(key) for key in self.held)

    def items(self) -> Iterator[tuple[Any, Any]]:
        """Keys and values."""
        return ((self._key(key), self._value(value)) for key, value in self.held.items())

    def _key(self, key: Any) -> Any:
        return to_python(key, self.kind.key_type, shared_machine())

    def _value(self, value: Any) -> Any:
        return to_python(value, self.kind.value_type, shared_machine())


def shared_container(values: list[Any] | dict[Any, Any]) -> ScriptList | ScriptDict:
    """A list or dict of values as one that compiled code may write to.

    An empty one is for tensors, by names if it is a dict. Raises `Error` without a common type.
    """
    try:
        kind = inferred_type(values) if values else _EMPTY[type(values)]
    except InferenceError as error:
        name = "list" if isinstance(values, list) else "dictionary"
        raise Error(f"Unable to infer type of {name}: {error}") from None
    return (ScriptList if isinstance(values, list) else ScriptDict)(to_script(values, kind), kind)
