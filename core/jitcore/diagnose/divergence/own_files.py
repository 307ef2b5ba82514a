"""Which files are a person's own: no library's, and none of ours."""

from __future__ import annotations

import sysconfig
from functools import cache
from pathlib import Path
from types import FrameType

import torch

_CORE = Path(__file__).resolve().parents[3]
_LIBRARIES = tuple(
    str(Path(folder).resolve())
    for folder in {
        sysconfig.get_paths()["stdlib"],
        sysconfig.get_paths()["purelib"],
        sysconfig.get_paths()["platlib"],
        str(Path(torch.__file__).resolve().parents[1]),
        str(_CORE / "jitcore"),
        str(_CORE.parent / "jitviewer"),
    }
)


@cache
def is_own(file: str) -> bool:
    """Whether the file of a code object is a person's: it exists, outside of libraries and of jitcore."""
    if not file or file.startswith("<"):
        return False
    path = Path(file)
    # Names that archives of Python's own make up are paths from nowhere.
    if not path.is_absolute() or not path.is_file():
        return False
    resolved = path.resolve()
    if {"site-packages", "dist-packages"} & set(resolved.parts):
        return False
    return not str(resolved).startswith(_LIBRARIES) and path.suffix == ".py"


def own_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame, from `frame` outwards, whose code is a person's."""
    while frame is not None and not is_own(frame.f_code.co_filename):
        frame = frame.f_back
    return frame
