"""Runs the command line as a person does: in a process of its own."""

import subprocess
import sys


def jitviewer(*words: str) -> subprocess.CompletedProcess[str]:
    """The finished process of `jitviewer WORDS`."""
    return subprocess.run(
        [sys.executable, "-m", "jitviewer", *words], capture_output=True, text=True, check=False, timeout=120
    )
