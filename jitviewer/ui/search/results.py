"""What search everywhere finds: rows, grouped by kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.editors.text_lines import Span

KINDS = ("commands", "modules", "operators", "values", "types", "classes", "text")
TITLES = {
    "commands": "Commands", "modules": "Modules and weights", "operators": "Operators", "values": "Values",
    "types": "Types and shapes", "classes": "Classes, functions and records", "text": "Text",
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """Something that the window can do."""

    title: str
    detail: str
    keys: str
    run: Callable[[], object]


@dataclass(frozen=True)
class LineTarget:
    """A place in a text: `pane` is code, graph or record."""

    pane: str
    span: Span
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class Result:
    """One thing that was found: what it is called, what is told of it, and where it leads.

    `marks` are the columns of `title` that matched; `icon` is the name of a drawing.
    """

    kind: str
    title: str
    detail: str
    target: Command | TreeRow | LineTarget
    marks: tuple[tuple[int, int], ...] = ()
    icon: str = ""


@dataclass
class Found:
    """All that a search found: `kept` results of each kind and how many there were; `nodes` and `lines` are
    what is marked on the canvas and in the texts by pane. `is_cut` says that a text held so many matches
    that it was not searched to its end."""

    kept: dict[str, list[Result]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    nodes: set[int] = field(default_factory=set)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    problem: str = ""
    is_cut: bool = False

    @property
    def total(self) -> int:
        """How many results there are of all kinds."""
        return sum(self.counts.values())
