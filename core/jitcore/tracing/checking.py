"""Checks of a trace: it is run, and made once more, and must be and give the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple


class TraceOptions(NamedTuple):
    """How something is traced and checked.

    `strict` refuses containers as outputs, `force_outplace` records no writes, `tolerance` is the relative one of
    comparisons, and `by_keyword` says that arguments are given by name.
    """

    strict: bool
    force_outplace: bool
    tolerance: float
    by_keyword: bool


def check_function(func: Callable[..., Any], traced: Any, inputs: Iterable[Any], options: TraceOptions) -> None:
    """Check a function that was traced."""


def check_module(
    module: Any, traced: Any, traced_with: Mapping[str, Any], inputs: Iterable[Any], options: TraceOptions
) -> None:
    """Check the methods of a module that were traced."""
