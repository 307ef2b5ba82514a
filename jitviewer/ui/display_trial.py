"""Finds out whether Qt can show windows here, which Qt itself only says while it ends the process."""

from __future__ import annotations

import os
import re
import sys
from typing import Final

_TAG: Final = re.compile(r"^qt\.[\w.]+: ")
"""What Qt puts before its remarks."""

_WHERE: Final = "DISPLAY, WAYLAND_DISPLAY and QT_QPA_PLATFORM say where windows are shown"


class DisplayTrial:
    """A copy of this process that makes an application of Qt and ends; begin it while there is one thread.

    What this process does meanwhile costs no time. Where processes cannot be copied nothing is tried.
    """

    def __init__(self) -> None:
        self._child = 0
        if not sys.platform.startswith("linux"):
            return
        # Imported here, so that the copy has it already.
        from PySide6 import QtWidgets

        reading, writing = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            _try(QtWidgets.QApplication, writing)
        os.close(writing)
        self._said = reading

    def why_not(self) -> str:
        """Why no window can be shown, in a sentence; "" if one can."""
        if not self._child:
            return ""
        with os.fdopen(self._said, "rb") as stream:
            said = stream.read().decode("utf-8", "replace")
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        if not status:
            return ""
        lines = [_TAG.sub("", line).strip() for line in said.splitlines() if line.strip()]
        reason = lines[0].rstrip(".") if lines else "Qt does not say why"
        return f"there is no display for the window: {reason} ({_WHERE})"


def _try(application: type, writing: int) -> None:
    """The copy's whole life: what Qt writes goes to the pipe."""
    import resource  # Windows has none

    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for output in (1, 2):
            os.dup2(writing, output)
        application(["jitviewer"])
        status = 0
    finally:
        os._exit(status)
