"""Turns the window to a workspace, and brings parts into sight that are not in the present one."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from weakref import ref

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QMainWindow, QWidget
from shiboken6 import isValid

from jitviewer.ui.docks.base import Dock
from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.workspaces.arrangement import STATE_VERSION, Arrangement
from jitviewer.ui.workspaces.catalogue import workspaces
from jitviewer.ui.workspaces.places import Places
from jitviewer.ui.workspaces.workspace import Workspace

_SIDES = {"left": Qt.DockWidgetArea.LeftDockWidgetArea, "right": Qt.DockWidgetArea.RightDockWidgetArea}


class Workspaces(QObject):
    """Holds the docks of the window; views of documents follow the `arrangement` by themselves.

    `pages` gives the documents in front. Going to another workspace and back finds docks, sizes, places and
    the focus as they were.
    """

    def __init__(
        self, window: QMainWindow, arrangement: Arrangement, docks: Sequence[Dock],
        pages: Callable[[], Iterable[DocumentPage]],
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window = window
        self._docks = {dock.objectName(): dock for dock in docks}
        self._pages = pages
        self._places = Places()
        # Weak: what had the focus may be of a document that is closed by then.
        self._focus: dict[str, ref[QWidget]] = {}
        self._closed: dict[str, list[Dock]] = {}
        self.arrangement = arrangement
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._fit_titles)
        # Once more when Qt has laid out what it leaves for later.
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._restore_places)
        for dock in docks:
            dock.wanted.connect(self._on_dock_wanted)
            dock.visibilityChanged.connect(self._on_docks_changed)
            dock.topLevelChanged.connect(self._on_docks_changed)
        self._place_docks()

    # --- going to and fro -----------------------------------------------------------------------

    def switch(self, workspace: Workspace) -> None:
        """Turn to a workspace."""
        if workspace is self.arrangement.workspace:
            return
        self.keep()
        focus = QApplication.focusWidget()
        if focus is not None and self._window.isAncestorOf(focus):
            self._focus[self.arrangement.workspace.name] = ref(focus)
            # What hides with the focus would give it to whatever comes next in the window.
            focus.clearFocus()
        with self._rearranging():
            self.arrangement.choose(workspace)
            self._place_docks()
        self._give_focus(focus)

    def keep(self) -> None:
        """Keep how the docks stand."""
        self.arrangement.keep_docks(QByteArray(self._window.saveState(STATE_VERSION)))

    def reset(self) -> None:
        """Give every workspace its first form back."""
        with self._rearranging():
            self._closed.clear()
            self.arrangement.forget()
            self._place_docks()

    def toggle_docks(self) -> None:
        """Hide all docks, or show those that were there before."""
        name = self.arrangement.workspace.name
        shown = [dock for dock in self._docks.values() if not dock.isHidden()]
        with self._rearranging():
            if shown:
                self._closed[name] = shown
                for dock in shown:
                    dock.hide()
            else:
                for dock in self._closed.get(name, self._own_docks()):
                    dock.show()

    # --- bringing into sight --------------------------------------------------------------------

    def bring_dock(self, dock: Dock) -> None:
        """Show a dock: here if it is here or belongs here, else in the first workspace that has it."""
        if dock.isHidden() and not self.arrangement.workspace.has_dock(dock.objectName()):
            home = next((one for one in workspaces() if one.has_dock(dock.objectName())), None)
            if home is not None:
                self.switch(home)
        dock.show()
        dock.raise_()

    def bring_view(self, name: str) -> None:
        """Show a view of the document in front, by the same rule."""
        if name in self.arrangement.views:
            return
        if name not in self.arrangement.workspace.views:
            home = next((one for one in workspaces() if name in one.views), None)
            if home is not None:
                self.switch(home)
        self.arrangement.show_view(name)

    # --- docks ----------------------------------------------------------------------------------

    def _place_docks(self) -> None:
        state = self.arrangement.docks(self._docks)
        if state.isEmpty() or not self._window.restoreState(state, STATE_VERSION):
            self._place_docks_first()
        self._fit_titles()

    def _place_docks_first(self) -> None:
        """Docks of the task stand where it wants them; others wait, hidden, as tabs on the right."""
        workspace, window = self.arrangement.workspace, self._window
        for dock in self._docks.values():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        last: dict[str, Dock] = {}
        for place in workspace.docks:
            dock = self._docks[place.dock]
            window.addDockWidget(_SIDES[place.side], dock, Qt.Orientation.Vertical)
            dock.setVisible(place.is_open)
            if place.is_open or place.side not in last:
                last[place.side] = dock
        for name, dock in self._docks.items():
            if not workspace.has_dock(name):
                window.addDockWidget(_SIDES["right"], dock)
                if "right" in last:
                    window.tabifyDockWidget(last["right"], dock)
                last["right"] = last.get("right", dock)
                dock.hide()
        for side, width in (("left", workspace.left), ("right", workspace.right)):
            inside = [place for place in workspace.docks if place.side == side and place.is_open]
            docks = [self._docks[place.dock] for place in inside]
            if docks:
                window.resizeDocks(docks, [width] * len(docks), Qt.Orientation.Horizontal)
                heights = [place.height * 8 for place in inside]
                window.resizeDocks(docks, heights, Qt.Orientation.Vertical)
                docks[0].raise_()

    def _own_docks(self) -> list[Dock]:
        return [self._docks[place.dock] for place in self.arrangement.workspace.docks if place.is_open]

    def _fit_titles(self) -> None:
        for dock in self._docks.values():
            if isValid(dock):
                dock.fit_title()

    def _on_docks_changed(self) -> None:
        self._fitting.start()

    def _on_dock_wanted(self, dock: Dock) -> None:
        self.bring_dock(dock)

    # --- places and focus -----------------------------------------------------------------------

    @contextmanager
    def _rearranging(self) -> Generator[None]:
        """While parts come and go: nothing is painted, and places that a person looked at stay."""
        self._places.note(self._areas())
        self._window.setUpdatesEnabled(False)
        try:
            yield
            # Layouts that wait for the next turn would be painted late, and their scroll bars cut off places.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)  # type: ignore[arg-type]
        finally:
            self._window.setUpdatesEnabled(True)
        self._restore_places()
        self._settling.start()

    def _restore_places(self) -> None:
        self._places.restore(self._areas())

    def _areas(self) -> list[QAbstractScrollArea]:
        parts: list[QWidget] = [*self._docks.values(), *self._pages()]
        return [area for part in parts for area in part.findChildren(QAbstractScrollArea)]

    def _give_focus(self, before: QWidget | None) -> None:
        """The keyboard is where it was in this workspace, or stays where it is, or goes to the document."""
        kept = self._focus.get(self.arrangement.workspace.name)
        for widget in (kept() if kept is not None else None, before):
            if widget is not None and isValid(widget) and widget.isVisible() and widget.isEnabled():
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        page = next(iter(self._pages()), None)
        if page is not None:
            page.take_focus()
