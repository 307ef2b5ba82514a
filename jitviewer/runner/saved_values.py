"""Reads what `torch.save` and `numpy.save` wrote: tensors, numbers, texts and containers of these."""

from __future__ import annotations

import math
import tokenize
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.lib import format as npy

from jitcore.archive import ArchiveError, LazyStorage
from jitcore.archive.nesting import check_nesting
from jitcore.archive.opened_file import place_of
from jitcore.archive.unpickler import unpickle
from jitcore.archive.zip_records import ZipRecords
from jitcore.exec.errors import ExecutionError
from jitcore.exec.values import Materializer
from jitviewer.plain_files import open_plain, reason_of

if TYPE_CHECKING:
    from jitcore.archive import OpenedFile, Value
    from jitcore.archive.pickle_globals import StorageReference

_ZIP = b"PK"


def read_saved(path: str | OpenedFile, device: torch.device) -> Any:
    """The value that `torch.save` wrote to a file. Raises `ExecutionError`.

    Read by the core: torch's own reader takes sizes from the file without comparing them with what is there.
    """
    try:
        with open_plain(place_of(path)) as (stream, _):
            if stream.read(len(_ZIP)) != _ZIP:
                raise _refusal(path, "it is no archive such as torch.save writes since PyTorch 1.6")
        with _opened(path) as records:
            if "constants.pkl" in records:
                raise _refusal(path, "it is a TorchScript archive, a program and no value")
            value = _unpickled(records)
            return Materializer(device, path).value(value)
    except OSError as error:
        raise ExecutionError(f"{path} cannot be read: {reason_of(error)}") from error
    except (ArchiveError, RuntimeError, ValueError, TypeError) as error:
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


def _unpickled(records: ZipRecords) -> Value:
    where = "the record 'data.pkl'"
    swapped = "byteorder" in records and records.read("byteorder").strip() == b"big"
    storages: dict[str, tuple[StorageReference, LazyStorage]] = {}

    def open_storage(reference: StorageReference) -> LazyStorage:
        name = f"data/{reference.key}"
        known = storages.get(name)
        if known is not None:
            if known[0] != reference:
                raise ArchiveError(f"{where} describes '{name}' in two ways")
            return known[1]
        element, _, device, numel = reference
        if numel and device != "meta" and records.record(name).size < numel * element.itemsize:
            raise ArchiveError(
                f"{where} wants {numel:,} elements of {element.name} from '{name}', which holds "
                f"{records.record(name).size:,} bytes"
            )
        storage = LazyStorage(element, name, device, numel, records.view, swapped)
        storages[name] = reference, storage
        return storage

    value = unpickle(records.read("data.pkl"), where, open_storage)
    check_nesting(value, where)
    return value


def _refusal(path: str | OpenedFile, reason: str) -> ExecutionError:
    return ExecutionError(f"{path} holds no tensors that can be read safely: {reason}")
