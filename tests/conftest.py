"""What every test shares: an offscreen Qt, draws that are the same every time, golden refreshing."""

import os
import random
import sys
from pathlib import Path

import pytest

from tests.draws import fix_draws

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Kernels of small tensors gain nothing from threads, and threads of several processes spin for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

fix_draws()

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer `--update-golden`, which rewrites expected outputs instead of comparing with them."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files that differ")


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    """Random numbers that a test takes without a seed of its own are the same whatever ran before it."""
    random.seed(0)
    if "torch" in sys.modules:
        # What torch begins with where nobody seeds it, so that it is no matter who imports it first.
        sys.modules["torch"].manual_seed(67280421310721)


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are being rewritten in this session."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample scripts and archives."""
    return ROOT / "resources" / "samples"


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of other people's archives that JITVIEWER_MODELS names; skips where it is not set."""
    folder = os.environ.get("JITVIEWER_MODELS")
    if not folder:
        pytest.skip("JITVIEWER_MODELS does not name a folder of archives")
    return Path(folder)
