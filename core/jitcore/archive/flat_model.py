"""A module in the form of a flatbuffer, as torch writes for mobile devices, with its code."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.errors import ArchiveError
from jitcore.archive.flat_tables import FlatTable
from jitcore.archive.nesting import DEEPEST, check_nesting
from jitcore.archive.tensors import LazyStorage, LazyTensor, Quantizer
from jitcore.archive.values import Device, SavedDict, SavedEnum, SavedList, SavedObject, Value
from jitcore.source import Source
from jitcore.types import SCALAR_TYPE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK: Final = b"PTMF"
_EXTRA_FILES, _STATE, _VALUES, _STORAGES, _CLASSES, _SOURCES, _CONSTANTS, _VERSION = 1, 3, 4, 6, 7, 8, 9, 10
_WITH_FIELDS, _OF_CPP, _WITH_STATE = 1, 2, 3
_ELEMENTS: Final = {element.name: element for element in STORAGE_TYPES.values()}
_SCALAR_TYPES: Final = tuple(SCALAR_TYPE_NAMES)
_SCHEMES: Final = ("per_tensor_affine", "per_channel_affine")


class FlatModel:
    """What an archive tells of its module, read from a flatbuffer.

    Attributes: `file` names the file in errors, `code` the source files, `version` is that of the operators.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self._top = FlatTable.root(memoryview(data), file)
        self.code = _FlatCode(
            {table.text(0): Source(table.text(1), table.text(0)) for table in self._top.tables(_SOURCES)}
        )
        if not self.code.sources:
            raise ArchiveError(
                f"{file} holds instructions for mobile devices and no code; save the module with "
                "torch.jit.save"
            )
        self.version = cast(int, self._top.number(_VERSION, "I"))
        self._tables = list(self._top.tables(_VALUES))
        self._classes = list(self._top.tables(_CLASSES))
        self._contents = [table.bytes(0) for table in self._top.tables(_STORAGES)]
        self._storages: dict[tuple[int, str], LazyStorage] = {}
        self._known: dict[int, Value] = {}
        self._open: set[int] = set()

    @staticmethod
    def is_one(start: bytes) -> bool:
        """Whether a file that starts so is one."""
        return start[4:8] == _MARK

    @cached_property
    def root(self) -> SavedObject:
        """The module that was saved."""
        found = self._value(self._top.number(_STATE, "I"))
        if not isinstance(found, SavedObject):
            raise ArchiveError(f"{self.file} holds no module; save one with torch.jit.save")
        check_nesting(found, self.file)
        return found

    @cached_property
    def constants(self) -> tuple[Value, ...]:
        """The values that code refers to as `CONSTANTS.c0`, `CONSTANTS.c1`, ..."""
        found = tuple(self._value(place) for place in self._top.numbers(_CONSTANTS, "I"))
        check_nesting(found, self.file)
        return found

    def extra_files(self) -> dict[str, int]:
        """Names of the files that were saved along with the module, with their sizes in bytes."""
        return {table.text(0): len(table.bytes(1)) for table in self._top.tables(_EXTRA_FILES)}

    def extra_file(self, name: str) -> bytes:
        """The content of an extra file; raises `ArchiveError` if there is none of that name."""
        for table in self._top.tables(_EXTRA_FILES):
            if table.text(0) == name:
                return bytes(table.bytes(1))
        raise ArchiveError(f"{self.file} has no extra file '{name}'")

    # --- values ---------------------------------------------------------------------------------

    def _value(self, place: int) -> Value:
        """The value of a number."""
        if place in self._known:
            return self._known[place]
        if place >= len(self._tables) or place in self._open or len(self._open) >= DEEPEST:
            raise ArchiveError(f"{self.file} names a value that it does not have, or nests too deeply")
        self._open.add(place)
        holder = self._tables[place]
        kind = cast(int, holder.number(0, "B"))
        if kind == 0:
            found: Value = None
        elif kind <= len(_STRUCTS):
            found = _STRUCTS[kind - 1](holder)
        else:
            read, inner = _READERS.get(kind), holder.table(1)
            if read is None or inner is None:
                raise ArchiveError(f"{self.file} holds a value of the unknown kind {kind}; save it again")
            found = read(self, inner)
        self._open.discard(place)
        self._known[place] = found
        return found

    def _values(self, table: FlatTable, field: int = 0) -> list[Value]:
        return [self._value(place) for place in table.numbers(field, "I")]

    def _tensor(self, table: FlatTable) -> LazyTensor:
        quantized = table.table(6)
        return LazyTensor(
            self._storage(table.number(0, "I"), table.number(1, "b")),
            table.number(2, "i"), tuple(table.numbers(3, "i")), tuple(table.numbers(4, "i")),
            bool(table.number(5, "?")), None if quantized is None else self._quantizer(quantized),
        )  # fmt: skip

    def _storage(self, place: int, scalar: int) -> LazyStorage:
        name = _SCALAR_TYPES[scalar] if 0 <= scalar < len(_SCALAR_TYPES) else ""
        element = _ELEMENTS.get(name)
        if element is None or place >= len(self._contents):
            raise ArchiveError(f"{self.file} holds a tensor of an unknown sort; save it again")
        known = self._storages.get((place, name))
        if known is None:
            content = self._contents[place]
            known = LazyStorage(
                element, f"storage {place}", "cpu", len(content) // element.itemsize, lambda _: content
            )
            self._storages[place, name] = known
        return known

    def _quantizer(self, table: FlatTable) -> Quantizer:
        scheme = cast(int, table.number(0, "b"))
        if not 0 <= scheme < len(_SCHEMES):
            raise ArchiveError(f"{self.file} holds a tensor that is quantized in an unknown way")
        scales, zero_points = table.table(3), table.table(4)
        if scales is None or zero_points is None:
            return Quantizer(_SCHEMES[scheme], table.number(1, "d"), table.number(2, "i"), None)
        axis = cast(int, table.number(5, "i"))
        return Quantizer(_SCHEMES[scheme], self._tensor(scales), self._tensor(zero_points), axis)

    def _list(self, table: FlatTable) -> Value:
        made = SavedList(self._values(table))
        made.type_tag = table.text(1)
        return made

    def _tuple(self, table: FlatTable) -> Value:
        return tuple(self._values(table))

    def _dict(self, table: FlatTable) -> Value:
        keys = self._values(table)
        if not all(isinstance(key, str | int | float | complex | LazyTensor) for key in keys):
            raise ArchiveError(f"{self.file} holds a dict with a key of a wrong type; save it again")
        made = SavedDict(zip(cast("list[str]", keys), self._values(table, 1), strict=False))
        made.type_tag = table.text(2)
        return made

    def _object(self, table: FlatTable) -> Value:
        place = cast(int, table.number(0, "I"))
        if place >= len(self._classes):
            raise ArchiveError(f"{self.file} holds an object of a class that it does not name; save it again")
        declared = self._classes[place]
        made = SavedObject(declared.text(0))
        kind = declared.number(1, "B")
        if kind in (_OF_CPP, _WITH_STATE):
            made.has_state = True
            made.state = self._value(table.number(1, "I"))
        elif kind == _WITH_FIELDS:
            made.attributes.update(zip(declared.texts(2), self._values(table, 2), strict=False))
        return made

    def _numbers(self, table: FlatTable, kind: str, tag: str) -> Value:
        made = SavedList(table.numbers(0, kind))
        made.type_tag = tag
        return made

    def _enum(self, table: FlatTable) -> Value:
        return SavedEnum(table.text(0), self._value(table.number(1, "I")))


