"""Print the rewrite steps of each pass of a pipeline."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from jitviewer.commands.options import (
    add_function_arguments,
    add_passes_argument,
    open_program,
    passes_for,
    print_text,
)
from jitviewer.commands.telling import tell
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from jitviewer.engine.rewriting import Rewriting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `steps`."""
    add_function_arguments(parser)
    add_passes_argument(parser, required=True)
    parser.add_argument("--json", action="store_true", help="print JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the pipeline with a journal and print what it did."""
    from jitviewer.commands.evaluating import evaluator
    from jitviewer.engine.rewriting import Rewriting

    program = open_program(options)
    function, receiver = program.find(options.module, options.method or "")
    with evaluator(options) as evaluate:
        rewriting = Rewriting(function, passes_for(program, options), evaluate, receiver)
    steps = rewriting.step_rows()
    reports = rewriting.report_rows(len(steps))
    if options.json:
        import msgspec

        names = {"passes": reports, "steps": steps}
        print_text(
            json.dumps(
                {key: [msgspec.structs.asdict(row) for row in rows] for key, rows in names.items()}, indent=1
            )
        )
        return _status(rewriting)
    lines: list[str] = []
    for report in reports:
        what = f"{report.steps} rewrites" if report.changed else "no change"
        lines.append(f"{report.name}: {what}, {report.nodes_before} -> {report.nodes_after} nodes")
        if report.note:
            lines.append(plain_line(f"  note: {report.note}"))
        own = steps[report.first_step : report.first_step + report.steps]
        lines.extend(plain_line(f"  {step.index + 1}. [{step.rule}] {step.because}") for step in own)
    print_text("\n".join(lines))
    return _status(rewriting)


def _status(rewriting: Rewriting) -> int:
    for name, sentence in rewriting.failures.items():
        tell(f"{name} cannot rewrite this graph: {sentence}")
    return 1 if rewriting.failures else 0
