"""The engine is a process that may die: it is started again and nothing is lost."""

import pytest
from PySide6.QtCore import QProcess

from jitviewer.protocol import framing, requests
from jitviewer.protocol.place import DocumentPlace
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.transport import ProcessTransport
from tests.gui.conftest import fake_command, open_file
from tests.gui.fake_engine import DEADLY


@pytest.fixture
def client(qtbot):
    made = EngineClient(ProcessTransport(fake_command()))
    made.start()
    yield made
    made.stop()


def test_a_process_answers(qtbot, client):
    documents = Documents(client)
    document = documents.open("gate.pt")
    qtbot.waitUntil(lambda: document.canvas is not None, timeout=20000)
    assert [row.name for row in documents.catalogue] == ["inline", "dce", "cse"]
    assert document.method == "forward"


def test_a_killed_engine_is_replaced_and_documents_come_back(qtbot, client):
    documents = Documents(client)
    document = documents.open("gate.pt")
    qtbot.waitUntil(lambda: document.canvas is not None, timeout=20000)
    document.set_passes(("inline", "dce"))
    document.show_method("warm", "forward")
    qtbot.waitUntil(lambda: document.module_path == "warm" and bool(document.steps))
    first = client._transport.process_id
    said = []
    documents.noticed.connect(lambda level, sentence: said.append((level, sentence)))
    seen = []
    document.steps_changed.connect(lambda: seen.append((document.module_path, len(document.steps))))
    with qtbot.waitSignal(client.ready, timeout=20000):
        client._transport.findChild(QProcess).kill()
    assert client._transport.process_id not in (0, first)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == ("warm", 2))
    assert document.passes_on == ("inline", "dce")
    assert said[0][0] == "warning"
    assert "started again" in said[0][1]


def test_a_file_that_ends_the_engine_is_not_opened_again(qtbot, client):
    documents = Documents(client)
    good = documents.open("gate.pt")
    qtbot.waitUntil(lambda: good.canvas is not None, timeout=20000)
    deadly = documents.open(DEADLY)
    qtbot.waitUntil(lambda: deadly.phase == "failed", timeout=20000)
    assert "the file was too much" in deadly.failure
    qtbot.waitUntil(lambda: client.is_ready and good.phase == "ready", timeout=20000)


def test_an_engine_that_keeps_dying_is_given_up_in_a_sentence(qtbot):
    client = EngineClient(ProcessTransport(["false"]))
    with qtbot.waitSignal(client.given_up, timeout=20000) as given_up:
        client.start()
    assert given_up.args == ["it ended with status 1"]


def test_an_engine_that_is_not_there_is_given_up_in_a_sentence(qtbot):
    client = EngineClient(ProcessTransport(["no-such-program-anywhere"]))
    with qtbot.waitSignal(client.given_up, timeout=20000) as given_up:
        client.start()
    assert given_up.args[0]


def test_bytes_that_are_no_frames_end_the_engine_not_the_window(qtbot, opened, transport):
    transport.received.emit(b"\xff\xff\xff\xff garbage")
    assert transport.starts == 2
    qtbot.waitUntil(lambda: len(transport.asked(requests.OpenDocument)) == 2)
    assert opened.banner.isVisible()
    assert "started again" in opened.banner.sentence.text()


def test_the_window_says_that_the_engine_died_and_keeps_its_views(qtbot, opened, transport):
    transport.engine.holds_runs = True
    opened.actions_.run.trigger()
    page = opened.current_page()
    qtbot.waitUntil(lambda: page.document.progress is not None)
    text = page.view.graph.editor.toPlainText()
    transport.die("signal 11")
    assert page.view.isVisible()
    assert page.view.graph.editor.toPlainText() == text
    assert "signal 11" in opened.banner.sentence.text()
    assert "engine stopped" in opened.run.results.banner.sentence.text()
    qtbot.waitUntil(lambda: page.document.phase == "ready")


def test_opening_a_file_starts_a_given_up_engine_again(qtbot, window, transport):
    for _ in range(3):
        transport.die("out of memory")
    assert "keeps stopping" in window.banner.sentence.text()
    starts = transport.starts
    open_file(qtbot, window, "gate.pt")
    assert transport.starts == starts + 1
    assert window.current_page().document.phase == "ready"


def test_whoever_asks_what_cannot_be_sent_is_told(qtbot, opened, transport, monkeypatch):
    """Nobody waits for an answer to a question that was never asked."""
    document = opened.current_page().document
    notices = []
    document.noticed.connect(lambda *told: notices.append(told))
    monkeypatch.setattr(framing, "MAX_FRAME", 100)
    document.show_method("a" * 200, "forward")
    assert not document.is_busy
    document.run(["1" * 200], "cpu", 1, 0, 0)
    assert not document.is_running
    assert document.stopped.sentence.endswith("more than 100 are not shown.")
    document.set_passes(["dce"] * 100)
    assert not document.is_busy
    assert len(notices) == 1
    document.look_at_value("a" * 200)
    assert document.value.look is None
    monkeypatch.setattr(framing, "MAX_FRAME", 1 << 28)
    monkeypatch.setattr(type(document), "place", lambda _self: DocumentPlace("", "f", [], 1 << 70))
    document.open()
    assert document.phase == "failed"
    assert document.failure == "A number of more than 64 bits is not sent."
