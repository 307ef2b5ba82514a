"""Aligns two graphs, runs both and makes the rows of what came out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from jitcore.diagnose.alignment import align
from jitcore.diagnose.paired_runs import DifferingValues, Runnable, Tolerance, compare_runs
from jitcore.diagnose.paired_runs.explaining import Explaining
from jitviewer.protocol.bounds import NAME, cut
from jitviewer.protocol.comparison_rows import ElementRow, PairLookRow
from jitviewer.runner.comparison_rows import comparison_row
from jitviewer.runner.value_looks import look_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.diagnose.paired_runs.differing_values import Apart
    from jitviewer.protocol.comparison_rows import ComparisonRow


def compared_graphs(
    names: tuple[str, str],
    left: Runnable,
    right: Runnable,
    begin: Callable[[], object],
    stage: Callable[[str], object],
    print_text: Callable[[str], object],
    kept_bytes: int,
    tolerance: Tolerance | None = None,
    notes: list[str] | None = None,
) -> ComparisonRow:
    """The comparison of two graphs that sentences call by `names`.

    `begin` is called before each run, `stage` when another part of the work begins; `notes` are told besides.
    """
    stage("compiling")
    alignment = align(left.graph, right.graph)
    stage("running")
    differing = DifferingValues()
    comparison = compare_runs(
        left, right, alignment, tolerance, kept_bytes, before=begin, print_text=print_text,
        differing=differing,
    )  # fmt: skip
    explanation = Explaining(left.graph, right.graph, alignment, *names).of(comparison)
    row = comparison_row(names, (left.graph, right.graph), alignment, comparison, explanation, notes or [])
    looks = [_look(pair, apart) for pair, apart in differing.by_pair.items() if pair < len(row.pairs)]
    return replace(row, looks=looks)


def _look(pair: int, apart: Apart) -> PairLookRow:
    look = None
    if apart.difference is not None:
        look = replace(look_at(apart.difference), cells=[], facts=[])
    elements = [
        ElementRow(cut(str([*each.place]), NAME), _number(each.left), _number(each.right))
        for each in apart.elements
    ]
    return PairLookRow(pair, look, elements)


def _number(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.7g}"
    return cut(str(value), NAME)
