"""Makes the arguments of a run from their specifications, the same ones for the same seed on any device."""

from __future__ import annotations

from typing import Any

import torch

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
from jitviewer.runner.saved_values import read_array, read_saved

DEFAULT_INTEGERS = (0, 10)
"""From which integers a tensor is drawn that gives no range: small, as they often are indices."""


def make_inputs(texts: list[str], seed: int, device: torch.device) -> list[Any]:
    """The arguments in order; raises `ExecutionError` for a text that is no specification."""
    generator = torch.Generator().manual_seed(seed)
    try:
        return [make_value(parse_spec(text), generator, device) for text in texts]
    except SpecError as error:
        raise ExecutionError(str(error)) from error


def make_value(spec: Spec, generator: torch.Generator, device: torch.device) -> Any:
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
            return read_file(path, form, device)
        case ListSpec(items):
            return [make_value(item, generator, device) for item in items]
        case TupleSpec(items):
            return tuple(make_value(item, generator, device) for item in items)
        case DictSpec(items):
            pairs = [(make_value(k, generator, device), make_value(v, generator, device)) for k, v in items]
            return dict(pairs)


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


def read_file(path: str, form: TensorSpec | None, device: torch.device) -> Any:
    """The value of a file, in the form that is wanted; raises `ExecutionError` if it has another."""
    if path.lower().endswith(PICTURE_SUFFIXES):
        # Decoders are loaded for who has pictures.
        from jitviewer.runner.pictures import read_picture

        return read_picture(path, form).to(device)
    value = read_value(path, device)
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


def read_arguments(path: str, device: torch.device) -> list[Any]:
    """The arguments that `path` holds: a torch-saved tuple or list of them, or a single one."""
    value = read_value(path, device)
    return list(value) if isinstance(value, tuple | list) else [value]


def read_value(path: str, device: torch.device) -> Any:
    """The value of a `.npy` or a torch-saved file; no code in the file is run."""
    return read_array(path).to(device) if path.lower().endswith(".npy") else read_saved(path, device)
