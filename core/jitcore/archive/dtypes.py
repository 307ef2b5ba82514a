"""Element types of tensors: their names, sizes and the storages that a pickle names them by."""

from __future__ import annotations

from typing import Final, NamedTuple


class ElementType(NamedTuple):
    """A tensor's element type.

    `name` is as torch prints it without the module; `itemsize` is in bytes; `per_byte` is how many
    elements share a byte (more than 1 only for the sub-byte quantized types); `word` is the size in
    bytes of the units whose order of bytes an archive's byte order is about.
    """

    name: str
    itemsize: int
    per_byte: int
    word: int


_ROWS: Final = (
    ("Byte", "uint8", 1, 1),
    ("Char", "int8", 1, 1),
    ("Short", "int16", 2, 1),
    ("Int", "int32", 4, 1),
    ("Long", "int64", 8, 1),
    ("Half", "float16", 2, 1),
    ("Float", "float32", 4, 1),
    ("Double", "float64", 8, 1),
    ("Bool", "bool", 1, 1),
    ("BFloat16", "bfloat16", 2, 1),
    ("ComplexHalf", "complex32", 4, 1),
    ("ComplexFloat", "complex64", 8, 1),
    ("ComplexDouble", "complex128", 16, 1),
    ("QInt8", "qint8", 1, 1),
    ("QUInt8", "quint8", 1, 1),
    ("QInt32", "qint32", 4, 1),
    ("QUInt4x2", "quint4x2", 1, 2),
    ("QUInt2x4", "quint2x4", 1, 4),
    ("UInt16", "uint16", 2, 1),
    ("UInt32", "uint32", 4, 1),
    ("UInt64", "uint64", 8, 1),
    ("Float8_e5m2", "float8_e5m2", 1, 1),
    ("Float8_e4m3fn", "float8_e4m3fn", 1, 1),
    ("Float8_e5m2fnuz", "float8_e5m2fnuz", 1, 1),
    ("Float8_e4m3fnuz", "float8_e4m3fnuz", 1, 1),
    ("Float8_e8m0fnu", "float8_e8m0fnu", 1, 1),
)

STORAGE_TYPES: Final[dict[str, ElementType]] = {
    f"{scalar}Storage": ElementType(
        name, itemsize, per_byte, itemsize // 2 if name.startswith("complex") else itemsize
    )
    for scalar, name, itemsize, per_byte in _ROWS
}
"""Element types by the name of the storage class that a pickle gives, as in `torch.FloatStorage`."""

_WITHOUT_STORAGE: Final = (
    *(ElementType(f"{sign}int{bits}", 1, 1, 1) for sign in ("", "u") for bits in range(1, 8)),
    *(ElementType(name, 1, 1, 1) for name in ("bits1x8", "bits2x4", "bits4x2", "bits8", "float4_e2m1fn_x2")),
    ElementType("bits16", 2, 1, 2),
)

ELEMENT_TYPES: Final[dict[str, ElementType]] = {
    element.name: element for element in (*STORAGE_TYPES.values(), *_WITHOUT_STORAGE)
}
"""Element types by torch's name of them, as `float32`, whether a storage is named after them or not."""
