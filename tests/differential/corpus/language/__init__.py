"""Hand-written programs over the whole of TorchScript, a file for each part of the language."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch

from tests.differential.corpus.batch import Batch, Call, first_line, saved
from tests.differential.corpus.language.programs import Program, Programs


def programs() -> Iterator[Program]:
    """Every program, file by file."""
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        for value in list(vars(module).values()):
            if isinstance(value, Programs):
                yield from value


def batches() -> Iterator[Batch]:
    """An archive for each program."""
    for program in programs():
        name = f"language.{program.name}"
        torch.manual_seed(0)
        try:
            compiled = _compiled(program)
            archive = compiled if isinstance(compiled, bytes) else saved(compiled)
        except Exception as error:
            yield Batch(name, b"", programs=0, refused=Counter([f"{program.name}: {first_line(error)}"]))
            continue
        yield Batch(name, archive, [Call("forward", inputs) for inputs in program.calls])


def _compiled(program: Program) -> Any:
    if program.way == "build":
        return program.target()
    target = program.target() if isinstance(program.target, type) else program.target
    if program.way == "script":
        return torch.jit.script(target)
    return torch.jit.trace(target, program.calls[0], check_trace=False)
