"""`jitviewer run --golden`: the values of a run, saved and compared by processes of their own."""

import json

import pytest
import torch

from tests.cli.processes import jitviewer


class Layers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(4, 4)

    def forward(self, x: torch.Tensor):
        for _ in range(3):
            x = torch.relu(self.layer(x))
        return x


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("golden")
    torch.manual_seed(0)
    layers = Layers()
    torch.jit.script(layers).save(str(folder / "layers.pt"))
    with torch.no_grad():
        layers.layer.bias += 1
    torch.jit.script(layers).save(str(folder / "changed.pt"))
    done = jitviewer(
        "run", str(folder / "layers.pt"), "--input", "float32[2,4]", "--golden", str(folder / "a.golden")
    )
    assert done.returncode == 0, done.stderr
    assert "is written" in done.stdout
    return folder


def test_the_same_run_agrees_and_a_changed_one_does_not(files):
    golden = str(files / "a.golden")
    before = (files / "a.golden").read_bytes()
    same = jitviewer("run", str(files / "layers.pt"), "--golden", golden, "--json")
    assert same.returncode == 0, same.stderr
    assert {pair["status"] for pair in json.loads(same.stdout)["pairs"]} <= {"identical", ""}
    changed = jitviewer("run", str(files / "changed.pt"), "--golden", golden)
    assert changed.returncode == 1
    assert "differs, isolated" in changed.stdout
    assert "PSNR" in changed.stdout
    assert (files / "a.golden").read_bytes() == before


def test_another_dtype_agrees_within_a_tolerance(files):
    golden = str(files / "a.golden")
    words = ("run", str(files / "layers.pt"), "--golden", golden, "--dtype", "bfloat16")
    assert jitviewer(*words, "--tolerance", "0.1").returncode == 0
    assert jitviewer(*words, "--tolerance", "0=1e-9").returncode == 1


def test_a_file_that_is_none_is_one_sentence(files):
    done = jitviewer("run", str(files / "layers.pt"), "--golden", str(files / "changed.pt"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("or write it anew with --update-golden")
