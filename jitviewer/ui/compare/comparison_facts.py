"""What is said below two compared graphs: the cause, and the values of the row that is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from jitviewer.protocol.comparison_rows import (
    ComparisonRow,
    DepartureRow,
    DifferenceRow,
    PairLookRow,
    PairRow,
)
from jitviewer.protocol.rows import Fact
from jitviewer.ui.compare.aligned_rows import ONE_SIDE, AlignedRow
from jitviewer.ui.compare.status_brushes import SIGNS

_MOST = 30
"""Decisions that are told in facts."""


def verdict(comparison: ComparisonRow) -> str:
    """One sentence on what came out."""
    if comparison.left_error and comparison.right_error:
        return f"Both sides fail: {comparison.left_error}"
    if not comparison.diverged:
        return "Both give the same results."
    cause = f" ({comparison.cause})" if comparison.cause else ""
    return f"They differ{cause}. {comparison.explanation}".rstrip()


def counts(rows: list[AlignedRow]) -> str:
    """How many rows agree how."""
    found = Counter(row.status for row in rows)
    order = ("identical", "within tolerance", "differs", "not reached", ONE_SIDE)
    told = [f"{SIGNS[status]} {found[status]:,} {status}".strip() for status in order if found[status]]
    return "    ".join(told)


def facts_of(comparison: ComparisonRow) -> list[Fact]:
    """Facts on the comparison as a whole."""
    facts: list[Fact] = []
    if comparison.explanation:
        place = f"{comparison.file}:{comparison.line}" if comparison.file else "not known"
        facts += [
            Fact("Cause", "kind", comparison.cause),
            Fact("Cause", "place", place),
            Fact("Cause", "why", comparison.explanation),
        ]
    for index, result in enumerate(comparison.results[:_MOST]):
        facts.append(Fact("Results", f"{index}{result.part}", _difference(result)))
    facts += [
        Fact("Decided otherwise", f"{told.kind} {told.subject}".rstrip(), _departure(comparison, told))
        for told in comparison.departures[:_MOST]
    ]
    facts += [
        Fact("Fixed in the other graph", f"{found.kind} at {found.file}:{found.line}", found.text)
        for found in comparison.findings[:_MOST]
        if found.file and "site-packages" not in found.file
    ]
    facts += [
        Fact("Failed", name, error)
        for name, error in (
            (comparison.left_name, comparison.left_error), (comparison.right_name, comparison.right_error),
        )
        if error
    ]  # fmt: skip
    facts += [Fact("Notes", "", note) for note in comparison.notes]
    return facts


def row_facts(comparison: ComparisonRow, row: AlignedRow) -> list[Fact]:
    """Facts on the row that is looked at: its nodes, and how far their values are apart."""
    return [*_row_facts(comparison, row)]


def _row_facts(comparison: ComparisonRow, row: AlignedRow) -> Iterator[Fact]:
    for side, name, node in (
        ("left", comparison.left_name, row.left),
        ("right", comparison.right_name, row.right),
    ):
        if node is None:
            yield Fact("Selected", name, "has nothing here")
            continue
        place = f", {Path(node.file).name}:{node.line}" if node.file else ""
        module = f", in {node.module}" if node.module else ""
        yield Fact("Selected", name, f"#{node.node_id} {node.kind}{module}{place} ({side})")
    if row.pair < 0:
        yield Fact("Selected", "values", "only one side computes this")
        return
    pair = comparison.pairs[row.pair]
    yield Fact("Selected", "values", _status(pair))
    difference = pair.difference
    if difference is None:
        return
    yield Fact("Values", comparison.left_name, difference.left)
    yield Fact("Values", comparison.right_name, difference.right)
    if difference.what:
        yield Fact("Values", "what differs", f"{difference.part} {difference.what}".strip())
    yield from (Fact("Difference", name, text) for name, text in _figures(difference))
    look = look_of(comparison, row)
    for element in look.elements if look is not None else ():
        told = f"{element.left} and {element.right}"
        yield Fact("Furthest apart", element.place, told)


def look_of(comparison: ComparisonRow, row: AlignedRow) -> PairLookRow | None:
    """How the elements of the two values of a row are apart; None where that is not known."""
    return next((look for look in comparison.looks if look.pair == row.pair), None) if row.pair >= 0 else None


def _status(pair: PairRow) -> str:
    told = pair.status or "not compared"
    if pair.times > 1:
        told += f", the most of {pair.times:,} times"
    if pair.status == "differs":
        other = "what is read is not the same, or computed on one side only"
        told += f"; {'both read the same, so it starts here' if pair.starts else other}"
    return f"{told} (paired by {pair.how})"


def _figures(difference: DifferenceRow) -> Iterator[tuple[str, str]]:
    figures = difference.figures
    if figures is None:
        return
    yield "elements", f"{figures.different:,} of {figures.elements:,} differ"
    yield "max", f"{figures.max:.6g}"
    yield "mean", f"{figures.mean:.6g}"
    yield "99 %", f"{figures.quantile:.6g}"
    relative = f", {figures.relative_l2:.3g} of the left value's" if figures.relative_l2 is not None else ""
    yield "L2", f"{figures.l2:.6g}{relative}"
    if figures.cosine is not None:
        yield "cosine", f"{figures.cosine:.9g}"
    if figures.psnr is not None:
        yield "PSNR", f"{figures.psnr:.1f} dB"
    if figures.left_nan or figures.right_nan:
        yield "NaN", f"{figures.left_nan:,} and {figures.right_nan:,}"
    if figures.left_inf or figures.right_inf:
        yield "infinite", f"{figures.left_inf:,} and {figures.right_inf:,}"


def _difference(difference: DifferenceRow) -> str:
    told = difference.what or difference.agreement
    return f"{told}, {difference.figures.max:.6g} at most" if difference.figures is not None else told


def _departure(comparison: ComparisonRow, told: DepartureRow) -> str:
    names = (comparison.left_name, comparison.right_name)
    own, other = names if told.side == "left" else names[::-1]
    place = f"{told.file}:{told.line}: " if told.file else ""
    return f"{place}{told.now} in {own}, {told.fixed} in {other}"
