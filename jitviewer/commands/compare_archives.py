"""Compares runs of two archives, or of a saved trace and the Python that it came from, value by value."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.requests.program_name import ProgramName
from jitcore.source import JitError
from jitviewer.commands.answers import outcome_of, status_of
from jitviewer.commands.input_arguments import check_inputs
from jitviewer.commands.options import print_text
from jitviewer.commands.scripts import compiled_archive, named_scriptable
from jitviewer.commands.telling import tell
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from jitviewer.launching.surroundings import File
    from jitviewer.protocol.comparison_rows import ComparedNodeRow, ComparisonRow, DifferenceRow

_OTHERS: Final = {"left": "right", "right": "left"}
_LIBRARY: Final = re.compile(r"[/\\](?:site|dist)-packages[/\\]")
_MOST_LINES: Final = 20
"""Findings of one kind that are printed; JSON has all."""


class _Side(NamedTuple):
    """A program to compare: the archive, what it is called, and whether it has graphs as compiled."""

    file: File
    name: str
    compiled: bool
    note: str = ""


def execute(options: argparse.Namespace) -> int:
    """Print where the runs part; 0 whether they differ or not."""
    for name, given in (("--against", options.against), ("--report", options.report)):
        if given:
            raise JitError(f"{name} is for a Python file alone: leave out {options.other}, or {name}")
    check_inputs(options.input)
    left, right = _sides(options)
    if not options.input:
        options.input = _proposed(next(word for word in _words(options) if not _is_python(word)))
    comparison = _compared(options, left, right)
    if isinstance(comparison, int):
        return comparison
    if comparison.left_error and comparison.right_error:
        tell(f"both sides fail, so there is nothing to compare: {comparison.left_error}")
        return 1
    if options.json:
        print_text(json.dumps(as_json(comparison, options.input), indent=1))
    else:
        print_text("\n".join(lines_of(comparison)))
    return 0


def _sides(options: argparse.Namespace) -> tuple[_Side, _Side]:
    """What is compared, the Python first: it says what the program means."""
    words = _words(options)
    if all(map(_is_python, words)):
        raise JitError(
            "both are Python files: compare one with its own trace as FILE.py:NAME alone, or a file with a "
            "saved trace as OLD_TRACE.pt FILE.py:NAME"
        )
    for word in words:
        if ProgramName(word).is_ir_text:
            raise JitError(f"{word} is IR text: compare runs archives, so give .pt files")
    archives = [_Side(word, Path(word).name, False) for word in words if not _is_python(word)]
    python = [_of_python(word, options) for word in words if _is_python(word)]
    left, right = (*python, *archives)
    if left.name == right.name:
        left, right = left._replace(name=str(left.file)), right._replace(name=str(right.file))
    return left, right


def _words(options: argparse.Namespace) -> list[str]:
    return [options.file, options.other]


def _is_python(word: str) -> bool:
    return ProgramName.read(word).is_python


def _of_python(word: str, options: argparse.Namespace) -> _Side:
    """What the Python compiles to; if it does not, what it does now when it is traced."""
    named = named_scriptable(word)
    assert named is not None
    name = f"{Path(named.path).name}:{named.object}" if named.object else Path(named.path).name
    try:
        return _Side(compiled_archive(named, options.args, graphs=True), name, True)
    except JitError as error:
        if not options.input:
            raise
        reason = str(error).partition("\n")[0]
    traced = compiled_archive(named, options.args, inputs=options.input)
    return _Side(
        traced, name, False, f"{name} is compared as it is traced now, since it does not compile: {reason}"
    )


def _proposed(file: str) -> list[str]:
    from jitviewer.engine.document import Document
    from jitviewer.engine.input_proposals import propose_inputs

    document = Document.open(file)
    function, _ = document.find("", "forward")
    module = document.find_module("") if document.module is not None else None
    specs = [row.spec for row in propose_inputs(function, module)]
    check_inputs(specs)
    return specs


def _compared(options: argparse.Namespace, left: _Side, right: _Side) -> ComparisonRow | int:
    """The comparison, or the exit status where there is none, once that is told."""
    from jitviewer.engine.runner_link import RunnerDied
    from jitviewer.protocol.comparison_messages import CompareRuns, RunsCompared
    from jitviewer.protocol.runner_messages import RunFailed

    request = CompareRuns(
        1, str(left.file), str(right.file), left.name, right.name, "", "forward", options.input,
        compiled=left.compiled, other_compiled=right.compiled,
        shares_weights=any(map(_is_python, _words(options))),
    )  # fmt: skip
    # What both print is no part of the comparison.
    outcome = outcome_of(request, {request.path: left.file, request.other_path: right.file}, _drop)
    if isinstance(outcome, RunFailed | RunnerDied):
        tell(outcome.sentence)
        return status_of(outcome)
    assert isinstance(outcome, RunsCompared)
    for side in (left, right):
        if side.note:
            tell(side.note)
    return outcome.comparison


def _drop(_: str) -> None:
    return


def as_json(row: ComparisonRow, inputs: list[str]) -> dict[str, object]:
    """One object, with the names that a comparison of a Python file has too."""
    import msgspec

    def named(item: msgspec.Struct | None) -> dict[str, object] | None:
        if item is None:
            return None
        told = {name: getattr(item, name) for name in item.__struct_fields__}
        return {
            name: named(value) if isinstance(value, msgspec.Struct) else value for name, value in told.items()
        }

    return {
        "diverged": row.diverged,
        "cause": row.cause or None,
        "file": row.file or None,
        "line": row.line or None,
        "explanation": row.explanation,
        "remedy": None,
        "inputs": inputs if row.diverged else None,
        "tried": 1,
        "decisions": [named(found) for found in row.findings],
        "sides": {
            "left": row.left_name,
            "right": row.right_name,
            "agree": not row.diverged,
            "left_error": row.left_error or None,
            "right_error": row.right_error or None,
        },
        "results": [named(result) for result in row.results],
        "first_pair": named(row.pairs[row.first_pair]) if row.first_pair >= 0 else None,
        "departures": [named(departure) for departure in row.departures],
        "pairs": [named(pair) for pair in row.pairs],
        "only_left": row.only_left,
        "only_right": row.only_right,
        "downstream_left": row.downstream_left,
        "downstream_right": row.downstream_right,
        "left_nodes": [named(node) for node in row.left_nodes],
        "right_nodes": [named(node) for node in row.right_nodes],
        "notes": row.notes,
    }


def lines_of(row: ComparisonRow) -> Iterator[str]:
    """The comparison in words."""
    left, right = plain_line(row.left_name), plain_line(row.right_name)
    verdict = "give different results" if row.diverged else "give the same results"
    yield f"{left} and {right} {verdict}"
    for name, error in ((left, row.left_error), (right, row.right_error)):
        if error:
            yield plain_line(f"  {name} fails: {error}")
    if row.diverged and row.cause:
        place = f" at {row.file}:{row.line}" if row.file else ""
        yield plain_line(f"cause: {row.cause}{place}")
        yield plain_line(f"  {row.explanation}")
    for index, result in enumerate(row.results):
        if result.agreement != "identical":
            yield plain_line(f"result {index}{result.part}: {difference_text(result)}")
    yield from _pairs(row)
    yield from _findings(row)
    yield from (plain_line(f"note: {note}") for note in row.notes)


def lines_with_nodes(row: ComparisonRow) -> Iterator[str]:
    """The comparison in words, with the nodes that differ."""
    yield from lines_of(row)
    differing = [pair for pair in row.pairs if pair.status == "differs"]
    nodes = {node.node_id: node for node in row.left_nodes}
    for pair in differing[:_MOST_LINES]:
        how = "isolated" if pair.starts else "accumulated"
        told = "" if pair.difference is None else difference_text(pair.difference)
        yield plain_line(f"differs, {how}: {_node(nodes.get(pair.left), pair.left)} #{pair.right}: {told}")
    if len(differing) > _MOST_LINES:
        yield f"{len(differing) - _MOST_LINES:,} nodes more differ; --json has all"


def _node(node: ComparedNodeRow | None, number: int) -> str:
    if node is None:
        return f"#{number}"
    return f"#{number} {node.kind}" + (f" {node.file}:{node.line}" if node.file else "")


def _pairs(row: ComparisonRow) -> Iterator[str]:
    counts: dict[str, int] = {}
    for pair in row.pairs:
        if pair.status:
            counts[pair.status] = counts.get(pair.status, 0) + 1
    told = ", ".join(f"{counts[status]:,} {status}" for status in _STATUSES if status in counts)
    yield f"aligned operators: {told or 'none'}"
    yield f"on one side only: {len(row.only_left):,} on the left, {len(row.only_right):,} on the right"
    if row.first_pair >= 0:
        pair = row.pairs[row.first_pair]
        node = next((node for node in row.left_nodes if node.node_id == pair.left), None)
        kind, place = (
            ("", "") if node is None else (node.kind, f" {node.file}:{node.line}" if node.file else "")
        )
        difference = "" if pair.difference is None else f": {difference_text(pair.difference)}"
        yield plain_line(f"first that differs: #{pair.left} and #{pair.right} {kind}{place}{difference}")


_STATUSES = ("identical", "within tolerance", "differs", "not reached")


def _findings(row: ComparisonRow) -> Iterator[str]:
    names = {"left": row.left_name, "right": row.right_name}
    for departure in row.departures[:_MOST_LINES]:
        place = f"{departure.file}:{departure.line}: " if departure.file else ""
        subject = f" {departure.subject}" if departure.subject else ""
        yield plain_line(
            f"decided otherwise: {place}{departure.kind}{subject}: {departure.now} in "
            f"{names[departure.side]}, {departure.fixed} in {names[_OTHERS[departure.side]]}"
        )
    own: dict[str, int] = {}
    in_libraries = 0
    for found in row.findings:
        if _LIBRARY.search(found.file):
            in_libraries += 1
        elif found.file and found.kind != "call":
            text = f"fixed: {found.file}:{found.line}: {found.kind}: {found.text}"
            own[text] = own.get(text, 0) + 1
    for text, count in [*own.items()][:_MOST_LINES]:
        yield plain_line(f"{text} ({count:,} times)" if count > 1 else text)
    if len(own) > _MOST_LINES or in_libraries:
        more = max(0, len(own) - _MOST_LINES) + in_libraries
        yield f"fixed: {more:,} more, of these {in_libraries:,} in libraries; --json has all"


def difference_text(difference: DifferenceRow) -> str:
    """A difference in words, with its figures."""
    text = f"{difference.left} and {difference.right}: {difference.what or difference.agreement}"
    figures = difference.figures
    if figures is None:
        return text
    told = [
        f"max {figures.max:.6g}",
        f"mean {figures.mean:.6g}",
        f"99% {figures.quantile:.6g}",
        f"L2 {figures.l2:.6g}",
    ]
    if figures.cosine is not None:
        told.append(f"cosine {figures.cosine:.9g}")
    if figures.psnr is not None:
        told.append(f"PSNR {figures.psnr:.1f} dB")
    numbers = (("NaN", figures.left_nan, figures.right_nan), ("Inf", figures.left_inf, figures.right_inf))
    for what, *counts in numbers:
        if any(counts):
            told.append(f"{counts[0]:,} and {counts[1]:,} {what}")
    return f"{text} ({', '.join(told)})"
