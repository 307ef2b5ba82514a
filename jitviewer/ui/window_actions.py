"""The actions of the window: menus, toolbar, shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from jitviewer.ui.services.settings import Settings
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.theme.icons import icon


class Commands(Protocol):
    """What the window can do for its actions."""

    def choose_files(self) -> None:
        """Ask for files with the file dialog and open them."""
        ...

    def open_path(self, path: str) -> None:
        """Open a file."""
        ...

    def close_current(self) -> None:
        """Close the document in front."""
        ...

    def toggle_run(self) -> None:
        """Run the shown method, or cancel the run."""
        ...

    def find_text(self) -> None:
        """Find in the text that has the focus, or in the graph's."""
        ...

    def search_everywhere(self, sign: str = "") -> None:
        """Search modules, operators, values, types, text and commands."""
        ...

    def go_to_found(self, by: int) -> None:
        """Go to the next (1) or previous (-1) result of the last search."""
        ...

    def filter_tree(self) -> None:
        """Go to the filter of the tree."""
        ...

    def fit_canvas(self) -> None:
        """Show the whole graph."""
        ...

    def step(self, by: int) -> None:
        """Go to another rewrite."""
        ...

    def change_passes(self, by: int) -> None:
        """Undo (-1) or redo (1) a change of the passes."""
        ...

    def choose_theme(self, choice: str) -> None:
        """Use "light", "dark" or "system" and remember it."""
        ...

    def reset_layout(self) -> None:
        """Put the docks where they were at first."""
        ...


