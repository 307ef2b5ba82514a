"""An engine that says nothing is told after a while, with a way out; one that is only slow is left alone."""

import contextlib
import os
import signal
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from jitviewer.protocol import events, requests
from jitviewer.resources import resource
from jitviewer.ui.app import make_window
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.transport import ProcessTransport

LOOKS = 6


@pytest.fixture
def deaf(opened, transport, monkeypatch):
    """The window with a document, in front of an engine that answers nothing any more."""
    monkeypatch.setattr(
        transport.engine, "answer", lambda request: transport.engine.requests.append(request) or []
    )
    # Looks are taken by the tests, not by the clock.
    opened._documents.silence._timer.setInterval(10**8)
    return opened


def look(window, times=LOOKS):
    for _ in range(times):
        window._documents.silence.look()


def press_restart(window):
    button = next(b for b in window.silence.findChildren(QPushButton) if b.text() == "Restart the engine")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_silence_is_told_only_while_something_is_awaited(deaf, transport):
    look(deaf)
    assert not deaf.silence.isVisible()
    assert transport.asked(requests.AskAlive) == []
    deaf.current_page().document.set_passes(("dce",))
    look(deaf, 3)
    assert not deaf.silence.isVisible()
    look(deaf)
    assert deaf.silence.isVisible()
    assert "has not answered" in deaf.silence.sentence.text()
    assert len(transport.asked(requests.AskAlive)) == 1


def test_an_engine_that_lives_is_left_alone_however_slow(qtbot, deaf, transport, monkeypatch):
    monkeypatch.setattr(
        transport.engine, "answer", lambda request: [events.Alive(0)] * isinstance(request, requests.AskAlive)
    )
    client = deaf._documents._client
    deaf.current_page().document.set_passes(("dce",))
    for _ in range(5):
        heard = client.heard
        look(deaf, 2)
        qtbot.waitUntil(lambda heard=heard: client.heard > heard)
        look(deaf, 1)
    assert not deaf.silence.isVisible()
    assert deaf.current_page().document.is_busy


def test_the_line_goes_when_the_engine_speaks(qtbot, deaf, transport):
    deaf.current_page().document.set_passes(("dce",))
    look(deaf)
    assert deaf.silence.isVisible()
    transport._reply([events.Alive(0)])
    heard = deaf._documents._client.heard
    qtbot.waitUntil(lambda: deaf._documents._client.heard > heard)
    look(deaf, 1)
    assert not deaf.silence.isVisible()


def test_a_restart_brings_back_what_was_shown(qtbot, deaf, transport, monkeypatch):
    deaf.current_page().document.set_passes(("dce",))
    look(deaf)
    monkeypatch.undo()
    starts = transport.starts
    press_restart(deaf)
    assert not deaf.silence.isVisible()
    assert transport.starts == starts + 1
    document = deaf.current_page().document
    qtbot.waitUntil(lambda: document.phase == "ready" and document.passes_on == ("dce",))
    assert "it did not answer" in deaf.banner.sentence.text()


def test_a_program_that_runs_for_long_is_no_silence(deaf):
    deaf.current_page().document.run(["float32[2]"], "cpu", 1, 0, 0)
    assert deaf.current_page().document.is_running
    look(deaf)
    assert not deaf.silence.isVisible()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes can be stopped on Unix only")
def test_a_stopped_engine_is_replaced(qtbot, settings):
    transport = ProcessTransport()
    client = EngineClient(transport)
    client.start()
    window = make_window(client, settings=settings, theme="dark")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: client.is_ready, timeout=60_000)
    window._documents.silence._timer.setInterval(10**8)
    stopped = transport.process_id
    os.kill(stopped, signal.SIGSTOP)
    try:
        window.open_path(str(resource("samples", "gate.pt")))
        look(window)
        qtbot.waitUntil(window.silence.isVisible)
        press_restart(window)
        document = window.current_page().document
        assert document.phase == "failed"
        assert "did not answer" in document.failure
        window.current_page().message.action_triggered.emit(1)
        qtbot.waitUntil(lambda: document.canvas is not None, timeout=60_000)
        assert transport.process_id != stopped
    finally:
        client.stop()
        with contextlib.suppress(ProcessLookupError):
            os.kill(stopped, signal.SIGCONT)


@pytest.mark.skipif(
    not hasattr(signal, "SIGBUS"), reason="only Unix ends a process that reads a file's lost end"
)
def test_a_file_that_is_cut_short_while_it_is_read_is_named_as_the_cause(qtbot, settings, tmp_path):
    """The engine really reads behind the new end: the program is its, and the file is large."""
    program = (
        "import mmap, sys; f = open(sys.argv[1], 'r+b'); m = mmap.mmap(f.fileno(), 0)\n"
        "f.truncate(10); print(m[90_000])"
    )
    file = tmp_path / "large"
    file.write_bytes(bytes(100_000))
    transport = ProcessTransport([sys.executable, "-c", program, str(file)])
    with qtbot.waitSignal(transport.ended, timeout=60_000) as ended:
        transport.start()
    assert ended.args == ["a file that is open was cut short or written over while it was being read"]
