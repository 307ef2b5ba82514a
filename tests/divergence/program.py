"""A program of the corpus: its file, what it is traced with, and which line is guilty of what."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PROGRAMS = FOLDER / "programs"
CAUSES = frozenset({
    "branch", "loop-count", "shape", "constant", "device-or-dtype", "randomness", "mode", "aliasing",
    "python-state", "other-method", "numeric", "semantics",
})  # fmt: skip

_HEADER = re.compile(r"^(Trace|Input|Happens|Harmless): (.+)$", re.MULTILINE)
_MARKER = re.compile(r"# (guilty|also right): (\S+(?: or \S+)*)$")


@dataclass(frozen=True)
class Marker:
    """A line that a right answer names, with the causes that are right for it, the likeliest first.

    `is_first` tells the line that the answer should name from those that may as well be said to be guilty.
    """

    line: int
    causes: tuple[str, ...]
    is_first: bool


@dataclass(frozen=True)
class Program:
    """A program, of its file `path`.

    `name` is the path below `programs` without its ending, `subject` the name in the file that is traced,
    with the specifications `inputs`. A program without `markers` is clean.
    """

    name: str
    path: Path
    subject: str
    inputs: tuple[str, ...]
    markers: tuple[Marker, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing sets its sides apart."""
        return not self.markers

    @property
    def cause(self) -> str | None:
        """The cause that its guilty line is of."""
        return next((marker.causes[0] for marker in self.markers if marker.is_first), None)

    def judged(self, cause: str | None, line: int | None) -> bool:
        """Whether an answer names a right line, and what is right for it."""
        return any(marker.line == line and cause in marker.causes for marker in self.markers)


def read(path: Path) -> Program:
    """The program of a file. Raises `ValueError` naming what its header or its markers lack."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(PROGRAMS).with_suffix("").as_posix()
    header, _, _ = text.removeprefix('"""').partition('"""')
    said: dict[str, list[str]] = {}
    for key, value in _HEADER.findall(header):
        said.setdefault(key, []).append(value)
    markers = tuple(
        Marker(number, tuple(found[2].split(" or ")), found[1] == "guilty")
        for number, line in enumerate(text.splitlines(), 1)
        if (found := _MARKER.search(line))
    )
    wanted = {"Trace", "Input", "Happens" if markers else "Harmless"}
    if said.keys() != wanted or len(said["Trace"]) != 1:
        raise ValueError(f"the header of {name} says {sorted(said)}, not {sorted(wanted)}")
    for marker in markers:
        if not CAUSES.issuperset(marker.causes):
            raise ValueError(f"line {marker.line} of {name} names no cause: {marker.causes}")
    if markers and sum(marker.is_first for marker in markers) != 1:
        raise ValueError(f"{name} has no single guilty line")
    return Program(name, path, said["Trace"][0], tuple(said["Input"]), markers)


@cache
def programs() -> tuple[Program, ...]:
    """All programs, divergent and clean, by name."""
    return tuple(read(path) for path in sorted(PROGRAMS.rglob("*.py")))


@cache
def told_apart() -> dict[str, dict[str, Any]]:
    """What sets the sides of each divergent program apart, by name."""
    return tomllib.loads((FOLDER / "apart.toml").read_text(encoding="utf-8"))


@cache
def varied() -> dict[str, dict[str, Any]]:
    """More inputs of each clean program, by name."""
    return tomllib.loads((FOLDER / "varied.toml").read_text(encoding="utf-8"))
