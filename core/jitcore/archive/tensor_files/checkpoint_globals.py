"""The names that a state_dict or a checkpoint may refer to, and what each of them builds; none is executed.

They are those that torch.load takes with `weights_only=True` (torch/_weights_only_unpickler.py), and values
of numpy, which it does not take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.archive.dtypes import ELEMENT_TYPES, STORAGE_TYPES
from jitcore.archive.errors import ArchiveError
from jitcore.archive.pickle_globals import (
    QuantizationScheme,
    Reconstructor,
    exact_arguments,
    integers,
    is_device,
    rebuilt_tensor,
    resolve_global,
    strided_tensor,
)
from jitcore.archive.strided import extent
from jitcore.archive.tensor_files.numpy_values import (
    numpy_array,
    numpy_array_of_bytes,
    numpy_scalar,
    numpy_type,
)
from jitcore.archive.tensor_files.saved_note import SavedNote
from jitcore.archive.tensors import LazyStorage, LazyTensor, SparseParts
from jitcore.archive.values import Device, SavedDict, SavedList

if TYPE_CHECKING:
    from collections.abc import Sequence

_SCHEMES: Final = frozenset(("per_tensor_affine", "per_channel_affine", "per_channel_affine_float_qparams"))
_COMPRESSED: Final = frozenset(("sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc"))
_TENSOR_CLASSES: Final = {
    ("torch", "Tensor"): "tensor",
    ("torch.nn.parameter", "Parameter"): "parameter",
    ("torch.nn.parameter", "Buffer"): "tensor",
}
_SHARED: Final = frozenset(
    (
        ("torch._utils", "_rebuild_qtensor"),
        ("torch._utils", "_rebuild_parameter"),
        ("builtins", "complex"),
    )
)
"""Names that mean the same in archives of TorchScript."""

_LONGEST_KIND: Final = 20
_INDICES: Final = range(1 << 15)
_MOST_BYTES: Final = 1_000

_PYTHON_2: Final = {"__builtin__": "builtins"}


class TensorClass:
    """A class of tensors. Attributes: `is_parameter`."""

    __slots__ = ("is_parameter",)

    def __init__(self, is_parameter: bool) -> None:
        self.is_parameter = is_parameter


def checkpoint_global(module: str, name: str) -> object:
    """What the pickle's global `module.name` stands for; None if it is no tensor and no plain value."""
    module = _PYTHON_2.get(module, module)
    if module in ("torch", "torch.cuda") and name in STORAGE_TYPES:
        return STORAGE_TYPES[name]
    if (module, name) == ("torch.storage", "UntypedStorage"):
        return STORAGE_TYPES["ByteStorage"]
    if module == "torch" and name in ELEMENT_TYPES:
        return SavedNote(f"torch.{name}", ELEMENT_TYPES[name])
    if module == "torch" and name in _SCHEMES:
        return QuantizationScheme(name)
    if (module, name) in _SHARED:
        return resolve_global(module, name, "")
    if (module, name) == ("numpy", "ndarray"):
        return SavedNote("numpy.ndarray")
    kind = _TENSOR_CLASSES.get((module, name))
    if kind is not None:
        return TensorClass(kind == "parameter")
    return _BUILDERS.get((module, name))


def _tensor_v1(arguments: object, _: Sequence[LazyTensor]) -> LazyTensor:
    storage, offset, shape, strides = exact_arguments(arguments, 4)
    return strided_tensor(storage, offset, shape, strides, False, None)


def _tensor_v3(arguments: object, table: Sequence[LazyTensor]) -> LazyTensor:
    """A tensor whose type no storage is named after: it views a storage of bytes."""
    storage, offset, shape, strides, requires_grad, hooks, dtype, *bits = exact_arguments(arguments, 7, 8)
    if not isinstance(storage, LazyStorage) or not isinstance(dtype, SavedNote) or dtype.element is None:
        raise ArchiveError("arguments of wrong types")
    # Bytes of untyped storages are not swapped, whatever the order that the file says: torch does not.
    viewed = storage.viewed_as(dtype.element)
    return rebuilt_tensor((viewed, offset, shape, strides, requires_grad, hooks, *bits), table)


def _meta(arguments: object, _: Sequence[LazyTensor]) -> LazyTensor:
    dtype, shape, strides, requires_grad = exact_arguments(arguments, 4)
    if not isinstance(dtype, SavedNote) or dtype.element is None:
        raise ArchiveError("arguments of wrong types")
    numel = extent(integers(shape), integers(strides))
    storage = LazyStorage(dtype.element, "", "meta", max(0, numel), lambda _: memoryview(b""))
    return strided_tensor(storage, 0, shape, strides, requires_grad, None)


def _sparse(arguments: object, _: Sequence[LazyTensor]) -> LazyTensor:
    layout, parts = exact_arguments(arguments, 2)
    name = layout.text.removeprefix("torch.") if isinstance(layout, SavedNote) else ""
    match name, parts:
        case "sparse_coo", (LazyTensor() as indices, LazyTensor() as values, shape, *_):
            sparse = SparseParts(name, indices, None, values)
        case _, (LazyTensor() as indices, LazyTensor() as plain, LazyTensor() as values, shape) if (
            name in _COMPRESSED
        ):
            sparse = SparseParts(name, indices, plain, values)
        case _:
            raise ArchiveError("the sparse layout is none that torch saves")
    return LazyTensor(None, 0, integers(shape), (), False, sparse=sparse)


def _nested(arguments: object, _: Sequence[LazyTensor]) -> SavedNote:
    buffer = exact_arguments(arguments, 4)[0]
    if not isinstance(buffer, LazyTensor):
        raise ArchiveError("arguments of wrong types")
    return SavedNote(f"nested tensor, {buffer.numel:,} elements of {buffer.dtype} in all")


