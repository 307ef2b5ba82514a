"""Files of safetensors: a size of 8 bytes, a header of JSON, and the tensors' bytes one after the other.

The format is described at https://huggingface.co/docs/safetensors; what the reference implementation refuses
(names that stand twice, bytes that overlap, belong to nobody or are missing) is refused here.
"""

from __future__ import annotations

import json
import math
import struct
from typing import TYPE_CHECKING, Final, cast

from jitcore.archive.dtypes import ELEMENT_TYPES, ElementType
from jitcore.archive.errors import ArchiveError
from jitcore.archive.other_kinds import SAFETENSORS
from jitcore.archive.tensor_files.tensor_file import TensorFile
from jitcore.archive.tensors import LazyStorage, LazyTensor
from jitcore.archive.values import SavedDict
from jitcore.archive.zip_records import close_map
from jitcore.ir.garbage import collection_paused

if TYPE_CHECKING:
    from jitcore.archive.zip_directory import Buffer

_SIZE: Final = struct.Struct("<Q")

_LONGEST_HEADER: Final = 16 << 20
"""Bytes of the header, which has some hundred for each tensor."""

_MOST_DIMENSIONS: Final = 1_000
_INT64: Final = range(1 << 63)
_METADATA: Final = "__metadata__"

_TORCH_NAMES: Final = {
    "BOOL": "bool", "U8": "uint8", "I8": "int8", "U16": "uint16", "I16": "int16", "U32": "uint32",
    "I32": "int32", "U64": "uint64", "I64": "int64", "F16": "float16", "BF16": "bfloat16", "F32": "float32",
    "F64": "float64", "C64": "complex64", "F8_E4M3": "float8_e4m3fn", "F8_E5M2": "float8_e5m2",
    "F8_E8M0": "float8_e8m0fnu", "F8_E4M3FNUZ": "float8_e4m3fnuz", "F8_E5M2FNUZ": "float8_e5m2fnuz",
}  # fmt: skip
_TYPES: Final = {
    **{name: ELEMENT_TYPES[known] for name, known in _TORCH_NAMES.items()},
    # Elements that share bytes: two in one, or four in three.
    "F4": ElementType("float4_e2m1", 1, 2, 1),
    "F6_E2M3": ElementType("float6_e2m3", 3, 4, 1),
    "F6_E3M2": ElementType("float6_e3m2", 3, 4, 1),
}


@collection_paused()
def read_safetensors(data: Buffer, file: str) -> TensorFile:
    """The tensors of the file. Raises `ArchiveError` for a header that does not fit it."""
    length = _SIZE.unpack_from(data)[0]
    start = _SIZE.size + length
    if start > len(data):
        raise ArchiveError(
            f"{file} is truncated: its header of {length:,} bytes is longer than the file; "
            "copy or download it again"
        )
    if length > _LONGEST_HEADER:
        raise ArchiveError(
            f"{file} has a header of {length:,} bytes; no more than {_LONGEST_HEADER:,} are read, "
            "which is enough for a hundred thousand tensors"
        )
    header = _header(bytes(data[_SIZE.size : start]), file)
    metadata = _metadata(header.pop(_METADATA, {}), file)
    tensors = SavedDict()
    spans: list[tuple[int, int, str]] = []
    for name in list(header):
        # What a tensor is described by goes as the tensor comes: together they would be twice as much.
        element, shape, begin, end = _described(name, header.pop(name), file)
        spans.append((begin, end, name))
        tensors[name] = _tensor(data, element, shape, (start + begin, start + end), name)
    _check_spans(sorted(spans), len(data) - start, file)
    return TensorFile(
        file, "safetensors", tensors, f"is {SAFETENSORS}", len(data), lambda: close_map(data),
        metadata=metadata,
    )  # fmt: skip


