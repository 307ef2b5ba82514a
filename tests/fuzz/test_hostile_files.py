"""Damaged and hostile archives end as opened or as one sentence; nothing else ever happens."""

from tests.fuzz.campaign import run_cases
from tests.fuzz.cases import ROWS

FILES = 400
"""`python -m tests.fuzz` opens 2,000 and more."""


def test_every_file_is_opened_or_told() -> None:
    report = run_cases(range(FILES), seed=0)
    assert [f"{v.index} ({v.row}): {v.text}" for v in report.wrong] == []
    assert len(report.verdicts) == FILES
    opened, told = report.count("opened"), report.count("told")
    assert all(opened[row] + told[row] for row in ROWS)
    assert sum(told.values()) > FILES / 4
