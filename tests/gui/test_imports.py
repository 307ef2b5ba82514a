"""What the window's process loads."""

import subprocess
import sys

HEAVY = {"torch", "jitcore", "numpy", "pygments", "pyqtgraph", "pygraphviz", "networkx"}


def test_the_window_loads_neither_torch_nor_the_core():
    program = (
        "import sys, jitviewer.ui.app, jitviewer.ui.main_window, jitviewer.ui.screenshot\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
