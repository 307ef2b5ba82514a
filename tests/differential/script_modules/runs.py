"""Runs a compiled module on both sides and compares the values."""

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from jitcore.exec import Interpreter
from jitcore.ir import ScriptObject
from jitcore.scripting.shared import compile_module
from tests.differential.agreement import Outcome
from tests.differential.attempts import Raised, attempt, difference
from tests.differential.corpus.modules import FORWARDS

Calls = Sequence[tuple[Any, ...]]
Results = list[Any]


def compare_runs(
    name: str, make: Callable[[], nn.Module], theirs: Any, ours: ScriptObject, calls: Calls
) -> Iterator[Outcome]:
    """Equal bit for bit, state that calls leave behind included; `make` gives the module anew."""
    for method in FORWARDS:
        if not calls or method not in ours.type.methods:
            continue
        expected = _run_theirs(theirs._c, method, calls)
        if any(isinstance(e, Raised) and e.reason.startswith(f"{method}() ") for e in expected):
            # Arguments for another one of the overloads.
            continue
        found = _differences(_run_ours(ours, method, calls), expected)
        if any(found):
            found = _differences_afresh(make, method, calls)
        for number, detail in enumerate(found):
            status = "equal" if detail is None else "different"
            yield Outcome("run", f"{name}.{method} call {number}", status, detail or "")


def _run_ours(ours: ScriptObject, method: str, calls: Calls) -> Results:
    interpreter = Interpreter()

    def run(name: str, arguments: tuple[Any, ...]) -> Any:
        return interpreter.run(ours.method(name), [ours, *arguments])

    return [attempt(run, method, arguments) for arguments in calls]


def _run_theirs(module: Any, method: str, calls: Calls) -> Results:
    def run(name: str, arguments: tuple[Any, ...]) -> Any:
        return module._get_method(name)(*arguments)

    return [attempt(run, method, arguments) for arguments in calls]


def _differences(ours: Results, theirs: Results) -> list[str | None]:
    return [difference(mine, other) for mine, other in zip(ours, theirs, strict=True)]


def _differences_afresh(make: Callable[[], nn.Module], method: str, calls: Calls) -> list[str | None]:
    """The same where torch does not compute some operators by others; nothing if torch is not sure itself.

    torch keeps the functions that it optimized, so this needs a compilation unit of its own.
    """
    archive = io.BytesIO()
    torch.jit.save(torch.jit.script(make()), archive)

    def run_theirs() -> Results:
        unit = torch._C.CompilationUnit()
        archive.seek(0)
        module = torch._C.import_ir_module_from_buffer(unit, archive.read(), torch.device("cpu"), {}, False)
        with torch.jit.optimized_execution(False):
            return _run_theirs(module, method, calls)

    theirs = run_theirs()
    if any(_differences(run_theirs(), theirs)):
        return []
    return _differences(_run_ours(compile_module(make()), method, calls), theirs)
