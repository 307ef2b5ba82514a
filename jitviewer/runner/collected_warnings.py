"""What a trace warns of, as rows with the lines that it warns of."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager

from jitcore.slots.torch_names import TORCH
from jitviewer.protocol.bounds import PROBLEMS
from jitviewer.protocol.problems import bounded_problem
from jitviewer.protocol.rows import ProblemRow


@contextmanager
def collected_warnings(subject: str, into: list[ProblemRow]) -> Generator[None]:
    """Context whose warnings of the tracer come into a list, each line's once; others go their usual way."""
    caught: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", TORCH.jit.TracerWarning)
            yield
    finally:
        _take(caught, subject, into)


def _take(caught: list[warnings.WarningMessage], subject: str, into: list[ProblemRow]) -> None:
    seen: set[tuple[str, int, str]] = set()
    for each in caught:
        if not issubclass(each.category, TORCH.jit.TracerWarning):
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
            continue
        first, _, more = str(each.message).partition("\n")
        key = each.filename, each.lineno, first
        if key not in seen and len(into) < PROBLEMS:
            seen.add(key)
            row = ProblemRow(subject, each.filename, each.lineno, 0, first, more, is_warning=True)
            into.append(bounded_problem(row))
