"""Reads what `torch.save` and `numpy.save` wrote: tensors, numbers, texts and containers of these."""

from __future__ import annotations

import io
import math
import pickle
import tokenize
import warnings
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
import torch._weights_only_unpickler as weights_only
from numpy.lib import format as npy
from torch._utils import (
    _validate_loaded_sparse_tensors as validate_sparse_tensors,  # pyright: ignore[reportPrivateUsage]
)

from jitcore.archive import ArchiveError
from jitcore.archive.nesting import DEEPEST, MOST_REPEATS
from jitcore.archive.opened_file import place_of
from jitcore.archive.zip_records import ZipRecords
from jitcore.exec.errors import ExecutionError
from jitviewer.plain_files import open_plain, reason_of

if TYPE_CHECKING:
    from jitcore.archive import OpenedFile

_ZIP = b"PK"
_INT64 = range(-(1 << 63), 1 << 63)
_FAILURES = (
    ArchiveError, pickle.UnpicklingError, RuntimeError, ValueError, TypeError, LookupError, AttributeError,
    AssertionError, EOFError, ArithmeticError, MemoryError,
)  # fmt: skip
"""What a damaged pickle, or one of something else, leads to."""


def read_saved(path: str | OpenedFile, device: torch.device) -> Any:
    """The value that `torch.save` wrote to a file. Raises `ExecutionError`."""
    try:
        with open_plain(place_of(path)) as (stream, _):
            if stream.read(len(_ZIP)) != _ZIP:
                raise _refusal(path, "it is no archive such as torch.save writes since PyTorch 1.6")
        with _opened(path) as records:
            if "constants.pkl" in records:
                raise _refusal(path, "it is a TorchScript archive, a program and no value")
            return _unpickled(records, device)
    except OSError as error:
        raise ExecutionError(f"{path} cannot be read: {reason_of(error)}") from error
    except _FAILURES as error:
        said = str(error).strip().partition("\n")[0].removeprefix(f"{path}: ")
        raise _refusal(path, said) from error


def read_array(path: str | OpenedFile) -> torch.Tensor:
    """The array of a `.npy` file. Raises `ExecutionError`."""
    try:
        with open_plain(place_of(path)) as (stream, size):
            array = _array(stream, size)
        # Torch has the byte order of the machine only.
        return torch.from_numpy(array.astype(array.dtype.newbyteorder("="), copy=False))
    except OSError as error:
        raise ExecutionError(f"{path} cannot be read: {reason_of(error)}") from error
    except (ValueError, TypeError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError) as error:
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        raise _refusal(path, said) from error


def _opened(path: str | OpenedFile) -> ZipRecords:
    try:
        return ZipRecords.open(path)
    except ArchiveError as error:
        raise _refusal(path, "its archive is damaged, or none that torch.save writes") from error


def _array(stream: Any, size: int) -> np.ndarray:
    version = npy.read_magic(stream)
    if version == (1, 0):
        shape, is_fortran, dtype = npy.read_array_header_1_0(stream)
    elif version == (2, 0):
        shape, is_fortran, dtype = npy.read_array_header_2_0(stream)
    else:
        raise ValueError(f"version {version[0]}.{version[1]} of the format is not read")
    if dtype.hasobject or dtype.names is not None or dtype.subdtype is not None:
        raise ValueError(f"it holds {dtype}, not plain numbers")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError(f"its shape {shape} is none")
    count = math.prod(shape)
    there = size - stream.tell()
    if count * dtype.itemsize > there:
        raise ValueError(
            f"its shape {list(shape)} wants {count * dtype.itemsize:,} bytes, there are {there:,}"
        )
    flat = np.fromfile(stream, dtype, count)
    return flat.reshape(shape, order="F" if is_fortran else "C")


def _unpickled(records: ZipRecords, device: torch.device) -> Any:
    """The value of the pickle, by torch's own list of what may be in one, over storages of ours.

    Torch's reader of storages takes their sizes from the pickle without comparing them with what is there.
    """
    if "byteorder" in records and records.read("byteorder").strip() == b"big":
        raise ValueError("it was written on a machine with another byte order")
    made: dict[str, Any] = {}

    def open_storage(reference: tuple[Any, ...]) -> Any:
        kind, typed, key, _, count = reference
        if kind != "storage" or not isinstance(key, str) or not isinstance(count, int) or count < 0:
            raise pickle.UnpicklingError(f"it refers to {kind!r}, which is no storage")
        dtype = torch.uint8 if typed is torch.UntypedStorage else typed.dtype
        if key not in made:
            made[key] = _storage(records, f"data/{key}", count * dtype.itemsize, device)
        elif made[key].nbytes() != count * dtype.itemsize:
            raise pickle.UnpicklingError(f"it describes 'data/{key}' in two ways")
        return torch.storage.TypedStorage(wrap_storage=made[key], dtype=dtype, _internal=True)

    # What `torch.load` with `weights_only` makes of the record.
    unpickler: Any = weights_only.Unpickler(io.BytesIO(records.read("data.pkl")), encoding="utf-8")
    unpickler.persistent_load = open_storage
    with torch.sparse.check_sparse_tensor_invariants(), warnings.catch_warnings():
        # Torch remarks on functions of its own that its pickles call.
        warnings.simplefilter("ignore")
        value = unpickler.load()
        validate_sparse_tensors()
    _check(value, sum(record.size for record in records))
    return value


def _check(value: object, most: int) -> None:
    """Raise `ValueError` for what cannot be walked by recursion, tensors of more than `most` bytes, and
    integers of more than 64 bits."""
    level: list[object] = [value]
    for _ in range(DEEPEST):
        parts: list[object] = []
        for item in level:
            if isinstance(item, torch.Tensor):
                _check_tensor(item, most)
            elif isinstance(item, int) and item not in _INT64:
                raise ValueError("it holds an integer of more than 64 bits, which no program can take")
            elif isinstance(item, dict):
                parts += (
                    *cast("dict[object, object]", item).keys(),
                    *cast("dict[object, object]", item).values(),
                )
            elif isinstance(item, list | tuple | set) and type(item) is not torch.Size:
                parts += cast("list[object]", item)
        if len(parts) > MOST_REPEATS:
            raise ValueError("it refers to its own parts so often that reading it would never end")
        if not parts:
            return
        level = parts
    raise ValueError(f"its values contain themselves, or lie more than {DEEPEST} deep in each other")


def _check_tensor(tensor: torch.Tensor, most: int) -> None:
    if tensor.is_nested:
        raise ValueError("it holds a nested tensor, whose parts nothing checks")
    if tensor.layout == torch.strided and tensor.device.type != "meta":
        held = tensor.untyped_storage().nbytes()
        if held > most:
            raise ValueError(f"it holds a tensor of {held:,} bytes, and the file has {most:,}")


def _storage(records: ZipRecords, name: str, size: int, device: torch.device) -> torch.UntypedStorage:
    view = records.view(name)
    if view.nbytes < size:
        raise ValueError(f"it wants {size:,} bytes of '{name}', which holds {view.nbytes:,}")
    flat = torch.empty(size, dtype=torch.uint8)
    if size:
        flat.numpy()[:] = np.frombuffer(view[:size], np.uint8)
    return flat.to(device).untyped_storage()


def _refusal(path: str | OpenedFile, reason: str) -> ExecutionError:
    return ExecutionError(f"{path} holds no tensors that can be read safely: {reason}")
