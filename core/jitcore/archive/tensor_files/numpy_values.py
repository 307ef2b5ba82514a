"""Values of numpy in a pickle: scalars as numbers, arrays by what they are; numpy itself is not needed."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from jitcore.archive.errors import ArchiveError
from jitcore.archive.pickle_globals import exact_arguments
from jitcore.archive.tensor_files.saved_note import SavedNote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.archive.tensors import LazyTensor

_FORMATS: Final = {
    "b1": "?", "i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I", "u8": "Q",
    "f2": "e", "f4": "f", "f8": "d",
}  # fmt: skip
"""Formats of `struct` by numpy's kind and size."""

_COMPLEX: Final = {"c8": "f", "c16": "d"}
_NAME: Final = re.compile(r"[<>|=]?([biufcSUOVMm][0-9]{0,9})")
_KINDS: Final = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}
_MOST_DIMENSIONS: Final = 8
"""Dimensions of an array that are told; the text of one is not to be longer than its pickle by much."""
_INT64: Final = range(1 << 63)


class NumpyType(SavedNote):
    """A dtype of numpy. Attributes: `code`, as `f8`; `order` of bytes, `<` or `>`."""

    __slots__ = ("code", "order")

    def __init__(self, code: str) -> None:
        self.code = code
        self.order = "<"
        bits = code[1:]
        kind = _KINDS.get(code[0])
        is_plain = kind is not None and bits.isdigit()
        super().__init__(f"{kind}{'' if kind == 'bool' else int(bits) * 8}" if is_plain else code)

    def take_state(self, state: object) -> None:
        """What numpy sets after making it, of which the order of bytes counts."""
        if type(state) is not tuple or len(state) < 2 or state[1] not in ("<", ">", "|", "="):
            raise ArchiveError("the state of a numpy.dtype is none")
        self.order = ">" if state[1] == ">" else "<"


class NumpyArray(SavedNote):
    """An array of numpy: its type and shape once its state is known. Its elements are not read."""

    __slots__ = ()

    def take_state(self, state: object) -> None:
        """What numpy sets after making it: version, shape, dtype, order, bytes."""
        match state:
            case (int(), shape, kind, _, _):
                self.describe(kind, shape)
            case _:
                raise ArchiveError("the state of a numpy array is none")

    def describe(self, kind: object, shape: object) -> None:
        """Take its type and shape. Raises `ArchiveError` for what is none."""
        if not isinstance(kind, NumpyType) or type(shape) is not tuple:
            raise ArchiveError("the type or shape of a numpy array is none")
        told = shape[:_MOST_DIMENSIONS]
        if not all(type(length) is int and length in _INT64 for length in told):
            raise ArchiveError("the shape of a numpy array is none")
        lengths = ", ".join(map(str, told)) + (", …" if len(shape) > len(told) else "")
        self.text = f"numpy array {kind.text}[{lengths}]"


def numpy_type(arguments: object, _: Sequence[LazyTensor]) -> NumpyType:
    """`numpy.dtype(name, align, copy)`."""
    name = exact_arguments(arguments, 1, 3)[0]
    found = _NAME.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        raise ArchiveError("the name of a dtype is none of numpy's")
    return NumpyType(found[1])


def numpy_array(arguments: object, _: Sequence[LazyTensor]) -> NumpyArray:
    """`numpy._core.multiarray._reconstruct(class, shape, kind)`."""
    exact_arguments(arguments, 3)
    return NumpyArray("numpy array")


def numpy_array_of_bytes(arguments: object, _: Sequence[LazyTensor]) -> NumpyArray:
    """`numpy._core.numeric._frombuffer(bytes, dtype, shape, order)`, of pickles of protocol 5."""
    _bytes, kind, shape, _order = exact_arguments(arguments, 4)
    made = NumpyArray("numpy array")
    made.describe(kind, shape)
    return made


def numpy_scalar(arguments: object, _: Sequence[LazyTensor]) -> object:
    """`numpy._core.multiarray.scalar(dtype, bytes)`: the number, or what kind of scalar it is."""
    kind, data = exact_arguments(arguments, 2)
    if not isinstance(kind, NumpyType) or not isinstance(data, bytes):
        raise ArchiveError("arguments of wrong types")
    if kind.code in _COMPLEX:
        real, imaginary = _unpacked(kind.order + 2 * _COMPLEX[kind.code], data)
        return complex(real, imaginary)
    if kind.code not in _FORMATS:
        return SavedNote(f"numpy scalar {kind.text}")
    return _unpacked(kind.order + _FORMATS[kind.code], data)[0]


def _unpacked(form: str, data: bytes) -> tuple[float, ...]:
    if struct.calcsize(form) != len(data):
        raise ArchiveError(f"a scalar of numpy has {len(data)} bytes")
    return struct.unpack(form, data)
