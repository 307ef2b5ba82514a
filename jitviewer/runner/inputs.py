"""Makes the arguments of a run from their specifications, the same ones for the same seed on any device."""

from __future__ import annotations

from typing import Any

import torch

from jitcore.archive import OpenedFile
from jitcore.exec.errors import ExecutionError
from jitcore.exec.values import dtype_named
from jitviewer.protocol.input_spec import (
    PICTURE_SUFFIXES,
    ComplexSpec,
    DictSpec,
    FileSpec,
    ListSpec,
    LiteralSpec,
    Spec,
    SpecError,
    TensorSpec,
    TupleSpec,
    parse_spec,
)  # fmt: skip
from jitviewer.runner.handed_files import HandedFiles
from jitviewer.runner.saved_values import read_array, read_saved

DEFAULT_INTEGERS = (0, 10)
"""From which integers a tensor is drawn that gives no range: small, as they often are indices."""


def make_inputs(
    texts: list[str], seed: int, device: torch.device, files: HandedFiles | None = None
) -> list[Any]:
    """The arguments in order, from `files` where they are files.

    Raises `ExecutionError` for a text that is no specification.
    """
    generator = torch.Generator().manual_seed(seed)
    files = files or HandedFiles()
    try:
        return [make_value(parse_spec(text), generator, device, files) for text in texts]
    except SpecError as error:
        raise ExecutionError(str(error)) from error


def make_value(spec: Spec, generator: torch.Generator, device: torch.device, files: HandedFiles) -> Any:
    """The value of one specification."""
    match spec:
        case TensorSpec():
            if spec.seed is not None:
                generator = torch.Generator().manual_seed(spec.seed)
            return make_tensor(spec, generator).to(device)
        case LiteralSpec(value):
            return value
        case ComplexSpec(real, imag):
            return complex(real, imag)
        case FileSpec(path, form):
            return read_file(path, form, device, files)
        case ListSpec(items):
            return [make_value(item, generator, device, files) for item in items]
        case TupleSpec(items):
            return tuple(make_value(item, generator, device, files) for item in items)
        case DictSpec(items):
            return {
                make_value(key, generator, device, files): make_value(item, generator, device, files)
                for key, item in items
            }


def make_tensor(spec: TensorSpec, generator: torch.Generator) -> torch.Tensor:
    """A random tensor on the CPU."""
    dtype, shape = dtype_named(spec.dtype), spec.shape
    if dtype == torch.bool:
        low, high = (0, 2) if spec.low is None or spec.high is None else (int(spec.low), int(spec.high))
        return torch.randint(low, high, shape, generator=generator).to(torch.bool)
    if dtype.is_floating_point or dtype.is_complex:
        # Drawn as one of the types that the generator knows, so that narrow types get the same numbers.
        wide = dtype if dtype in (torch.float64, torch.complex64, torch.complex128) else torch.float32
        if spec.low is None or spec.high is None:
            return torch.randn(shape, generator=generator, dtype=wide).to(dtype)
        unit = torch.rand(shape, generator=generator, dtype=wide)
        return (unit * (spec.high - spec.low) + spec.low).to(dtype)
    low, high = DEFAULT_INTEGERS if spec.low is None or spec.high is None else (int(spec.low), int(spec.high))
    try:
        return torch.randint(low, high, shape, generator=generator, dtype=torch.int64).to(dtype)
    except RuntimeError as error:
        raise ExecutionError(f"the range {low}..{high} does not fit {spec.dtype}") from error


def read_file(path: str, form: TensorSpec | None, device: torch.device, files: HandedFiles) -> Any:
    """The value of a file, in the form that is wanted; raises `ExecutionError` if it has another."""
    if path.lower().endswith(PICTURE_SUFFIXES):
        # Decoders are loaded for who has pictures.
        from jitviewer.runner.pictures import read_picture

        return read_picture(handed(path, files), form).to(device)
    value = read_value(path, device, files)
    if form is None:
        return value
    if not isinstance(value, torch.Tensor):
        raise ExecutionError(f"{path} holds a {type(value).__name__}, not a tensor to be reshaped")
    wanted = 1
    for size in form.shape:
        wanted *= size
    if value.numel() != wanted:
        raise ExecutionError(
            f"{path} holds {value.numel():,} elements of shape {list(value.shape)}, "
            f"but {list(form.shape)} has {wanted:,}"
        )
    return value.to(dtype_named(form.dtype)).reshape(form.shape)


def handed(path: str, files: HandedFiles) -> str | OpenedFile:
    """The file that was handed for a path. Raises `ExecutionError` if it could not be opened."""
    try:
        return files.to_read(path)
    except OSError as error:
        raise ExecutionError(f"{path} cannot be read: {error.strerror or error}") from error


def read_arguments(path: str, device: torch.device, files: HandedFiles | None = None) -> list[Any]:
    """The arguments that `path` holds: a torch-saved tuple or list of them, or a single one."""
    value = read_value(path, device, files or HandedFiles())
    return list(value) if isinstance(value, tuple | list) else [value]


def read_value(path: str, device: torch.device, files: HandedFiles) -> Any:
    """The value of a `.npy` or a torch-saved file; no code in the file is run."""
    file = handed(path, files)
    return read_array(file).to(device) if path.lower().endswith(".npy") else read_saved(file, device)
