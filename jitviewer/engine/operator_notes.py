"""What operators do, in a sentence each, from the file that ships with the program."""

from __future__ import annotations

from functools import cache

from jitviewer.resources import resource


def note_of(kind: str) -> str:
    """What the operator `aten::add` does, "" if nothing is written about it.

    An operator that works in place is told of by its other form, with a word about that.
    """
    notes = _notes()
    found = notes.get(kind)
    if found is not None:
        return found
    plain = notes.get(kind.rstrip("_")) if kind.endswith("_") and not kind.endswith("__") else None
    return f"{plain} Works in place: the first operand is overwritten." if plain else ""


@cache
def _notes() -> dict[str, str]:
    notes: dict[str, str] = {}
    for line in resource("operator_notes.txt").read_text(encoding="utf-8").splitlines():
        name, _, sentence = line.partition(" ")
        if "::" in name and not line.startswith("#"):
            notes[name] = sentence.strip()
    return notes
