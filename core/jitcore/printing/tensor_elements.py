"""Reads the few elements of a small tensor constant, whoever holds the tensor."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Protocol, cast

from jitcore.printing.float8 import FLOAT8, float8_elements
from jitcore.printing.quantized_elements import Quantization, dequantized, stored_integers

if TYPE_CHECKING:
    from collections.abc import Iterable

_STRUCT_CODES = {
    "uint8": "B", "int8": "b", "int16": "h", "int32": "i", "int64": "q", "uint16": "H", "uint32": "I",
    "uint64": "Q", "float16": "e", "float32": "f", "float64": "d", "bool": "?",
}  # fmt: skip
_COMPLEX_PARTS = {"complex32": "e", "complex64": "f", "complex128": "d"}


class QuantizedTorchTensor(Protocol):
    """What torch offers of a quantized tensor."""

    def qscheme(self) -> object:
        """The scheme, `torch.per_tensor_affine` or another."""
        ...

    def q_scale(self) -> float:
        """The scale of a tensor quantized as a whole."""
        ...

    def q_zero_point(self) -> int:
        """The zero point of a tensor quantized as a whole."""
        ...

    def q_per_channel_scales(self) -> object:
        """The tensor of scales of one quantized by channel."""
        ...

    def q_per_channel_zero_points(self) -> object:
        """The tensor of zero points of one quantized by channel."""
        ...

    def q_per_channel_axis(self) -> int:
        """The dimension whose indices are the channels."""
        ...


class MappedTensor(Protocol):
    """A tensor whose bytes lie in an archive."""

    dtype: str
    shape: tuple[int, ...]
    device: str
    quantizer: Quantization | None
    is_conjugated: bool
    is_negated: bool

    def data(self) -> memoryview:
        """The elements' bytes in row-major order, little-endian."""
        ...


def is_tensor(value: object) -> bool:
    """Whether `value` is a tensor of any library."""
    return hasattr(value, "shape") and hasattr(value, "dtype")


def dtype_name(tensor: object) -> str:
    """Element type as torch's Python names it, without the module."""
    return str(getattr(tensor, "dtype", "")).removeprefix("torch.")


def shape_of(tensor: object) -> tuple[int, ...]:
    """Sizes of the dimensions; none for a tensor of which a text does not show them."""
    return tuple(cast("Iterable[int] | None", getattr(tensor, "shape", None)) or ())


def elements_of(tensor: object) -> list[complex] | list[float] | list[int]:
    """The elements in row-major order; quantized ones as the reals they stand for."""
    reader = getattr(tensor, "data", None)
    if callable(reader):
        mapped = cast("MappedTensor", tensor)
        return _with_lazy_bits(_mapped_elements(mapped), mapped)
    return _torch_elements(tensor)


def _torch_elements(tensor: object) -> list[float]:
    """Elements of a torch tensor, asked for by method names so that torch is not imported here."""
    held = tensor
    if getattr(held, "is_quantized", False):
        held = _call(held, "dequantize")
    flat = _call(_call(_call(held, "detach"), "cpu"), "reshape", -1)
    return cast("list[float]", _call(flat, "tolist"))


def _call(target: object, method: str, *arguments: object) -> object:
    return getattr(target, method)(*arguments)


def _with_lazy_bits(
    stored: list[complex] | list[float] | list[int], tensor: MappedTensor
) -> list[complex] | list[float] | list[int]:
    """The elements of a tensor that is conjugated or negated without its bytes having been."""
    if tensor.is_conjugated:
        stored = [number.conjugate() for number in stored]
    return [-number for number in stored] if tensor.is_negated else stored


def _mapped_elements(tensor: MappedTensor) -> list[complex] | list[float] | list[int]:
    data = tensor.data()
    dtype = tensor.dtype
    code = _STRUCT_CODES.get(dtype)
    if code is not None:
        return list(struct.unpack(f"<{len(data) // struct.calcsize(code)}{code}", data))
    if dtype == "bfloat16":
        halves = struct.unpack(f"<{len(data) // 2}H", data)
        return list(
            struct.unpack(f"<{len(halves)}f", struct.pack(f"<{len(halves)}I", *(h << 16 for h in halves)))
        )
    part = _COMPLEX_PARTS.get(dtype)
    if part is not None:
        parts = struct.unpack(f"<{len(data) // struct.calcsize(part)}{part}", data)
        return [complex(re, im) for re, im in zip(parts[::2], parts[1::2], strict=True)]
    if dtype in FLOAT8:
        return float8_elements(dtype, data)
    quantizer = tensor.quantizer
    if quantizer is not None:
        return _dequantized_elements(tensor, quantizer)
    raise TypeError(f"elements of a {dtype} tensor cannot be shown")


def _dequantized_elements(tensor: MappedTensor, quantizer: Quantization) -> list[float]:
    stored = stored_integers(tensor.dtype, tensor.data(), math.prod(tensor.shape))
    return dequantized(
        stored, tensor.shape, _numbers(quantizer.scale), _numbers(quantizer.zero_point), quantizer.axis
    )


def _numbers(parameter: object) -> list[float]:
    """One number for the whole tensor, or those of the tensor that holds one for each channel."""
    if isinstance(parameter, int | float):
        return [float(parameter)]
    return [float(each) for each in elements_of(parameter) if not isinstance(each, complex)]
