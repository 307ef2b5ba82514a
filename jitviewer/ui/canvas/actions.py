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


class CanvasActions(QObject):
    """Attributes are the actions; `all` are those with a key, in the order of a list of shortcuts."""

    def __init__(self, widget: QWidget, commands: CanvasCommands) -> None:
        super().__init__(widget)
        self._widget = widget
        self.all: list[QAction] = []
        add = self._add
        self.open = add("&Open or close", "Return", commands.open_or_follow)
        self.producer = add("Go to what gives its &input", "Up", lambda: commands.walk(forward=False))
        self.user = add("Go to what &uses its result", "Down", lambda: commands.walk(forward=True))
        self.left = add("Go to the one on the &left", "Left", lambda: commands.walk_aside(-1))
        self.right = add("Go to the one on the &right", "Right", lambda: commands.walk_aside(1))
        self.edge = add("Choose its next &edge", "E", commands.next_edge)
        self.users = add("Highlight what &depends on it", "D", lambda: commands.highlight("users"))
        self.producers = add(
            "Highlight what it depends &on", "Shift+D", lambda: commands.highlight("producers")
        )
        self.path = add("Start a &path here", "P", commands.path)
        self.clear = add("End the &highlight or selection", "Escape", commands.clear)
        self.fit_selection = add("&Zoom to it", "Z", commands.fit_selection)
        self.fit = add("Show the &whole graph", "F", commands.fit)
        self.zoom_in = add("Zoom in", "+", lambda: commands.zoom(1.25))
        self.zoom_out = add("Zoom out", "-", lambda: commands.zoom(0.8))
        self.open_all = add("Open every frame", "O", lambda: commands.set_all(is_open=True))
        self.close_all = add("Close every frame", "Shift+O", lambda: commands.set_all(is_open=False))
        self.own_constants = add("Its &constants as boxes", "C", commands.show_own_constants)
        self.constants = add("All constants as boxes", "Shift+C", commands.choose, checkable=True)
        self.unroll = add("Show every &repetition", "Shift+R", commands.unroll)
        self.repeats = add("Repeated layers once, with a count", "R", commands.choose, checkable=True)
        self.types = add("Types on edges", "T", commands.choose, checkable=True)
        self.map = add("Overview map", "M", commands.choose, checkable=True)
        self.export = add("E&xport what is shown…", "Ctrl+Shift+E", commands.export)
        self.menu = add("Menu of what is selected", "Shift+F10", commands.show_menu)
        self.types.setChecked(True)
        self.map.setChecked(True)

    def _add(self, text: str, keys: str, slot: Callable[[], object], *, checkable: bool = False) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        # The letters are keys of the canvas only while it has the focus.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setCheckable(checkable)
        action.triggered.connect(lambda _checked=False: slot())
        self._widget.addAction(action)
        self.all.append(action)
        return action
