"""Files that were opened and closed leave no memory behind, in the window and in the engine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.window_memory import ROUNDS

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = [ROOT / "resources" / "samples" / f"{stem}.pt" for stem in ("attention", "lstm", "resnet_small")]
MODELS = os.environ.get("JITVIEWER_MODELS", "")


def held(paths):
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.window_memory", *map(str, paths)],
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=True, timeout=1500,
    )  # fmt: skip
    return json.loads(done.stdout)


def check(stages):
    """Window and engine come back to what they held, within a tenth, and the window grows no more.

    What it was is measured after a small file was open once: by then all is loaded that showing a file needs.
    """
    small = stages["a small file was open"]
    for name in ("one after another, all closed", "all closed"):
        rounds = [stages[f"round {number}: {name}"] for number in range(1, ROUNDS + 1)]
        for process in ("window", "engine", "engine own"):
            assert max(held[process] for held in rounds) < 1.1 * small[process], (process, stages)
        # Letters of more sizes and pieces of Qt's tables survive here and there, but hardly more each time.
        assert rounds[-1]["window own"] < 1.1 * rounds[0]["window own"], stages


@pytest.mark.e2e
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of processes from /proc")
def test_samples_opened_one_after_another_and_at_once_leave_nothing():
    check(held(SAMPLES))


@pytest.mark.models
@pytest.mark.skipif(not MODELS, reason="JITVIEWER_MODELS does not name a folder of archives")
def test_models_opened_one_after_another_and_at_once_leave_nothing():
    check(held(sorted(Path(MODELS).glob("*.pt"))))
