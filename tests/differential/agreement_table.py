"""The table that a report ends with, and what it says of each case before."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.differential.agreement import Outcome


class AgreementTable:
    """Equal of compared, by part and aspect; prints what differs as it comes, the first `show` in full.

    Of one case at most `told` outcomes are printed, all where it is None.
    """

    def __init__(self, aspects: Sequence[str], show: int = 0, told: int | None = None) -> None:
        self._aspects = aspects
        self._show = show
        self._told = told
        self._cases: Counter[str] = Counter()
        self._equal: dict[str, Counter[str]] = defaultdict(Counter)
        self._compared: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, part: str, outcomes: Iterable[Outcome]) -> None:
        """Count one case; what was skipped is told and not counted."""
        self._cases[part] += 1
        told = 0
        for outcome in outcomes:
            if outcome.status != "equal" and (self._told is None or told < self._told):
                told += 1
                self._tell(outcome)
            if outcome.status != "skipped":
                self._compared[part][outcome.aspect] += 1
                self._equal[part][outcome.aspect] += outcome.status == "equal"

    def any_wrong(self) -> bool:
        """Whether anything compared was not equal."""
        return self._equal != self._compared

    def print(self) -> None:
        """A line for each part; a column for each aspect that was compared."""
        compared = [a for a in self._aspects if any(counts[a] for counts in self._compared.values())]
        print(f"{'part':<12}{'cases':>8}" + "".join(f"{aspect:>14}" for aspect in compared))
        for part, count in self._cases.items():
            cells = (f"{self._equal[part][a]}/{self._compared[part][a]}" for a in compared)
            print(f"{part:<12}{count:>8}" + "".join(f"{cell:>14}" for cell in cells))

    def _tell(self, outcome: Outcome) -> None:
        print(f"{outcome.aspect} {outcome.subject}: {outcome.status}: {outcome.detail}", flush=True)
        if self._show > 0 and outcome.ours:
            self._show -= 1
            print(outcome.diff())
