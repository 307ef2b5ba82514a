"""Pictures of the window: what the window says instead of showing something is told at once."""

import subprocess
import sys

import pytest
import torch

from jitviewer.commands import headless_tour


class Asserts(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        assert x.dim() > 5, "too flat"
        return x


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("pictures")
    # torch writes this float such that it reads an integer, which the operator does not take.
    torch.jit.trace(lambda x: x.nan_to_num(1e10), torch.ones(3)).save(str(made / "not_compiling.pt"))
    torch.jit.save(torch.jit.script(Asserts()), str(made / "asserts.pt"))
    torch.jit.save(torch.jit.script(torch.nn.Module()), str(made / "empty.pt"))
    (made / "program.py").write_text("def f(x):\n    return x\n")
    return made


CASES = [
    (["not_compiling.pt"], "code/__torch__.py:", "aten::nan_to_num"),
    (["empty.pt"], "empty.pt has no methods"),
    (["program.py"], "program.py is a Python file", "jitviewer script"),
    (["asserts.pt", "--passes", "inline,nope"], "there is no pass called 'nope'"),
    (["asserts.pt", "--run"], "too flat"),
    (["nothing.pt"], "nothing.pt cannot be opened"),
]


@pytest.mark.parametrize(("words", "said", "also"), [(*case, "")[:3] for case in CASES])
def test_what_cannot_be_shown_is_said(folder, words, said, also):
    file, *rest = words
    done = subprocess.run(
        [sys.executable, "-m", "jitviewer", "screenshot", file, "out.png", *rest],
        capture_output=True, text=True, check=False, timeout=100, cwd=folder,
    )  # fmt: skip
    # The program's own limit is two minutes, after which it says that the window was not ready.
    assert done.returncode == 1
    assert said in done.stderr
    assert also in done.stderr
    assert "not ready in time" not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "out.png").exists()


@pytest.mark.parametrize(
    ("file", "said"), [("not_compiling.pt", "aten::nan_to_num"), ("program.py", "asks first")]
)
def test_the_tour_ends_with_what_cannot_be_shown(folder, file, said, capfd):
    assert headless_tour._tour_of(str(folder / file)) == 1
    assert said in capfd.readouterr().err
