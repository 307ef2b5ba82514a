"""Where memory is not used twice, libtorch folds and gathers what we do."""

import subprocess
import sys

import pytest
import torch

from tests.differential import fresh_memory


@pytest.mark.skipif(fresh_memory.compiler() is None, reason="needs Linux and a C compiler")
def test_folds_that_addresses_decide_are_ours():
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.differential.corpus", fresh_memory.OPTION, "--passes", "--quick"),
            *("--part", "operators", "--only", "max_unpool1d"),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "operators" in done.stdout
    assert "when folding is repeated" not in done.stdout
    assert "another graph each time" not in done.stdout


class Norms(torch.nn.Module):
    """What is noted of the first norm's writes is found at the address of a node that is made later."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("count", "mean", "variance"):
            self.register_buffer(name, torch.ones(8))
        self.linear = torch.nn.Linear(8, 2)

    def forward(self, x):
        a = torch.batch_norm(x, None, None, self.mean, self.variance, True, 0.1, 1e-5, False)
        if self.training:
            self.count.add_(1)
        b = torch.batch_norm(x, None, None, self.mean, self.variance, True, 0.1, 1e-5, False)
        a += b
        return self.linear(a)


@pytest.mark.skipif(fresh_memory.compiler() is None, reason="needs Linux and a C compiler")
def test_groups_that_addresses_decide_are_ours(tmp_path):
    file = tmp_path / "norms.pt"
    torch.jit.script(Norms()).save(str(file))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.differential.executor", fresh_memory.OPTION, str(file)),
            *("--mode", "grad"),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "5/5" in done.stdout
