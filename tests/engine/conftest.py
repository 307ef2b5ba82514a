"""Engines for tests: one that several tests share, and one of a test's own."""

import pytest

from tests.engine.engine_process import EngineProcess


@pytest.fixture
def engine():
    """An engine of the test's own, which has to end well and silently."""
    made = EngineProcess()
    yield made
    assert made.end() == 0
    assert "Traceback" not in made.errors()


@pytest.fixture(scope="module")
def shared_engine():
    """An engine for all tests of a file, which has to end well and silently."""
    made = EngineProcess()
    yield made
    assert made.end() == 0
    assert "Traceback" not in made.errors()
