"""What a workspace is: which parts of the window a task needs, and how they stand at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VIEWS = ("source", "code", "graph", "canvas", "scrubber", "comparison")
"""Views of a document that a workspace may show: three texts, the picture, the slider of its rewrites, and
the graph beside that of another document."""


@dataclass(frozen=True)
class DockPlace:
    """Where a dock stands at first.

    `dock` is its object name; those of one side stand below each other in the order in which they are given.
    `height` is its share of that side. One that is not `is_open` comes there when somebody asks for it.
    """

    dock: str
    side: Literal["left", "right"]
    height: int = 100
    is_open: bool = True


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """The parts of the window for one task.

    `name` stands in the settings, `title` on the switch; `purpose` says what it is for in some words. `docks`
    are those that belong to the task: a command that needs another one leads to the workspace of that one.
    `left` and `right` are the widths of the two sides in pixels. `views` are open at first; where texts and
    canvas stand beside each other, texts get `texts_share` percent of the room.
    """

    name: str
    title: str
    keys: str
    purpose: str
    docks: tuple[DockPlace, ...]
    left: int
    right: int
    views: frozenset[str]
    texts_share: int

    def has_dock(self, name: str) -> bool:
        """Whether a dock belongs to the task."""
        return any(place.dock == name for place in self.docks)
