"""Labels of lines that would read the same get as much of where they come from as tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence


def longer_where_alike(labels: Sequence[str], longer: Sequence[Callable[[int], str]]) -> list[str]:
    """Each label, or where another line has the same, its first longer form that no other line has.

    `longer` make the forms of the line at an index, the shortest first; the last is taken if none is unique.
    """
    told = list(labels)
    counts = Counter(told)
    pending = [at for at, label in enumerate(told) if counts[label] > 1]
    for form in longer:
        if not pending:
            break
        for at in pending:
            told[at] = form(at)
        counts = Counter(told)
        pending = [at for at in pending if counts[told[at]] > 1]
    return told


def tail_of(path: str, count: int) -> str:
    """The last parts of a path, `b/c.py:1`; all of it where it has no more."""
    return "/".join(path.replace("\\", "/").split("/")[-count:])


def parts_of(path: str) -> int:
    """How many parts a path has."""
    return path.replace("\\", "/").count("/") + 1
