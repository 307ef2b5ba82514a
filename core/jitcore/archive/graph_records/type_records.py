"""Reads the types of a record of graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from jitcore import types
from jitcore.archive.errors import ArchiveError
from jitcore.types import (
    INFERRED_TENSOR,
    TENSOR,
    AwaitType,
    DictType,
    FunctionType,
    FutureType,
    ListType,
    NominalType,
    OptionalType,
    RRefType,
    SimpleType,
    TensorType,
    TupleType,
    Type,
    UnionType,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.archive.graph_records.types import Record
    from jitcore.frontend import SourceImporter

_SIMPLE: Final = {kind.kind: kind for kind in vars(types).values() if isinstance(kind, SimpleType)}
_OF_ONE: Final = {
    kind.kind: kind for kind in (ListType, OptionalType, FutureType, AwaitType, RRefType)
}  # fmt: skip
_NOMINAL: Final = ("ClassType", "InterfaceType", "EnumType")


def read_types(
    code: SourceImporter,
    records: list[list[Record]],
    read_value: Callable[[Record], object],
    found: list[Type],
) -> None:
    """Append the types of a table, whose classes and functions are those of `code`, to `found`."""
    for record in records:
        if record[0] == "NamedTuple":
            found.append(_named_tuple(found, record, read_value))
        else:
            found.append(_read(code, found, record))


def _named_tuple(known: list[Type], record: list[Record], read_value: Callable[[Record], object]) -> Type:
    _, name, fields, defaults, *parts = record
    names = None if fields is None else tuple(str(field) for field in cast("list[Record]", fields))
    values = {str(field): read_value(value) for field, value in cast("list[list[Record]]", defaults)}
    return TupleType(_parts(known, parts), None if name is None else str(name), names, values)


def _read(code: SourceImporter, known: list[Type], record: list[Record]) -> Type:
    kind, *rest = record
    match kind:
        case "Tensor":
            return TENSOR
        case "Inferred":
            return INFERRED_TENSOR
        case "TensorType":
            return _tensor(rest)
        case "FunctionType":
            name = str(rest[0])
            return FunctionType(name, code.function(name))
        case "TupleType":
            return TupleType(_parts(known, rest))
        case "UnionType":
            return UnionType(_parts(known, rest))
        case "DictType":
            key, value = _parts(known, rest)
            return DictType(key, value)
        case _:
            pass
    word = str(kind)
    if word in _SIMPLE:
        return _SIMPLE[word]
    if word in _NOMINAL:
        return _named(code, word, str(rest[0]))
    (element,) = _parts(known, rest)
    return _OF_ONE[word](element)


def _named(code: SourceImporter, kind: str, name: str) -> Type:
    found = code.named_type(name)
    if not isinstance(found, NominalType) or found.kind != kind:
        raise ArchiveError(f"the code defines no {kind} {name}")
    return found


def _parts(known: list[Type], numbers: list[Record]) -> tuple[Type, ...]:
    """Types that stand earlier in the table."""
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise TypeError("a part of a type is no number")
    return tuple(known[number] for number in cast("list[int]", numbers))


def _tensor(rest: list[Record]) -> TensorType:
    dtype, sizes, strides, requires_grad, device, undefined, is_inferred = rest
    return TensorType(
        cast("str | None", dtype), _extents(sizes), _extents(strides), cast("bool | None", requires_grad),
        cast("str | None", device), cast("bool | None", undefined), bool(is_inferred),
    )  # fmt: skip


def _extents(record: Record) -> tuple[int | None, ...] | None:
    return None if record is None else tuple(cast("list[int | None]", record))
