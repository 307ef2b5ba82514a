"""Puts the window together."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from jitviewer.plain_text import plain_line
from jitviewer.ui.display_trial import DisplayTrial
from jitviewer.ui.services import collector
from jitviewer.ui.services.engine_client import EngineClient

if TYPE_CHECKING:
    from jitviewer.ui.main_window import MainWindow
    from jitviewer.ui.services.settings import Settings


def run_window(paths: Sequence[str], theme: str | None = None) -> int:
    """Open the window with these files and wait until it is closed; the exit status."""
    collector.begin()
    from jitviewer.ui.services.settings import Settings

    settings = Settings()
    if settings.scale != 100:
        # Qt reads it once, when the application is made.
        os.environ.setdefault("QT_SCALE_FACTOR", str(settings.scale / 100))
    trial = DisplayTrial()
    # What the window consists of is imported while Qt is tried.
    import_module("jitviewer.ui.main_window")

    why_not = trial.why_not()
    if why_not:
        print(f"jitviewer: {plain_line(why_not)}", file=sys.stderr)
        return 1
    application = make_application()
    client = EngineClient()
    # The engine loads while the window is being built.
    client.start()
    window = make_window(client, settings=settings, theme=theme)
    # Files that are named are what the person wants to see now.
    window.session.begin(restore=not paths)
    window.open_paths(paths)
    window.show()
    restore_interrupts(application)
    try:
        return application.exec()
    finally:
        client.stop()


def make_application() -> QApplication:
    """The application object, made on the first call."""
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    application = QApplication(sys.argv[:1])
    application.setApplicationName("jitviewer")
    application.setApplicationDisplayName("jitviewer")
    application.setDesktopFileName("jitviewer")
    # The same widgets everywhere, so that our style sheet finds what it was written for.
    application.setStyle("Fusion")
    return application


def make_window(
    client: EngineClient, *, settings: Settings | None = None, theme: str | None = None
) -> MainWindow:
    """The main window with all it needs. `theme` wins over the remembered one for this session."""
    from PySide6.QtGui import QIcon

    from jitviewer.resources import resource
    from jitviewer.ui.main_window import MainWindow
    from jitviewer.ui.services.documents import Documents
    from jitviewer.ui.services.settings import Settings
    from jitviewer.ui.theme import ThemeManager

    kept = settings if settings is not None else Settings()
    themes = ThemeManager(theme or kept.theme)
    documents = Documents(client)
    window = MainWindow(documents, themes, kept)
    for part in (kept, themes, documents):
        part.setParent(window)
    window.setWindowIcon(QIcon(str(resource("icons", "jitviewer.svg"))))
    return window


def restore_interrupts(application: QApplication) -> None:
    """Let Ctrl+C in the terminal close the window: Python runs its handlers only between Qt's events."""
    signal.signal(signal.SIGINT, lambda *_: application.closeAllWindows())
    timer = QTimer(application, interval=250)
    timer.timeout.connect(lambda: None)
    timer.start()
