"""Looks at tensors of the archive: a page of elements, a picture, and statistics that may come later."""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from jitcore.archive import LazyTensor
from jitcore.archive.pieces import PIECE, chosen
from jitcore.source import JitError
from jitviewer.engine.tensor_pieces import numbers
from jitviewer.engine.tensor_summary import Summary, summarize
from jitviewer.protocol.bounds import LARGEST, PATH, SENTENCE, cut
from jitviewer.protocol.events import TensorLooked
from jitviewer.protocol.rows import Fact
from jitviewer.protocol.run_rows import ValueLook

PAGE_ROWS, PAGE_COLUMNS = 64, 16
PICTURE_SIDE = 256


@dataclass(frozen=True)
class TensorPlace:
    """A tensor that a document shows: its name there, and the part whose elements are told."""

    document: int
    name: str
    tensor: LazyTensor
    facts: tuple[Fact, ...]
    part: tuple[int, int, int]


class TensorLooks:
    """Answers at once with a page; statistics of large tensors are counted by a thread, and told after.

    `emit` is called from both threads, one at a time.
    """

    def __init__(self, emit: Callable[[TensorLooked], None]) -> None:
        self._emit = emit
        self._wanted: queue.SimpleQueue[TensorPlace | None] = queue.SimpleQueue()
        self._newest: dict[int, TensorPlace] = {}
        self._known: dict[tuple[int, str], tuple[LazyTensor, Summary]] = {}
        self._thread: threading.Thread | None = None

    def look(self, place: TensorPlace) -> None:
        """Emit what is there to see."""
        self._newest[place.document] = place
        try:
            if place.tensor.storage is None:
                raise JitError(f"A {place.tensor.layout} tensor keeps no elements one by one.")
            known = self._known.get((place.document, place.name))
            summary = known[1] if known is not None and known[0] is place.tensor else None
            if summary is None and place.tensor.numel <= PIECE:
                summary = self._summarize(place)
            self._emit(_looked(place, summary))
            if summary is None:
                self._later(place)
        except JitError as error:
            why_not = cut(str(error), SENTENCE)
            self._emit(TensorLooked(place.document, cut(place.name, PATH), None, why_not, is_complete=True))

    def forget(self, document: int) -> None:
        """Give the tensors of a document up."""
        self._newest.pop(document, None)
        for key in [key for key in self._known if key[0] == document]:
            del self._known[key]

    def close(self) -> None:
        """End the thread after the piece that it reads."""
        self._newest.clear()
        self._wanted.put(None)

    def _later(self, place: TensorPlace) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="tensor statistics", daemon=True)
            self._thread.start()
        self._wanted.put(place)

    def _work(self) -> None:
        while (place := self._wanted.get()) is not None:
            summary = self._summarize(place)
            newest = self._newest.get(place.document)
            if summary is not None and newest is not None and newest.tensor is place.tensor:
                # Another page may be looked at by now.
                self._emit(_looked(newest, summary))

    def _summarize(self, place: TensorPlace) -> Summary | None:
        """The statistics; None if nobody wants them any longer."""
        for summary in summarize(place.tensor):
            newest = self._newest.get(place.document)
            if newest is None or newest.tensor is not place.tensor:
                return None
            if summary is not None:
                self._known[place.document, place.name] = place.tensor, summary
                return summary
        return None


def _looked(place: TensorPlace, summary: Summary | None) -> TensorLooked:
    look = look_at(place.tensor, place.part, summary, place.facts)
    return TensorLooked(place.document, cut(place.name, PATH), look, "", is_complete=summary is not None)


