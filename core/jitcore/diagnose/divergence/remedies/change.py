"""A change of a person's file, not yet tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A file with another text; `summary` says in a sentence what is done, and why."""

    summary: str
    file: str
    text: str
