"""Types and source texts of graphs, each once, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.types import (
    INFERRED_TENSOR,
    DictType,
    NominalType,
    SimpleType,
    TensorType,
    TupleType,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.archive.graph_records.types import CodeNames, Record
    from jitcore.source import Source, SourceRange


class TypeTable:
    """Attributes: `records`, those of the types so far; parts come before what they are part of.

    `write_value` gives the record of a value: the default of a field.
    """

    def __init__(self, code: CodeNames, write_value: Callable[[object], Record]) -> None:
        self._code = code
        self._write_value = write_value
        self._numbers: dict[tuple[Type, str], int] = {}
        self.records: list[Record] = []

    def number(self, kind: Type) -> int:
        """The number of a type, which is added unless it is there."""
        key = kind, _beside_equality(kind)
        known = self._numbers.get(key)
        if known is None:
            record = self._record(kind)
            known = self._numbers[key] = len(self.records)
            self.records.append(record)
        return known

    def _record(self, kind: Type) -> Record:
        if isinstance(kind, SimpleType):
            return [kind.kind]
        if isinstance(kind, TensorType):
            return _tensor(kind)
        if isinstance(kind, NominalType):
            return [kind.kind, self._code.name_of(kind)]
        parts: list[Record] = [self.number(part) for part in kind.parts]
        if isinstance(kind, TupleType) and (kind.name, kind.field_names) != (None, None):
            name = None if kind.name is None else self._code.name_of(kind)
            defaults: list[Record] = [
                [field, self._write_value(value)] for field, value in kind.defaults.items()
            ]
            return ["NamedTuple", name, _items(kind.field_names), defaults, *parts]
        if not parts and not isinstance(kind, TupleType | DictType):
            raise ValueError(f"{kind.kind} is of no graph that was compiled")
        return [kind.kind, *parts]


def _beside_equality(kind: Type) -> str:
    """What tells two types apart that are equal, and are spelled in different ways."""
    if isinstance(kind, TensorType):
        return "inferred" if kind.inferred else ""
    if isinstance(kind, TupleType) and kind.defaults:
        return repr(kind.defaults)
    return ",".join(filter(None, map(_beside_equality, kind.parts)))


def _tensor(kind: TensorType) -> Record:
    if kind.key() == INFERRED_TENSOR.key():
        return ["Inferred" if kind.inferred else "Tensor"]
    return [
        "TensorType", kind.dtype, _items(kind.sizes), _items(kind.strides), kind.requires_grad, kind.device,
        kind.undefined, kind.inferred,
    ]  # fmt: skip


def _items(parts: Sequence[Record] | None) -> Record:
    return None if parts is None else list(parts)


class SourceTable:
    """Attributes: `records`, those of the source texts so far."""

    def __init__(self) -> None:
        self._numbers: dict[Source, int] = {}
        self.records: list[Record] = []

    def place(self, at: SourceRange | None) -> Record:
        """Number of the source, and first and last offset; a place in generated text is that it came from."""
        if at is None:
            return []
        at = at.origin()
        number = self._numbers.get(at.source)
        if number is None:
            number = self._numbers[at.source] = len(self.records)
            self.records.append([at.source.text, at.source.filename, at.source.starting_line])
        return [number, at.start, at.end]
