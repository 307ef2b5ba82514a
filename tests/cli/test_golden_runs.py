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
    assert done.stderr.splitlines()[-1].endswith("or write the golden file anew")


SCALES = torch.tensor([0.1, 0.2, 1 / 3])


class Scaled(torch.nn.Module):
    """Holds a tensor as a constant when it is traced."""

    def forward(self, x):
        return torch.relu(x * SCALES)


class Recurrent(torch.nn.Module):
    """Reads its weights from a list."""

    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(3, 4)

    def forward(self, x: torch.Tensor):
        return self.lstm(x)[0]


@pytest.fixture(scope="module")
def recurrent(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recurrent")
    torch.jit.trace(Scaled(), (torch.rand(2, 1, 3),)).save(str(folder / "traced.pt"))
    torch.jit.script(Recurrent()).save(str(folder / "scripted.pt"))
    return folder


def test_constant_tensors_of_a_trace_are_those_of_the_later_run(recurrent):
    words = ("run", str(recurrent / "traced.pt"), "--golden", str(recurrent / "traced.golden"))
    assert jitviewer(*words, "--input", "float32[2,1,3]").returncode == 0
    done = jitviewer(*words, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["only_left"], told["only_right"], told["decisions"]) == ([], [], [])
    assert {pair["status"] for pair in told["pairs"]} <= {"identical", "not reached", ""}


def test_weights_in_a_list_are_converted_too(recurrent):
    words = ("run", str(recurrent / "scripted.pt"), "--golden", str(recurrent / "scripted.golden"))
    assert jitviewer(*words, "--input", "float32[2,1,3]").returncode == 0
    done = jitviewer(*words, "--dtype", "float64")
    assert done.returncode == 0, done.stderr
    assert "Double" in done.stdout
