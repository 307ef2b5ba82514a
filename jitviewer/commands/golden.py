"""`run --golden`: saves the values of a run, or compares a run with those that were saved."""

from __future__ import annotations

import argparse
import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jitcore.source import JitError
from jitviewer.commands.answers import answer_of
from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import print_text, write_text
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitviewer.engine.document import Document
    from jitviewer.engine.runner_link import File
    from jitviewer.protocol.golden_messages import GoldenRun, GoldenSaved

_DTYPES: Final = ("float64", "float32", "float16", "bfloat16")
_COMPLEX: Final = ("complex64", "complex128")


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
    """--golden, --update-golden, --dtype and --tolerance; --json is that of every run."""
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
        "--dtype", choices=_DTYPES, default="",
        help="with --golden: convert floating inputs, parameters and buffers first",
    )  # fmt: skip
    parser.add_argument(
        "--tolerance", action="append", type=_tolerance, default=[], metavar="[DTYPE=|RESULT=]X",
        help="with --golden or --compare-passes: how far elements may be apart, as a part of the largest: "
        "1e-3 for all, float16=1e-2 for a kind of element, 0=1e-2 for a result by its index (default: by "
        "kind of element)",
    )  # fmt: skip


def _tolerance(text: str) -> tuple[str, float]:
    of, _, number = text.rpartition("=")
    try:
        relative = float(number)
    except ValueError:
        relative = -1.0
    if not (math.isfinite(relative) and relative >= 0):
        raise argparse.ArgumentTypeError("give 1e-3, float16=1e-2, or 0=1e-2 for the first result")
    if of and of not in (*_DTYPES, *_COMPLEX) and re.fullmatch(r"[0-9]{1,6}", of) is None:
        raise argparse.ArgumentTypeError(
            f"'{of}' is no index of a result, and none of {', '.join((*_DTYPES, *_COMPLEX))}"
        )
    return of, relative


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

    tolerances: list[tuple[str, float]] = options.tolerance
    whole = [relative for of, relative in tolerances if not of]
    request = GoldenRun(
        1, str(document.file), Path(options.file).name, options.module, options.method or "forward",
        options.passes or ["inline"], inputs, options.golden or options.new_golden, bool(options.new_golden),
        inputs_file=options.inputs or "", device=options.device, dtype=options.dtype, seed=options.seed,
        relative=whole[-1] if whole else -1.0,
        dtype_tolerances={of: relative for of, relative in tolerances if of and not of.isdigit()},
        result_tolerances={int(of): relative for of, relative in tolerances if of.isdigit()},
        memory=options.memory, compiled=document.is_compiled, allow_files=options.allow_files,
        libraries=tuple(options.libraries),
    )  # fmt: skip
    files: dict[str, File] = {request.path: document.file}
    return _save(request, files, options) if request.saves else _compare(request, files, options)


def _save(request: GoldenRun, files: dict[str, File], options: argparse.Namespace) -> int:
    from jitviewer.launching.processes import hands_files
    from jitviewer.launching.surroundings import surroundings

    path = request.golden_file
    printed: list[str] = []
    write = printed.append if options.json else write_text
    if not hands_files():
        # The runner may be on another machine, and writes there.
        saved = answer_of(request, files, write, options.debug)
    else:
        try:
            with surroundings().output(path) as stream:
                files[path] = stream.fileno()
                saved = answer_of(
                    request, files, printed.append if options.json else write_text, options.debug
                )
                if isinstance(saved, int):
                    raise _NothingToKeep(saved)
        except _NothingToKeep as end:
            return end.status
        except OSError as error:
            raise JitError(f"{path} cannot be written: {error.strerror or error}") from error
    if isinstance(saved, int):
        return saved
    from jitviewer.protocol.golden_messages import GoldenSaved

    assert isinstance(saved, GoldenSaved)
    _tell_saved(saved, path, options, "".join(printed))
    return 0


class _NothingToKeep(Exception):  # noqa: N818  # no error: it ends the context that would keep what was written
    def __init__(self, status: int) -> None:
        self.status = status


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
    beyond = [index for index in request.result_tolerances if index >= len(row.results)]
    if beyond:
        raise JitError(
            f"--tolerance {beyond[0]}=: there is no result {beyond[0]}, there are {len(row.results)}"
        )
    if options.json:
        print_text(json.dumps({**as_json(row, request.inputs), "printed": "".join(printed)}, indent=1))
    else:
        print_text("\n".join(lines_with_nodes(row)))
    return 1 if row.diverged else 0
