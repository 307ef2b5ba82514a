"""`run --golden`: saves the values of a run, or compares a run with those that were saved."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from jitcore.source import JitError
from jitviewer.commands.answers import answer_of, status_of, tell_failure
from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import filled_passes, print_text, write_text
from jitviewer.commands.tolerances import DTYPES, check_results, fields_of
from jitviewer.commands.written_files import outcome_with_files
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitviewer.engine.document import Document
    from jitviewer.engine.runner_link import File
    from jitviewer.protocol.golden_messages import GoldenRun, GoldenSaved


class _GoldenAction(argparse.Action):
    """Takes a file to compare with where it is there, else one to write.

    Which it is decides what a confined command may do with it, so it is known before anything is opened.
    """

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # argparse passes these
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        name = str(values)
        setattr(namespace, "golden" if Path(name).exists() else "new_golden", name)


def add_golden_arguments(parser: argparse.ArgumentParser) -> None:
    """--golden, --update-golden and --dtype."""
    parser.add_argument(
        "--golden", type=file_name, action=_GoldenAction, metavar="FILE",
        help="compare all values of the run with those in FILE, on the inputs saved there if none are given: "
        "status 0 if the results agree, else 1; where FILE is not there, save the values in it",
    )  # fmt: skip
    parser.add_argument(
        "--update-golden", dest="new_golden", type=file_name, metavar="FILE",
        help="save the values of the run in FILE, whatever is there",
    )  # fmt: skip
    parser.add_argument(
        "--dtype", choices=DTYPES, default="",
        help="with --golden: convert floating inputs, parameters and buffers first",
    )  # fmt: skip


def check_golden_arguments(options: argparse.Namespace) -> bool:
    """Whether the run is one with a golden file. Raises `JitError` for options that do not go together."""
    if not options.golden and not options.new_golden:
        if options.dtype:
            raise JitError("--dtype is for a run with --golden: give that too, or leave out --dtype")
        if options.tolerance:
            raise JitError(
                "--tolerance is for a run with --golden or --compare-passes: give one of them too, or leave "
                "out --tolerance"
            )
        return False
    if options.golden and options.new_golden:
        raise JitError("give either --golden or --update-golden, once")
    if options.new_golden and options.tolerance:
        raise JitError(f"{options.new_golden} is written, so nothing is compared: leave out --tolerance")
    others = (
        ("--profile", options.profile), ("--csv", options.csv), ("--trace", options.trace),
        ("--outputs", options.outputs), ("--repeat", options.repeat != 1), ("--warmup", options.warmup),
    )  # fmt: skip
    for name, given in others:
        if given:
            raise JitError(f"a run with a golden file is made once, without times: leave out {name}")
    return True


def execute_golden(options: argparse.Namespace, document: Document, inputs: list[str]) -> int:
    """Save or compare; 0 where the file is written or the results agree, 1 where they do not."""
    from jitviewer.protocol.golden_messages import GoldenRun

    passes = filled_passes(document, options, options.passes, inputs) or ["inline"]
    request = GoldenRun(
        **fields_of(options, document, inputs), name=Path(options.file).name, passes=passes,
        golden_file=options.golden or options.new_golden, saves=bool(options.new_golden), dtype=options.dtype,
    )  # fmt: skip
    files: dict[str, File] = {request.path: document.file}
    return _save(request, files, options) if request.saves else _compare(request, files, options)


def _save(request: GoldenRun, files: dict[str, File], options: argparse.Namespace) -> int:
    from jitviewer.protocol.golden_messages import GoldenSaved

    printed: list[str] = []
    write = printed.append if options.json else write_text
    outcome = outcome_with_files(request, files, [request.golden_file], write)
    tell_failure(outcome, options.debug)
    if isinstance(outcome, GoldenSaved):
        _tell_saved(outcome, request.golden_file, options, "".join(printed))
    return status_of(outcome)


def _tell_saved(saved: GoldenSaved, path: str, options: argparse.Namespace, printed: str) -> None:
    if options.json:
        told = {
            "saved": path, "nodes_run": saved.steps, "tensor_bytes": saved.data_bytes, "notes": saved.notes,
            "printed": printed,
        }  # fmt: skip
        print_text(json.dumps(told, indent=1))
        return
    lines = [f"{path} is written: {saved.steps:,} runs of nodes, {saved.data_bytes:,} bytes of tensors"]
    lines += [f"note: {note}" for note in saved.notes]
    print_text("\n".join(map(plain_line, lines)))


def _compare(request: GoldenRun, files: dict[str, File], options: argparse.Namespace) -> int:
    from jitviewer.commands.compare_archives import as_json, lines_with_nodes
    from jitviewer.protocol.comparison_messages import RunsCompared

    printed: list[str] = []
    write = printed.append if options.json else write_text
    answer = answer_of(request, files, write, options.debug)
    if isinstance(answer, int):
        return answer
    assert isinstance(answer, RunsCompared)
    row = answer.comparison
    check_results(request, row.results)
    if options.json:
        print_text(json.dumps({**as_json(row, request.inputs), "printed": "".join(printed)}, indent=1))
    else:
        print_text("\n".join(lines_with_nodes(row)))
    return 1 if row.diverged else 0
