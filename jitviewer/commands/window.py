"""Open files in the window."""

from __future__ import annotations

import argparse
import os
import sys

from jitviewer.commands.telling import tell


def execute(options: argparse.Namespace) -> int:
    """Show the window until it is closed."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
    ):
        tell(
            "there is no display for the window (DISPLAY and WAYLAND_DISPLAY are not set); "
            "use a command such as 'jitviewer graph FILE' or 'jitviewer screenshot FILE OUT.png' instead"
        )
        return 1
    from jitviewer.ui.app import run_window

    return run_window(options.files, options.theme)
