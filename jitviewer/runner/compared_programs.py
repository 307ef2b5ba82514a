"""What the requests that compare the values of a run have in common: inputs, programs, tolerances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.diagnose.paired_runs import Tolerance
from jitcore.exec.values import dtype_named
from jitviewer.protocol.runner_messages import RunRequest
from jitviewer.runner.fresh_programs import FreshProgram
from jitviewer.runner.inputs import make_inputs, read_arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from jitviewer.protocol.compared_run import ComparedRun
    from jitviewer.runner.handed_files import HandedFiles


def given_inputs(request: ComparedRun, device: torch.device, files: HandedFiles) -> list[Any]:
    """The arguments of the method. Raises `ExecutionError` for what makes none."""
    if request.inputs_file:
        return read_arguments(request.inputs_file, device, files)
    return make_inputs(request.inputs, request.seed, device, files)


def program_after(
    request: ComparedRun,
    passes: list[str],
    device: torch.device,
    files: HandedFiles,
    print_text: Callable[[str], object],
    notes: list[str],
) -> FreshProgram:
    """The program after these passes; what they note is added to `notes`."""
    run = RunRequest(
        request.id, request.path, request.module_path, request.method, passes, request.inputs,
        compiled=request.compiled, allow_files=request.allow_files,
    )  # fmt: skip
    return FreshProgram(run, files, device, print_text, notes)


def tolerance_of(request: ComparedRun) -> Tolerance:
    """How far values may be apart; those of different dtypes are compared too."""
    return Tolerance(
        None if request.relative < 0 else request.relative,
        by_dtype={dtype_named(name): relative for name, relative in request.dtype_tolerances.items()},
        across_dtypes=True,
    )


def result_tolerances_of(request: ComparedRun) -> dict[int, Tolerance]:
    """How far single results may be apart, by their index."""
    return {
        index: Tolerance(relative, across_dtypes=True)
        for index, relative in request.result_tolerances.items()
    }
