"""What every test shares: an offscreen Qt, hypothesis without deadlines, golden refreshing."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Kernels of small tensors gain nothing from threads, and threads of several processes spin for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A shared machine may stall for seconds; a time limit per example would only measure that.
settings.register_profile("jitviewer", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jitviewer")

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer `--update-golden`, which rewrites expected outputs instead of comparing with them."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files that differ")


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
