"""The only names that a TorchScript pickle may refer to, and what each of them builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.archive.dtypes import STORAGE_TYPES, ElementType
from jitcore.archive.errors import ArchiveError
from jitcore.archive.tensors import LazyStorage, LazyTensor, Quantizer, SparseParts
from jitcore.archive.values import Device, SavedDict, SavedList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Numbers that pickles use for layouts, of torch's `c10::Layout`.
_SPARSE_LAYOUTS: Final = {1: "sparse_coo", 2: "sparse_csr", 4: "sparse_csc", 5: "sparse_bsr", 6: "sparse_bsc"}

_MOST_DIMENSIONS: Final = 1_000
"""Dimensions of a tensor. One tuple may stand for the sizes of as many tensors as a file has bytes."""

_DEVICE_KINDS: Final = frozenset(
    (
        *("cpu", "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia", "xla", "lazy"),
        *("vulkan", "mps", "meta", "hpu", "mtia", "xpu", "ipu", "privateuseone"),
    )
)


class ClassReference(NamedTuple):
    """A class of the archive's own code, by its qualified name."""

    type_name: str


class QuantizationScheme(NamedTuple):
    """A scheme such as `per_tensor_affine`."""

    name: str


class StorageReference(NamedTuple):
    """What a pickle says of a storage: the key of its record, and what the record holds."""

    element: ElementType
    key: str
    device: str
    numel: int

    @classmethod
    def from_pickled(cls, arguments: object) -> StorageReference | None:
        """From the pickled tuple ('storage', type, key, device, elements, ...); None if it is not that."""
        if type(arguments) is not tuple or len(arguments) not in (5, 6):
            return None
        kind, element, key, device, numel = arguments[:5]
        if kind != "storage" or not isinstance(element, ElementType) or not isinstance(key, str):
            return None
        if not is_device(device) or type(numel) is not int or numel < 0:
            return None
        return cls(element, key, device, numel)


_CODE = ("__torch__.", "torch.jit.LoweredModule.", "torch.jit.LoweredWrapper.")
"""What names of classes that the archive's own code defines begin with; torch lowers modules for backends."""


class Reconstructor(NamedTuple):
    """A function of torch that a pickle calls, as our own function of its arguments."""

    name: str
    build: Callable[[object, Sequence[LazyTensor]], object]


def resolve_global(module: str, name: str, where: str) -> object:
    """What the pickle's global `module.name` stands for; raises `ArchiveError` if it is not allowed."""
    if module == "__torch__" or module.startswith(_CODE):
        return ClassReference(f"{module}.{name}")
    if module == "torch":
        element = STORAGE_TYPES.get(name)
        if element is not None:
            return element
        if name in _SCHEMES:
            return QuantizationScheme(name)
    reconstructor = _RECONSTRUCTORS.get((module, name))
    if reconstructor is None:
        raise ArchiveError(
            f"{where} names {module}.{name}, which no TorchScript archive needs; do not trust this file"
        )
    return reconstructor


def is_device(name: object) -> bool:
    """Whether this is the name of a device, as `cuda:1`."""
    if not isinstance(name, str):
        return False
    kind, colon, index = name.partition(":")
    return kind in _DEVICE_KINDS and (not colon or (index.isascii() and index.isdigit()))


def exact_arguments(arguments: object, *counts: int) -> tuple[object, ...]:
    """Arguments that a pickle gives; raises `ArchiveError` unless there are as many as one of `counts`."""
    if type(arguments) is not tuple or len(arguments) not in counts:
        raise ArchiveError("wrong number of arguments")
    return arguments


def integers(value: object) -> tuple[int, ...]:
    """Sizes or strides; raises `ArchiveError` for what is no tuple of integers."""
    if isinstance(value, tuple) and len(value) > _MOST_DIMENSIONS:
        raise ArchiveError(f"there are {len(value):,} sizes or strides, as no tensor has")
    if isinstance(value, tuple) and all(type(item) is int for item in value):
        return value
    raise ArchiveError("sizes and strides are not integers")


def rebuilt_tensor(arguments: object, _: Sequence[LazyTensor]) -> LazyTensor:
    """`torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks[, bits])`."""
    storage, offset, shape, strides, requires_grad, _hooks, *bits = exact_arguments(arguments, 6, 7)
    tensor = strided_tensor(storage, offset, shape, strides, requires_grad, None)
    if bits and isinstance(bits[0], SavedDict):
        for name, is_set in bits[0].items():
            if name == "conj":
                tensor.is_conjugated = bool(is_set)
            elif name == "neg":
                tensor.is_negated = bool(is_set)
    return tensor


def _quantized(arguments: object, _: Sequence[LazyTensor]) -> LazyTensor:
    storage, offset, shape, strides, parameters, requires_grad = exact_arguments(arguments, 7)[:6]
    return strided_tensor(storage, offset, shape, strides, requires_grad, _quantizer(parameters))


def strided_tensor(
    storage: object,
    offset: object,
    shape: object,
    strides: object,
    requires_grad: object,
    quantizer: Quantizer | None,
) -> LazyTensor:
    """A view of a storage, all of it as a pickle gives it; raises `ArchiveError` for what is none."""
    if not isinstance(storage, LazyStorage) or type(offset) is not int or type(requires_grad) is not bool:
        raise ArchiveError("arguments of wrong types")
    return LazyTensor(storage, offset, integers(shape), integers(strides), requires_grad, quantizer)


