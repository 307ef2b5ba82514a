"""Tensor constants as `.graph` shows them: `{1}`, a matrix with its type, or `<Tensor>`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from jitcore.ir import MkldnnTensor
from jitcore.printing.printed_values import PrintedTensor
from jitcore.printing.tensor_elements import dtype_name, elements_of, is_tensor, shape_of
from jitcore.types import SCALAR_TYPE_NAMES, ListType, OptionalType, TensorType, Type

if TYPE_CHECKING:
    from jitcore.printing.tensor_elements import QuantizedTorchTensor

_MOST_SHOWN = 10
_MKLDNN = "MKLDNN Tensor: "
_LINE_WIDTH = 80
_INTEGERS = frozenset({"uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64", "bool"})


def tensor_text(value: object, declared: Type | None = None) -> str | None:
    """One line for a tensor or for a list of tensors; None for any other value."""
    if isinstance(value, PrintedTensor):
        return value.text
    if is_tensor(value):
        return _one_tensor(value)
    if not isinstance(value, list):
        return None
    if isinstance(declared, OptionalType):
        declared = declared.element
    if isinstance(declared, ListType):
        of_tensors = isinstance(declared.element, TensorType)
    else:
        of_tensors = bool(value) and all(is_tensor(item) for item in value)
    return "[<Tensors>]" if of_tensors else None


def _one_tensor(tensor: object) -> str:
    if isinstance(tensor, MkldnnTensor):
        text = _one_tensor(tensor.dense)
        dtype = SCALAR_TYPE_NAMES.get(dtype_name(tensor.dense))
        return text if text == "<Tensor>" else _MKLDNN + text.replace(f"[ CPU{dtype}", f"[ MkldnnCPU{dtype}")
    shape = shape_of(tensor)
    count = math.prod(shape)
    if str(getattr(tensor, "device", "cpu")) == "meta":
        # Has no elements; torch prints nothing at all then.
        return "<Tensor>"
    if count == 1:
        return "{" + _scalar(elements_of(tensor)[0], dtype_name(tensor)) + "}"
    if count > _MOST_SHOWN:
        return "<Tensor>"
    numbers = [item.real if isinstance(item, complex) else float(item) for item in elements_of(tensor)]
    return _matrices(numbers, shape).replace("\n", " ") + f"[ {_type_name(tensor)}{_quantization(tensor)} ]"


def _scalar(element: complex | float, dtype: str) -> str:
    if isinstance(element, complex):
        return f"({_number('%g', element.real)},{_number('%g', element.imag)})"
    return str(int(element)) if dtype in _INTEGERS else _number("%g", float(element))


def _number(pattern: str, value: float) -> str:
    """printf-formatting that keeps the sign of a NaN."""
    if value != value:
        return "-nan" if math.copysign(1.0, value) < 0 else "nan"
    return pattern % value


def _shortest(value: float) -> str:
    """As few digits as tell a number from all others; whole ones without a point."""
    return _number("%g", value) if value != value else repr(value).removesuffix(".0")


def _type_name(tensor: object) -> str:
    dtype = dtype_name(tensor)
    device = str(getattr(tensor, "device", "cpu")).partition(":")[0].upper()
    backend = f"Quantized{device}" if dtype.startswith("q") else device
    sizes = ",".join(str(size) for size in shape_of(tensor))
    return f"{backend}{SCALAR_TYPE_NAMES.get(dtype, dtype)}Type{{{sizes}}}"


def _quantization(tensor: object) -> str:
    quantizer = getattr(tensor, "quantizer", None)
    axis: int | None = None
    if quantizer is not None:
        scheme, scale, zero_point = str(quantizer.scheme), quantizer.scale, quantizer.zero_point
        axis = quantizer.axis
    elif getattr(tensor, "is_quantized", False):
        held = cast("QuantizedTorchTensor", tensor)
        scheme = str(held.qscheme()).removeprefix("torch.")
        if scheme == "per_tensor_affine":
            scale, zero_point = held.q_scale(), held.q_zero_point()
        else:
            scale, zero_point = held.q_per_channel_scales(), held.q_per_channel_zero_points()
            axis = held.q_per_channel_axis()
    else:
        return ""
    text = f", qscheme: {scheme}"
    if scheme == "per_tensor_affine":
        text += f", scale: {scale:g}, zero_point: {zero_point}"
    elif scheme.startswith("per_channel_affine"):
        scales, zero_points = (tensor_listing(each).replace("\n", " ") for each in (scale, zero_point))
        text += f", scales: {scales}, zero_points: {zero_points}, axis: {axis}"
    return text


class _Layout:
    """How the numbers of one matrix are written: printf pattern, width, and common factor."""

    __slots__ = ("pattern", "scale", "width")

    def __init__(self, numbers: list[float]) -> None:
        self.scale = 1.0
        finite = [n for n in numbers if math.isfinite(n)]
        whole = all(n == math.ceil(n) for n in finite)
        smallest, largest = _exponents(finite)
        if whole and largest <= 9:
            self.pattern, self.width = "%g", int(largest) + 1
        elif whole:
            self.pattern, self.width = "%.4e", 11
        elif largest - smallest > 4:
            self.pattern, self.width = "%.4e", 12 if abs(largest) > 99 or abs(smallest) > 99 else 11
        elif largest > 5 or largest < 0:
            self.pattern, self.width = "%.4f", 7
            self.scale = math.pow(10, largest - 1)
        else:
            self.pattern, self.width = "%.4f", 7 if largest == 0 else int(largest) + 6

    def cell(self, number: float) -> str:
        return _number(self.pattern, number / self.scale).rjust(self.width)

    def header(self) -> str:
        return "" if self.scale == 1 else f"{repr(self.scale).removesuffix('.0')} *\n"


def _exponents(finite: list[float]) -> tuple[float, float]:
    """Decimal exponents, counted from 1, of the smallest and of the largest magnitude."""
    if not finite:
        return 1.0, 1.0
    magnitudes = [abs(number) for number in finite]
    smallest, largest = min(magnitudes), max(magnitudes)
    low = math.floor(math.log10(smallest)) + 1 if smallest else 1
    high = math.floor(math.log10(largest)) + 1 if largest else 1
    return low, high


def _matrices(numbers: list[float], shape: tuple[int, ...]) -> str:
    if not numbers:
        return ""
    if len(shape) == 1:
        layout = _Layout(numbers)
        return layout.header() + "".join(f"{layout.cell(number)}\n" for number in numbers)
    rows, columns = shape[-2], shape[-1]
    if len(shape) == 2:
        return _matrix(numbers, rows, columns, "")
    shown: list[str] = []
    outer = shape[:-2]
    for index in range(math.prod(outer)):
        # The first of the outer indices runs fastest in torch's listing.
        place: list[int] = []
        rest = index
        for size in outer:
            place.append(rest % size)
            rest //= size
        offset = 0
        for size, position in zip(outer, place, strict=True):
            offset = offset * size + position
        start = offset * rows * columns
        label = ",".join(str(position + 1) for position in place)
        body = _matrix(numbers[start : start + rows * columns], rows, columns, " ")
        shown.append(f"({label},.,.) =\n{body}")
    return "\n".join(shown)


def _matrix(numbers: list[float], rows: int, columns: int, indent: str) -> str:
    layout = _Layout(numbers)
    per_line = (_LINE_WIDTH - len(indent)) // (layout.width + 1)
    text = indent
    for first in range(0, columns, per_line):
        last = min(first + per_line, columns)
        if per_line < columns:
            text += ("\n" if first else "") + f"Columns {first + 1} to {last}{indent}"
        if layout.scale != 1:
            text += layout.header() + indent
        for row in range(rows):
            cells = numbers[row * columns + first : row * columns + last]
            text += " ".join(layout.cell(number) for number in cells) + "\n"
            if row != rows - 1:
                text += indent + (" " if layout.scale != 1 else "")
    return text


def tensor_listing(tensor: object) -> str:
    """Every element and the type, over as many lines as they take: what a program prints of a tensor."""
    shape = shape_of(tensor)
    numbers = [item.real if isinstance(item, complex) else float(item) for item in elements_of(tensor)]
    body = _matrices(numbers, shape) if shape else f"{_shortest(numbers[0])}\n"
    return f"{body}[ {_type_name(tensor)}{_quantization(tensor)} ]"
