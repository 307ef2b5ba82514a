"""What can be done on the canvas, each with its key: for the menus, the buttons and the list of shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


class CanvasCommands(Protocol):
    """What the canvas can do for its actions."""

    def walk(self, *, forward: bool) -> None:
        """Go along an edge to the box that uses a result, or that gives an input."""
        ...

    def walk_aside(self, step: int) -> None:
        """Go to another of the boxes that the last step could have led to."""
        ...

    def open_or_follow(self) -> None:
        """Open or close what is selected, or follow the chosen edge."""
        ...

    def next_edge(self) -> None:
        """Choose the next edge of what is selected."""
        ...

    def highlight(self, kind: str) -> None:
        """Highlight what depends on the selection, or what it depends on."""
        ...

    def path(self) -> None:
        """Remember the selection as one end of a path, or show the path to it."""
        ...

    def clear(self) -> None:
        """End the highlight, or else the selection."""
        ...

    def fit(self) -> None:
        """Show everything."""
        ...

    def fit_selection(self) -> None:
        """Show what is selected."""
        ...

    def zoom(self, factor: float) -> None:
        """Come nearer or go further away."""
        ...

    def set_all(self, *, is_open: bool) -> None:
        """Open or close every frame."""
        ...

    def show_own_constants(self) -> None:
        """Give the constants of the selected box boxes of their own, or fold them again."""
        ...

    def unroll(self) -> None:
        """Show every part of the selected repeat."""
        ...

    def choose(self) -> None:
        """Show constants, repeats, types and the map as the actions say."""
        ...

    def export(self) -> None:
        """Save what is shown as a picture or a text."""
        ...

    def show_menu(self) -> None:
        """Show the menu of what is selected."""
        ...


_WORDS: dict[str, tuple[str, str]] = {
    "open": ("Return", "&Open or close it, or follow its edge"),
    "producer": ("Up", "Go to what gives its &input"),
    "user": ("Down", "Go to what &uses its result"),
    "left": ("Left", "Go to the one on the &left"),
    "right": ("Right", "Go to the one on the &right"),
    "edge": ("E", "Choose its next &edge"),
    "users": ("D", "Highlight what &depends on it"),
    "producers": ("Shift+D", "Highlight what it depends &on"),
    "path": ("P", "Start a &path here"),
    "clear": ("Esc", "End the &highlight or selection"),
    "fit_selection": ("Z", "&Zoom to it"),
    "fit": ("F", "Show the &whole graph"),
    "zoom_in": ("+", "Zoom in"),
    "zoom_out": ("-", "Zoom out"),
    "open_all": ("O", "Open every frame"),
    "close_all": ("Shift+O", "Close every frame"),
    "own_constants": ("C", "Its &constants as boxes"),
    "constants": ("Shift+C", "All constants as boxes"),
    "unroll": ("Shift+R", "Show every &repetition"),
    "repeats": ("R", "Repeated layers once, with a count"),
    "types": ("T", "Types on edges"),
    "map": ("M", "Overview map"),
    "export": ("X", "E&xport what is shown…"),
    "menu": ("Shift+F10", "Menu of what is selected"),
}
"""By the name of an action: its key, and what it does to the selected box."""

CANVAS_KEYS = (
    *((key, words.replace("&", "").rstrip("…")) for key, words in _WORDS.values()),
    ("Arrows", "Move the picture while nothing is selected"),
    ("Shift+Arrows", "Move the picture"),
    ("Wheel, Shift+Wheel", "Zoom at the mouse, move sideways"),
)
"""For the list of keys."""


class CanvasActions(QObject):
    """Attributes are the actions; `all` are all of them, in the order of a list of shortcuts."""

    def __init__(self, widget: QWidget, commands: CanvasCommands) -> None:
        super().__init__(widget)
        self._widget = widget
        self.all: list[QAction] = []
        add = self._add
        self.open = add("open", commands.open_or_follow)
        self.producer = add("producer", lambda: commands.walk(forward=False))
        self.user = add("user", lambda: commands.walk(forward=True))
        self.left = add("left", lambda: commands.walk_aside(-1))
        self.right = add("right", lambda: commands.walk_aside(1))
        self.edge = add("edge", commands.next_edge)
        self.users = add("users", lambda: commands.highlight("users"))
        self.producers = add("producers", lambda: commands.highlight("producers"))
        self.path = add("path", commands.path)
        self.clear = add("clear", commands.clear)
        self.fit_selection = add("fit_selection", commands.fit_selection)
        self.fit = add("fit", commands.fit)
        self.zoom_in = add("zoom_in", lambda: commands.zoom(1.25))
        self.zoom_out = add("zoom_out", lambda: commands.zoom(0.8))
        self.open_all = add("open_all", lambda: commands.set_all(is_open=True))
        self.close_all = add("close_all", lambda: commands.set_all(is_open=False))
        self.own_constants = add("own_constants", commands.show_own_constants)
        self.constants = add("constants", commands.choose)
        self.unroll = add("unroll", commands.unroll)
        self.repeats = add("repeats", commands.choose)
        self.types = add("types", commands.choose)
        self.map = add("map", commands.choose)
        self.export = add("export", commands.export)
        self.menu = add("menu", commands.show_menu)
        for action, is_on in (
            (self.constants, False),
            (self.repeats, False),
            (self.types, True),
            (self.map, True),
        ):
            action.setCheckable(True)
            action.setChecked(is_on)

    def _add(self, name: str, slot: Callable[[], object]) -> QAction:
        key, words = _WORDS[name]
        action = QAction(words, self)
        action.setShortcut(QKeySequence(key))
        # The letters are keys of the canvas only while it has the focus.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: slot())
        self._widget.addAction(action)
        self.all.append(action)
        return action
