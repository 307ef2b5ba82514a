"""Lines that a program ran whose effect no graph records: writes around operators, stores, layers that
depend on the mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jitcore.diagnose.divergence import source_places

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.sides import Sides

_WRITES: Final = frozenset(
    ("data", "numpy", "set_", "as_strided_", "from_numpy", "resize_", "untyped_storage", "storage")
)


def writes_around(words: frozenset[str]) -> bool:
    """Whether words are of ways to write to a tensor past its own operators."""
    return bool(words & _WRITES)


def first_line(
    lines: list[tuple[str, int]], holds: Callable[[frozenset[str]], object]
) -> tuple[str, int] | None:
    """The first line whose words `holds` is true of."""
    return next((each for each in lines if holds(source_places.words_at(*each))), None)


def first_store(lines: list[tuple[str, int]]) -> tuple[str, int] | None:
    """The first line that stores something beyond the call; the first of all where none does."""
    return next((each for each in lines if source_places.stores(*each)), lines[0] if lines else None)


def standard_layer(sides: Sides, lines: list[tuple[str, int]]) -> tuple[str, int] | None:
    """The first line that calls a layer which differs between train and eval mode."""
    module = sides.subject.module
    if module is None:
        return None
    names = {
        path.rsplit(".", 1)[-1]
        for path, each in module.named_modules()
        if type(each).__name__.startswith(
            ("Dropout", "AlphaDropout", "FeatureAlphaDropout", "BatchNorm", "RReLU", "SyncBatchNorm")
        )
        or "Dropout" in type(each).__name__
        or "BatchNorm" in type(each).__name__
    }
    parents = {part for path, _ in module.named_modules() for part in path.split(".") if path}
    direct = next((each for each in lines if source_places.words_at(*each) & names), None)
    return direct or next((each for each in lines if source_places.words_at(*each) & parents), None)