class _FlatCode:
    """The source files of a flatbuffer. Attribute: `sources`, by qualifiers."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.sources = sources

    def source(self, qualifier: str) -> Source | None:
        """The file that defines the names under `qualifier`; None if there is none."""
        return self.sources.get(qualifier)


_STRUCTS: Final[tuple[Callable[[FlatTable], Value], ...]] = (
    lambda holder: holder.struct(1, "q")[0],
    lambda holder: holder.struct(1, "?")[0],
    lambda holder: holder.struct(1, "d")[0],
    lambda holder: complex(*holder.struct(1, "dd")),
)
"""Reads numbers, which stand for themselves: an integer, a truth value, a float and a complex number."""

_READERS: Final[dict[int, Callable[[FlatModel, FlatTable], Value]]] = {
    5: FlatModel._tensor,  # pyright: ignore[reportPrivateUsage]
    6: lambda _, table: table.text(0),
    7: FlatModel._list,  # pyright: ignore[reportPrivateUsage]
    8: FlatModel._tuple,  # pyright: ignore[reportPrivateUsage]
    9: FlatModel._dict,  # pyright: ignore[reportPrivateUsage]
    10: FlatModel._object,  # pyright: ignore[reportPrivateUsage]
    11: lambda model, table: model._numbers(table, "q", "List[int]"),  # pyright: ignore[reportPrivateUsage]
    12: lambda model, table: model._numbers(table, "d", "List[float]"),  # pyright: ignore[reportPrivateUsage]
    13: lambda model, table: model._numbers(table, "?", "List[bool]"),  # pyright: ignore[reportPrivateUsage]
    14: lambda _, table: Device(table.text(0)),
    15: FlatModel._enum,  # pyright: ignore[reportPrivateUsage]
}
"""Reads everything else, by the number of its kind."""
