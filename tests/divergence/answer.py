"""What the diagnosis says of a program, asked in a process of its own that may take so long and no longer."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from jitcore.diagnose import compare
from jitviewer.runner.script_files import ScriptFile
from tests.divergence.program import Program
from tests.divergence.sides import apart, arguments, calls_apart, quiet, scripted, seed_all, traced


@dataclass(frozen=True)
class Answer:
    """What was said of a program.

    `line` is one of the program's own file, None where another file is named. `problem` is why there is no
    answer. `patched` is the whole file with the offered remedy, and `uncured` how the sides of that differ.
    """

    diverged: bool = False
    has_inputs: bool = False
    cause: str | None = None
    line: int | None = None
    explanation: str = ""
    tried: int = 0
    patched: str | None = None
    uncured: str = ""
    seconds: float = 0.0
    problem: str = ""


def ask(program: Program, limit: float) -> Answer:
    """The answer of the diagnosis, and whether the remedy that it offers cures."""
    ours, theirs = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_answer, args=(program, theirs))
    start = time.perf_counter()
    process.start()
    theirs.close()
    try:
        answer: Answer = ours.recv() if ours.poll(limit) else Answer(problem=f"no answer within {limit:g} s")
    except EOFError:
        answer = Answer(problem="its process ended")
    finally:
        process.kill()
        process.join()
    return replace(answer, seconds=time.perf_counter() - start)


def _answer(program: Program, reply: Connection) -> None:
    torch.set_num_threads(1)
    try:
        answer = _diagnosed(program)
    except Exception:  # noqa: BLE001  # that the diagnosis fails is counted, and the next one asked
        answer = Answer(problem=traceback.format_exc())
    reply.send(answer)
    reply.close()


def _diagnosed(program: Program) -> Answer:
    """What is said of the program as a person's file, as `jitviewer compare` reads it."""
    with quiet():
        seed_all(0)
        subject = ScriptFile(str(program.path), None).object(program.subject, "")
        found = compare(subject, arguments(program.inputs))
    first = found.cause
    is_own = first is not None and first.file and Path(first.file).resolve() == program.path.resolve()
    patched = None if found.remedy is None else found.remedy.text
    return Answer(
        diverged=found.diverged,
        has_inputs=bool(found.inputs),
        cause=None if first is None else first.cause,
        line=first.line if first is not None and is_own else None,
        explanation=found.explanation,
        tried=found.tried,
        patched=patched,
        uncured="" if patched is None or program.is_clean else _uncured(program, patched),
    )


def _uncured(program: Program, text: str) -> str:
    """How the sides of the program with this text differ where those of the program did."""
    against, calls = calls_apart(program)
    with TemporaryDirectory() as folder:
        path = Path(folder) / program.path.name
        path.write_text(text, encoding="utf-8")
        make = {"trace": traced, "script": scripted}[against]
        try:
            return apart(replace(program, path=path), make, calls)
        except Exception as error:  # noqa: BLE001  # a remedy that breaks the program does not cure it
            return f"{type(error).__name__}: {error}"
