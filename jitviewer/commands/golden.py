"""`run --golden`: saves the values of a run, or compares a run with those that were saved."""

from __future__ import annotations

import argparse
import json
import math
import queue
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jitcore.source import JitError
from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import print_text, write_text
from jitviewer.commands.telling import ALL_FRAMES, tell
from jitviewer.folded_frames import folded_frames
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitviewer.engine.document import Document
    from jitviewer.engine.runner_link import File, RunnerNews
    from jitviewer.protocol.comparison_rows import ComparedNodeRow, ComparisonRow
    from jitviewer.protocol.golden_messages import GoldenRun, GoldenSaved

_STOPPED: Final = 3
_MOST_LINES: Final = 20
"""Nodes that are printed; JSON has all."""

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
        help="with --golden: how far elements may be apart, as a part of the largest: 1e-3 for all, "
        "float16=1e-2 for a kind of element, 0=1e-2 for a result by its index (default: by kind of element)",
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
        for name, given in (("--dtype", options.dtype), ("--tolerance", options.tolerance)):
            if given:
                raise JitError(f"{name} is for a run with --golden: give that too, or leave out {name}")
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
    if not hands_files():
        # The runner may be on another machine, and writes there.
        saved = _answer(request, files, options)
    else:
        try:
            with surroundings().output(path) as stream:
                files[path] = stream.fileno()
                saved = _answer(request, files, options)
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
    _tell_saved(saved, path, options)
    return 0


class _NothingToKeep(Exception):  # noqa: N818  # no error: it ends the context that would keep what was written
    def __init__(self, status: int) -> None:
        self.status = status


def _tell_saved(saved: GoldenSaved, path: str, options: argparse.Namespace) -> None:
    if options.json:
        told = {
            "saved": path, "nodes_run": saved.steps, "tensor_bytes": saved.data_bytes, "notes": saved.notes,
        }  # fmt: skip
        print_text(json.dumps(told, indent=1))
        return
    lines = [f"{path} is written: {saved.steps:,} runs of nodes, {saved.data_bytes:,} bytes of tensors"]
    lines += [f"note: {note}" for note in saved.notes]
    print_text("\n".join(map(plain_line, lines)))


def _compare(request: GoldenRun, files: dict[str, File], options: argparse.Namespace) -> int:
    from jitviewer.commands.compare_archives import as_json
    from jitviewer.protocol.comparison_rows import ComparisonRow

    row = _answer(request, files, options)
    if isinstance(row, int):
        return row
    assert isinstance(row, ComparisonRow)
    beyond = [index for index in request.result_tolerances if index >= len(row.results)]
    if beyond:
        raise JitError(
            f"--tolerance {beyond[0]}=: there is no result {beyond[0]}, there are {len(row.results)}"
        )
    if options.json:
        print_text(json.dumps(as_json(row, request.inputs), indent=1))
    else:
        print_text("\n".join(_lines(row)))
    return 1 if row.diverged else 0


def _lines(row: ComparisonRow) -> Iterator[str]:
    """The comparison in words, with the nodes that differ."""
    from jitviewer.commands.compare_archives import difference_text, lines_of

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


def _answer(
    request: GoldenRun, files: dict[str, File], options: argparse.Namespace
) -> GoldenSaved | ComparisonRow | int:
    """What came out, or the exit status once it is told why nothing did."""
    from jitviewer.engine.handing_files import send_run
    from jitviewer.engine.runner_link import RunnerDied, RunnerLink
    from jitviewer.protocol.comparison_messages import RunsCompared
    from jitviewer.protocol.golden_messages import GoldenSaved
    from jitviewer.protocol.runner_messages import RunFailed, RunPrinted

    news: queue.SimpleQueue[RunnerNews] = queue.SimpleQueue()
    link = RunnerLink(news.put)
    try:
        try:
            send_run(link, request, files)
        except OSError as error:
            raise JitError(f"the process that runs programs does not start: {error}") from error
        while True:
            match news.get():
                case GoldenSaved() as saved:
                    return saved
                case RunsCompared(comparison=comparison):
                    return comparison
                case RunPrinted(text=text):
                    write_text(text)
                case RunFailed(sentence=sentence, traceback=traceback):
                    if traceback:
                        told = traceback if options.debug else folded_frames(traceback, ALL_FRAMES)
                        print(told, file=sys.stderr)
                    tell(sentence)
                    return 1
                case RunnerDied(sentence=sentence):
                    tell(sentence)
                    return _STOPPED
                case _:
                    continue
    finally:
        link.kill()
