"""Statistics of a mapped tensor: extremes, mean, deviation, spread, and what is no number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from jitcore.archive import LazyTensor
from jitcore.archive.pieces import PIECE, pieces
from jitviewer.engine.tensor_pieces import numbers
from jitviewer.protocol.rows import Fact

BINS = 40
MOST_PIECES = 256
"""A larger tensor is judged by its first pieces, which is said."""


@dataclass
class Summary:
    """What `summarize` counted; `seen` elements were looked at, of which `finite` are numbers."""

    seen: int = 0
    finite: int = 0
    zeros: int = 0
    nan: int = 0
    infinite: int = 0
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    squares: float = 0.0
    histogram: list[int] = field(default_factory=list)
    is_whole: bool = True

    @property
    def deviation(self) -> float:
        """The standard deviation of all finite elements, as of a whole population."""
        return math.sqrt(max(0.0, self.squares / self.finite)) if self.finite else 0.0

    def facts(self, of_what: str = "") -> list[Fact]:
        """Lines for the inspector."""
        told = [
            (f"minimum{of_what}", f"{self.low:.6g}"), (f"mean{of_what}", f"{self.mean:.6g}"),
            (f"maximum{of_what}", f"{self.high:.6g}"), ("deviation", f"{self.deviation:.6g}"),
        ] if self.finite else []  # fmt: skip
        told += [("zeros", f"{self.zeros:,}"), ("NaN", f"{self.nan:,}"), ("infinite", f"{self.infinite:,}")]
        if not self.is_whole:
            told.append(("looked at", f"the first {self.seen:,} elements"))
        return [Fact("Statistics", name, text) for name, text in told]


def summarize(tensor: LazyTensor) -> Iterator[Summary | None]:
    """Count, then spread; gives None after each piece and the summary at the end."""
    summary = Summary(low=math.inf, high=-math.inf)
    summary.is_whole = tensor.numel <= MOST_PIECES * PIECE
    for piece in islice(pieces(tensor), MOST_PIECES):
        _count(summary, numbers(piece).reshape(-1))
        yield None
    if not summary.finite:
        summary.low = summary.high = 0.0
        yield summary
        return
    counts = np.zeros(BINS, np.int64)
    for piece in islice(pieces(tensor), MOST_PIECES):
        counts += _spread(numbers(piece).reshape(-1), summary.low, summary.high)
        yield None
    summary.histogram = [int(count) for count in counts]
    yield summary


def _count(summary: Summary, elements: np.ndarray[Any, np.dtype[Any]]) -> None:
    finite = elements[np.isfinite(elements)]
    summary.seen += elements.size
    summary.zeros += int(elements.size - np.count_nonzero(elements))
    nan = int(np.isnan(elements).sum())
    summary.nan += nan
    summary.infinite += int(elements.size - finite.size - nan)
    if not finite.size:
        return
    summary.low = min(summary.low, float(finite.min()))
    summary.high = max(summary.high, float(finite.max()))
    mean = float(finite.mean())
    squares = float(((finite - mean) ** 2).sum())
    both = summary.finite + finite.size
    apart = mean - summary.mean
    # Means and squares of two groups joined without keeping their elements.
    summary.squares += squares + apart * apart * summary.finite * finite.size / both
    summary.mean += apart * finite.size / both
    summary.finite = both


def _spread(elements: np.ndarray[Any, np.dtype[Any]], low: float, high: float) -> Any:
    finite = elements[np.isfinite(elements)]
    if not math.isfinite(high - low):
        # Halved, so that the distance of the ends can be told.
        finite, low, high = finite / 2, low / 2, high / 2
    return np.histogram(finite, bins=BINS, range=(low, high))[0]
