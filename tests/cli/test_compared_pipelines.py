"""`jitviewer run --compare-passes`: one program under two pipelines, by processes of their own."""

import json

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.cli.processes import jitviewer


class Layers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3)
        self.norm = torch.nn.BatchNorm2d(4)
        self.head = torch.nn.Linear(4, 2)

    def forward(self, x: torch.Tensor):
        x = torch.relu(self.norm(self.conv(x))).mean([2, 3])
        print("seen")
        return self.head(x), (x, x + 1)


class Noise(torch.nn.Module):
    def forward(self, x: torch.Tensor):
        return x + torch.rand_like(x)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipelines")
    torch.manual_seed(0)
    torch.jit.script(Layers().eval()).save(str(folder / "layers.pt"))
    torch.jit.script(Noise()).save(str(folder / "noise.pt"))
    return folder


def compared(file, pipelines, *words):
    return jitviewer("run", str(file), "--compare-passes", pipelines, *words)


def test_a_frozen_program_agrees_and_both_are_measured(folder):
    words = ("--input", "float32[2,3,8,8]", "--repeat", "3", "--json")
    done = compared(folder / "layers.pt", "inline:Freeze", *words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    left, right = told["left"], told["right"]
    assert (left["passes"], right["passes"]) == (["inline"], ["inline", "freeze"])
    assert [len(side["wall_us"]) for side in (left, right)] == [3, 3]
    assert all(side["median_us"] > 0 and side["memory_peak"] > 0 for side in (left, right))
    with FlopCounterMode(display=False) as counter:
        Layers().eval()(torch.rand(2, 3, 8, 8))
    assert left["flops"] == right["flops"] == counter.get_total_flops()
    assert right["nodes"] < left["nodes"]
    assert not told["diverged"]
    assert told["printed"] == "seen\nseen\n"


def test_results_of_a_lowered_graph_are_put_together_again(folder):
    done = compared(folder / "layers.pt", "inline:inline,lower-all-tuples", "--input", "float32[2,3,8,8]")
    assert done.returncode == 0, done.stderr
    assert "give the same results" in done.stdout


def test_chance_is_the_same_on_both_sides(folder):
    done = compared(folder / "noise.pt", ":inline", "--input", "float32[4]", "--seed", "7")
    assert done.returncode == 0, done.stderr
    assert "A (no passes) of noise.pt: the graph as it is saved" in done.stdout


def test_a_pipeline_that_changes_values_is_told_with_the_first_node_that_differs(folder):
    words = ("--input", "float32[2,3,8,8]", "--tolerance", "0")
    done = compared(folder / "layers.pt", "inline:fold-conv-bn,inline", *words)
    assert done.returncode == 1, done.stdout
    assert "give different results" in done.stdout
    assert "first that differs" in done.stdout
    assert "PSNR" in done.stdout
    wide = compared(folder / "layers.pt", "inline:fold-conv-bn,inline", *words[:3], "1e-3")
    assert wide.returncode == 0, wide.stdout


@pytest.mark.parametrize(
    ("pipelines", "words", "sentence"),
    [
        ("inline", (), "two pipelines with a colon between them"),
        ("inline:dce:cse", (), "two pipelines with a colon between them"),
        ("inline:clean", (), "presets are As saved, Inlined, Clean"),
        ("inline:dce", ("--passes", "cse"), "leave out --passes"),
        ("inline:dce", ("--profile",), "leave out --profile"),
        ("inline:dce", ("--tolerance", "4=1"), "there is no result 4"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(folder, pipelines, words, sentence):
    done = compared(folder / "layers.pt", pipelines, "--input", "float32[2,3,8,8]", *words)
    assert done.returncode != 0
    assert sentence in done.stderr.splitlines()[-1]
