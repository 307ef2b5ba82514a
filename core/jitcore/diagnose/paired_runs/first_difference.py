"""Finds what is not the same first, and whether the error begins there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.diagnose.paired_runs.run_comparison import FirstDifference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.diagnose.paired_runs.run_comparison import Departure, PairOutcome


def first_difference(
    outcomes: Sequence[PairOutcome],
    orders: Sequence[int],
    departures: Sequence[tuple[int, Departure]],
    results_differ: bool,
    flows: Callable[[Departure, int], bool],
) -> FirstDifference | None:
    """The first pair that differs, and the first decision taken otherwise that it may come from.

    `orders` say of each pair of the alignment when the left side ran it; `departures` come with the same, in
    that order. `flows` says whether a decision reaches a pair: one that does not is harmless, and so are all
    where no pair and no result differs.
    """
    ranked = sorted(
        (index for index, outcome in enumerate(outcomes) if outcome.difference is not None),
        key=lambda index: orders[outcomes[index].pair],
    )
    differing = next((index for index in ranked if outcomes[index].status == "differs"), -1)
    at = orders[outcomes[differing].pair] if differing >= 0 else None
    departure = -1
    if at is not None:
        pair = outcomes[differing].pair
        guilty = (index for index, (met, what) in enumerate(departures) if met <= at and flows(what, pair))
        departure = next(guilty, -1)
    elif departures and results_differ:
        departure = 0
    if departure < 0 and differing < 0:
        return None
    grew_from = -1
    if departure < 0:
        rounding = (index for index in ranked if outcomes[index].status == "within tolerance")
        first = next(rounding, -1)
        if first >= 0 and at is not None and orders[outcomes[first].pair] < at:
            grew_from = first
    return FirstDifference(departure, differing, grew_from < 0, grew_from)
