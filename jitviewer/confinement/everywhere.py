"""The paths of a process that may reach a person's files: all but what is no file of theirs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from jitviewer.confinement import landlock
from jitviewer.confinement.policy import READ, READ_ACCELERATOR, USE, USE_ACCELERATOR, USE_WITH_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_FILES: Final = ("/proc", "/dev")
"""What lies there reaches other processes and their terminals; only what all roles may have is granted."""


def everywhere() -> Iterator[tuple[str, int]]:
    """Each path with the rights on it. What appears at the root later is not among them."""
    for name in os.listdir("/"):  # noqa: PTH208  # imports nothing, before every run
        if f"/{name}" not in _NOT_FILES:
            yield f"/{name}", landlock.ALL_BUT_EXECUTE
    for allowance in (*READ, *READ_ACCELERATOR):
        if allowance.what.startswith(_NOT_FILES):
            yield allowance.what, landlock.READ
    for allowance in (*USE, *USE_ACCELERATOR):
        yield allowance.what, landlock.USE_DEVICE
    for allowance in USE_WITH_FILES:
        yield allowance.what, landlock.ALL_BUT_EXECUTE
