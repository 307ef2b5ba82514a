"""Takes the pictures in this folder from the real window; `make screenshots` runs it.

Without a display the window is drawn offscreen, with the same pixels.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest

from jitviewer.ui.app import make_application, make_window
from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.settings import Settings

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "resources" / "samples"
SIZE = (1440, 900)
WAIT_S = 120.0
SETTLE_MS = 400


class Session:
    """One window with the real engine, and a person's hand in it."""

    def __init__(self, client: EngineClient, theme: str, folder: Path) -> None:
        self.window: MainWindow = make_window(client, settings=Settings(folder / f"{theme}.ini"), theme=theme)
        self.window.resize(*SIZE)
        self.window.show()
        self.window.resize(*SIZE)

    @property
    def page(self) -> DocumentPage:
        """The page in front."""
        page = self.window.current_page()
        assert page is not None
        return page

    def open(self, path: Path) -> None:
        """Open a file and wait for its picture, or for the message that it cannot be opened."""
        self.window.open_path(str(path))
        document = self.page.document
        wait(lambda: document.canvas is not None or document.phase == "failed")

    def rewrite(self, passes: Sequence[str], position: int | None = None) -> None:
        """Switch passes on, and go to one of their rewrites."""
        document = self.page.document
        seen: list[bool] = []
        document.canvas_changed.connect(lambda: seen.append(True))
        document.set_passes(passes)
        wait(lambda: bool(seen))
        if position is not None:
            seen.clear()
            document.go_to_step(position)
            wait(lambda: bool(seen))

    def select(self, label: str) -> None:
        """Pick the first box on the canvas with this label."""
        canvas = self.page.workspace.canvas
        item = next(item for item in canvas.view.graph.picture.boxes if item.label == label)
        canvas.view.item_picked.emit(item)

    def run(self) -> None:
        """Run with the proposed inputs and wait for the result."""
        document = self.page.document
        self.window.toggle_run()
        wait(lambda: not document.is_running)

    def save(self, name: str) -> None:
        """Save what the window shows."""
        QTest.qWait(SETTLE_MS)
        target = HERE / f"{name}.png"
        self.window.grab().save(str(target))
        print(target.name)


def wait(holds: Callable[[], bool]) -> None:
    """Let the window live until something holds; ends the program if it never does."""
    deadline = time.monotonic() + WAIT_S
    while not holds():
        if time.monotonic() > deadline:
            sys.exit("the window was not ready in time")
        QTest.qWait(10)


def take_all(client: EngineClient, theme: str, folder: Path) -> None:
    """All pictures in one theme."""
    session = Session(client, theme, folder)
    wait(lambda: client.is_ready)
    session.save(f"start-{theme}")
    session.open(SAMPLES / "gate.pt")
    session.select("gt")
    session.save(f"read-{theme}")
    session.open(SAMPLES / "constants.pt")
    session.rewrite(("inline", "constant-propagation", "peephole", "dce"), position=2)
    session.window.steps.raise_()
    session.save(f"rewrite-{theme}")
    session.open(SAMPLES / "resnet_small.pt")
    session.page.workspace.arrange(is_beside=True)
    session.run()
    session.save(f"run-{theme}")
    session.open(Path("/models/classifier.pt"))
    session.save(f"message-{theme}")
    session.window.close()
    session.window.deleteLater()


def main() -> int:
    """Take the pictures in both themes."""
    make_application()
    with tempfile.TemporaryDirectory() as folder:
        for theme in ("dark", "light"):
            client = EngineClient()
            client.start()
            take_all(client, theme, Path(folder))
            client.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
