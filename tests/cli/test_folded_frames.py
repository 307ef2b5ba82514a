"""Of many frames that led to an error the first and the last are shown; torch's whole text is asked for."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import torch

from jitviewer.folded_frames import MOST_FRAMES, folded_frames
from tests.cli.processes import jitviewer

CALLS = 8
FOLD = f"  … and {CALLS - 1} more frames; --debug shows them"


def program(folder: Path) -> Path:
    lines = ["import torch", "def f0(x: int):", "    return x.foo()"]
    for at in range(1, CALLS):
        lines += [f"def f{at}(x: int):", f"    return f{at - 1}(x)"]
    lines += [
        "class M(torch.nn.Module):",
        "    def forward(self, x: int):",
        f"        return f{CALLS - 1}(x)",
    ]
    path = folder / "deep_calls.py"
    path.write_text("\n".join(lines) + "\n")
    return path


def refusal_of_torch(path: Path) -> str:
    spec = importlib.util.spec_from_file_location("deep_calls", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.raises(RuntimeError) as raised:
        torch.jit.script(module.M())
    return str(raised.value).strip()


def test_a_refusal_folds_the_frames_in_the_middle_and_debug_has_all(tmp_path):
    path = program(tmp_path)
    theirs = refusal_of_torch(path).split(":\n", 1)[1].splitlines()
    done = jitviewer("code", f"{path}:M")
    ours = done.stderr.splitlines()[1:]
    place = ours.index(FOLD)
    assert ours[:place] == theirs[:place]
    assert ours[place + 1 :] == theirs[-(len(ours) - place - 1) :]
    assert "\n".join(ours).count("<--- HERE") == 2
    whole = jitviewer("code", f"{path}:M", "--debug").stderr
    assert "\n".join(theirs) in whole


class Leaf(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.mm(x, x)


class Caller(torch.nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x)


def nested(calls: int, path: Path) -> torch.jit.ScriptModule:
    made: torch.nn.Module = Leaf()
    for _ in range(calls):
        made = Caller(made)
    scripted = torch.jit.script(made)
    scripted.save(str(path))
    return torch.jit.load(str(path))


def frames(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("File ")]


def test_a_run_that_fails_folds_them_and_debug_has_those_of_torch(tmp_path):
    path = tmp_path / "deep.pt"
    with pytest.raises(RuntimeError) as raised:
        nested(CALLS, path)(torch.ones(2, 3))
    original = str(raised.value).partition("original code")[2]
    words = ("run", str(path), "--input", "float32[2,3]")
    folded = jitviewer(*words).stderr
    assert FOLD in folded.splitlines()
    assert frames(folded) == [frames(original)[0], frames(original)[-1]]
    whole = jitviewer(*words, "--debug").stderr
    assert frames(whole) == frames(original)
    assert "more frames" not in whole


@pytest.mark.parametrize("count", range(1, MOST_FRAMES + 3))
def test_few_frames_stand_as_they_are(tmp_path, count):
    with pytest.raises(RuntimeError) as raised:
        nested(count - 1, tmp_path / "deep.pt")(torch.ones(2, 3))
    text = str(raised.value)
    folded = folded_frames(text)
    if count <= MOST_FRAMES:
        assert folded == text
        return
    # torch tells the frames of the archive and then those of what it was made from.
    lines = folded.splitlines()
    assert lines.count(f"  … and {count - 2} more frames") == 2
    assert folded.count("<--- HERE") == 4
    assert lines[0] == text.splitlines()[0]
    assert lines[-1] == text.splitlines()[-1]
    assert all(line in text.splitlines() for line in lines if "more frames" not in line)


def test_a_text_without_frames_is_left_alone():
    for text in (
        "",
        "a\nb",
        "Traceback of TorchScript (most recent call last):",
        "<--- HERE\n" * MOST_FRAMES,
    ):
        assert folded_frames(text) == text