def look_at(
    tensor: LazyTensor, part: tuple[int, int, int], summary: Summary | None, facts: tuple[Fact, ...] = ()
) -> ValueLook:
    """A page of the matrix `part[0]` of a tensor, counted over its leading dimensions, and its picture."""
    number, first_row, first_column = part
    shape = list(tensor.shape)
    rows, columns = ([1, 1, *shape])[-2:]
    slices = min(math.prod(shape[:-2]), LARGEST)
    number = max(0, min(number, slices - 1))
    leading = tuple(int(i) for i in np.unravel_index(number, shape[:-2])) if len(shape) > 2 and slices else ()
    matrix = chosen(tensor, leading)
    first_row = max(0, min(first_row, rows - 1)) if rows else 0
    first_column = max(0, min(first_column, columns - 1)) if columns else 0
    cells: list[list[str]] = []
    picture, width, height = b"", 0, 0
    low, high = (summary.low, summary.high) if summary is not None else (0.0, 0.0)
    if tensor.numel:
        cells = _cells(matrix, first_row, first_column, rows, columns)
        seen = numbers(_thinned(matrix, rows, columns))
        if summary is None:
            finite = seen[np.isfinite(seen)]
            low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        picture, width, height = _picture(seen, low, high)
    of_what = " of the magnitudes" if tensor.dtype.startswith("complex") else ""
    told = [*facts, *(summary.facts(of_what) if summary is not None else [])]
    histogram = summary.histogram if summary is not None else []
    return ValueLook(
        f"{tensor.dtype}[{', '.join(map(str, shape))}]", told, histogram, low, high, shape, slices, number,
        rows, columns, first_row, first_column, cells, picture, width, height,
    )  # fmt: skip


def _cells(matrix: LazyTensor, row: int, column: int, rows: int, columns: int) -> list[list[str]]:
    steps = ([0, 0, *matrix.strides])[-2:]
    page = LazyTensor(
        matrix.storage, matrix.offset + row * steps[0] + column * steps[1],
        (min(PAGE_ROWS, rows - row), min(PAGE_COLUMNS, columns - column)), (steps[0], steps[1]),
        quantizer=matrix.quantizer,
    )  # fmt: skip
    page.is_conjugated, page.is_negated = matrix.is_conjugated, matrix.is_negated
    has_scale = page.quantizer is not None and isinstance(page.quantizer.scale, float | int)
    values = numbers(page) if has_scale else page.to_numpy()
    return [[_cell(value) for value in line] for line in values.tolist()]


def _cell(value: Any) -> str:
    if isinstance(value, complex):
        return f"{value.real:.4g}{value.imag:+.4g}j"
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _step(length: int) -> int:
    return -(-length // PICTURE_SIDE)


def _thinned(matrix: LazyTensor, rows: int, columns: int) -> LazyTensor:
    """Every so many rows and columns, so that a picture of any matrix reads little."""
    down, right = _step(rows), _step(columns)
    steps = ([0, 0, *matrix.strides])[-2:]
    thin = LazyTensor(
        matrix.storage, matrix.offset, (-(-rows // down), -(-columns // right)),
        (steps[0] * down, steps[1] * right), quantizer=matrix.quantizer,
    )  # fmt: skip
    thin.is_conjugated, thin.is_negated = matrix.is_conjugated, matrix.is_negated
    return thin


def _picture(seen: np.ndarray[Any, np.dtype[Any]], low: float, high: float) -> tuple[bytes, int, int]:
    distance = high - low
    is_spread = 0 < distance < math.inf
    scaled = (seen - low) / distance * 255 if is_spread else np.full(seen.shape, 127.0)
    clean = np.nan_to_num(scaled, nan=0.0, posinf=255.0, neginf=0.0).clip(0, 255).astype(np.uint8)
    return clean.tobytes(), seen.shape[1], seen.shape[0]


def kept_as(tensor: LazyTensor) -> str:
    """How elements are told: as they are stored, or as the reals that they stand for."""
    quantizer = tensor.quantizer
    if quantizer is None:
        return ""
    if isinstance(quantizer.scale, float | int):
        return f"reals: (stored - {quantizer.zero_point}) * {quantizer.scale:.6g}"
    return f"stored integers, each channel of dimension {quantizer.axis} has its own scale"
