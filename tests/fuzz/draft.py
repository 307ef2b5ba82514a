"""An archive that is being damaged: its records, and what is done to the bytes of the finished file."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.archive.handmade import Entry, HandmadeZip

Damage = Callable[[random.Random, "Draft"], None]
"""What one mutation does to a draft."""


@dataclass
class Draft:
    """Records with their paths, fields of the end of the directory, and changes of the whole file."""

    entries: list[Entry]
    fields: dict[str, object] = field(default_factory=dict)
    afterwards: list[Callable[[bytes], bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, archive: bytes) -> Draft:
        with zipfile.ZipFile(io.BytesIO(archive)) as file:
            return cls([Entry(name, file.read(name)) for name in file.namelist()])

    def to_bytes(self) -> bytes:
        content = HandmadeZip(self.entries, **self.fields).to_bytes()  # type: ignore[arg-type]
        for change in self.afterwards:
            content = change(content)
        return content

    @property
    def folder(self) -> str:
        return self.entries[0].name.partition("/")[0] if self.entries else "archive"

    def find(self, name: str) -> Entry | None:
        return next((e for e in self.entries if e.name.partition("/")[2] == name), None)

    def put(self, name: str, content: bytes) -> Entry:
        """Add or replace the record `name` (without the folder)."""
        entry = self.find(name)
        if entry is None:
            entry = Entry(f"{self.folder}/{name}", content)
            self.entries.append(entry)
        entry.content = content
        return entry

    def some(self, rng: random.Random, suffix: str = "") -> Entry:
        """A record whose name ends in `suffix`, or any if there is none."""
        found = [e for e in self.entries if e.name.endswith(suffix) and e.content]
        return rng.choice(found or self.entries)


def sample_archives(folder: Path) -> list[bytes]:
    """The small sample archives."""
    names = ("attention", "constants", "gate", "loop", "repeats", "tuples")
    return [(folder / f"{name}.pt").read_bytes() for name in names]
