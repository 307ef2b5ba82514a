"""The Python classes of script classes, enums and named tuples, and stand-ins where there are none."""

from __future__ import annotations

import collections
import enum
import sys
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary, ref

from jitcore.types import ClassType, EnumType, TupleType

if TYPE_CHECKING:
    from jitcore.slots.compiles import KnownClasses
    from jitcore.types import NominalType

_PREFIX = "__torch__."
_CLASSES: WeakKeyDictionary[EnumType, type[enum.Enum]] = WeakKeyDictionary()
_MADE: WeakKeyDictionary[EnumType, type[enum.Enum]] = WeakKeyDictionary()
_STANDS_FOR: WeakKeyDictionary[type, ref[EnumType]] = WeakKeyDictionary()


def remember_enum(kind: EnumType, cls: type[enum.Enum]) -> None:
    """Note the enum that a type was read from, which may be one that no module names."""
    _CLASSES[kind] = cls


def enum_class(kind: EnumType) -> type[enum.Enum]:
    """The enum that the type was read from, or one of its name and members; a made one if none is here."""
    known = _CLASSES.get(kind.first)
    if known is not None:
        return known
    found = _named(kind)
    if isinstance(found, type) and issubclass(found, enum.Enum):
        members = {member.name: member.value for member in found}
        if members == dict(kind.members):
            return found
    made = _MADE.get(kind.first)
    if made is None:
        module, _, name = kind.qualified_name.removeprefix(_PREFIX).rpartition(".")
        # With the functional call members may have any names and values that an archive gives them.
        class_of: Any = enum.Enum
        made = cast("type[enum.Enum]", class_of(name, list(kind.members), module=module or "__main__"))
        _MADE[kind.first] = made
        _STANDS_FOR[made] = ref(kind.first)
    return made


def stood_for(cls: type[enum.Enum]) -> EnumType | None:
    """The enum of an archive that a class was made for; None for a class of a person."""
    found = _STANDS_FOR.get(cls)
    first = None if found is None else found()
    return None if first is None else first.mention()


def class_of_script(kind: ClassType, known: KnownClasses) -> type | None:
    """The Python class that a script class was compiled from; None if nobody here has it."""
    compiled = known.python_class(kind.qualified_name)
    if compiled is not None:
        return compiled
    found = _named(kind)
    return found if isinstance(found, type) else None


def named_tuple(kind: TupleType, items: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items under the names of the fields of a type that has a name."""
    name = (kind.name or "").rpartition(".")[2]
    # The fields are only known now.
    made: Any = collections.namedtuple(name, kind.field_names or ())  # pyright: ignore[reportUntypedNamedTuple]
    return made(*items)


def _named(kind: NominalType) -> object:
    """What a module has under the qualified name of a type; only modules that are loaded are looked at."""
    module, _, name = kind.qualified_name.removeprefix(_PREFIX).rpartition(".")
    home = sys.modules.get(module or "__main__")
    return None if home is None else getattr(home, name, None)
