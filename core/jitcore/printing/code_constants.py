"""The table of constants that code refers to as `CONSTANTS.cN`."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, Protocol, cast

from jitcore.ir.objects import ScriptObject, is_native_object
from jitcore.ir.tensor_contents import TensorContents
from jitcore.printing.literals import float_text, literal_text
from jitcore.printing.printed_values import PrintedTensor, PrintedValue
from jitcore.printing.tensor_elements import dtype_name, is_tensor, shape_of
from jitcore.types import TupleType, Type, TypePrinter


class _Readable(Protocol):
    def data(self) -> memoryview:
        """The elements' bytes."""
        ...


_CROWDED: Final = 8
"""Tensors of one shape from which on they are told apart by what they hold."""


class ConstantTable:
    """Values in the order in which they were first needed; equal tensors share an entry."""

    __slots__ = ("_alike", "_contents", "_positions", "values")

    def __init__(self) -> None:
        self.values: list[object] = []
        self._positions: dict[int, int] = {}
        self._alike: dict[Hashable, list[int]] = {}
        self._contents = TensorContents()

    def position(self, value: object) -> int:
        """Index of `value`, which is added unless an equal tensor is there."""
        known = self._positions.get(id(value))
        if known is not None:
            return known
        position = len(self.values)
        if is_tensor(value):
            alike = self._tensors_like(value)
            for index in alike:
                if _same_tensor(value, self.values[index]):
                    return index
            alike.append(position)
            # Held in `values`, so no other object gets the same id.
            self._positions[id(value)] = position
        self.values.append(value)
        return position

    def _tensors_like(self, tensor: object) -> list[int]:
        """Where tensors are that may equal this one; only where they are many, they are read."""
        sort = dtype_name(tensor), shape_of(tensor)
        alike = self._alike.setdefault(sort, [])
        if len(alike) < _CROWDED:
            return alike
        if (sort, None) not in self._alike:
            self._alike[sort, None] = []
            for index in alike:
                self._alike.setdefault((sort, self._contents.of(self.values[index])), []).append(index)
        return self._alike.setdefault((sort, self._contents.of(tensor)), [])


def _same_tensor(a: object, b: object) -> bool:
    if dtype_name(a) != dtype_name(b) or shape_of(a) != shape_of(b):
        return False
    if str(getattr(a, "device", None)) != str(getattr(b, "device", None)):
        return False
    if isinstance(a, PrintedTensor) or isinstance(b, PrintedTensor):
        # Ten numbers at most are printed; of a larger tensor nothing can be said.
        texts = [t.text for t in (a, b) if isinstance(t, PrintedTensor)]
        return len(texts) == 2 and texts[0] == texts[1] != "<Tensor>" and "nan" not in texts[0]
    if getattr(a, "layout", "strided") != getattr(b, "layout", "strided"):
        return False
    if callable(getattr(a, "data", None)) and callable(getattr(b, "data", None)):
        return cast("_Readable", a).data() == cast("_Readable", b).data()
    equal = getattr(a, "equal", None)
    return bool(equal(b)) if callable(equal) and type(a) is type(b) else False


def constant_text(
    value: object,
    declared: Type | None,
    table: ConstantTable,
    type_printer: TypePrinter | None,
    importable: bool = False,
) -> str:
    """`value` in code; what has no literal goes to the table.

    TorchScript prints large floats without a fraction as integers, which is what they would be where
    `importable` code is read.
    """

    def special(item: object, item_type: Type | None) -> str | None:
        if (
            is_tensor(item)
            or isinstance(item, (ScriptObject, PrintedValue))
            or is_native_object(item)
            or _has_non_ascii_string(item)
        ):
            return f"CONSTANTS.c{table.position(item)}"
        if importable and isinstance(item, float):
            text = float_text(item)
            return f"{text}." if text.lstrip("-").isdigit() else text
        if isinstance(item, tuple) and isinstance(item_type, TupleType) and item_type.field_names is not None:
            return item_type.annotation(type_printer) + literal_text(
                item, TupleType(item_type.parts), special
            )
        return None

    return literal_text(value, declared, special)


def _has_non_ascii_string(value: object) -> bool:
    if isinstance(value, str):
        return not value.isascii()
    if isinstance(value, (list, tuple)):
        return any(_has_non_ascii_string(item) for item in value)
    if isinstance(value, dict):
        return any(_has_non_ascii_string(key) or _has_non_ascii_string(item) for key, item in value.items())
    return False
