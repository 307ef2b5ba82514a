"""`graph --stage`: what `graph_for` prints, of archives and of functions of Python files."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch

from tests.cli.processes import jitviewer
from tests.differential.executor.comparison import shown
from tests.differential.executor.fusing import fusing_on_cpu

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
NORMALIZED = SAMPLES / "resnet_small.pt"
SPEC = "float32[2,3,16,16]"


def theirs(stage: str, runs: int) -> str:
    """What torch shows after as many runs."""
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        module = torch.jit.load(str(NORMALIZED))
        x = torch.rand(2, 3, 16, 16)
        for _ in range(runs):
            module(x)
            if stage == "profiled":
                return str(torch.jit.last_executed_optimized_graph())
        return str(module.graph_for(x))


@pytest.mark.parametrize(("stage", "runs"), [("profiled", 1), ("optimized", 1), ("optimized", 3)])
def test_the_stage_is_what_torch_shows(stage: str, runs: int):
    done = jitviewer("graph", str(NORMALIZED), "--stage", stage, "--input", SPEC, "--runs", str(runs))
    assert done.stderr == ""
    assert done.stdout.strip() == theirs(stage, runs).strip()


@pytest.mark.parametrize("how", [["--fuse"], ["--fuse", "dynamic"]], ids=["static", "dynamic"])
def test_operators_are_fused_as_by_torch(how: list[str], tmp_path: Path):
    file = tmp_path / "chain.pt"
    with warnings.catch_warnings(), torch.no_grad(), fusing_on_cpu("dynamic" in how):
        warnings.simplefilter("ignore")

        class Chain(torch.jit.ScriptModule):
            """Two operators that are worth a group."""

        module = Chain()
        module.define("def forward(self, x):\n    return (x + 1).relu() * x\n")
        torch.jit.save(module, str(file))
        module = torch.jit.load(str(file))
        for _ in range(3):
            module(torch.rand(2, 3))
        wanted = shown(module.graph_for(torch.rand(2, 3)))
    assert "prim::TensorExprGroup_0" in wanted
    done = jitviewer("graph", str(file), "--stage", "optimized", "--input", "float32[2,3]", *how)
    assert (done.stderr, shown(done.stdout).strip()) == ("", wanted.strip())


def test_inputs_are_proposed_and_functions_compiled(tmp_path: Path):
    file = tmp_path / "program.py"
    file.write_text(
        "import torch\n\n\ndef twice(x):\n    print('said')\n    return (x + 1).relu() * 2\n",
        encoding="utf-8",
    )
    done = jitviewer("graph", f"{file}:twice", "--stage", "profiled", "--input", "float32[2,3]")
    assert done.returncode == 0, done.stderr
    assert "prim::profile[profiled_type=Float(2, 3, strides=[3, 1]" in done.stdout
    assert "said" in done.stderr
    proposed = jitviewer("graph", str(SAMPLES / "gate.pt"), "--stage", "optimized")
    assert proposed.returncode == 0, proposed.stderr
    assert "prim::profile" not in proposed.stdout
    assert proposed.stderr.startswith("input x: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--input", SPEC], "give --stage with the inputs"),
        (["--fuse"], "give --stage optimized with --fuse"),
        (["--stage", "optimized", "--passes", "dce"], "give it without --passes, --inlined"),
        (["--stage", "optimized", "--input", "float32["], "float32["),
        (["--stage", "optimized", "--input", "float32[2,3]"], "failed"),
    ],
)
def test_what_cannot_be_shown_is_told_in_a_sentence(words: list[str], said: str):
    done = jitviewer("graph", str(NORMALIZED), *words)
    assert done.returncode == 1
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback (most recent call last)" not in done.stderr
