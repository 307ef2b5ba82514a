"""A change of a person's file, not yet tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A file with another text.

    `summary` says in a sentence what is done, and why. `is_other` is whether the program itself gives other
    values then, as with other draws or in another mode; all else must give what it gave.
    """

    summary: str
    file: str
    text: str
    is_other: bool = False
