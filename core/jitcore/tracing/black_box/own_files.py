"""Which files are a person's own: all but the standard library's, installed packages and this program."""

from __future__ import annotations

import linecache
import re
import site
import sys
import sysconfig
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import FunctionType

import numpy
import torch

_PROGRAM = Path(__file__).resolve().parents[3]
_INSTALLED = re.compile(r"((python|pypy)[\d.]*|[Ll]ib)/(site|dist)-packages")
"""The last two folders of those that packages are installed into, in any environment."""


def _folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    found = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    found.update(site.getsitepackages())
    found.add(site.getusersitepackages())
    # The standard library may be in one file beside its folder.
    found.add(f"{sys.base_prefix}/{sys.platlibdir}/python{sys.version_info[0]}{sys.version_info[1]}.zip")
    # Torch may be anywhere: built in its source tree, or where a path of modules leads.
    found.add(str(Path(torch.__file__).parent))
    found.add(str(_PROGRAM / "jitcore"))
    # Beside the core in a source tree; installed they are among the packages anyway.
    found.add(str(_PROGRAM.parent / "jitviewer"))
    resolved = {str(Path(folder).resolve()) for folder in found}
    return tuple(f"{Path(folder).as_posix()}/" for folder in sorted(found | resolved))


_LIBRARIES = _folders()
_PLAIN = (
    f"{Path(sysconfig.get_paths()['stdlib']).resolve().as_posix()}/",
    f"{Path(numpy.__file__).resolve().parent.as_posix()}/",
)


@cache
def is_own_file(name: str) -> bool:
    """Whether a file that code was compiled from is one of the person's own.

    Where it lies decides: neither in a library's folder, reached directly or through links, nor in that of
    the packages of another environment (`lib/python3.11/site-packages`). A folder that is only called so,
    or an environment's folder around the person's files, makes no library of them. The name may be relative
    to the current folder, and lead into an archive of modules, or be one whose text Python has without a
    file, as notebooks name their cells. Text that was given to `exec` without a name (``<string>``) has no
    place that a person could be led to, so it is none.
    """
    if not name or name.startswith("<") or name.endswith(tuple(EXTENSION_SUFFIXES)):
        return False
    path = Path(name).absolute()
    # Modules without a file may say that they have one (`torch.ops`), and archives make names up.
    if not (_is_held(path) or name in linecache.cache):
        return False
    return not any(map(_is_of_library, {path, path.resolve()}))


def _is_held(path: Path) -> bool:
    """Whether there is such a file, or an archive that it may be in."""
    return path.is_file() or next(each.is_file() for each in path.parents if each.exists())


def _is_of_library(path: Path) -> bool:
    if path.as_posix().startswith(_LIBRARIES):
        return True
    return any(_INSTALLED.fullmatch(f"{each.parent.name}/{each.name}") for each in path.parents)


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
