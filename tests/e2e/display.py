"""Programs that drive the real window on an X server of their own."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "xdotool")


def _why_none() -> str:
    """What is missing for a real window; "" if nothing is."""
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    plugin = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms", "libqxcb.so")
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        missing.append(f"Qt's window on X ({error})")
    return f"needs {' and '.join(missing)}" if missing else ""


REAL_WINDOW = [pytest.mark.e2e, pytest.mark.skipif(bool(_why_none()), reason=_why_none() or "needs nothing")]
"""Marks of tests that need a display."""


def told_by(display: str, module: str, *arguments: str) -> str:
    """What `python -m module` prints on this display; fails unless it ends well."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
