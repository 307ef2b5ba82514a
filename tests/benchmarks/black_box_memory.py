"""What a black box keeps of a program that decides more and more often."""

import gc
import tracemalloc
import warnings
from collections.abc import Callable

_STEPS = (1_000, 10_000, 100_000)
_MOST_TRACED = 10_000
"""Steps up to which a trace is made too: while memory is watched, each step of one takes milliseconds."""


def table() -> list[str]:
    """Markdown rows: bytes that a box keeps of a run, and that it adds to a trace, by the steps of a loop."""
    import torch

    import jitcore
    from jitcore.tracing.black_box import BlackBox, black_box
    from tests.benchmarks.deciding import decide

    rows = [
        "| steps of a loop, each with a read and a branch | kept of a run | added to a trace | a step |",
        "|---|---|---|---|",
    ]
    limit = torch.tensor(500.0)

    def trace(steps: int) -> object:
        return jitcore.trace(lambda x: decide(x, steps), (limit,), check_trace=False)

    def boxed(steps: int) -> object:
        with black_box() as box:
            return trace(steps), box

    def run(steps: int) -> object:
        box = BlackBox()
        box.run(decide, limit, steps)
        return box

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for each in (run, trace, boxed):
            # What is read and compiled once is kept for the process, and is none of a box.
            each(1)
        for steps in _STEPS:
            of_run = _kept(lambda n=steps: run(n))
            shown = "not traced | "
            if steps <= _MOST_TRACED:
                added = _kept(lambda n=steps: boxed(n)) - _kept(lambda n=steps: trace(n))
                shown = f"{added / 1e6:.2f} MB | {added / steps:.0f} bytes"
            rows.append(f"| {steps:,} | {of_run / 1e3:.0f} kB | {shown} |")
    return rows


def _kept(make: Callable[[], object]) -> int:
    """Bytes that are held by what is made."""
    gc.collect()
    tracemalloc.start()
    made = make()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del made
    return held
