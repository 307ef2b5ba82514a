"""A window in front of an engine with canned answers."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from jitviewer.protocol import requests
from jitviewer.protocol.framing import FrameDecoder, encode
from jitviewer.ui.app import make_application, make_window
from jitviewer.ui.canvas import raster_tiles
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.services import engine_client
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.services.transport import EngineTransport
from tests.gui.fake_engine import FakeEngine


class FakeTransport(EngineTransport):
    """Passes frames to a `FakeEngine` and its answers back, a turn of the event loop later."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = FakeEngine()
        self.starts = 0
        self._decoder = FrameDecoder(requests.AnyRequest)

    def start(self) -> None:
        self.starts += 1
        self._reply(self.engine.hello())

    def send(self, data: bytes) -> None:
        for request in self._decoder.feed(data):
            self._reply(self.engine.answer(request))

    def stop(self) -> None:
        pass

    def renew(self) -> None:
        self.start()

    def die(self, reason: str) -> None:
        """As if the process had ended."""
        self.ended.emit(reason)

    def asked(self, kind: type) -> list:
        """The requests of one kind so far."""
        return [request for request in self.engine.requests if isinstance(request, kind)]

    def _reply(self, answers: list) -> None:
        data = b"".join(encode(event) for event in answers)
        QTimer.singleShot(0, self, lambda: self.received.emit(data))


@pytest.fixture(scope="session")
def qapp():
    """The application as the program makes it, but for the collector's habits, which are the process's."""
    thresholds = gc.get_threshold()
    application = make_application()
    gc.set_threshold(*thresholds)
    return application


@pytest.fixture(autouse=True)
def _nothing_stays_set_aside() -> Iterator[None]:
    """Windows set rows aside from the collector; what a test leaves there would slow down all later ones."""
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _answers_in_one_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, what the engine answers at once is taken in, and painted, at once."""
    monkeypatch.setattr(engine_client, "TURN_S", 60.0)
    monkeypatch.setattr(raster_tiles, "TURN_S", 60.0)


@pytest.fixture
def transport() -> FakeTransport:
    return FakeTransport()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def window(qtbot: QtBot, transport: FakeTransport, settings: Settings) -> Iterator[MainWindow]:
    """The window, shown, with no document."""
    client = EngineClient(transport)
    client.start()
    made = make_window(client, settings=settings, theme="dark")
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: client.is_ready)
    yield made
    client.stop()


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """The window with one document, its views drawn."""
    open_file(qtbot, window, "gate.pt")
    return window


def open_file(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Open a file and wait until it is drawn or known to be broken."""
    window.open_path(f"models/{name}")
    page = window.current_page()
    assert page is not None
    document = page.document
    qtbot.waitUntil(lambda: document.canvas is not None or document.phase == "failed")


def fake_command() -> list[str]:
    """Starts the fake engine as a process."""
    return [sys.executable, "-m", "tests.gui.fake_engine"]
