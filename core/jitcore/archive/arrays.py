"""Tensors of an archive as numpy arrays; the only part of the archive reader that needs numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from jitcore.archive.errors import ArchiveError

if TYPE_CHECKING:
    from jitcore.archive.tensors import LazyTensor

_CODES: Final = {
    "uint8": "u1", "int8": "i1", "int16": "<i2", "int32": "<i4", "int64": "<i8",
    "uint16": "<u2", "uint32": "<u4", "uint64": "<u8", "bool": "?",
    "float16": "<f2", "float32": "<f4", "float64": "<f8",
    "complex64": "<c8", "complex128": "<c16",
    "qint8": "i1", "quint8": "u1", "qint32": "<i4",
}  # fmt: skip

# Bits of exponent and of mantissa, the exponent's bias, and the kind of special values.
_FLOAT8: Final = {
    "float8_e5m2": (5, 2, 15, "ieee"),
    "float8_e4m3fn": (4, 3, 7, "finite"),
    "float8_e5m2fnuz": (5, 2, 16, "unsigned zero"),
    "float8_e4m3fnuz": (4, 3, 8, "unsigned zero"),
}


def tensor_to_array(tensor: LazyTensor) -> np.ndarray:
    """See `LazyTensor.to_numpy`."""
    stored = _stored_array(tensor)
    if tensor.is_conjugated:
        stored = np.conj(stored)
    return -stored if tensor.is_negated else stored


def bits_of(tensor: LazyTensor) -> np.ndarray:
    """The elements as unsigned integers that share memory with the file, of 16 bytes as pairs of these.

    Raises `ArchiveError` for a tensor without a storage, or one whose elements share bytes.
    """
    storage = tensor.storage
    if storage is None or storage.element.per_byte != 1:
        raise ArchiveError(f"the elements of {tensor!r} have no bytes of their own")
    size = storage.element.itemsize
    if 0 in tensor.shape:
        return np.empty(0, "u1")
    word = min(size, 8)
    flat = np.frombuffer(storage.bytes(), f"<u{word}")
    steps = [stride * size for stride in tensor.strides]
    return np.lib.stride_tricks.as_strided(
        flat[tensor.offset * (size // word) :],
        (*tensor.shape, size // word),
        [*steps, word],
        writeable=False,
    )


def _stored_array(tensor: LazyTensor) -> np.ndarray:
    storage = tensor.storage
    if storage is None:
        raise ArchiveError(f"a {tensor.layout} tensor has no numpy form; read its parts")
    code = _CODES.get(tensor.dtype)
    if code is not None:
        return _strided(tensor, np.frombuffer(storage.bytes(), code))
    if tensor.dtype == "bfloat16":
        halves = _strided(tensor, np.frombuffer(storage.bytes(), "<u2"))
        return (halves.astype("<u4") << 16).view("<f4")
    if tensor.dtype == "complex32":
        parts = np.frombuffer(storage.bytes(), "<f2").astype("<f4")
        return _strided(tensor, parts.view("<c8"))
    if tensor.dtype == "float8_e8m0fnu":
        return _float8_e8m0()[_strided(tensor, np.frombuffer(storage.bytes(), "u1"))]
    if tensor.dtype in _FLOAT8:
        return _float8(*_FLOAT8[tensor.dtype])[_strided(tensor, np.frombuffer(storage.bytes(), "u1"))]
    raise ArchiveError(f"{tensor.dtype} elements share bytes and have no numpy form; read the bytes")


def _strided(tensor: LazyTensor, flat: np.ndarray) -> np.ndarray:
    steps = [stride * flat.itemsize for stride in tensor.strides]
    if 0 in tensor.shape:
        return np.empty(tensor.shape, flat.dtype)
    return np.lib.stride_tricks.as_strided(flat[tensor.offset :], tensor.shape, steps, writeable=False)


def _float8(exponent_bits: int, mantissa_bits: int, bias: int, special: str) -> np.ndarray:
    """The 256 values of a float8 type."""
    codes = np.arange(256)
    exponent = (codes >> mantissa_bits) & ((1 << exponent_bits) - 1)
    mantissa = (codes & ((1 << mantissa_bits) - 1)) / (1 << mantissa_bits)
    normal = (1 + mantissa) * np.exp2(exponent - float(bias))
    values = np.where(exponent == 0, mantissa * np.exp2(1.0 - bias), normal)
    largest = (1 << exponent_bits) - 1
    if special == "ieee":
        values = np.where(exponent == largest, np.where(mantissa == 0, np.inf, np.nan), values)
    elif special == "finite":
        values = np.where((codes & 0x7F) == 0x7F, np.nan, values)
    values = np.where(codes >= 128, -values, values)
    if special == "unsigned zero":
        values[0x80] = np.nan
    return values.astype("<f4")


def _float8_e8m0() -> np.ndarray:
    """The 256 powers of two of the scale type, its last code being no number."""
    values = np.exp2(np.arange(256) - 127.0)
    values[255] = np.nan
    return values.astype("<f4")
