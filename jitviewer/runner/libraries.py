"""Imports and loads what registers operators, before the runner meets a stranger's archive."""

from __future__ import annotations

import os
from importlib import import_module

import torch

from jitviewer.protocol.libraries import FILE, MODULE


def load_libraries(words: tuple[str, ...]) -> str:
    """Import and load in order; why that cannot be done, in a sentence, "" if it was."""
    for word in words:
        name = word.removeprefix(MODULE).removeprefix(FILE)
        if word.startswith(FILE) and not os.path.lexists(name):
            return f"{name} cannot be loaded: there is no such file"
        try:
            if word.startswith(MODULE):
                import_module(name)
            else:
                torch.ops.load_library(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever somebody's own code raises
            said = " ".join(str(error).split())
            what = "imported" if word.startswith(MODULE) else "loaded"
            return f"{name} cannot be {what}: {type(error).__name__}: {said}"
    return ""
