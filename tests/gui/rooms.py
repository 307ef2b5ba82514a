"""Measures what a person sees of the window, and turns it to another workspace."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from jitviewer.ui.app import make_window
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.workspaces.catalogue import workspace_named


def turn_to(window: MainWindow, name: str) -> None:
    """Go to a workspace, and let everything find its place."""
    window.choose_workspace(workspace_named(name))
    QApplication.processEvents()


def is_on(window: MainWindow, name: str) -> bool:
    """Whether a workspace is on, and its button says so."""
    pressed = [button.text() for button in window.actions_.switch.buttons if button.isChecked()]
    return window.arrangement.workspace.name == name and pressed == [workspace_named(name).title]


def shown_docks(window: MainWindow) -> set[str]:
    """The docks that can be seen, by their titles."""
    return {dock.windowTitle() for dock in window.docks() if not dock.visibleRegion().isEmpty()}


def whole_lines(window: MainWindow) -> list[int]:
    """How many whole lines each text has room for that can be seen of the document in front."""
    view = window.current_page().view
    panes = (view.record, view.source, view.code, view.graph)
    return [
        pane.editor.rows_in_sight() for pane in panes if not pane.editor.viewport().visibleRegion().isEmpty()
    ]


def canvas_share(window: MainWindow) -> float:
    """The part of the window's area that the picture of the graph has."""
    seen = window.current_page().view.canvas.view.viewport().visibleRegion().boundingRect()
    return seen.width() * seen.height() / (window.width() * window.height())


def comparison_share(window: MainWindow) -> float:
    """The part of the window's area that two graphs beside each other have."""
    parts = window.current_page().view.comparison_parts()
    seen = parts[-1].viewport().visibleRegion().boundingRect() if parts else QRect()
    return seen.width() * seen.height() / (window.width() * window.height())


def start(qtbot, transport, settings: Settings) -> MainWindow:
    """Open a window with what is on disk."""
    client = EngineClient(transport)
    client.start()
    made = make_window(client, settings=Settings(settings.path), theme="dark")
    qtbot.addWidget(made)
    # The screen of tests is smaller than a window may be, and what comes back fits its screen.
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: client.is_ready)
    return made


def start_again(qtbot, window: MainWindow, transport, settings: Settings) -> MainWindow:
    """Close the window, and open one with what it leaves on disk."""
    window.close()
    return start(qtbot, transport, settings)
