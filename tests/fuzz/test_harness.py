"""The judge of hostile files sees what it must not miss."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.fuzz import campaign
from tests.fuzz.campaign import ROOT, SAMPLES, run_cases
from tests.fuzz.cases import ROWS, make_case, row_of
from tests.fuzz.draft import sample_archives

JUDGE = """
import os, sys
from pathlib import Path
import tests.fuzz.worker as worker
os.chdir(sys.argv[1])
def opening(path):
    {body}
worker.WAYS = (opening,)
print(*worker.judge(Path("x"), worker.Watch()))
"""


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("return []", "opened"),
        ("return ['a sentence']", "told a sentence"),
        ("return [chr(10).join(['two', 'lines'])]", "wrong not one readable sentence"),
        ("raise ValueError('unforeseen')", "wrong ValueError: unforeseen"),
        ("open('left', 'w').close(); return []", "wrong writes left"),
        ("os.system('true'); return []", "wrong does os.system"),
        ("import hypothesis; return []", "wrong imports hypothesis"),
        ("return [bytes(2 << 30)]", "wrong MemoryError"),
    ],
)
def test_what_no_opening_may_do_is_found(tmp_path, body, verdict):
    done = subprocess.run(
        [sys.executable, "-c", JUDGE.format(body=body), str(tmp_path)],
        capture_output=True, text=True, check=True, timeout=120, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'core'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    assert done.stdout.startswith(verdict)


def test_a_worker_that_dies_is_a_finding_and_does_not_end_the_run(monkeypatch, tmp_path):
    monkeypatch.setattr(campaign, "SAMPLES", tmp_path)
    report = run_cases(range(2), seed=0, workers=1)
    assert [v.kind for v in report.verdicts] == ["wrong", "wrong"]
    assert "the process died with status 1" in report.verdicts[0].text


def test_a_case_is_the_same_whenever_it_is_made():
    archives = sample_archives(SAMPLES)
    assert [make_case(7, i, archives) for i in range(60)] == [make_case(7, i, archives) for i in range(60)]


def test_rows_take_turns():
    assert [row_of(i) for i in range(len(ROWS))] == list(ROWS)