def _parameter_with_state(arguments: object, _: Sequence[LazyTensor]) -> LazyTensor:
    # Attributes that somebody's Python gave the tensor are no part of it.
    data, requires_grad, _hooks, _state = exact_arguments(arguments, 4)
    return _as_parameter(data, requires_grad)


def _as_parameter(data: object, requires_grad: object) -> LazyTensor:
    if not isinstance(data, LazyTensor) or type(requires_grad) is not bool:
        raise ArchiveError("arguments of wrong types")
    data.requires_grad = requires_grad
    data.is_parameter = True
    return data


def _from_type(arguments: object, table: Sequence[LazyTensor]) -> object:
    """`_rebuild_from_type_v2(function, class, arguments, state)`: a tensor that has attributes."""
    function, kind, inner, _state = exact_arguments(arguments, 4)
    if not isinstance(function, Reconstructor) or not isinstance(kind, TensorClass):
        raise ArchiveError("arguments of wrong types")
    built = function.build(inner, table)
    if isinstance(built, LazyTensor) and kind.is_parameter:
        built.is_parameter = True
    return built


def _ordered_dict(arguments: object, _: Sequence[LazyTensor]) -> SavedDict:
    exact_arguments(arguments, 0)
    made = SavedDict()
    made.type_tag = "OrderedDict"
    return made


# Containers are marked, not copied: one of them may be named as often as a file has bytes.


def _counter(arguments: object, _: Sequence[LazyTensor]) -> SavedDict:
    (given,) = exact_arguments(arguments, 1)
    if not isinstance(given, SavedDict):
        raise ArchiveError("arguments of wrong types")
    given.type_tag = "Counter"
    return given


def _set(arguments: object, _: Sequence[LazyTensor]) -> SavedList:
    (given,) = exact_arguments(arguments, 1)
    if not isinstance(given, SavedList):
        raise ArchiveError("arguments of wrong types")
    given.type_tag = "set"
    return given


def _size(arguments: object, _: Sequence[LazyTensor]) -> tuple[int, ...]:
    return integers(exact_arguments(arguments, 1)[0])


def _device(arguments: object, _: Sequence[LazyTensor]) -> Device:
    kind, *index = exact_arguments(arguments, 1, 2)
    if index:
        if not isinstance(kind, str) or len(kind) > _LONGEST_KIND or index[0] not in _INDICES:
            raise ArchiveError("a device is none that torch has")
        kind = f"{kind}:{index[0]}"
    if not isinstance(kind, str) or not is_device(kind):
        raise ArchiveError("a device is none that torch has")
    return Device(kind)


def _layout(arguments: object, _: Sequence[LazyTensor]) -> SavedNote:
    (name,) = exact_arguments(arguments, 1)
    if not isinstance(name, str):
        raise ArchiveError("arguments of wrong types")
    return SavedNote(name)


def _encode(arguments: object, _: Sequence[LazyTensor]) -> bytes | SavedNote:
    """`_codecs.encode(text, "latin1")`, which is how pickles of protocol 2 hold bytes.

    Of many bytes their number is told: a text may be named as often as a file has bytes.
    """
    text, *encoding = exact_arguments(arguments, 1, 2)
    if not isinstance(text, str) or (encoding and encoding[0] not in ("latin1", "latin-1")):
        raise ArchiveError("arguments of wrong types")
    if len(text) > _MOST_BYTES:
        return SavedNote(f"{len(text):,} bytes")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise ArchiveError("a text that stands for bytes has signs that are none") from None


def _bytes(arguments: object, table: Sequence[LazyTensor]) -> bytes | SavedNote:
    given = exact_arguments(arguments, 0, 1, 2)
    if not given:
        return b""
    if len(given) == 2:
        return _encode(given, table)
    if not isinstance(given[0], bytes | SavedNote):
        raise ArchiveError("arguments of wrong types")
    return given[0]


_BUILDERS: Final[dict[tuple[str, str], Reconstructor]] = {
    (module, name): Reconstructor(name, build)
    for module, name, build in (
        ("torch._utils", "_rebuild_tensor", _tensor_v1),
        ("torch._utils", "_rebuild_tensor_v2", rebuilt_tensor),
        ("torch._utils", "_rebuild_tensor_v3", _tensor_v3),
        ("torch._utils", "_rebuild_meta_tensor_no_storage", _meta),
        ("torch._utils", "_rebuild_sparse_tensor", _sparse),
        ("torch._utils", "_rebuild_nested_tensor", _nested),
        ("torch._utils", "_rebuild_parameter_with_state", _parameter_with_state),
        ("torch._tensor", "_rebuild_from_type_v2", _from_type),
        ("torch.serialization", "_get_layout", _layout),
        ("torch", "Size", _size),
        ("torch", "device", _device),
        ("collections", "OrderedDict", _ordered_dict),
        ("collections", "Counter", _counter),
        ("_codecs", "encode", _encode),
        ("builtins", "set", _set),
        ("builtins", "frozenset", _set),
        ("builtins", "bytearray", _bytes),
        ("builtins", "bytes", _bytes),
        ("numpy", "dtype", numpy_type),
        ("numpy.core.multiarray", "scalar", numpy_scalar),
        ("numpy._core.multiarray", "scalar", numpy_scalar),
        ("numpy.core.multiarray", "_reconstruct", numpy_array),
        ("numpy._core.multiarray", "_reconstruct", numpy_array),
        ("numpy.core.numeric", "_frombuffer", numpy_array_of_bytes),
        ("numpy._core.numeric", "_frombuffer", numpy_array_of_bytes),
    )
}
