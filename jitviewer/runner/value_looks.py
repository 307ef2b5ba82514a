"""Looks at one value: its facts, how its elements are spread, some of them as text, and a picture."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import torch

from jitcore.exec.distinct_elements import distinct_elements, first_elements
from jitcore.exec.runtime_types import type_text
from jitviewer.protocol.rows import Fact
from jitviewer.protocol.run_rows import ValueLook
from jitviewer.protocol.runner_messages import LookAtKept, ValueSeen
from jitviewer.runner.kept_values import KeptValues, tensors_in
from jitviewer.runner.value_rows import MOST_ROWS, short_text, value_rows

BINS = 40
PAGE_ROWS, PAGE_COLUMNS = 64, 16
PICTURE_SIDE = 128

_WHY_NOTHING = "no run has kept values since the runner was started; run the method to see them"


def answer_look(request: LookAtKept, kept: KeptValues | None) -> ValueSeen:
    """The look that is asked for, or why there is nothing to look at."""
    if kept is None or kept.run != request.run:
        return ValueSeen(request.id, None, _WHY_NOTHING)
    try:
        value = kept.value(request.node_id, request.index)
    except LookupError as error:
        return ValueSeen(request.id, None, str(error.args[0]))
    return ValueSeen(request.id, look_at(value, request.slice, request.first_row, request.first_column), "")


def look_at(value: Any, chosen: int = 0, first_row: int = 0, first_column: int = 0) -> ValueLook:
    """A look at any value; of a container, at its only tensor if it has one."""
    tensors = list(tensors_in(value))
    if len(tensors) == 1 and not isinstance(value, dict) and _has_elements(tensors[0]):
        return _look_at_tensor(type_text(value), tensors[0], chosen, first_row, first_column)
    rows = value_rows("", value)
    facts = [Fact("Value", row.name, f"{row.type}  {row.text}".strip()) for row in rows[:MOST_ROWS]]
    return ValueLook(type_text(value), facts, [], 0.0, 0.0, [], 0, 0, 0, 0, 0, 0, [], b"", 0, 0)


def _has_elements(tensor: torch.Tensor) -> bool:
    return tensor.layout == torch.strided and tensor.device.type != "meta" and not tensor.is_nested


def _look_at_tensor(
    type_: str, tensor: torch.Tensor, chosen: int, first_row: int, first_column: int
) -> ValueLook:
    shape = list(tensor.shape)
    distinct = distinct_elements(tensor.detach())
    if distinct is None:
        return _look_at_shape(type_, tensor)
    distinct = (distinct.dequantize() if distinct.is_quantized else distinct).cpu()
    # A view, however often it repeats them.
    dense = distinct.expand(shape)
    times = tensor.numel() // distinct.numel() if distinct.numel() else 1
    numbers = _numbers(distinct)
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    histogram = [count * times for count in _histogram(finite, low, high)]
    rows, columns = ([1, 1, *shape])[-2:]
    slices = dense.numel() // (rows * columns) if rows * columns else 0
    chosen = max(0, min(chosen, slices - 1))
    first_row, first_column = max(0, min(first_row, rows - 1)), max(0, min(first_column, columns - 1))
    cells: list[list[str]] = []
    picture, width, height = b"", 0, 0
    if slices:
        matrix = _matrix(dense, chosen)
        part = matrix[first_row : first_row + PAGE_ROWS, first_column : first_column + PAGE_COLUMNS]
        cells = [[_cell(item) for item in line] for line in part.tolist()]
        picture, width, height = _picture(matrix, low, high)
    return ValueLook(
        type_, _facts(tensor, numbers, finite, times), histogram, low, high, shape, slices, chosen, rows,
        columns, first_row, first_column, cells, picture, width, height,
    )  # fmt: skip


def _look_at_shape(type_: str, tensor: torch.Tensor) -> ValueLook:
    """A look at a tensor with too many elements: what is known without them, and the first."""
    first = ", ".join(_cell(item) for item in first_elements(tensor, PAGE_COLUMNS))
    facts = [
        *_facts_of_shape(tensor), Fact("Tensor", "first elements", first),
        Fact("Statistics", "not counted", "its elements lie over each other and are too many to look at"),
    ]  # fmt: skip
    return ValueLook(type_, facts, [], 0.0, 0.0, list(tensor.shape), 0, 0, 0, 0, 0, 0, [], b"", 0, 0)


def _facts_of_shape(tensor: torch.Tensor) -> list[Fact]:
    return [
        Fact("Tensor", "dtype", str(tensor.dtype).removeprefix("torch.")),
        Fact("Tensor", "shape", str(list(tensor.shape))),
        Fact("Tensor", "elements", f"{tensor.numel():,}"),
        Fact("Tensor", "bytes", f"{tensor.numel() * tensor.element_size():,}"),
        Fact("Tensor", "strides", str(list(tensor.stride()))),
    ]


def _matrix(dense: torch.Tensor, chosen: int) -> torch.Tensor:
    """One of the matrices that a tensor is a stack of, as a view; of a vector the only one, of one row."""
    while dense.dim() < 2:
        dense = dense.unsqueeze(0)
    for size in reversed(dense.shape[:-2]):
        chosen, index = divmod(chosen, size)
        dense = dense.select(-3, index)
    return dense


def _numbers(dense: torch.Tensor) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The elements as doubles, flat; of complex ones the magnitudes."""
    flat = (dense.abs() if dense.is_complex() else dense).reshape(-1)
    return cast("np.ndarray[Any, np.dtype[np.float64]]", flat.to(torch.float64).numpy())