def _quantizer(parameters: object) -> Quantizer:
    match parameters:
        case (QuantizationScheme("per_tensor_affine" as scheme), float() as scale, int() as zero_point):
            return Quantizer(scheme, scale, zero_point, None)
        case (
            QuantizationScheme("per_channel_affine" | "per_channel_affine_float_qparams" as scheme),
            LazyTensor() as scales,
            LazyTensor() as zero_points,
            int() as axis,
        ):
            return Quantizer(scheme, scales, zero_points, axis)
        case _:
            raise ArchiveError("the quantization is none that TorchScript saves")


def _sparse(arguments: object, _: Sequence[LazyTensor]) -> LazyTensor:
    match arguments:
        case (int() as code, tuple() as shape, bool() as requires_grad, *parts, None):
            layout = _SPARSE_LAYOUTS.get(code)
        case _:
            raise ArchiveError("arguments of wrong types")
    match layout, parts:
        case "sparse_coo", [LazyTensor() as indices, LazyTensor() as values]:
            sparse = SparseParts(layout, indices, None, values)
        case "sparse_csr" | "sparse_csc" | "sparse_bsr" | "sparse_bsc", [
            LazyTensor() as indices,
            LazyTensor() as plain,
            LazyTensor() as values,
        ]:
            sparse = SparseParts(layout, indices, plain, values)
        case _:
            raise ArchiveError("the sparse layout is none that TorchScript saves")
    return LazyTensor(None, 0, integers(shape), (), requires_grad, sparse=sparse)


def _parameter(arguments: object, _: Sequence[LazyTensor]) -> LazyTensor:
    data, requires_grad = exact_arguments(arguments, 3)[:2]
    if not isinstance(data, LazyTensor) or type(requires_grad) is not bool:
        raise ArchiveError("arguments of wrong types")
    data.requires_grad = requires_grad
    data.is_parameter = True
    return data


def _typed_list(type_tag: str, *item_types: type) -> Callable[[object, Sequence[LazyTensor]], SavedList]:
    def build(arguments: object, _: Sequence[LazyTensor]) -> SavedList:
        (items,) = exact_arguments(arguments, 1)
        if type(items) is not SavedList or any(type(item) not in item_types for item in items):
            raise ArchiveError(f"the argument is not a {type_tag}")
        items.type_tag = type_tag
        return items

    return build


def _tagged(arguments: object, _: Sequence[LazyTensor]) -> SavedList | SavedDict:
    container, type_tag = exact_arguments(arguments, 2)
    if not isinstance(container, SavedList | SavedDict) or not isinstance(type_tag, str):
        raise ArchiveError("only lists and dicts carry a type")
    container.type_tag = type_tag
    return container


def _from_table(arguments: object, table: Sequence[LazyTensor]) -> LazyTensor:
    (index,) = exact_arguments(arguments, 1)
    if type(index) is not int or not 0 <= index < len(table):
        raise ArchiveError(f"there is no tensor {index!r} in the record's table of tensors")
    return table[index]


def _device(arguments: object, _: Sequence[LazyTensor]) -> Device:
    (name,) = exact_arguments(arguments, 1)
    if not isinstance(name, str) or not is_device(name):
        raise ArchiveError(f"{name!r} is no device")
    return Device(name)


def _complex(arguments: object, _: Sequence[LazyTensor]) -> complex:
    real, imaginary = exact_arguments(arguments, 2)
    if not isinstance(real, float) or not isinstance(imaginary, float):
        raise ArchiveError("arguments of wrong types")
    return complex(real, imaginary)


def _hooks(arguments: object, _: Sequence[LazyTensor]) -> None:
    # Stands for a tensor's backward hooks, which are never saved.
    exact_arguments(arguments, 0)


_SCHEMES: Final = frozenset(("per_tensor_affine", "per_channel_affine", "per_channel_affine_float_qparams"))

_RECONSTRUCTORS: Final[dict[tuple[str, str], Reconstructor]] = {
    (module, name): Reconstructor(name, build)
    for module, name, build in (
        ("torch._utils", "_rebuild_tensor_v2", rebuilt_tensor),
        ("torch._utils", "_rebuild_qtensor", _quantized),
        ("torch._utils", "_rebuild_sparse_tensor", _sparse),
        ("torch._utils", "_rebuild_parameter", _parameter),
        ("torch.jit._pickle", "build_intlist", _typed_list("List[int]", int)),
        ("torch.jit._pickle", "build_doublelist", _typed_list("List[float]", float)),
        ("torch.jit._pickle", "build_boollist", _typed_list("List[bool]", bool)),
        ("torch.jit._pickle", "build_tensorlist", _typed_list("List[Tensor]", LazyTensor)),
        ("torch.jit._pickle", "build_tensor_from_id", _from_table),
        ("torch.jit._pickle", "restore_type_tag", _tagged),
        ("torch", "device", _device),
        ("builtins", "complex", _complex),
        ("__builtin__", "complex", _complex),
        ("collections", "OrderedDict", _hooks),
    )
}
