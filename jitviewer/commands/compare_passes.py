"""`run --compare-passes A:B`: one program under two pipelines, beside each other."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jitcore.source import JitError
from jitviewer.commands.answers import answer_of
from jitviewer.commands.options import filled_passes, print_text, write_text
from jitviewer.commands.tolerances import check_results, fields_of
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jitviewer.engine.document import Document
    from jitviewer.engine.runner_link import File
    from jitviewer.protocol.pipeline_messages import PipelineRow, PipelinesCompared

_NAMES = ("A", "B")


def add_compare_passes_argument(parser: argparse.ArgumentParser) -> None:
    """--compare-passes A:B."""
    parser.add_argument(
        "--compare-passes", type=_pipelines, default=None, metavar="A:B",
        help="run under two pipelines, each as of --passes or the name of a preset, and compare time, memory "
        "and values: status 0 if the results agree, else 1 (empty: no passes)",
    )  # fmt: skip


def _pipelines(text: str) -> list[str]:
    from jitcore.passes.spec import split_pipelines

    parts = split_pipelines(text)
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(
            f"two pipelines with a colon between them are compared, as inline:inline,freeze; these are "
            f"{len(parts)}"
        )
    return parts


def compared_pipelines(options: argparse.Namespace) -> tuple[list[str], list[str]] | None:
    """Both pipelines, None where nothing of that kind is asked for.

    Raises `JitError` for a pass that does not exist, and for options that do not go together.
    """
    if options.compare_passes is None:
        return None
    others = (
        ("--passes", options.passes), ("--golden", options.golden), ("--update-golden", options.new_golden),
        ("--dtype", options.dtype), ("--profile", options.profile), ("--csv", options.csv),
        ("--trace", options.trace), ("--outputs", options.outputs),
    )  # fmt: skip
    for name, given in others:
        if given:
            raise JitError(f"--compare-passes runs two pipelines and tells what parts them: leave out {name}")
    one, other = options.compare_passes
    return _passes(one), _passes(other)


def _passes(text: str) -> list[str]:
    """The passes of a pipeline, or of the preset with that name."""
    from jitcore.passes.spec import check_spec, name_of_spec, split_specs
    from jitviewer.engine.presets import preset_rows

    presets = {row.name: row.passes for row in preset_rows()}
    if text in presets:
        return presets[text]
    specs = split_specs(text)
    for spec in specs:
        try:
            check_spec(spec)
        except JitError as error:
            if len(specs) > 1 or name_of_spec(spec) != spec:
                raise
            raise JitError(f"{error}; presets are {', '.join(presets)}") from error
    return specs


def execute_compare_passes(
    options: argparse.Namespace, document: Document, pipelines: tuple[list[str], list[str]], inputs: list[str]
) -> int:
    """Print what both cost and where they part; 0 if the results agree, 1 if not, or if a run fails."""
    from jitviewer.protocol.pipeline_messages import ComparePipelines, PipelinesCompared

    name, other_name = (
        f"{short} ({text or 'no passes'})" for short, text in zip(_NAMES, options.compare_passes, strict=True)
    )
    passes, other_passes = (filled_passes(document, options, each, inputs) for each in pipelines)
    request = ComparePipelines(
        **fields_of(options, document, inputs), name=name, other_name=other_name, passes=passes,
        other_passes=other_passes, repeats=options.repeat, warmup=options.warmup,
    )  # fmt: skip
    files: dict[str, File] = {request.path: document.file}
    printed: list[str] = []
    write: Callable[[str], object] = printed.append if options.json else write_text
    answer = answer_of(request, files, write, options.debug)
    if isinstance(answer, int):
        return answer
    assert isinstance(answer, PipelinesCompared)
    if answer.comparison.results:
        check_results(request, answer.comparison.results)
    if options.json:
        print_text(json.dumps(_as_json(answer, inputs, "".join(printed)), indent=1))
    else:
        print_text("\n".join(_lines(answer, Path(options.file).name)))
    comparison = answer.comparison
    return 1 if comparison.diverged or comparison.left_error or comparison.right_error else 0


def _as_json(answer: PipelinesCompared, inputs: list[str], printed: str) -> dict[str, Any]:
    from jitviewer.commands.compare_archives import as_json

    return {
        "left": _side_as_json(answer.left), "right": _side_as_json(answer.right),
        **as_json(answer.comparison, inputs), "printed": printed,
    }  # fmt: skip


def _side_as_json(row: PipelineRow) -> dict[str, Any]:
    measured = bool(row.wall_us)
    return {
        "name": row.name, "passes": row.passes, "nodes": row.nodes, "wall_us": row.wall_us,
        "median_us": row.median_us if measured else None,
        "spread_us": row.spread_us if measured else None,
        "memory_peak": row.peak if measured else None,
        "weights": row.weights if measured else None,
        "flops": row.flops if row.flops >= 0 else None,
        "moved": row.moved if row.moved >= 0 else None,
    }  # fmt: skip


def _lines(answer: PipelinesCompared, file: str) -> Iterator[str]:
    """Both beside each other, then the comparison in words."""
    from jitviewer.commands.compare_archives import lines_with_nodes

    sides = answer.left, answer.right
    for row in sides:
        yield plain_line(f"{row.name} of {file}: {' '.join(row.passes) or 'the graph as it is saved'}")
    cells: list[tuple[str, ...]] = [
        ("", *_NAMES, "B / A"),
        ("nodes", *(f"{row.nodes:,}" for row in sides), _ratio(answer.left.nodes, answer.right.nodes)),
    ]
    if all(row.wall_us for row in sides):
        cells += _measured(sides)
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    for name, *numbers in cells:
        told = "  ".join(f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True))
        yield f"{name:<{widths[0]}}  {told}".rstrip()
    yield from lines_with_nodes(answer.comparison)


def _measured(sides: tuple[PipelineRow, PipelineRow]) -> Iterator[tuple[str, ...]]:
    from jitviewer.commands.profile_tables import amount_text

    left, right = sides
    runs = len(left.wall_us)
    yield (
        f"median of {runs:,} runs" if runs > 1 else "time of one run",
        *(f"{row.median_us / 1e3:,.3f} ms" for row in sides), _ratio(left.median_us, right.median_us),
    )  # fmt: skip
    if runs > 1:
        yield ("between the quartiles", *(f"{row.spread_us / 1e3:,.3f} ms" for row in sides), "")
    for name, one, other, unit in (
        ("memory peak", left.peak, right.peak, "B"), ("weights beside it", left.weights, right.weights, "B"),
        ("FLOP of products and convolutions", left.flops, right.flops, ""),
        ("moved", left.moved, right.moved, "B"),
    ):  # fmt: skip
        texts = [amount_text(count) + (unit if count >= 0 else "") for count in (one, other)]
        yield (name, *texts, _ratio(one, other))


def _ratio(one: float, other: float) -> str:
    return f"{other / one:.2f}" if one > 0 and other >= 0 else ""
