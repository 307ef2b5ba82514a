"""Takes a picture of the window, or of one part of it, once everything in it is drawn."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QApplication, QWidget

    from jitviewer.ui.main_window import MainWindow
    from jitviewer.ui.services.document import DocumentState

VIEWS = ("main", "canvas", "code", "graph", "texts", "tree", "passes", "rewrites", "run", "inspector")
SETTLE_S = 0.25
"""Nothing may change for so long before the picture is taken."""


class ScreenshotError(Exception):
    """No picture could be taken; one sentence, and the exit status of the command line."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


def take(
    path: str,
    out: str,
    size: tuple[int, int] = (1280, 800),
    theme: str = "dark",
    view: str = "main",
    passes: Sequence[str] | None = None,
    run: bool = False,
    timeout: float = 120.0,
) -> int:
    """Take a picture for the command line: the exit status, with one line on standard error if it is not 0.

    Arguments are those of `save_picture`.
    """
    try:
        save_picture(path, out, size, theme, view, passes, run, timeout)
    except ScreenshotError as error:
        print(f"jitviewer: {error}", file=sys.stderr)
        return error.status
    return 0


def save_picture(
    path: str,
    out: str,
    size: tuple[int, int],
    theme: str,
    view: str,
    passes: Sequence[str] | None,
    run: bool,
    timeout: float,
) -> None:
    """Open a file (none if `path` is empty), switch passes, run, and save a picture as PNG.

    `size` is the window's in device-independent pixels. `view` is one of `VIEWS`. With `passes` None the
    engine's own choice stays. Raises `ScreenshotError` if the file cannot be opened or run, or if it takes
    longer than `timeout` seconds.
    """
    if view not in VIEWS:
        raise ScreenshotError(f"there is no view '{view}'; choose one of {', '.join(VIEWS)}", status=2)
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Imported here: a wrong view is told without loading Qt.
    from PySide6.QtCore import qInstallMessageHandler

    from jitviewer.ui.app import make_application, make_window
    from jitviewer.ui.display_trial import DisplayTrial
    from jitviewer.ui.services.engine_client import EngineClient
    from jitviewer.ui.services.exported_files import write_exported
    from jitviewer.ui.services.settings import Settings

    why_not = DisplayTrial().why_not()
    if why_not:
        raise ScreenshotError(why_not)
    application = make_application()
    qInstallMessageHandler(_report)
    client = EngineClient()
    client.start()
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(client, settings=Settings(Path(folder) / "settings.ini"), theme=theme)
        try:
            window.resize(*size)
            window.show()
            window.resize(*size)
            waiter = _Waiter(application, time.monotonic() + timeout)
            client.given_up.connect(lambda reason: waiter.give_up(f"the engine keeps stopping: {reason}"))
            document = _open(window, path, waiter) if path else None
            if document is not None:
                _prepare(window, document, view, passes, run, waiter)
            _raise_view(window, view)
            waiter.settle(SETTLE_S)
            why_not = write_exported(out, _as_png(_widget(window, view).grab()))
            if why_not:
                raise ScreenshotError(f"{out} cannot be written: {why_not}")
        finally:
            client.stop()
            window.close()
            window.deleteLater()
            application.processEvents()


def _as_png(picture: QPixmap) -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # The stubs want bytes where Qt wants the name of a format.
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def _report(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass Qt's messages on, but for the one that the offscreen platform repeats for every widget."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


_OF_PROGRAMS = ("canvas", "source", "code", "graph", "texts", "passes", "rewrites", "run")
"""Views of what a file of tensors has not."""


class _Waiter:
    """Lets the window live until something holds, no longer than to a fixed time.

    What the window says instead, by `watch` or `give_up`, ends the waiting.
    """

    def __init__(self, application: QApplication, deadline: float) -> None:
        self._application = application
        self._deadline = deadline
        self._said = ""

    def watch(self, document: DocumentState) -> None:
        """Take what is said of a document for an answer: what waits for another one would wait for ever."""

        def on_phase_changed() -> None:
            if document.phase == "failed":
                self.give_up(document.failure)
            elif document.phase == "asking":
                self.give_up(
                    f"{document.path} is a Python file, which runs when it is opened and so asks first: "
                    "save an archive of it with 'jitviewer script', and take the picture of that"
                )

        def on_noticed(level: str, sentence: str) -> None:
            if level == "error":
                self.give_up(sentence)

        document.phase_changed.connect(on_phase_changed)
        document.method_failed.connect(self.give_up)
        document.noticed.connect(on_noticed)
        on_phase_changed()

    def give_up(self, sentence: str) -> None:
        """Wait no longer, because of this."""
        self._said = self._said or sentence

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait; raises `ScreenshotError` when the time is over, or when the window says why not."""
        while not holds():
            if self._said:
                raise ScreenshotError(self._said)
            if time.monotonic() > self._deadline:
                raise ScreenshotError(f"the window was not ready in time: {what}")
            self._application.processEvents()
            time.sleep(0.005)

    def settle(self, seconds: float) -> None:
        """Let pending painting and timers finish."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.005)


def _open(window: MainWindow, path: str, waiter: _Waiter) -> DocumentState:
    window.open_path(path)
    page = window.current_page()
    if page is None:
        raise ScreenshotError(f"{path} was not opened")
    document = page.document
    waiter.watch(document)
    waiter.until(lambda: document.canvas is not None or bool(document.why_no_program), f"opening {path}")
    return document


def _prepare(
    window: MainWindow,
    document: DocumentState,
    view: str,
    passes: Sequence[str] | None,
    run: bool,
    waiter: _Waiter,
) -> None:
    if document.why_no_program:
        if passes is not None or run or view in _OF_PROGRAMS:
            raise ScreenshotError(document.why_no_program)
        return
    if passes is not None and tuple(passes) != document.passes_on:
        shown: list[bool] = []
        document.canvas_changed.connect(lambda: shown.append(True))
        document.set_passes(passes)
        waiter.until(lambda: bool(shown), "rewriting")
    if run:
        window.run.start_run()
        waiter.until(lambda: not document.is_running, "running")
        if document.stopped is not None:
            status = 1 if document.stopped.reason == "failed" else 3
            raise ScreenshotError(document.stopped.sentence, status)
        window.run.come_into_sight()


def _raise_view(window: MainWindow, view: str) -> None:
    docks = {"passes": window.passes, "rewrites": window.steps, "run": window.run}
    if view in docks:
        docks[view].come_into_sight()


def _widget(window: MainWindow, view: str) -> QWidget:
    docks: dict[str, QWidget] = {
        "tree": window.tree, "passes": window.passes, "rewrites": window.steps, "run": window.run,
        "inspector": window.inspector,
    }  # fmt: skip
    if view in docks:
        return docks[view]
    page = window.current_page()
    if view == "main" or page is None:
        return window
    views = page.view
    return {
        "canvas": views.canvas,
        "source": views.source,
        "code": views.code,
        "graph": views.graph,
        "texts": views.texts,
    }[view]