class WindowActions(QObject):
    """Builds menus and toolbar. Attributes: `open`, `run`, `theme` and so on are the actions."""

    def __init__(
        self, window: QMainWindow, commands: Commands, themes: ThemeManager, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._themes = themes
        self._settings = settings
        self._commands = commands
        self._icons: list[tuple[QAction, str]] = []
        self.open = self._action("&Open…", commands.choose_files, "Ctrl+O", "open")
        self.close = self._action("&Close", commands.close_current, "Ctrl+W")
        self.quit = self._action("&Quit", window.close, "Ctrl+Q")
        self.run = self._action("&Run", commands.toggle_run, "F5", "run")
        self.find = self._action("&Find in text", commands.find_text, "Ctrl+F", "search")
        self.undo = self._action(
            "&Undo the change of passes", lambda: commands.change_passes(-1), "Ctrl+Z", "undo"
        )
        self.redo = self._action(
            "R&edo the change of passes", lambda: commands.change_passes(1), "Ctrl+Shift+Z", "redo"
        )
        self.search = self._action("&Search everywhere…", commands.search_everywhere, "Ctrl+P", "search")
        self.commands = self._action(
            "Co&mmands…", lambda: commands.search_everywhere(">"), "Ctrl+Shift+P", "command"
        )
        self.next_found = self._action("&Next result of the search", lambda: commands.go_to_found(1), "F3")
        self.previous_found = self._action(
            "Pre&vious result of the search", lambda: commands.go_to_found(-1), "Shift+F3"
        )
        self.filter = self._action("Filter the &tree", commands.filter_tree, "Ctrl+L")
        self.fit = self._action("Show the &whole graph", commands.fit_canvas, "Ctrl+0", "fit")
        self.back = self._action("&Previous rewrite", lambda: commands.step(-1), "Alt+Left", "previous")
        self.forward = self._action("&Next rewrite", lambda: commands.step(1), "Alt+Right", "next")
        self.theme = self._action("Light or dark", self._toggle_theme, "Ctrl+Shift+T", "theme")
        self.layout = self._action("&Reset the layout", commands.reset_layout)
        self._build_menus()
        self.toolbar = self._build_toolbar()
        themes.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def add_dock_toggles(self, toggles: list[QAction]) -> None:
        """Offer to show and hide the docks in the view menu."""
        self._view.insertSeparator(self.layout)
        for number, toggle in enumerate(toggles, 1):
            toggle.setShortcut(QKeySequence(f"Alt+{number}"))
            self._view.insertAction(self.layout, toggle)

    def set_running(self, is_running: bool) -> None:
        """Make the run action one that cancels, or back."""
        self.run.setText("Cancel the run" if is_running else "&Run")
        self._icons = [(a, n) for a, n in self._icons if a is not self.run]
        self._icons.append((self.run, "stop" if is_running else "run"))
        self._on_theme_changed()

    def set_has_document(self, has_document: bool) -> None:
        """Enable what needs a document."""
        for action in (self.close, self.run, self.find, self.filter, self.fit, self.back, self.forward):
            action.setEnabled(has_document)

    def _action(self, text: str, slot: Callable[[], object], keys: str = "", name: str = "") -> QAction:
        action = QAction(text, self._window)
        action.triggered.connect(lambda _checked=False: slot())
        plain = text.replace("&", "").rstrip("…")
        if keys:
            action.setShortcut(QKeySequence(keys))
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{plain} ({shown})")
        if name:
            self._icons.append((action, name))
        self._window.addAction(action)
        return action

    def _build_menus(self) -> None:
        bar = self._window.menuBar()
        file = bar.addMenu("&File")
        file.addAction(self.open)
        self._recent = file.addMenu("Open &recent")
        self._recent.aboutToShow.connect(self._fill_recent)
        file.addSeparator()
        file.addActions([self.close, self.quit])
        edit = bar.addMenu("&Edit")
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.search, self.commands, self.next_found, self.previous_found])
        edit.addSeparator()
        edit.addActions([self.find, self.filter])
        self._view = bar.addMenu("&View")
        self._view.addAction(self.fit)
        self._view.addMenu(self._theme_menu())
        self._view.addAction(self.layout)
        run = bar.addMenu("&Graph")
        run.addActions([self.run])
        run.addSeparator()
        run.addActions([self.back, self.forward])

    def _theme_menu(self) -> QMenu:
        menu = QMenu("&Theme", self._window)
        group = QActionGroup(self)
        for choice, text in (("system", "As the system"), ("light", "Light"), ("dark", "Dark")):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(self._themes.choice == choice)
            action.setData(choice)
            group.addAction(action)
        group.triggered.connect(lambda action: self._commands.choose_theme(str(action.data())))
        self._themes.theme_changed.connect(lambda: self._check_theme(group))
        return menu

    def _check_theme(self, group: QActionGroup) -> None:
        for action in group.actions():
            action.setChecked(action.data() == self._themes.choice)

    def _toggle_theme(self) -> None:
        self._commands.choose_theme("light" if self._themes.theme.is_dark else "dark")

    def _build_toolbar(self) -> QToolBar:
        bar = QToolBar("Toolbar")
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.addActions([self.open, self.run])
        bar.addSeparator()
        bar.addActions([self.find, self.fit])
        bar.addSeparator()
        bar.addAction(self.theme)
        self.theme.setIconText("Theme")
        self.find.setIconText("Find")
        self.fit.setIconText("Fit")
        menus = self._window.menuBar()
        if menus.isNativeMenuBar():
            self._window.addToolBar(bar)
        else:
            # One line of the screen for both leaves more of it to the graph.
            menus.setCornerWidget(bar)
        return bar

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in self._settings.recent():
            action = self._recent.addAction(Path(path).name)
            action.setToolTip(path)
            action.setStatusTip(path)
            action.triggered.connect(lambda _checked=False, path=path: self._commands.open_path(path))
        self._recent.addSeparator()
        clear = self._recent.addAction("Forget these files")
        clear.triggered.connect(self._settings.forget_files)
        clear.setEnabled(bool(self._settings.recent()))

    def _on_theme_changed(self) -> None:
        for action, name in self._icons:
            action.setIcon(icon(name, self._themes.theme, "accent" if action is self.run else "text_dim"))
