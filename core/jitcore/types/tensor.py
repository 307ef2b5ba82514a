"""The tensor type, with what is known of dtype, shape, strides, gradient and device."""

from __future__ import annotations

from jitcore.types.base import Type

SCALAR_TYPE_NAMES: dict[str, str] = {
    "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int", "int64": "Long",
    "float16": "Half", "float32": "Float", "float64": "Double", "complex32": "ComplexHalf",
    "complex64": "ComplexFloat", "complex128": "ComplexDouble", "bool": "Bool", "qint8": "QInt8",
    "quint8": "QUInt8", "qint32": "QInt32", "bfloat16": "BFloat16", "quint4x2": "QUInt4x2",
    "quint2x4": "QUInt2x4", "bits1x8": "Bits1x8", "bits2x4": "Bits2x4", "bits4x2": "Bits4x2",
    "bits8": "Bits8", "bits16": "Bits16", "float8_e5m2": "Float8_e5m2",
    "float8_e4m3fn": "Float8_e4m3fn", "float8_e5m2fnuz": "Float8_e5m2fnuz",
    "float8_e8m0fnu": "Float8_e8m0fnu", "float8_e4m3fnuz": "Float8_e4m3fnuz",
    "uint16": "UInt16", "uint32": "UInt32", "uint64": "UInt64",
}  # fmt: skip
"""dtype as torch's Python names it -> as `.graph` prints it; in the order of torch's enum up to bfloat16."""


class TensorType(Type):
    """A tensor; a field that is None is unknown.

    `sizes` and `strides` are tuples whose entries may be None (`*`); `undefined` is True for the
    autograd-undefined tensor. `inferred` marks an argument whose type nobody wrote down.
    """

    __slots__ = ("device", "dtype", "inferred", "requires_grad", "sizes", "strides", "undefined")
    kind = "TensorType"
    order = 3

    def __init__(
        self,
        dtype: str | None = None,
        sizes: tuple[int | None, ...] | None = None,
        strides: tuple[int | None, ...] | None = None,
        requires_grad: bool | None = None,
        device: str | None = None,
        undefined: bool | None = None,
        inferred: bool = False,
    ) -> None:
        super().__init__()
        self.has_shapes = True
        self.dtype = dtype
        self.sizes = sizes
        self.strides = strides
        self.requires_grad = requires_grad
        self.device = device
        self.undefined = undefined
        self.inferred = inferred

    def key(self) -> tuple[object, ...]:
        """What makes two types of this kind equal."""
        return (self.dtype, self.sizes, self.strides, self.requires_grad, self.device, self.undefined)

    def merge(self, other: TensorType) -> TensorType:
        """The most specific tensor type that both are subtypes of."""
        if self is other or self.key() == other.key():
            return self

        def common(
            a: tuple[int | None, ...] | None, b: tuple[int | None, ...] | None
        ) -> tuple[int | None, ...] | None:
            if a is None or b is None or len(a) != len(b):
                return None
            return tuple(x if x == y else None for x, y in zip(a, b, strict=True))

        return TensorType(
            self.dtype if self.dtype == other.dtype else None,
            common(self.sizes, other.sizes),
            common(self.strides, other.strides),
            self.requires_grad if self.requires_grad == other.requires_grad else None,
            self.device if self.device == other.device else None,
            self.undefined if self.undefined == other.undefined else None,
        )

    @property
    def repr_str(self) -> str:
        """Spelling in error messages."""
        return "Tensor (inferred)" if self.inferred else "Tensor"

    def __str__(self) -> str:
        return "Tensor"


TENSOR = TensorType()
TENSOR.has_shapes = False
INFERRED_TENSOR = TensorType(inferred=True)
