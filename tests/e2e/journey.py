"""A person's way through the window, with real mouse and keys of an X server; started by the test.

Usage: python -m tests.e2e.journey THEME FOLDER. Prints what it saw as a line each, saves pictures into
FOLDER, and ends with status 1 at the first thing that did not happen.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from jitviewer.resources import resource
from jitviewer.ui.app import make_application, make_window
from jitviewer.ui.canvas.picture import toggle_rect
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.services.transport import ProcessTransport

PATIENCE_S = 90.0


class Hand:
    """Moves the real pointer and presses real keys."""

    def click(self, widget: QWidget, at: QPoint | None = None, times: int = 1) -> None:
        """Click into a widget, in its middle if no place is given."""
        place = widget.mapToGlobal(at if at is not None else widget.rect().center())
        run("mousemove", str(place.x()), str(place.y()))
        run("click", "--repeat", str(times), "--delay", "40", "1")
        QTest.qWait(60)

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Press, move, release."""
        first, last = widget.mapToGlobal(start), widget.mapToGlobal(end)
        run("mousemove", str(first.x()), str(first.y()))
        run("mousedown", "1")
        QTest.qWait(40)
        for step in (0.3, 0.6, 1.0):
            at = first + (last - first) * step
            run("mousemove", str(at.x()), str(at.y()))
            QTest.qWait(40)
        run("mouseup", "1")
        QTest.qWait(60)

    def wheel(self, widget: QWidget, up: bool) -> None:
        """Turn the wheel one notch over a widget."""
        place = widget.mapToGlobal(widget.rect().center())
        run("mousemove", str(place.x()), str(place.y()))
        run("click", "4" if up else "5")
        QTest.qWait(60)

    def press(self, keys: str) -> None:
        """Press keys, `F5` or `ctrl+f`."""
        run("key", keys)
        QTest.qWait(60)

    def type(self, text: str) -> None:
        """Type a text."""
        run("type", text)
        QTest.qWait(60)


def run(*words: str) -> None:
    """One command of xdotool."""
    subprocess.run(["xdotool", *words], check=True)


def until(what: str, holds: Callable[[], bool]) -> None:
    """Wait until something holds, and say so; end the journey if it never does."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            print(f"never: {what}", flush=True)
            for number, window in enumerate(QApplication.topLevelWidgets()):
                if window.isVisible():
                    window.grab().save(str(Path(sys.argv[2]) / f"never-{number}.png"))
            os._exit(1)
        QTest.qWait(10)
    print(what, flush=True)


def travel(theme: str, folder: Path) -> None:
    """The whole way."""
    make_application()
    transport = ProcessTransport()
    client = EngineClient(transport)
    client.start()
    window = make_window(client, settings=Settings(folder / "settings.ini"), theme=theme)
    window.resize(1280, 800)
    window.move(0, 0)
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    hand = Hand()

    def save(name: str) -> None:
        QTest.qWait(300)
        window.grab().save(str(folder / f"{name}.png"))

    until("the engine is ready", lambda: client.is_ready)
    save("start")
    gate = next(
        card
        for card in window.start_page.findChildren(QPushButton)
        if card.objectName() == "card" and "Gate" in card.accessibleName()
    )
    hand.click(gate)
    until("the sample is open", lambda: window.current_page() is not None)
    page = window.current_page()
    assert page is not None
    document, space = page.document, page.workspace
    view = space.canvas.view
    until("the sample is drawn", lambda: document.canvas is not None)

    editor = space.graph.editor
    line = next(n for n, text in enumerate(editor.toPlainText().splitlines()) if "aten::mean" in text)
    top = next(top for number, top, _ in editor.visible_lines() if number == line)
    hand.click(editor.viewport(), QPoint(80, int(top) + 8))
    until("a line selects a box", lambda: [i.label for i in view.graph.selected_items()] == ["mean"])
    until("the inspector tells of it", lambda: "aten::mean" in window.inspector.view.toPlainText())

    hand.press("ctrl+0")
    item = next(i for i in view.graph.picture.boxes if i.label == "gt")
    hand.click(view.viewport(), view.mapFromScene(QPointF(item.x + item.width / 2, item.y + item.height / 2)))
    until("a box selects a line", lambda: "aten::gt" in selected_text(editor))

    before = view.zoom()
    hand.wheel(view.viewport(), up=True)
    until("the wheel zooms", lambda: view.zoom() > before)
    seen = view.mapToScene(QPoint(0, 0))
    hand.drag(view.viewport(), QPoint(60, 60), QPoint(160, 110))
    until("a drag pans", lambda: abs(view.mapToScene(QPoint(0, 0)).x() - seen.x()) > 20)

    hand.press("ctrl+0")
    frame = next(i for i in view.graph.picture.containers if i.label == "warm")
    hand.click(view.viewport(), view.mapFromScene(toggle_rect(frame).center()))
    until("a triangle closes a frame", lambda: view.graph.picture.by_id[frame.id].is_open is False)

    rows = [window.passes.model.index(row) for row in range(window.passes.model.rowCount())]
    for name in ("constant-propagation", "dce"):
        row = next(index for index in rows if index.data() == name)
        rect = window.passes.view.visualRect(row)
        hand.click(window.passes.view.viewport(), QPoint(26, rect.center().y()))
    until("switches rewrite", lambda: {"constant-propagation", "dce"} <= {r.name for r in document.reports})
    applied = document.position
    hand.press("alt+Left")
    until("a key goes back one rewrite", lambda: document.position == applied - 1)
    save("rewrite")

    hand.press("F5")
    until("a key runs", lambda: document.is_running)
    until("the run ends", lambda: not document.is_running)
    print(document.stopped or "with a result", flush=True)
    until("the run is done", lambda: document.result is not None)
    until("times are painted", lambda: editor.has_times and view.graph.picture.longest_us > 0)
    save("run")

    hand.press("ctrl+f")
    hand.type("aten")
    until("typing finds", lambda: len(space.graph.find_bar.matches) + len(space.code.find_bar.matches) > 0)
    hand.press("Escape")

    os.kill(transport.process_id, signal.SIGKILL)
    until("a killed engine is noticed", window.banner.isVisible)
    until("another is ready and the document is back", lambda: client.is_ready and document.phase == "ready")
    save("restarted")

    window.open_path(str(folder / "settings.ini"))
    until("a file that is no archive says so", lambda: "settings.ini" in window.windowTitle())
    broken = window.current_page()
    assert broken is not None
    until("in its tab", lambda: broken.document.phase == "failed" and broken.message.isVisible())
    save("message")

    loaded = {name.partition(".")[0] for name in sys.modules}
    print("foreign modules:", sorted(loaded & {"torch", "jitcore", "numpy"}), flush=True)
    client.stop()
    window.close()


def selected_text(editor: QWidget) -> str:
    """The lines that are selected in a text."""
    lines = editor.toPlainText().splitlines()  # type: ignore[attr-defined]
    return "\n".join(lines[number] for number in sorted(editor.selected_lines))  # type: ignore[attr-defined]


if __name__ == "__main__":
    assert resource("samples").is_dir()
    travel(sys.argv[1], Path(sys.argv[2]))
