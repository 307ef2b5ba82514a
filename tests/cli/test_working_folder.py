"""A module that lies beside a model has no part in opening or running it."""

from __future__ import annotations

import os
import subprocess
import sys

INTRUDER = """from pathlib import Path
Path(__file__).with_name("was-imported").touch()
raise ImportError(__name__)
"""


def test_modules_beside_a_model_are_not_imported(tmp_path, samples):
    model = tmp_path / "gate.pt"
    model.write_bytes((samples / "gate.pt").read_bytes())
    for name in ("torch", "torchvision", "numpy", "msgspec", "jitcore", "jitviewer", "socket"):
        (tmp_path / f"{name}.py").write_text(INTRUDER)
    # As the installed command starts: its folder, and not the one that the person is in, is looked into.
    done = subprocess.run(
        [sys.executable, "-P", "-m", "jitviewer", "run", "gate.pt", "--passes", "constant-propagation"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "was-imported").exists()
