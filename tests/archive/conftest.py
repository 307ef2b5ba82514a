"""The maker of archive files for tests of the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.handmade import ArchiveMaker


@pytest.fixture
def make(tmp_path: Path) -> ArchiveMaker:
    return ArchiveMaker(tmp_path)
