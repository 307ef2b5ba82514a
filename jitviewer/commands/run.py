"""Run a method and show its result, and with --profile what every node cost."""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from typing import TYPE_CHECKING

from jitcore.source import JitError
from jitviewer.commands.answers import status_of, tell_failure
from jitviewer.commands.compare_passes import (
    add_compare_passes_argument,
    compared_pipelines,
    execute_compare_passes,
)
from jitviewer.commands.file_names import file_name
from jitviewer.commands.golden import add_golden_arguments, check_golden_arguments, execute_golden
from jitviewer.commands.input_arguments import add_input_argument, check_inputs
from jitviewer.commands.numbers import byte_count, whole
from jitviewer.commands.options import (
    add_function_arguments,
    add_library_arguments,
    add_passes_argument,
    check_passes,
    filled_passes,
    open_program,
    print_text,
    write_text,
)
from jitviewer.commands.tolerances import add_tolerance_argument
from jitviewer.commands.written_files import outcome_with_files
from jitviewer.plain_output import ReaderGoneError
from jitviewer.plain_text import plain_line
from jitviewer.protocol.bounds import REPEATS

if TYPE_CHECKING:
    from jitviewer.engine.document import Document
    from jitviewer.engine.runner_link import File, RunnerDied
    from jitviewer.protocol.runner_bases import RunnerReply
    from jitviewer.protocol.runner_messages import RunRequest, RunResult

_MOST_WARMUP = 1_000_000_000
"""More than anybody waits for."""

_SEEDS = (-(1 << 63), (1 << 64) - 1)
"""Those that torch takes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `run`."""
    add_function_arguments(parser)
    add_input_argument(parser)
    parser.add_argument(
        "--inputs", type=file_name, metavar="X.pt", help="a torch-saved tuple of the arguments"
    )
    parser.add_argument("--device", type=_device, default="cpu", help="cpu, cuda, cuda:1 (default: cpu)")
    add_passes_argument(parser)
    parser.add_argument("--profile", action="store_true", help="time every node, count operations and bytes")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print everything that is told as JSON")
    shown.add_argument("--csv", action="store_true", help="with --profile: print the table of nodes as CSV")
    parser.add_argument(
        "--repeat", type=whole(1, REPEATS), default=1, metavar="N", help="run N times (default: 1)"
    )
    parser.add_argument(
        "--warmup", type=whole(0, _MOST_WARMUP), default=0, metavar="N", help="runs before those (default: 0)"
    )
    parser.add_argument(
        "--seed", type=whole(*_SEEDS), default=0, metavar="N", help="seed of random inputs (default: 0)"
    )
    parser.add_argument("--outputs", type=file_name, metavar="OUT.pt", help="save the result with torch.save")
    parser.add_argument(
        "--trace", type=file_name, metavar="OUT.json", help="write the last run as a Chrome trace"
    )
    parser.add_argument(
        "--allow-files", action="store_true", help="let operators of the model read and write files"
    )
    add_golden_arguments(parser)
    add_tolerance_argument(parser)
    add_compare_passes_argument(parser)
    add_library_arguments(parser)
    parser.add_argument(
        "--memory", type=byte_count, default=-1, metavar="SIZE",
        help="what the run may take: 500M, 8G; 0 for no limit (default: three quarters of the machine's)",
    )  # fmt: skip


def _device(text: str) -> str:
    if re.fullmatch(r"[a-z_]{1,40}(?::[0-9]{1,5})?", text) is None:
        raise argparse.ArgumentTypeError("give cpu, cuda or cuda:N")
    return text


def execute(options: argparse.Namespace) -> int:
    """Run in a process of its own and print what came out."""
    from jitviewer.protocol.runner_messages import RunRequest

    check_passes(options.passes)
    if options.csv and not options.profile:
        raise JitError("--csv prints the table of nodes, of which there is none without --profile; add it")
    # Times of single operators are wanted, so without other wishes calls are inlined to show them.
    passes: list[str] = options.passes or (["inline"] if options.profile or options.trace else [])
    check_inputs(options.input)
    pipelines = compared_pipelines(options)
    has_golden = pipelines is None and check_golden_arguments(options)
    document = open_program(options)
    document.refuse_class()
    if options.golden and not options.input:
        # It holds those that are meant.
        return execute_golden(options, document, [])
    # To run a module is to call it.
    inputs = given_or_proposed(options, document)
    if has_golden:
        return execute_golden(options, document, inputs)
    if pipelines is not None:
        return execute_compare_passes(options, document, pipelines, inputs)
    passes = filled_passes(document, options, passes, inputs)
    request = RunRequest(
        id=1, path=str(document.file), module_path=options.module, method=options.method or "forward",
        passes=passes, inputs=inputs, inputs_file=options.inputs or "", outputs_file=options.outputs or "",
        trace_file=options.trace or "", device=options.device, repeats=options.repeat, warmup=options.warmup,
        seed=options.seed, profile=options.profile or bool(options.trace), allow_files=options.allow_files,
        memory=options.memory, libraries=tuple(options.libraries),
        compiled=document.is_compiled, measure=options.profile,
    )  # fmt: skip
    return _run(request, document.file, options)


