"""Which files are a person's own: all but the standard library's, installed packages and this program."""

from __future__ import annotations

import site
import sys
import sysconfig
from functools import cache
from pathlib import Path
from types import FunctionType

import numpy

_PROGRAM = Path(__file__).resolve().parents[3]


def _folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    found = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    found.update(site.getsitepackages())
    found.add(site.getusersitepackages())
    found.add(str(_PROGRAM / "jitcore"))
    # Beside the core in a source tree; installed they are among the packages anyway.
    found.add(str(_PROGRAM.parent / "jitviewer"))
    resolved = {str(Path(folder).resolve()) for folder in found}
    return tuple(f"{folder}/" for folder in sorted(found | resolved))


_LIBRARIES = _folders()
_PLAIN = (
    f"{Path(sysconfig.get_paths()['stdlib']).resolve()}/",
    f"{Path(numpy.__file__).resolve().parent}/",
)


@cache
def is_own_file(name: str) -> bool:
    """Whether a file that code was compiled from is one of the person's own; text of no file is not."""
    if name.startswith("<"):
        return False
    path = Path(name)
    if not path.is_absolute() and not path.exists():
        # Modules without a file that say they have one (`torch.ops`).
        return False
    return not path.absolute().as_posix().startswith(_LIBRARIES)


@cache
def is_plain_library(name: str) -> bool:
    """Whether a file is of the standard library or numpy, which read what they are given for who gives it."""
    path = Path(name).absolute().resolve().as_posix()
    return path.startswith(_PLAIN) and (path.startswith(_PLAIN[1]) or "/site-packages/" not in path)


def is_own_class(kind: type) -> bool:
    """Whether a class is one of the person's own files."""
    file = getattr(sys.modules.get(kind.__module__), "__dict__", {}).get("__file__")
    if isinstance(file, str):
        return is_own_file(file)
    # Files may be run without becoming modules.
    return any(
        isinstance(each, FunctionType) and is_own_file(each.__code__.co_filename)
        for each in vars(kind).values()
    )
