"""Runs of graphs as they are, against torch.jit's interpreter: small operators, then whole models."""

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from jitcore import exec as execution
from jitcore.archive import load
from jitcore.exec.arguments import fit_arguments
from jitcore.passes.inline import inlined_graph
from jitviewer.runner.inputs import make_inputs
from tests.benchmarks.alternating import in_turn
from tests.benchmarks.small_programs import programs


def table(repeats: int) -> list[str]:
    """Markdown rows: milliseconds of both and their ratio for each program of small operators."""
    rows = ["| program | jitcore | torch.jit | ratio |", "|---|---|---|---|"]
    ratios: list[float] = []
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        for name, (program, given) in programs().items():
            path = Path(folder) / "program.pt"
            torch.jit.save(program, str(path))
            sides = _sides(path, given)
            for _ in range(3):
                sides["torch"]()
            taken = in_turn(sides, repeats)
            ratios.append(taken["jitcore"] / taken["torch"])
            rows.append(
                f"| {name} | {taken['jitcore'] * 1e3:.2f} ms | {taken['torch'] * 1e3:.2f} ms "
                f"| {ratios[-1]:.2f} |"
            )
    mean = math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios))
    return [*rows, f"| geometric mean | | | {mean:.2f} |"]


MODELS = {
    "resnet18_trace": ["float32[1,3,224,224]"],
    "resnet18_script": ["float32[1,3,224,224]"],
    "mobilenet_v2_trace": ["float32[1,3,224,224]"],
    "densenet121_script": ["float32[1,3,224,224]"],
    "timm_levit_128s_script": ["float32[1,3,224,224]"],
    "bert_tiny_trace": ["int64[1,16]:0..1000", "int64[1,16]:1..2"],
    "gpt2_small_trace": ["int64[1,16]:0..1000"],
    "lstm_tagger_script": ["int64[2,12]:0..1000"],
    "transformer_enc_script": ["float32[2,10,128]"],
    "quant_small_script": ["float32[1,3,16,16]"],
    "syn_chain_2000": ["float32[8,64]"] * 3,
}


def models_table(models: Path, repeats: int) -> list[str]:
    """The same for whole models, on the inputs that their authors name."""
    rows = ["| model | jitcore | torch.jit | ratio |", "|---|---|---|---|"]
    for name, specifications in MODELS.items():
        path = models / f"{name}.pt"
        if not path.exists():
            continue
        given = tuple(make_inputs(specifications, 0, torch.device("cpu")))
        with torch.no_grad():
            sides = _sides(path, given)
            for _ in range(3):
                sides["torch"]()
            taken = in_turn(sides, repeats)
        ratio = taken["jitcore"] / taken["torch"]
        rows.append(
            f"| {name} | {taken['jitcore'] * 1e3:.1f} ms | {taken['torch'] * 1e3:.1f} ms | {ratio:.2f} |"
        )
    return rows


def _sides(path: Path, given: tuple[Any, ...]) -> dict[str, Callable[[], object]]:
    return {name: load_side(path, given) for name, load_side in SIDES.items()}


def theirs(path: Path, given: tuple[Any, ...]) -> Callable[[], object]:
    """A run of an archive by torch.jit, which is loaded now."""
    program = torch.jit.load(str(path))
    return lambda: program(*given)


def ours(path: Path, given: tuple[Any, ...]) -> Callable[[], object]:
    """A run of an archive by jitcore, which is loaded now."""
    root = load(path)
    interpreter = execution.Interpreter()
    interpreter.materializer = execution.Materializer("cpu", str(path), interpreter.call)
    module = interpreter.materializer.object(root)
    function = root.method("forward")
    plan = interpreter.plan_graph(inlined_graph(function), "forward")
    arguments = fit_arguments(function.schema, [module, *given], interpreter.materializer)
    return lambda: plan.run([*arguments])


SIDES = {"jitcore": ours, "torch": theirs}
"""Who runs an archive; called with its path and the inputs."""