def _header(text: bytes, file: str) -> dict[str, object]:
    try:
        header: object = json.loads(text.decode("utf-8"), object_pairs_hook=_without_repeats)
    except _RepeatedKeyError as error:
        raise ArchiveError(f"{file}: its header has '{error}' twice; save the file again") from None
    except RecursionError:
        raise ArchiveError(f"{file}: its header nests values too deeply; save the file again") from None
    except ValueError:
        raise ArchiveError(
            f"{file}: its header is not JSON as safetensors writes it; copy or download it again"
        ) from None
    except MemoryError:
        raise ArchiveError(f"{file}: its header describes more than fits into memory") from None
    if not isinstance(header, dict):
        raise ArchiveError(f"{file}: its header is no object of JSON; save the file again")
    return cast("dict[str, object]", header)


class _RepeatedKeyError(Exception):
    pass


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found


def _metadata(value: object, file: str) -> dict[str, str]:
    texts = cast("dict[str, object]", value) if isinstance(value, dict) else None
    if texts is None or not all(isinstance(text, str) for text in texts.values()):
        raise ArchiveError(f"{file}: the '{_METADATA}' of its header is no table of texts")
    return cast("dict[str, str]", texts)


def _described(name: str, fields: object, file: str) -> tuple[ElementType, tuple[int, ...], int, int]:
    """Type, shape and span of bytes of a tensor, as the header has them."""
    match fields:
        case {"dtype": str() as dtype, "shape": list() as shape, "data_offsets": [begin, end]} if (
            type(begin) is int and type(end) is int
        ):
            lengths = cast("list[object]", shape)
        case _:
            raise ArchiveError(f"{file}: the tensor '{name}' lacks its dtype, shape or data_offsets")
    element = _TYPES.get(dtype)
    if element is None:
        raise ArchiveError(
            f"{file}: the tensor '{name}' has the dtype '{dtype}', which is unknown; "
            "a newer jitviewer may know it"
        )
    sizes = cast("tuple[int, ...]", tuple(lengths))
    is_shape = len(sizes) <= _MOST_DIMENSIONS and all(type(n) is int and n in _INT64 for n in sizes)
    numel = math.prod(sizes) if is_shape else -1
    if numel not in _INT64:
        raise ArchiveError(f"{file}: the shape of the tensor '{name}' is none; save the file again")
    # Of types whose elements share bytes only whole bytes are written.
    held, rest = divmod(numel * element.itemsize, element.per_byte)
    if rest or not 0 <= begin <= end or end - begin != held:
        raise ArchiveError(
            f"{file}: the tensor '{name}' of {numel} elements of {dtype} takes {held} bytes, and its "
            f"data_offsets are {begin} to {end}; copy or download the file again"
        )
    return element, sizes, begin, end


def _tensor(
    data: Buffer, element: ElementType, shape: tuple[int, ...], span: tuple[int, int], name: str
) -> LazyTensor:
    begin, end = span
    numel = -(-(end - begin) // element.itemsize)
    storage = LazyStorage(element, name, "cpu", numel, lambda _: memoryview(data)[begin:end])
    strides: list[int] = []
    step = 1
    for length in reversed(shape):
        strides.append(step)
        step *= length
    return LazyTensor(storage, 0, shape, tuple(reversed(strides)))


def _check_spans(spans: list[tuple[int, int, str]], room: int, file: str) -> None:
    """Raise `ArchiveError` unless the tensors take all bytes, each byte once."""
    reached = 0
    for begin, end, name in spans:
        if begin != reached:
            what = "overlap those of another" if begin < reached else f"leave {begin - reached} before them"
            raise ArchiveError(
                f"{file}: the bytes of the tensor '{name}' {what}; copy or download the file again"
            )
        reached = end
    if reached != room:
        what = "is truncated" if reached > room else "holds bytes of no tensor"
        raise ArchiveError(
            f"{file} {what}: its tensors take {reached:,} bytes and {room:,} are there; "
            "copy or download it again"
        )
