"""Which release of torch the tables of this package speak of: they differ a little from one to the next."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Final

USUAL: Final = "2.13"
"""The release whose tables lie beside this module; what others have otherwise is in `releases`."""

_FOLDER = Path(__file__).with_name("of_releases")
_VERSION = re.compile(r"^__version__ = '([^']+)'", re.MULTILINE)


def known_releases() -> list[str]:
    """The releases that have tables, which are those that were tested, oldest first."""
    others = (folder.name for folder in _FOLDER.iterdir() if folder.is_dir())
    return sorted([USUAL, *others], key=_number)


def release_of(version: str) -> str:
    """`2.9` of `2.9.1+cu128`; raises ValueError for what is no version."""
    found = re.match(r"\d+\.\d+", version)
    if found is None:
        raise ValueError(f"{version!r} is no version of torch")
    return found[0]


def nearest_release(release: str) -> str:
    """The release whose tables stand in for another's: the newest that is not newer, or the oldest of all."""
    known = known_releases()
    return next((r for r in reversed(known) if _number(r) <= _number(release)), known[0])


def why_untested(version: str) -> str:
    """What is to be said of a version of torch that was not tested, in a sentence; "" of one that was."""
    known = known_releases()
    of = release_of(version)
    if of in known:
        return ""
    tested = f"{', '.join(known[:-1])} and {known[-1]}"
    return (
        f"torch {of} was not tested, {tested} were; operators are taken for those of {nearest_release(of)}."
    )


@cache
def installed_version() -> str | None:
    """The version of the torch that is installed, which is not imported for it; None if none is."""
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return None
    text = Path(found.origin).with_name("version.py").read_text(encoding="utf-8")
    version = _VERSION.search(text)
    return None if version is None else version[1]


@cache
def release() -> str:
    """The release whose tables are read: the installed one's or the nearest; without torch, the usual one."""
    version = installed_version()
    return USUAL if version is None else nearest_release(release_of(version))


def table_of(name: str, of: str | None = None) -> Path:
    """The file `name` for a release, by default the one in use."""
    other = _FOLDER / (of or release()) / name
    return other if other.exists() else Path(__file__).with_name(name)


def folder_of(release: str) -> Path:
    """Where the tables of a release are kept."""
    return Path(__file__).parent if release == USUAL else _FOLDER / release


def _number(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))
