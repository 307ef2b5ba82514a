"""The actions of the window: menus, toolbar, shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from jitviewer.plain_text import plain_line
from jitviewer.protocol.surrogate_halves import escape, restore
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.theme.icons import icon
from jitviewer.ui.top_bar import TopBar
from jitviewer.ui.widgets.plain import menu_text, set_tip
from jitviewer.ui.workspaces.catalogue import workspaces
from jitviewer.ui.workspaces.switch import WorkspaceSwitch

if TYPE_CHECKING:
    from jitviewer.ui.docks.base import Dock
    from jitviewer.ui.main_window import MainWindow

_VIEWS = {
    "source": ("Source", "Ctrl+Alt+S"),
    "code": ("Code", "Ctrl+Alt+K"),
    "graph": ("Graph", "Ctrl+Alt+G"),
    "canvas": ("Canvas", "Ctrl+Alt+V"),
    "scrubber": ("Slider of rewrites", "Ctrl+Alt+B"),
    "comparison": ("Comparison", "Ctrl+Alt+P"),
}
"""Views of a document: their names in the menu and their keys."""

_MAX_CLOSED = 10
"""Files that can be opened again."""


class WindowActions(QObject):
    """Builds menus and toolbar. Attributes: `open`, `run`, `theme` and so on are the actions; `menus` holds
    the menus by title.
    """

    def __init__(self, window: MainWindow, themes: ThemeManager, settings: Settings) -> None:
        super().__init__(window)
        self._window: QMainWindow = window
        self._themes = themes
        self._settings = settings
        self._commands = window
        self._icons: list[tuple[QAction, str]] = []
        self._is_running = False
        self.menus: dict[str, QMenu] = {}
        self._make_file_actions(window)
        self._make_workspace_actions(window)
        self._make_view_actions(window)
        self._make_graph_actions(window)
        self._build_menus()
        self._bar = self._build_bar()
        self.toolbar, self.switch = self._bar.tools, self._bar.switch
        themes.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._bar.keep_room_for(self.run, "Cancel", "Start")

    def add_docks(self, docks: Sequence[Dock]) -> None:
        """Offer to go to the docks, and to show and hide them."""
        for number, dock in enumerate(docks, 1):
            title = dock.windowTitle()
            self._action(f"Go to {title}", dock.take_focus, f"Alt+{number}", menu="&Go")
            toggle = dock.toggleViewAction()
            toggle.setShortcut(QKeySequence(f"Ctrl+Alt+{number}"))
            # The menu says that these are docks, a list of keys does not.
            toggle.setStatusTip(f"Show or hide {title}")
            self._docks.addAction(toggle)

    def actions_by_menu(self) -> dict[str, list[QAction]]:
        """All actions with keys, by the title of their menu."""
        return {title.replace("&", ""): _actions_in(menu) for title, menu in self.menus.items()}

    def fill_tab_menu(self, menu: QMenu) -> None:
        """What can be done with the document of a tab."""
        menu.addActions([self.close, self.close_others])
        menu.addSeparator()
        menu.addActions([self.split, self.move])
        menu.addSeparator()
        menu.addActions([self.reload, self.copy_path])

    def set_running(self, is_running: bool) -> None:
        """Make the run action one that cancels, or back."""
        if is_running == self._is_running:
            return
        self._is_running = is_running
        self.run.setText("Cancel the run" if is_running else "&Run")
        self.run.setIconText("Cancel" if is_running else "Start")
        self._icons = [(a, n) for a, n in self._icons if a is not self.run]
        self._icons.append((self.run, "stop" if is_running else "run"))
        self._on_theme_changed()

    def set_documents(self, count: int, on_side: int, is_split: bool) -> None:
        """Enable what works with so many documents, so many of them on the active side."""
        for action in (
            self.close, self.close_all, self.run, self.find, self.filter, self.fit, self.back, self.forward,
            self.reload, self.copy_path, self.split, self.export, self.trace,
            self.why,
        ):  # fmt: skip
            action.setEnabled(count > 0)
        self.close_others.setEnabled(count > 1)
        self.move.setEnabled(is_split or on_side > 1)
        self.other_side.setEnabled(is_split)
        for action in (self.next_tab, self.previous_tab):
            action.setEnabled(on_side > 1)

    @property
    def closed_files(self) -> list[str]:
        """The files that were closed, the last one at the end."""
        return [restore(path) for path in self.reopen.data() or []]

    @closed_files.setter
    def closed_files(self, paths: list[str]) -> None:
        # They lie with the action: Python's strings would stay between the rows of models.
        self.reopen.setData([escape(path) for path in paths[-_MAX_CLOSED:]])
        self.reopen.setEnabled(bool(paths))

    def set_history(self, can_undo: bool, can_redo: bool) -> None:
        """Enable undo and redo of changes of the passes."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def set_places(self, can_go_back: bool, can_go_forward: bool) -> None:
        """Enable going back and forward through the methods that were shown."""
        self.previous_place.setEnabled(can_go_back)
        self.next_place.setEnabled(can_go_forward)

    # --- building -----------------------------------------------------------------------------

    def _make_file_actions(self, window: MainWindow) -> None:
        self.open = self._action("&Open…", window.choose_files, "Ctrl+O", "open", "&File")
        self._recent = self._menu("&File").addMenu("Open &recent")
        self._recent.aboutToShow.connect(self._fill_recent)
        self.reopen = self._action("Open the file &closed last", window.reopen, "Ctrl+Shift+O", menu="&File")
        self.reopen.setEnabled(False)
        self.reload = self._action("Re&load from disk", window.reload_current, "Ctrl+R", menu="&File")
        self.copy_path = self._action("Copy the &path", window.copy_path, "Ctrl+Alt+C", menu="&File")
        self.export = self._action("E&xport the canvas…", window.export_canvas, "Ctrl+E", menu="&File")
        self._menu("&File").addSeparator()
        self.settings = self._action(
            "&Settings", lambda: window.pages.toggle_page("settings"), "Ctrl+,", menu="&File"
        )
        self._menu("&File").addSeparator()
        self.close = self._action("&Close", window.close_current, "Ctrl+W", menu="&File")
        self.close_others = self._action("Close the o&thers", window.close_others, "Ctrl+Alt+W", menu="&File")
        self.close_all = self._action("Close &all", window.close_all, "Ctrl+Shift+W", menu="&File")
        self.quit = self._action("&Quit", window.close, "Ctrl+Q", menu="&File")
        self.undo = self._action(
            "&Undo the change of passes", lambda: window.change_passes(-1), "Ctrl+Z", "undo", "&Edit"
        )
        self.redo = self._action(
            "R&edo the change of passes", lambda: window.change_passes(1), "Ctrl+Shift+Z", "redo", "&Edit"
        )
        self._menu("&Edit").addSeparator()
        edit = "&Edit"
        self.search = self._action("&Search everywhere…", window.search_everywhere, "Ctrl+P", "search", edit)
        self.commands = self._action(
            "Co&mmands…", lambda: window.search_everywhere(">"), "Ctrl+Shift+P", "command", edit
        )
        self.next_found = self._action(
            "&Next result of the search", lambda: window.go_to_found(1), "F3", menu=edit
        )
        self.previous_found = self._action(
            "Pre&vious result of the search", lambda: window.go_to_found(-1), "Shift+F3", menu=edit
        )
        self._menu(edit).addSeparator()
        self.find = self._action("&Find in text", window.find_text, "Ctrl+F", "search", "&Edit")
        self.filter = self._action("Filter the &tree", window.filter_tree, "Ctrl+L", menu="&Edit")

    def _make_workspace_actions(self, window: MainWindow) -> None:
        """One of the workspaces is on: their actions say which."""
        self._arrangement = window.arrangement
        menu = self._menu("&View").addMenu("W&orkspaces")
        group = QActionGroup(self)
        self.workspaces: dict[str, QAction] = {}
        for workspace in workspaces():
            turn = partial(window.choose_workspace, workspace)
            action = self._action(workspace.title, turn, workspace.keys)
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            set_tip(action, f"{workspace.title}: {workspace.purpose} ({shown})")
            action.setStatusTip(f"Workspace {workspace.title}: {workspace.purpose}")
            action.setCheckable(True)
            group.addAction(action)
            menu.addAction(action)
            self.workspaces[workspace.name] = action
        views = self._menu("&View").addMenu("V&iews")
        self.views: dict[str, QAction] = {}
        for name, (title, keys) in _VIEWS.items():
            action = self._action(title, partial(self._toggle_view, name), keys)
            action.setStatusTip(f"Show or hide {title}")
            action.setCheckable(True)
            views.addAction(action)
            self.views[name] = action
        self._menu("&View").addSeparator()
        self._arrangement.changed.connect(self._on_arrangement_changed)
        self._on_arrangement_changed()

    def _toggle_view(self, name: str) -> None:
        self._arrangement.show_view(name, name not in self._arrangement.views)
        # Qt has switched the mark of the action, whether anything changed or not.
        self._on_arrangement_changed()

    def _on_arrangement_changed(self) -> None:
        self.workspaces[self._arrangement.workspace.name].setChecked(True)
        for name, action in self.views.items():
            action.setChecked(name in self._arrangement.views)

    def _make_view_actions(self, window: MainWindow) -> None:
        area, view = window.area, "&View"
        self.fit = self._action("Show the &whole graph", window.fit_canvas, "Ctrl+9", "fit", view)
        self.arrange = self._action(
            "&Canvas beside or below the texts", window.arrange_canvas, "Ctrl+Shift+B", menu=view
        )
        self._menu(view).addSeparator()
        self.larger = self._action("Lar&ger text", lambda: window.zoom_text(1), "Ctrl++", menu=view)
        self.larger.setShortcuts([self.larger.shortcut(), QKeySequence("Ctrl+=")])
        self.smaller = self._action("S&maller text", lambda: window.zoom_text(-1), "Ctrl+-", menu=view)
        self.usual_size = self._action(
            "&Usual size of text", lambda: window.zoom_text(0), "Ctrl+0", menu=view
        )
        self._menu(view).addSeparator()
        self.split = self._action(
            "S&plit: the same file beside", window.split, "Ctrl+\\", "beside", view
        )  # fmt: skip
        self.move = self._action("&Move to the other side", area.move_to_other_side, "Ctrl+Alt+\\", menu=view)
        self._menu(view).addSeparator()
        self._docks = self._menu(view).addMenu("&Docks")
        self.hide_docks = self._action("&Hide or show all docks", window.toggle_docks, "Ctrl+B", menu=view)
        self.full_screen = self._action("&Full screen", window.toggle_full_screen, "F11", menu=view)
        self._menu(view).addMenu(self._theme_menu())
        self.theme = self._action("&Light or dark", self._toggle_theme, "Ctrl+Shift+T", "theme", view)
        self.layout = self._action("&Reset the layout", window.reset_layout, "Ctrl+Alt+0", menu=view)
        go = "&Go"
        self.next_part = self._action("&Next part of the window", lambda: window.step_part(1), "F6", menu=go)
        self.previous_part = self._action(
            "&Previous part of the window", lambda: window.step_part(-1), "Shift+F6", menu=go
        )
        self.next_tab = self._action("Next &tab", lambda: area.step(1), "Ctrl+PgDown", menu=go)
        self.previous_tab = self._action("Previous t&ab", lambda: area.step(-1), "Ctrl+PgUp", menu=go)
        for action, more in ((self.next_tab, "Ctrl+Tab"), (self.previous_tab, "Ctrl+Shift+Tab")):
            action.setShortcuts([action.shortcut(), QKeySequence(more)])
        self.other_side = self._action("The &other side", area.activate_other_side, "Ctrl+Alt+O", menu=go)
        self._menu(go).addSeparator()
        self.previous_place = self._action(
            "&Back to the method before", lambda: window.go_to_place(-1), "Alt+Left", menu=go
        )
        self.next_place = self._action("&Forward again", lambda: window.go_to_place(1), "Alt+Right", menu=go)
        self.set_places(can_go_back=False, can_go_forward=False)
        self._menu(go).addSeparator()

    def _make_graph_actions(self, window: MainWindow) -> None:
        self.run = self._action("&Run", window.toggle_run, "F5", "run", "G&raph")
        self.run.setIconText("Start")
        self.trace = self._action("&Trace…", window.trace, "Shift+F5", menu="G&raph")
        self.why = self._action("&Why does a trace differ?", window.ask_why, "Ctrl+F5", menu="G&raph")
        self._menu("G&raph").addSeparator()
        self.back = self._action("&Previous rewrite", lambda: window.step(-1), "Alt+,", "previous", "G&raph")
        self.forward = self._action("&Next rewrite", lambda: window.step(1), "Alt+.", "next", "G&raph")
        pages = window.pages
        self.keys = self._action("&Keys", lambda: pages.toggle_page("keys"), "F1", menu="&Help")
        self.keys.setShortcuts([self.keys.shortcut(), QKeySequence("Ctrl+/")])
        self.samples = self._action(
            "&Samples and recent files", pages.show_start, "Ctrl+Shift+H", menu="&Help"
        )
        self.about = self._action(
            "&About jitviewer", lambda: pages.toggle_page("about"), "Ctrl+Shift+I", menu="&Help"
        )

    def _action(
        self, text: str, slot: Callable[[], object], keys: str = "", name: str = "", menu: str = ""
    ) -> QAction:
        action = QAction(text, self._window)
        action.triggered.connect(lambda _checked=False: slot())
        plain = text.replace("&", "").rstrip("…")
        if keys:
            action.setShortcut(QKeySequence(keys))
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            set_tip(action, f"{plain} ({shown})")
        if name:
            self._icons.append((action, name))
        if menu:
            self._menu(menu).addAction(action)
        self._window.addAction(action)
        return action

    def _menu(self, title: str) -> QMenu:
        if title not in self.menus:
            self.menus[title] = QMenu(title, self._window)
        return self.menus[title]

    def _build_menus(self) -> None:
        bar = self._window.menuBar()
        for title in ("&File", "&Edit", "&View", "&Go", "G&raph", "&Help"):
            bar.addMenu(self._menu(title))

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

    def _build_bar(self) -> TopBar:
        bar = TopBar(WorkspaceSwitch(list(self.workspaces.values())))
        tools = bar.tools
        tools.addActions([self.open, self.run])
        tools.addSeparator()
        tools.addActions([self.find, self.fit, self.split])
        tools.addSeparator()
        tools.addAction(self.theme)
        self.theme.setIconText("Theme")
        self.find.setIconText("Find")
        self.fit.setIconText("Fit")
        self.split.setIconText("Split")
        bar.place(self._window)
        return bar

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in self._settings.recent():
            action = self._recent.addAction(menu_text(Path(path).name))
            set_tip(action, path)
            action.setStatusTip(plain_line(path))
            action.triggered.connect(lambda _checked=False, path=path: self._commands.open_path(path))
        self._recent.addSeparator()
        clear = self._recent.addAction("Forget these files")
        clear.triggered.connect(self._settings.forget_files)
        clear.setEnabled(bool(self._settings.recent()))

    def _on_theme_changed(self) -> None:
        for action, name in self._icons:
            action.setIcon(icon(name, self._themes.theme, "accent" if action is self.run else "text_dim"))


def _actions_in(menu: QMenu) -> list[QAction]:
    """The actions of a menu and of the menus in it."""
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found += _actions_in(inner)
        elif not action.isSeparator():
            found.append(action)
    return found
