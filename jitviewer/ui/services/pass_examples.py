"""Where the example of a pass is."""

from __future__ import annotations

import re
from typing import Final

from jitviewer.resources import resource

_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FOLDER, _LAYERS = "pass_examples", "layers.pt"


def example_path(name: str) -> str:
    """The file with the example of a pass: a text of its own, or the archive of layers; "" for no name.

    The name comes from the engine, so it is looked at before it becomes part of a path.
    """
    if not _NAME.fullmatch(name):
        return ""
    try:
        return str(resource(_FOLDER, f"{name}.ir"))
    except FileNotFoundError:
        return str(resource(_FOLDER, _LAYERS))
