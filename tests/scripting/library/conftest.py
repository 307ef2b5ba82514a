"""What tests of the library share."""

import pytest


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    """Whatever is given for a path is taken for one, a number or a stream too, and written to."""
    monkeypatch.chdir(tmp_path)
