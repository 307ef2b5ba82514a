"""Files that were opened and closed leave no memory behind, in the window and in the engine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    """The engine comes back to what it was; the window, which is one process, grows no more after once."""
    small = stages["a small file was open"]
    for name in ("one after another, all closed", "all closed"):
        first, last = stages[f"round 1: {name}"], stages[f"round 2: {name}"]
        assert last["window"] < 1.1 * first["window"], stages
        assert last["engine"] < 1.1 * small["engine"], stages


@pytest.mark.e2e
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of processes from /proc")
def test_samples_opened_one_after_another_and_at_once_leave_nothing():
    check(held(SAMPLES))


@pytest.mark.models
@pytest.mark.skipif(not MODELS, reason="JITVIEWER_MODELS does not name a folder of archives")
def test_models_opened_one_after_another_and_at_once_leave_nothing():
    check(held(sorted(Path(MODELS).glob("*.pt"))))