def _facts(
    tensor: torch.Tensor,
    numbers: np.ndarray[Any, np.dtype[np.float64]],
    finite: np.ndarray[Any, np.dtype[np.float64]],
    times: int,
) -> list[Fact]:
    """All facts; each of `numbers` stands for that many elements."""
    facts = _facts_of_shape(tensor)
    if finite.size:
        what = " of the magnitudes" if tensor.is_complex() else ""
        facts += [
            Fact("Statistics", f"minimum{what}", _cell(float(finite.min()))),
            Fact("Statistics", f"mean{what}", _cell(float(finite.mean()))),
            Fact("Statistics", f"maximum{what}", _cell(float(finite.max()))),
            Fact("Statistics", f"standard deviation{what}", _cell(float(finite.std()))),
        ]
    if numbers.size:
        infinite = int(np.isinf(numbers).sum()) * times
        facts += [
            Fact("Statistics", "zeros", f"{int((numbers == 0).sum()) * times:,}"),
            Fact("Statistics", "NaN", f"{int(np.isnan(numbers).sum()) * times:,}"),
            Fact("Statistics", "infinite", f"{infinite:,}"),
        ]
    return facts


def _histogram(finite: np.ndarray[Any, np.dtype[np.float64]], low: float, high: float) -> list[int]:
    if not finite.size:
        return []
    if not math.isfinite(high - low):
        # Halved, so that the distance of the ends can be told.
        finite, low, high = finite / 2, low / 2, high / 2
    counts, _ = np.histogram(finite, bins=BINS, range=(low, high))
    return [int(count) for count in counts]


def _picture(matrix: torch.Tensor, low: float, high: float) -> tuple[bytes, int, int]:
    rows, columns = matrix.shape
    thin = matrix[:: -(-rows // PICTURE_SIDE), :: -(-columns // PICTURE_SIDE)]
    part = _numbers(thin).reshape(thin.shape)
    distance = high - low
    scaled = (part - low) / distance * 255 if 0 < distance < math.inf else np.full(part.shape, 127.0)
    clean = np.nan_to_num(scaled, nan=0.0, posinf=255.0, neginf=0.0).clip(0, 255).astype(np.uint8)
    return clean.tobytes(), part.shape[1], part.shape[0]


def _cell(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value)
    return f"{value:.5g}" if isinstance(value, float) else short_text(value)
