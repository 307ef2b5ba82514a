"""Labels of lines that would read the same get as much of where they come from as tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def longer_where_alike(labels: Sequence[str], more: Sequence[Sequence[str]]) -> list[str]:
    """Each label, or where another line has the same, its first longer form that no other line has.

    `more` are the longer forms of each label, the shortest first; the last is taken if none is unique.
    """
    told = list(labels)
    alike = {label for label, count in Counter(told).items() if count > 1}
    pending = [at for at, label in enumerate(told) if label in alike]
    for step in range(max((len(more[at]) for at in pending), default=0)):
        if not pending:
            break
        for at in pending:
            if step < len(more[at]):
                told[at] = more[at][step]
        counts = Counter(told)
        pending = [at for at in pending if counts[told[at]] > 1]
    return told


def tails_of(path: str) -> list[str]:
    """`c.py:1`, `b/c.py:1`, `/a/b/c.py:1` of a path: the last part, and longer ones."""
    parts = path.replace("\\", "/").split("/")
    return ["/".join(parts[-count:]) for count in range(1, len(parts) + 1)]
