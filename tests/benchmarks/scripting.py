"""Compiling every function of torch.nn.functional that scripts, and where our time goes."""

import cProfile
import inspect
import pstats
import warnings
from collections.abc import Callable
from typing import Any

from tests.benchmarks.alternating import in_turn

# What a compilation consists of, by the modules that do it.
SHARES = {
    "finding and parsing the source": (
        "inspect.py",
        "tokenize.py",
        "ast.py",
        "scripting/sources",
        "linecache",
    ),
    "names, types and Python objects": ("jitcore/scripting",),
    "lowering": ("frontend/emit", "frontend/lowering", "frontend/environment", "frontend/sugared"),
    "overload resolution": ("jitcore/ops",),
    "conversion to SSA": ("frontend/ssa",),
    "cleanup passes": ("jitcore/passes", "frontend/cleanup"),
    "the graph itself": ("jitcore/ir",),
}


def table(repeats: int) -> list[str]:
    """Markdown rows: seconds of both and their ratio, then the shares of our time."""
    import torch

    from jitcore.scripting.compiled_program import CompiledProgram
    from jitcore.scripting.compiler import ScriptCompiler

    functions = _functions()

    def ours() -> None:
        compiler = ScriptCompiler(CompiledProgram())
        for function in functions:
            compiler.compile_directly(function)

    def theirs() -> None:
        torch.jit._state._jit_caching_layer.clear()
        for function in functions:
            torch.jit.script(function)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seconds = in_turn({"jitcore": ours, "torch": theirs}, repeats)
    ratio = seconds["jitcore"] / seconds["torch"]
    rows = [
        "| functions | jitcore | torch | ratio |",
        "|---|---|---|---|",
        f"| {len(functions)} | {seconds['jitcore']:.2f} s | {seconds['torch']:.2f} s | {ratio:.2f} |",
    ]
    return [*rows, "", *_shares(ours)]


def _functions() -> list[Callable[..., Any]]:
    import torch
    from torch.nn import functional

    found: list[Callable[..., Any]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in sorted(dir(functional)):
            function = getattr(functional, name)
            if inspect.isfunction(function):
                try:
                    torch.jit.script(function)
                except Exception:  # noqa: BLE001  # whatever torch has against it
                    continue
                found.append(function)
    return found


def _shares(run: Callable[[], None]) -> list[str]:
    profile = cProfile.Profile()
    profile.runcall(run)
    statistics: Any = pstats.Stats(profile)
    taken = dict.fromkeys([*SHARES, "everything else"], 0.0)
    for (filename, _, _), (_, _, own, _, _) in statistics.stats.items():
        path = filename.replace("\\", "/")
        part = next(
            (name for name, places in SHARES.items() if any(p in path for p in places)), "everything else"
        )
        taken[part] += own
    total = sum(taken.values())
    ordered = sorted(taken.items(), key=lambda item: -item[1])
    return [
        "| our time | share |",
        "|---|---|",
        *(f"| {name} | {100 * s / total:.0f} % |" for name, s in ordered),
    ]
