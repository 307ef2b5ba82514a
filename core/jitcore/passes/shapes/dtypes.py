"""Kinds of dtypes, and the dtype that two have in common.

As c10::promoteTypes of libtorch (c10/core/ScalarType.cpp) for the dtypes that operators compute with.
"""

from __future__ import annotations

from typing import Final

from jitcore.types import BOOL, COMPLEX, FLOAT, INT, Type
from jitcore.types.tensor import SCALAR_TYPE_NAMES

DEFAULT: Final = "float32"
"""The dtype of reals that nobody gave another one."""

_INTEGERS: Final = {"uint8": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8}
_FLOATS: Final = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8}
_COMPLEX: Final = {"complex32": 2, "complex64": 4, "complex128": 8}
_BY_NUMBER: Final = list(SCALAR_TYPE_NAMES)


def is_floating(dtype: str | None) -> bool:
    """Whether a dtype is one of reals."""
    return dtype is not None and dtype.startswith(("float", "bfloat"))


def is_integral(dtype: str | None) -> bool:
    """Whether a dtype is one of whole numbers, which bool is not."""
    return dtype is not None and dtype.startswith(("int", "uint"))


def is_complex(dtype: str | None) -> bool:
    """Whether a dtype is one of complex numbers."""
    return dtype is not None and dtype.startswith("complex")


def real_part(dtype: str) -> str:
    """The dtype of the parts of a complex one."""
    return {"complex32": "float16", "complex64": "float32", "complex128": "float64"}[dtype]


def promoted(a: str, b: str) -> str:
    """The dtype that holds what two dtypes hold."""
    if a == b or b == "bool":
        return a
    if a == "bool":
        return b
    if a in _COMPLEX or b in _COMPLEX:
        bytes_of_part = max(_COMPLEX.get(each) or _real_bytes(each) for each in (a, b))
        if "bfloat16" in (a, b):
            bytes_of_part = max(bytes_of_part, 4)
        return next(name for name, size in _COMPLEX.items() if size == bytes_of_part)
    if a in _FLOATS and b in _FLOATS:
        return "float32" if _FLOATS[a] == _FLOATS[b] else max(a, b, key=lambda each: _FLOATS[each])
    if a in _FLOATS or b in _FLOATS:
        return a if a in _FLOATS else b
    if {a, b} == {"uint8", "int8"}:
        return "int16"
    return max(a, b, key=lambda each: _INTEGERS.get(each, 0))


def _real_bytes(dtype: str) -> int:
    return _FLOATS.get(dtype, 2)


def dtype_of_numbers(kind: Type) -> str | None:
    """The dtype of a tensor that is made of numbers of a type; None where it does not tell."""
    known = ((FLOAT, DEFAULT), (INT, "int64"), (BOOL, "bool"), (COMPLEX, "complex64"))
    return next((dtype for number, dtype in known if kind is number), None)


def dtype_by_number(number: int) -> str | None:
    """The dtype that TorchScript writes as a number; None for one that is not known here."""
    return _BY_NUMBER[number] if 0 <= number <= _BY_NUMBER.index("bfloat16") else None
