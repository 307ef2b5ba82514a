"""Graphs of the stages of an executor: what torch's `graph_for` prints after a number of runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from jitcore.source import JitError
from jitviewer.commands.file_names import file_name
from jitviewer.commands.input_arguments import add_input_argument, check_inputs
from jitviewer.commands.numbers import whole
from jitviewer.protocol.bounds import REPEATS

if TYPE_CHECKING:
    import argparse

STAGES: Final = ("profiled", "optimized")

_USUAL_RUNS: Final = 2
"""After two runs there is something optimized to show."""


def add_stage_arguments(parser: argparse.ArgumentParser) -> None:
    """--stage, and what the runs that lead to it are made with."""
    parser.add_argument(
        "--stage", choices=STAGES, default="",
        help="the graph that torch's executor runs, as graph_for prints it: while it profiles, or optimized",
    )  # fmt: skip
    parser.add_argument(
        "--fuse", nargs="?", const="static", default="", choices=("static", "dynamic"),
        help="fuse operators on the CPU, as torch does where it was built with LLVM: for the sizes that were "
        "seen first (static), or for all sizes at once (dynamic)",
    )  # fmt: skip
    add_input_argument(parser)
    parser.add_argument(
        "--inputs", type=file_name, metavar="X.pt", help="a torch-saved tuple of the arguments"
    )
    parser.add_argument(
        "--runs", type=whole(1, REPEATS), default=_USUAL_RUNS, metavar="N",
        help=f"show the stage after N runs without gradients (default: {_USUAL_RUNS})",
    )  # fmt: skip


def check_stage(options: argparse.Namespace) -> None:
    """Raise `JitError` where inputs are given and no stage, or what a stage cannot be combined with."""
    if not options.stage:
        if options.input or options.inputs:
            raise JitError("a graph is run for a stage of the executor only: give --stage with the inputs")
        if options.fuse:
            raise JitError("operators are fused by the executor: give --stage optimized with --fuse")
        return
    if options.passes or options.inlined or options.json or options.no_locations:
        raise JitError(
            "--stage shows what the executor made of the method: give it without --passes, --inlined, "
            "--json and --no-locations"
        )
    check_inputs(options.input)


def staged_graph(options: argparse.Namespace) -> str:
    """The text of the stage. Raises `JitError` with what ended the runs."""
    from jitviewer.commands.answers import outcome_of
    from jitviewer.commands.options import open_program
    from jitviewer.commands.run import given_or_proposed
    from jitviewer.engine.runner_link import RunnerDied
    from jitviewer.protocol.runner_messages import RunFailed, RunRequest, RunResult

    document = open_program(options)
    document.refuse_class()
    inputs = given_or_proposed(options, document)
    request = RunRequest(
        id=1, path=str(document.file), module_path=options.module, method=options.method or "forward",
        passes=[], inputs=inputs, inputs_file=options.inputs or "", repeats=options.runs,
        profile=False, compiled=document.is_compiled, stage=options.stage, fusion=options.fuse,
    )  # fmt: skip
    # What the program prints is no part of the graph.
    outcome = outcome_of(request, {str(document.file): document.file}, sys.stderr.write)
    if isinstance(outcome, RunFailed | RunnerDied):
        raise JitError(outcome.sentence)
    assert isinstance(outcome, RunResult)
    return outcome.graph
