"""Makes the corpus importable and compiles it once."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def scripted():
    import corpus

    return dict(corpus.scripted_functions())


@pytest.fixture(scope="session")
def script_modules():
    import corpus

    return dict(corpus.modules())
