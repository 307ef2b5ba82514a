"""Times functions in one process, in turn, so that a busy moment hits all of them alike.

What is measured is processor time: of a machine that does other work as well, wall-clock time tells
more about that work.
"""

import gc
import math
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def in_turn(functions: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median processor seconds of each function; the first round is not counted."""
    cases = {name: (_nothing, lambda _, f=function: f()) for name, function in functions.items()}
    return in_turn_on_fresh(cases, repeats)


def _nothing() -> None:
    """The subject of a function that needs none."""


def in_turn_on_fresh(
    functions: Mapping[str, tuple[Callable[[], object], Callable[[Any], object]]],
    repeats: int,
    at_most: float = math.inf,
) -> dict[str, float]:
    """As `in_turn`, each function on what its own maker, which is not counted, made for it.

    Once `at_most` processor seconds are used, makers included, a round that was counted is the last.
    """
    taken: dict[str, list[float]] = {name: [] for name in functions}
    begun = time.process_time()
    for turn in range(repeats + 1):
        if turn > 1 and time.process_time() - begun > at_most:
            break
        for name, (make, function) in functions.items():
            subject = make()
            gc.collect()
            start = time.process_time()
            result = function(subject)
            seconds = time.process_time() - start
            # Freed before the next one is timed.
            del subject, result
            if turn:
                taken[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}
