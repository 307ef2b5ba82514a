"""Finds what is not the same first, and whether the error begins there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.diagnose.paired_runs.run_comparison import FirstDifference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.diagnose.paired_runs.run_comparison import Departure, PairOutcome


def first_difference(
    outcomes: Sequence[PairOutcome], orders: Sequence[int], departures: Sequence[tuple[int, Departure]]
) -> FirstDifference | None:
    """The first decision that was taken otherwise and the first pair that differs, whichever there is.

    `orders` say of each pair of the alignment when the left side ran it; `departures` come with the same, in
    that order. A decision that comes after the first pair that differs is its consequence, and not told.
    """
    ranked = sorted(
        (index for index, outcome in enumerate(outcomes) if outcome.difference is not None),
        key=lambda index: orders[outcomes[index].pair],
    )
    differing = next((index for index in ranked if outcomes[index].status == "differs"), -1)
    at = orders[outcomes[differing].pair] if differing >= 0 else None
    departure = 0 if departures and (at is None or departures[0][0] <= at) else -1
    if departure < 0 and differing < 0:
        return None
    grew_from = -1
    if departure < 0:
        rounding = (index for index in ranked if outcomes[index].status == "within tolerance")
        first = next(rounding, -1)
        if first >= 0 and at is not None and orders[outcomes[first].pair] < at:
            grew_from = first
    return FirstDifference(departure, differing, grew_from < 0, grew_from)
