"""Compiling a residual network of 50 layers from Python, against torch.jit.script."""

import cProfile
import pstats
import warnings

import torch
from torch import nn

from jitcore.ir import ScriptObject
from jitcore.scripting.compiled_program import CompiledProgram
from jitcore.scripting.compiler import ScriptCompiler
from jitcore.scripting.modules.compiler import ModuleCompiler
from tests.benchmarks.alternating import in_turn
from tests.differential.script_modules.programs.networks import ResidualNetwork

PHASES = {
    "looking at instances": ("inference.py", "infer"),
    "reading and parsing sources": ("sources.py", "parse_function"),
    "lowering syntax": ("lowering.py", "define"),
    "conversion to SSA": ("__init__.py", "convert_to_ssa"),
    "cleaning up": ("cleanup.py", "clean_up"),
}
"""Functions that do one kind of work, by file and name."""


def table(repeats: int) -> list[str]:
    """Markdown rows: milliseconds of both and their ratio, then where our time goes."""
    warnings.simplefilter("ignore")
    network = ResidualNetwork(width=8)

    def theirs() -> object:
        # Without this torch would find the types that it made before.
        torch.jit._recursive.concrete_type_store = torch.jit._recursive.ConcreteTypeStore()
        return torch.jit.script(network)

    seconds = in_turn({"jitcore": lambda: _compile(network), "torch": theirs}, repeats)
    ours, other = seconds["jitcore"] * 1e3, seconds["torch"] * 1e3
    rows = [
        "| network | jitcore | torch.jit.script | ratio |",
        "|---|---|---|---|",
        f"| residual, 50 layers | {ours:.0f} ms | {other:.0f} ms | {ours / other:.2f} |",
        "",
        "| of our time | under the profiler |",
        "|---|---|",
    ]
    return rows + [f"| {phase} | {share:.0%} |" for phase, share in _shares(network).items()]


def _compile(network: nn.Module) -> ScriptObject:
    return ModuleCompiler(ScriptCompiler(CompiledProgram())).compile(network)


def _shares(network: nn.Module) -> dict[str, float]:
    profile = cProfile.Profile()
    profile.runcall(_compile, network)
    stats = pstats.Stats(profile)
    found = {
        (place[0].rpartition("/")[2], place[2]): times[3]
        for place, times in stats.stats.items()  # type: ignore[attr-defined]
    }
    return {phase: found.get(place, 0.0) / stats.total_tt for phase, place in PHASES.items()}  # type: ignore[attr-defined]
