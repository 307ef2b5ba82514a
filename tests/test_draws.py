"""What the suite draws depends on the test alone."""

import subprocess
import sys

import pytest
import torch
from hypothesis import settings

from tests.draws import ROOT

DRAWING = """
import sys
{before}
from hypothesis import given, settings, strategies as st
from tests.draws import fix_draws
fix_draws()

@settings(max_examples=200)
@given(st.integers(0, 1 << 32), st.text(max_size=9))
def test(number, text):
    print(number, ascii(text))

test()
"""


def drawn(before: str) -> str:
    """What is drawn in a process of its own that runs `before` first."""
    path = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'core')!r}]; "
    return subprocess.run(
        [sys.executable, "-c", DRAWING.format(before=path + before)],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def test_draws_do_not_depend_on_what_is_imported():
    texts = {drawn(before) for before in ("", "import jitcore.archive, jitcore.passes, jitviewer.protocol")}
    assert len(texts) == 1
    assert len(texts.pop().splitlines()) == 200


FOUND = """
from hypothesis import given, strategies as st

@given(st.integers(0, 10))
def test_drawn(number):
    assert number != 7

def test_other():
    assert False
"""


@pytest.mark.parametrize(("test", "rounds", "status"), [(FOUND, 2, 1), (FOUND.replace("!= 7", "< 11"), 1, 0)])
def test_the_command_draws_tests_that_draw_and_says_what_it_found(tmp_path, test, rounds, status):
    file = tmp_path / "test_found.py"
    file.write_text(test)
    (tmp_path / "conftest.py").write_text("from tests.draws import fix_draws\n\nfix_draws()\n")
    done = subprocess.run(
        [sys.executable, "-m", "tests.draws", "--rounds", str(rounds), "--seed", "3", str(file)],
        check=False, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    assert ("number=7" in done.stdout) is bool(status)
    assert "test_other" not in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last == ("2 rounds, 2 with a find: seeds 3, 4" if status else "1 rounds, 0 with a find")


def test_draws_of_the_suite_are_fixed():
    assert settings.default.derandomize


NUMBERS: list[float] = []


@pytest.mark.parametrize("time", range(2))
def test_numbers_of_torch_begin_anew_in_each_test(time):
    NUMBERS.append(float(torch.rand(())))
    assert len(set(NUMBERS)) == 1
