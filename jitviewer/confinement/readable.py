"""Finds the folders that Python and the packages of a process lie in."""

from __future__ import annotations

import os
import sys
from typing import Final

_OF_PACKAGES: Final = ("site-packages", "dist-packages")
_SUFFIXES: Final = (".py", ".so", ".pyd")
_SHIPPED: Final = ("resources",)
"""What this program reads beside its packages in a checkout."""


def python_folders() -> tuple[list[str], list[str]]:
    """Paths to be read with all beneath, and folders of which only the names in them are needed.

    A folder of packages outside of Python's own (a checkout, a folder in PYTHONPATH) may hold anything: of
    such a one, packages and modules are read, and what lies beside them is not.
    """
    own = [os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, sys.exec_prefix)]
    whole = [path for path in own if path not in ("/", "/usr", "/usr/local")]
    if len(whole) < len(own):
        # The system's own Python: its library stands among /usr/lib; packages are named by the search path.
        whole.append(os.path.dirname(os.path.realpath(os.__file__)))  # noqa: PTH120  # paths are texts here
    whole.append(os.path.realpath(sys.executable))
    whole += os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    listed: list[str] = []
    for entry in sys.path:
        folder = os.path.realpath(entry)
        if any(_lies_in(folder, known) for known in whole) or folder.endswith(_OF_PACKAGES):
            whole.append(folder)
        elif os.path.isdir(folder):  # noqa: PTH112
            listed.append(folder)
            whole += _packages_in(folder)
    # A virtual environment is often a folder of links.
    return [path for path in dict.fromkeys(whole) if path], list(dict.fromkeys(listed))


def _lies_in(path: str, folder: str) -> bool:
    return bool(folder) and (path == folder or path.startswith(folder + os.sep))


def _packages_in(folder: str) -> list[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            is_package = entry.name in _SHIPPED or (
                entry.name.isidentifier()
                and os.path.isfile(  # noqa: PTH113
                    os.path.join(entry.path, "__init__.py")  # noqa: PTH118
                )
            )
            if is_package or entry.name.endswith(_SUFFIXES):
                found.append(entry.path)
    return found
