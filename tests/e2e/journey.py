"""A person's way through the window, with real mouse and keys of an X server; started by the test.

Usage: python -m tests.e2e.journey THEME FOLDER [JOURNEY]. Prints what it saw as a line each, saves pictures
into FOLDER, and ends with status 1 at the first thing that did not happen. `first` is the way of somebody who
reads, rewrites and runs; `day` that of somebody who keeps the window open: sides, pages, changing files, and
a session that comes back.
"""

from __future__ import annotations

import os
import shutil
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
from jitviewer.ui.main_window import MainWindow
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


def show_window(client: EngineClient, theme: str, folder: Path) -> MainWindow:
    """A window as the program shows it, once the engine answers."""
    window = make_window(client, settings=Settings(folder / "settings.ini"), theme=theme)
    window.resize(1280, 800)
    window.move(0, 0)
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    until("the engine is ready", lambda: client.is_ready)
    return window


def picture_of(window: MainWindow, folder: Path, name: str) -> None:
    """Save what the window shows."""
    QTest.qWait(300)
    window.grab().save(str(folder / f"{name}.png"))


def first_journey(theme: str, folder: Path) -> None:
    """Read, rewrite, run, and see an engine die."""
    make_application()
    transport = ProcessTransport()
    client = EngineClient(transport)
    client.start()
    window = show_window(client, theme, folder)
    hand = Hand()

    def save(name: str) -> None:
        picture_of(window, folder, name)

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
    document, space = page.document, page.view
    view = space.canvas.view
    until("the sample is drawn", lambda: document.canvas is not None)

    editor = space.graph.editor
    line = next(n for n, text in enumerate(editor.toPlainText().splitlines()) if "aten::mean" in text)
    top = next(top for number, top, _ in editor.visible_lines() if number == line)
    hand.click(editor.viewport(), QPoint(80, int(top) + 8))
    until("a line selects a box", lambda: [i.label for i in view.graph.selected_items()] == ["mean"])
    until("the inspector tells of it", lambda: "aten::mean" in window.inspector.view.toPlainText())

    hand.press("ctrl+9")
    item = next(i for i in view.graph.picture.boxes if i.label == "gt")
    hand.click(view.viewport(), view.mapFromScene(QPointF(item.x + item.width / 2, item.y + item.height / 2)))
    until("a box selects a line", lambda: "aten::gt" in selected_text(editor))

    before = view.zoom()
    hand.wheel(view.viewport(), up=True)
    until("the wheel zooms", lambda: view.zoom() > before)
    seen = view.mapToScene(QPoint(0, 0))
    hand.drag(view.viewport(), QPoint(60, 60), QPoint(160, 110))
    until("a drag pans", lambda: abs(view.mapToScene(QPoint(0, 0)).x() - seen.x()) > 20)

    hand.press("ctrl+9")
    frame = next(i for i in view.graph.picture.containers if i.label == "warm")
    hand.click(view.viewport(), view.mapFromScene(toggle_rect(frame).center()))
    until("a triangle closes a frame", lambda: view.graph.picture.by_id[frame.id].is_open is False)

    seen = view.mapToScene(view.viewport().rect().center())
    hand.click(window.actions_.switch.buttons[1])
    until("a click turns to rewriting", lambda: is_on(window, "rewrite") and window.passes.view.isVisible())
    hand.press("ctrl+1")
    until("a key turns back to reading", lambda: is_on(window, "read") and window.tree.view.isVisible())
    back = view.mapToScene(view.viewport().rect().center()) - seen
    until("the canvas shows what it showed", lambda: back.manhattanLength() < 2 / view.zoom())
    until("what was selected is selected", lambda: [i.label for i in view.graph.selected_items()] == ["gt"])
    hand.press("ctrl+2")
    until("a key turns to rewriting", window.passes.view.isVisible)
    rows = [window.passes.model.index(row) for row in range(window.passes.model.rowCount())]
    for name in ("constant-propagation", "dce"):
        row = next(index for index in rows if index.data() == name)
        rect = window.passes.view.visualRect(row)
        hand.click(window.passes.view.viewport(), QPoint(26, rect.center().y()))
    until("switches rewrite", lambda: {"constant-propagation", "dce"} <= {r.name for r in document.reports})
    applied = document.position
    hand.press("alt+comma")
    until("a key goes back one rewrite", lambda: document.position == applied - 1)
    save("rewrite")

    hand.press("F5")
    until("a key runs", lambda: document.is_running or document.result is not None)
    until("and leads to inputs and results", lambda: is_on(window, "run") and window.run.isVisible())
    until("the run ends", lambda: not document.is_running)
    print(document.stopped or "with a result", flush=True)
    until("the run is done", lambda: document.result is not None)
    until("times are painted", lambda: editor.has_times and view.graph.picture.most > 0)
    save("run")

    hand.press("ctrl+f")
    until("to find in a text leads to the texts", lambda: is_on(window, "read") and editor.isVisible())
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


def is_on(window: MainWindow, name: str) -> bool:
    """Whether this workspace is on."""
    return window.arrangement.workspace.name == name


def selected_text(editor: QWidget) -> str:
    """The lines that are selected in a text."""
    lines = editor.toPlainText().splitlines()  # type: ignore[attr-defined]
    return "\n".join(lines[number] for number in sorted(editor.selected_lines))  # type: ignore[attr-defined]


