"""How often the guard of a specialization let a run through, and why it did not."""

from __future__ import annotations

from collections import Counter
from typing import Final

_MOST_REASONS: Final = 100
OTHERS: Final = "for other reasons"
"""Stands for reasons beyond those that are told apart."""


class GuardTally:
    """What one guard decided so far.

    `passed` is the number of runs that took what the guard protects, `reasons` says how often one took the
    fallback, and for which difference from what was expected, in words.
    """

    __slots__ = ("passed", "reasons")

    def __init__(self) -> None:
        self.passed = 0
        self.reasons: Counter[str] = Counter()

    @property
    def failed(self) -> int:
        """The number of runs that took the fallback."""
        return self.reasons.total()

    def fail(self, reason: str) -> None:
        """A run takes the fallback."""
        known = reason in self.reasons or len(self.reasons) < _MOST_REASONS
        self.reasons[reason if known else OTHERS] += 1
