"""Holds a program against `torch.jit`: whether it diverges, or does not, as it says."""

from __future__ import annotations

import torch
from torch.jit.frontend import FrontendError

from tests.divergence.program import Program, varied
from tests.divergence.sides import Call, apart, calls_apart, quiet, scripted, traced


def wrong_claim(program: Program) -> str:
    """What is not so of what a program says of itself; nothing if all is."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _of_clean(program) if program.is_clean else _of_divergent(program)
    finally:
        torch.set_num_threads(threads)


def _of_divergent(program: Program) -> str:
    against, calls = calls_apart(program)
    how = apart(program, {"trace": traced, "script": scripted}[against], calls)
    return "" if how else f"the {against} gives what Python gives"


def _of_clean(program: Program) -> str:
    makers = [traced]
    with quiet():
        try:
            scripted(program)
        except (RuntimeError, FrontendError):
            pass  # a program that no script compiles is compared with its trace only
        else:
            makers.append(scripted)
    more = varied()[program.name]
    for inputs in (program.inputs, *more["inputs"]):
        for make in makers:
            how = apart(program, make, [Call(inputs)] * more.get("times", 2))
            if how:
                return f"{make.__name__} with {', '.join(inputs)}: {how}"
    return ""
