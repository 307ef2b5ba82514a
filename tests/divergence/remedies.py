"""Tells which changes are tried for a program, and why each does not cure: `python -m
tests.divergence.remedies [NAME...]`."""

from __future__ import annotations

import multiprocessing
import sys
import time
import warnings
from collections import Counter

import torch

import jitcore.diagnose.divergence.comparing as comparing
from jitcore.diagnose.divergence.cause import Cause
from jitcore.diagnose.divergence.remedy import Attempt, Remedy, remedy_for
from jitcore.diagnose.divergence.search import Search
from jitcore.diagnose.divergence.sides import Sides
from jitviewer.runner.script_files import ScriptFile
from tests.divergence.program import Program, programs
from tests.divergence.sides import arguments, quiet, seed_all


def told(program: Program, is_long: bool) -> None:
    """Print what is tried for a program."""
    torch.set_num_threads(1)
    attempts: list[Attempt] = []

    def listening(sides: Sides, search: Search, cause: Cause) -> Remedy | None:
        return remedy_for(sides, search, cause, attempts.append)

    comparing.remedy_for = listening
    begun = time.process_time()
    with quiet():
        seed_all(0)
        subject = ScriptFile(str(program.path), None).object(program.subject, "")
        found = comparing.compare(subject, arguments(program.inputs))
    seconds = time.process_time() - begun
    cause = None if found.cause is None else (found.cause.cause, found.cause.line)
    said = "none" if found.remedy is None else found.remedy.summary
    print(f"{program.name}: {cause}, {len(attempts)} tried, {seconds:.1f} s: {said}", flush=True)
    if is_long or found.remedy is None:
        reasons = Counter(
            (each.change.summary[:100], " ".join(each.failure.split())[: 1000 if is_long else 230])
            for each in attempts
        )
        for (summary, failure), count in reasons.items():
            print(f"    {count} {summary}\n        {failure}", flush=True)
    if is_long and found.remedy is not None:
        print(found.remedy.patch)


def main(names: list[str]) -> None:
    """Tell of the programs whose names contain one of the given texts, or of all."""
    warnings.filterwarnings("ignore")
    is_long = "--long" in names
    wanted = [each for each in names if each != "--long"]
    context = multiprocessing.get_context("fork")
    for program in programs():
        if program.is_clean or (wanted and not any(name in program.name for name in wanted)):
            continue
        process = context.Process(target=told, args=(program, is_long))
        process.start()
        process.join(120)
        process.kill()
        process.join()


if __name__ == "__main__":
    main(sys.argv[1:])
