"""The command that tries several releases reads what it is asked for and counts what was found."""

import sys
from collections import Counter

from jitcore.ops.releases import known_releases, release_of
from tests import releases
from tests.releases import Release, equal_of_compared, tried


def test_a_release_is_read_with_its_python():
    assert Release.read("2.9.1") == Release("2.9.1", sys.executable)
    assert Release.read("2.15.0@python3.13") == Release("2.15.0", "python3.13")


def test_the_releases_that_are_tried_are_those_that_have_tables():
    assert [release_of(version) for version in releases.TESTED] == known_releases()


def test_only_what_was_compared_counts():
    outcomes = Counter(
        {("graph", "equal"): 3, ("graph", "failed"): 1, ("code", "skipped"): 5, ("run", "equal"): 9}
    )
    assert equal_of_compared(outcomes, ("graph", "code")) == "3/4"


def test_an_environment_that_cannot_be_made_is_a_line_with_its_reason(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho first\necho no such release >&2\nexit 1\n")
    python.chmod(0o755)
    cells, is_good = tried(Release("9.9.9", str(python)), tmp_path, tmp_path)
    assert cells == ("9.9.9", str(python), "no environment: no such release")
    assert not is_good
