"""Runs of two aligned graphs, compared value by value."""

from jitcore.diagnose.paired_runs.comparing_runs import (
    KEPT_BYTES,
    compare_runs,
    compare_with_recorded,
)
from jitcore.diagnose.paired_runs.comparing_values import compare_values
from jitcore.diagnose.paired_runs.difference import Difference, Figures
from jitcore.diagnose.paired_runs.differing_values import DifferingValues
from jitcore.diagnose.paired_runs.run_comparison import Departure, FirstDifference, PairOutcome, RunComparison
from jitcore.diagnose.paired_runs.runnable import Runnable
from jitcore.diagnose.paired_runs.tolerance import Tolerance

__all__ = [
    "KEPT_BYTES", "Departure", "Difference", "DifferingValues", "Figures", "FirstDifference", "PairOutcome",
    "RunComparison", "Runnable", "Tolerance", "compare_runs", "compare_values", "compare_with_recorded",
]  # fmt: skip
