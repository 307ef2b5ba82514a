"""One theme as data: named colours read from `resources/themes`."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from PySide6.QtGui import QColor

from jitviewer.resources import resource


class Theme(msgspec.Struct, frozen=True):
    """Named colours as `#rrggbb`.

    `frames` are the fills of nested frames by depth, `categories` the colours of operator groups,
    `marks` of what a rewrite did to a node, `syntax` of the kinds of tokens.
    """

    name: str
    is_dark: bool
    colors: dict[str, str]
    frames: list[str]
    categories: dict[str, str]
    marks: dict[str, str]
    syntax: dict[str, str]

    def color(self, name: str) -> QColor:
        """A named colour of `colors`."""
        return QColor(self.colors[name])

    def category(self, name: str) -> QColor:
        """The colour of an operator group; unknown groups look like "other"."""
        return QColor(self.categories.get(name) or self.categories["other"])

    def mark(self, name: str) -> QColor:
        """The colour of a mark."""
        return QColor(self.marks[name])

    def mix(self, name: str, over: str, share: float) -> QColor:
        """`share` of the colour `name` laid over the colour `over` (0: only `over`)."""
        return mix(self.color(name), self.color(over), share)


def mix(top: QColor, under: QColor, share: float) -> QColor:
    """`share` of `top` laid over `under`, opaque."""
    rest = 1.0 - share
    return QColor(
        round(top.red() * share + under.red() * rest),
        round(top.green() * share + under.green() * rest),
        round(top.blue() * share + under.blue() * rest),
    )


@lru_cache(maxsize=4)
def load_theme(name: str) -> Theme:
    """The theme called "light" or "dark". Raises `FileNotFoundError` for other names."""
    return msgspec.json.decode(resource("themes", f"{name}.json").read_bytes(), type=Theme)
