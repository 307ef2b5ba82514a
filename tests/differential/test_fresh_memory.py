"""Where memory is not used twice, libtorch folds what we fold."""

import subprocess
import sys

import pytest

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
