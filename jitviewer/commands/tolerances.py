"""--tolerance, and what the runs that compare values take from the command line."""

from __future__ import annotations

import argparse
import math
import re
from typing import TYPE_CHECKING, Any, Final

from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitviewer.engine.document import Document
    from jitviewer.protocol.compared_run import ComparedRun

DTYPES: Final = ("float64", "float32", "float16", "bfloat16")
_COMPARED: Final = (*DTYPES, "complex64", "complex128")


def add_tolerance_argument(parser: argparse.ArgumentParser) -> None:
    """--tolerance, any number of times."""
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
    if of and of not in _COMPARED and re.fullmatch(r"[0-9]{1,6}", of) is None:
        known = ", ".join(_COMPARED)
        raise argparse.ArgumentTypeError(f"'{of}' is no index of a result, and none of {known}")
    return of, relative


def fields_of(options: argparse.Namespace, document: Document, inputs: list[str]) -> dict[str, Any]:
    """What every `ComparedRun` has of the arguments, but for its name and passes."""
    tolerances: list[tuple[str, float]] = options.tolerance
    whole = [relative for of, relative in tolerances if not of]
    return {
        "id": 1, "path": str(document.file), "module_path": options.module,
        "method": options.method or "forward", "inputs": inputs, "inputs_file": options.inputs or "",
        "device": options.device, "seed": options.seed, "relative": whole[-1] if whole else -1.0,
        "dtype_tolerances": {of: relative for of, relative in tolerances if of and not of.isdigit()},
        "result_tolerances": {int(of): relative for of, relative in tolerances if of.isdigit()},
        "memory": options.memory, "compiled": document.is_compiled, "allow_files": options.allow_files,
        "libraries": tuple(options.libraries),
    }  # fmt: skip


def check_results(request: ComparedRun, results: Sequence[object]) -> None:
    """Raise `JitError` where a tolerance is given for a result that there is not."""
    for index in request.result_tolerances:
        if index >= len(results):
            raise JitError(f"--tolerance {index}=: there is no result {index}, there are {len(results)}")
