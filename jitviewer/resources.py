"""Finds the files that ship with the program, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder. Raises `FileNotFoundError` naming what is missing.

    A wheel carries `resources/` inside the package; an editable install reads it beside the package.
    """
    for place in _PLACES:
        candidate = place.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"the installation lacks its file resources/{'/'.join(parts)}")