def given_or_proposed(options: argparse.Namespace, document: Document) -> list[str]:
    """The inputs that the arguments give, or without any those that the method may be run with (told).

    Raises `JitError` for a method that is not there, and for an input that nobody can propose.
    """
    from jitviewer.engine.input_proposals import propose_inputs

    inputs: list[str] = options.input
    function, _ = document.find(options.module, options.method or "forward")
    if inputs or options.inputs:
        return inputs
    module = document.find_module(options.module) if document.module is not None else None
    rows = propose_inputs(function, module)
    for row in rows:
        if not _is_input(row.spec):
            what = f"{options.file}: the input {row.name} is a {row.type}"
            raise JitError(
                f"{what}, for which no value can be proposed; "
                "give a value for each input with --input, or all of them with --inputs"
            )
        print(plain_line(f"input {row.name}: {row.spec}  ({row.reason})"), file=sys.stderr)
    return [row.spec for row in rows]


def _is_input(text: str) -> bool:
    try:
        check_inputs([text])
    except JitError:
        return False
    return True


def _run(request: RunRequest, file: File, options: argparse.Namespace) -> int:
    """Run, and tell how it ended, once what the run writes is in its place."""
    written = [path for path in (request.outputs_file, request.trace_file) if path]
    printed = _Printed(is_all=not written, is_kept=options.json or options.csv)
    outcome = outcome_with_files(request, {str(file): file}, written, printed.write)
    return _told(outcome, options, printed)


class _Printed:
    """Passes on what the program prints.

    If it `is_kept`, it goes to `kept` instead. If that `is_all` that comes of the run, it ends where nobody
    reads it; else the run goes on for what it writes, and `finish` raises what was raised.
    """

    def __init__(self, is_all: bool, is_kept: bool) -> None:
        self._is_all = is_all
        self._is_kept = is_kept
        self.kept = ""
        self._problem: JitError | ReaderGoneError | None = None

    def write(self, text: str) -> None:
        """Print it, as long as that can be done."""
        if self._is_kept:
            # What is printed is read by a program, and has another place for it.
            self.kept += text
            return
        if self._problem is not None:
            return
        try:
            write_text(text)
        except (JitError, ReaderGoneError) as error:
            if self._is_all:
                raise
            self._problem = error

    def finish(self) -> None:
        """Raises `JitError` or `ReaderGoneError` if something could not be printed."""
        if self._problem is not None:
            raise self._problem


def _told(outcome: RunnerReply | RunnerDied, options: argparse.Namespace, printed: _Printed) -> int:
    """The exit status of an outcome, once it is told."""
    from jitviewer.protocol.runner_messages import RunResult

    if isinstance(outcome, RunResult):
        printed.finish()
        _show(outcome, options, printed.kept)
    elif printed.kept:
        print(printed.kept, end="", file=sys.stderr)
    tell_failure(outcome, options.debug)
    return status_of(outcome)


def _show(result: RunResult, options: argparse.Namespace, printed: str) -> None:
    from jitviewer.commands.profile_tables import csv_text, json_value, profile_lines

    if options.json:
        print_text(json.dumps(json_value(result, printed), indent=1))
        return
    if options.csv:
        print_text(csv_text(result))
        return
    lines = [f"output {row.name}: {row.type} = {row.text}" for row in result.outputs]
    lines.extend(f"note: {note}" for note in result.notes)
    if result.wall_us:
        median = statistics.median(result.wall_us) / 1000
        lines.append(f"{len(result.wall_us)} runs on {result.device}, median {median:.3f} ms")
    if options.profile:
        lines.extend(profile_lines(result))
    print_text("\n".join(lines))
