"""Says why a trace of an object of a person's file differs from it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch

from jitcore.diagnose.divergence.comparing import compare
from jitcore.exec.errors import ExecutionError
from jitviewer.runner.inputs import make_inputs

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.diagnosis import Diagnosis
    from jitviewer.protocol.script_messages import CompareScriptable
    from jitviewer.runner.handed_files import HandedFiles
    from jitviewer.runner.script_files import ScriptFile


def diagnosed(opened: ScriptFile, request: CompareScriptable, handed: HandedFiles) -> Diagnosis:
    """The diagnosis that a request asks for.

    Raises `JitError` for an object that cannot be called, and for inputs that it does not take.
    """
    target = _callable(opened, request)
    cpu = torch.device("cpu")
    inputs = tuple(make_inputs(request.inputs, 0, cpu, handed))
    against = [tuple(make_inputs(texts, 0, cpu, handed)) for texts in request.against]
    for given in (inputs, *against):
        _check_fit(request.name, target, given)
    return compare(target, inputs, against)


def _callable(opened: ScriptFile, request: CompareScriptable) -> Any:
    found = opened.object(request.name, request.arguments)
    if inspect.isclass(found):
        try:
            found = found()
        except Exception as error:
            raise opened.raised_by(request.name, f"{request.name}()", error) from error
    if not callable(found):
        what = f"'{request.name}' is a {type(found).__name__}: compare a function, or a module"
        raise opened.problem(request.name, what)
    return found


def _check_fit(name: str, target: Any, given: tuple[Any, ...]) -> None:
    called = target.forward if isinstance(target, torch.nn.Module) else target
    try:
        signature = inspect.signature(called)
    except (TypeError, ValueError):
        # Functions of C have none; their call says what does not fit.
        return
    try:
        signature.bind(*given)
    except TypeError as error:
        raise ExecutionError(
            f"{name}{signature} does not take {len(given)} inputs ({error}): give one input for each argument"
        ) from error
