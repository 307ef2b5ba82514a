"""Groups compiled by torch's Inductor, from a function that is called to code that is kept on disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

import jitcore
from jitcore.exec.compiled.records import GroupRecord
from jitcore.exec.executor.settings import SETTINGS

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="there is no C++ compiler")


@pytest.fixture(autouse=True)
def _compiled_nowhere_else():
    before = SETTINGS.compiling
    yield
    jitcore.compile_groups(None)
    SETTINGS.compiling = before


def pointwise(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    for _ in range(4):
        x = torch.tanh(x * y + y) * 0.5
    return x


def records_of(folder: Path, x: torch.Tensor, y: torch.Tensor) -> list[GroupRecord]:
    """What became of the groups of a function that was called before and after they were compiled."""
    function = jitcore.trace(pointwise, (x, y))
    jitcore.compile_groups(folder)
    state = torch.get_rng_state()
    with jitcore.fuser("fuser1"):
        for _ in range(4):
            assert torch.equal(function(x, y), pointwise(x, y))
        assert jitcore.wait_for_compiled_groups(240)
        for _ in range(3):
            torch.testing.assert_close(function(x, y), pointwise(x, y))
        assert torch.equal(torch.get_rng_state(), state)
        other = torch.ones(7)
        torch.testing.assert_close(function(other, other), pointwise(other, other))
    return list(jitcore.compiled_groups())


def test_a_group_is_compiled_and_kept(tmp_path: Path):
    x, y = torch.rand(300, 300), torch.rand(300, 300)
    first = records_of(tmp_path, x, y)
    [kept] = tmp_path.glob("*.compiled")
    written = kept.stat().st_mtime_ns
    again = records_of(tmp_path, x, y)
    for records, was_kept in ((first, False), (again, True)):
        [version] = records[0].versions
        # Which is quicker is the machine's affair.
        assert version.state in ("compiled", "slower")
        assert version.was_kept is was_kept
        assert version.compiled > 0 < version.uncompiled
    assert kept.stat().st_mtime_ns == written


def test_without_a_compiler_groups_run_as_ever_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CXX", str(tmp_path / "absent"))
    x, y = torch.rand(30, 30), torch.rand(30, 30)
    [version] = records_of(tmp_path / "kept", x, y)[0].versions
    assert version.state == "refused"
    assert "C++ compiler" in version.reason
    assert not [*(tmp_path / "kept").glob("*.compiled")]
