"""`jitviewer freeze` and `optimize` write archives that torch loads; `--passes freeze` prints torch's."""

import warnings
from pathlib import Path

import pytest
import torch

from tests.cli.processes import jitviewer
from tests.passes.freezing_programs import PROGRAMS, module


@pytest.fixture(autouse=True)
def no_deprecations():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "m.pt"
    # As it comes from training: commands freeze it as after eval().
    torch.jit.save(torch.jit.script(module("convolutions-and-norms").train()), str(made))
    return made


def same(ours: tuple[torch.Tensor, ...], theirs: tuple[torch.Tensor, ...]) -> bool:
    return all(torch.allclose(a, b) for a, b in zip(ours, theirs, strict=True))


def test_graphs_print_as_torchs(file: Path) -> None:
    done = jitviewer("graph", str(file), "--passes", "freeze")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == str(torch.jit.freeze(torch.jit.load(str(file)).eval()).graph)
    done = jitviewer("graph", str(file), "--passes", "freeze{optimize_numerics=false}")
    assert done.stdout.count("aten::batch_norm") == 4


@pytest.mark.parametrize("command", ["freeze", "optimize"])
def test_archives_are_loaded_by_torch(file: Path, tmp_path: Path, command: str) -> None:
    out = tmp_path / "out.pt"
    done = jitviewer(command, str(file), "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert ("oneDNN" in done.stderr) == (command == "optimize")
    loaded = torch.jit.load(str(out))
    theirs = torch.jit.freeze(torch.jit.load(str(file)).eval())
    [x] = PROGRAMS["convolutions-and-norms"][1]
    assert same(loaded(x), theirs(x))
    assert list(loaded.parameters()) == []
    assert loaded.code == theirs.code


def test_what_is_preserved_stays(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pt"
    done = jitviewer("freeze", str(file), "-o", str(out), "--preserve", "plain.weight", "--keep-numerics")
    assert (done.returncode, done.stderr) == (0, "")
    loaded = torch.jit.load(str(out))
    assert [name for name, _ in loaded.named_parameters()] == ["plain.weight"]
    assert loaded.code.count("batch_norm") == 4
    done = jitviewer("freeze", str(file), "-o", str(out), "--preserve", "nothing")
    assert (done.returncode, done.stderr) == (1, "jitviewer: Unknown name: nothing\n")


def test_a_function_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "f.ir"
    text.write_text("graph(%x : Tensor):\n  return (%x)\n", encoding="utf-8")
    done = jitviewer("freeze", str(text), "-o", str(tmp_path / "out.pt"))
    assert done.returncode == 1
    assert "only modules can be frozen" in done.stderr
    assert not (tmp_path / "out.pt").exists()