def day_journey(theme: str, folder: Path) -> None:
    """Two sides, pages, a file that changes, a run that is compared, and a session that comes back."""
    make_application()
    client = EngineClient()
    client.start()
    window = show_window(client, theme, folder)
    window.session.begin(restore=True)
    hand = Hand()
    files = [folder / name for name in ("gate.pt", "repeats.pt")]
    for path in files:
        shutil.copy(resource("samples", path.name), path)
        window.open_path(str(path))
        page = window.current_page()
        assert page is not None
        until(f"{path.name} is drawn", lambda page=page: page.document.canvas is not None)
    page = window.current_page()
    assert page is not None
    document = page.document

    # Passes: a preset by keys, what one of them did, and back.
    hand.press("alt+2")
    until("a key goes to the passes", window.passes.view.hasFocus)
    row = window.passes.model.row_of("cse")
    rect = window.passes.view.visualRect(window.passes.model.index(row))
    hand.click(window.passes.view.viewport(), QPoint(rect.left() + 26, rect.center().y()))
    until("a click switches a pass", lambda: any(r.name == "cse" and r.changed for r in document.reports))
    hand.click(window.passes.view.viewport(), rect.center())
    until("what it did is said", lambda: "rewrite" in window.passes.story.text())
    handle = page.view.splitter.handle(1)
    width = page.view.canvas.width()
    hand.drag(handle, handle.rect().center(), handle.rect().center() + QPoint(60, 0))
    until("a border is dragged", lambda: page.view.canvas.width() < width - 40)
    width = page.view.canvas.width()
    hand.click(window.passes.view.viewport(), rect.center())
    hand.press("Return")
    until("the text before and after it is shown", page.view.diff.isVisible)
    picture_of(window, folder, "diff")
    hand.press("ctrl+z")
    until("a key takes it back", lambda: document.passes_on == ("inline",))
    hand.press("ctrl+shift+z")
    until("and does it again", lambda: document.passes_on == ("inline", "cse"))

    # Two runs, beside each other, with a value that flowed.
    hand.press("F5")
    until("the first run is done", lambda: len(document.runs) == 1)
    hand.press("ctrl+z")
    until("other passes", lambda: document.passes_on == ("inline",) and not document.is_busy)
    hand.press("F5")
    until("the second run is done", lambda: len(document.runs) == 2)
    until("both are columns", lambda: len(window.run.results.chooser.compared()) == 1)
    picture_of(window, folder, "compare")
    hand.click(window.run.pages.button(2))
    until("the timeline is shown", window.run.timeline.isVisible)
    hand.click(window.run.pages.button(3))
    node = document.runs[-1].times[0].node_id
    document.selection.select((node,), "journey")
    until("a value that flowed is looked at", lambda: document.value is not None)

    # Pages, by keys.
    for keys, name in (("F1", "keys"), ("ctrl+comma", "settings"), ("ctrl+shift+i", "about")):
        hand.press(keys)
        shown = window.pages.page(name)
        until(f"{keys} shows the page {name}", shown.isVisible)
        picture_of(window, folder, name)
        hand.press("Escape")
        until("Escape leaves it", window.area.isVisible)
    hand.press("ctrl+1")
    until("a key turns to reading", window.inspector.isVisible)
    hand.click(window.inspector.help_button)
    until("a question mark says what a dock is for", window.inspector.help.isVisible)
    hand.click(window.inspector.help_button)

    # Two sides, and the docks that follow.
    hand.press("ctrl+alt+backslash")
    until("a key moves the document to the other side", lambda: window.area.is_split)
    left, right = window.area.pages(0)[0], window.area.pages(1)[0]
    until("both are drawn", lambda: left.document.canvas is not None and right.document.canvas is not None)
    hand.click(left.view.graph.editor.viewport())
    until("docks follow a click", lambda: window.tree.document is left.document)
    picture_of(window, folder, "split")

    # A file changes on disk.
    time.sleep(0.1)
    made = files[0].with_suffix(".new")
    shutil.copy(resource("samples", "loop.pt"), made)
    made.replace(files[0])
    until("a changed file is told in place", left.file_banner.isVisible)
    picture_of(window, folder, "changed")
    hand.click(next(b for b in left.file_banner.findChildren(QPushButton) if b.text() == "Reload"))
    until("a click reloads it", lambda: left.document.phase == "ready" and not left.file_banner.isVisible())
    until("it is the other program now", lambda: "prim::Loop" in left.view.graph.editor.toPlainText())

    # The window is closed, and comes back as it was.
    window.close()
    client.stop()
    again = EngineClient()
    again.start()
    window = show_window(again, theme, folder)
    window.session.begin(restore=True)
    names = [[Path(page.document.path).name for page in window.area.pages(side)] for side in (0, 1)]
    until("documents are where they were", lambda: names == [["gate.pt"], ["repeats.pt"]])
    until("and drawn", lambda: all(p.document.canvas is not None for p in window.area.pages_in_front()))
    until("in the workspace of last time", lambda: is_on(window, "read"))
    picture_of(window, folder, "session")
    hand.press("ctrl+alt+backslash")
    until("both are on one side again", lambda: not window.area.is_split)
    hand.press("ctrl+2")
    shown = window.current_page()
    assert shown is not None
    until("the border is where it was dragged to", lambda: abs(shown.view.canvas.width() - width) <= 2)
    again.stop()
    window.close()


JOURNEYS = {"first": first_journey, "day": day_journey}


if __name__ == "__main__":
    assert resource("samples").is_dir()
    JOURNEYS[sys.argv[3] if len(sys.argv) > 3 else "first"](sys.argv[1], Path(sys.argv[2]))
