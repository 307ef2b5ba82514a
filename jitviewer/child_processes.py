"""How another process of ours is started, so that no module that lies beside a model takes part in it."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from jitviewer.allocator import environment_of_children


def module_command(module: str) -> list[str]:
    """The command that runs `module` with this Python.

    `python -m` alone looks into the working folder first, where a file `torch.py` may lie beside the model.
    """
    return [sys.executable, "-P", "-m", module]


def module_environment() -> dict[str, str]:
    """This process's environment, in which the child finds our packages where this process found them."""
    folders = [str(_folder_of(package)) for package in ("jitviewer", "jitcore")]
    inherited = os.environ.get("PYTHONPATH", "")
    environment = environment_of_children()
    return {**environment, "PYTHONPATH": os.pathsep.join([*folders, *([inherited] if inherited else [])])}


def _folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    return Path(spec.origin).resolve().parent.parent
