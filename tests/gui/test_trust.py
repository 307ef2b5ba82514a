"""What a person trusts is a file at its place, as it was; the settings list it and take it back."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from jitviewer.protocol import requests
from jitviewer.protocol.trust import TrustedContent
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.services.trusted_files import TrustedFiles

LEFT = Qt.MouseButton.LeftButton
OTHER = "1" * 64


def press(page, text):
    QTest.mouseClick(next(b for b in page.message.findChildren(QPushButton) if text in b.text()), LEFT)


@pytest.fixture
def trusted_page(qtbot, window):
    """The page of a file that the person trusted, its first function shown."""
    window.open_path("models/net.py")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.phase == "asking")
    press(page, "Trust")
    qtbot.waitUntil(lambda: page.document.canvas is not None)
    return page


def answers(transport):
    return [
        request.trusted.digest[0] if request.trusted else ""
        for request in transport.asked(requests.OpenDocument)
    ]


def test_the_question_says_what_is_remembered(qtbot, window):
    window.open_path("models/net.py")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.phase == "asking")
    said = page.message.sentence.text()
    assert "as it is now" in said
    assert "It does not look at what the file imports" in said
    assert "settings" in said
    assert "has changed since" not in said


def test_a_change_is_asked_about_whether_reloaded_or_after_the_engine_died(
    qtbot, trusted_page, window, transport
):
    transport.engine.digest = OTHER
    window.reload_current()
    qtbot.waitUntil(lambda: trusted_page.document.phase == "asking")
    assert trusted_page.currentWidget() is trusted_page.message
    assert "net.py has changed since you trusted it" in trusted_page.message.sentence.text()
    press(trusted_page, "Trust")
    qtbot.waitUntil(lambda: trusted_page.document.phase == "ready")
    transport.engine.digest = "2" * 64
    transport.die("signal 9")
    qtbot.waitUntil(lambda: trusted_page.document.phase == "asking")
    assert answers(transport) == ["", "0", "", "1", ""]


def test_what_is_unchanged_is_not_asked_about_again(qtbot, trusted_page, window, transport):
    transport.die("signal 9")
    qtbot.waitUntil(lambda: trusted_page.document.phase == "ready")
    assert answers(transport) == ["", "0", "", "0"]


def test_a_file_that_changes_before_the_answer_arrives_is_asked_about_again(qtbot, window, transport):
    window.open_path("models/net.py")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.phase == "asking")
    transport.engine.digest = OTHER
    press(page, "Trust")
    qtbot.waitUntil(lambda: page.document.phase == "asking" and len(answers(transport)) == 2)
    qtbot.waitUntil(lambda: page.document.asked_about is not None)
    assert page.document.asked_about.digest == OTHER
    assert "has changed since" in page.message.sentence.text()
    assert answers(transport) == ["", "0"]


def test_a_link_says_where_it_leads(qtbot, window, transport, monkeypatch):
    from jitviewer.protocol import events

    real = transport.engine.answer
    elsewhere = TrustedContent("/elsewhere/evil.py", "0" * 64)

    def answer(request):
        given = real(request)
        return [
            events.TrustWanted(event.document, event.path, elsewhere)
            if isinstance(event, events.TrustWanted)
            else event
            for event in given
        ]

    monkeypatch.setattr(transport.engine, "answer", answer)
    window.open_path("models/net.py")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.phase == "asking")
    assert page.message.place.text().endswith("net.py leads to /elsewhere/evil.py")


def test_trust_is_taken_back_in_the_settings(qtbot, trusted_page, window, transport):
    window.actions_.settings.trigger()
    listed = window.pages.currentWidget().trusted
    assert len(listed.buttons) == 1
    QTest.mouseClick(listed.buttons[0], LEFT)
    assert listed.buttons == []
    window.actions_.settings.trigger()
    window.reload_current()
    qtbot.waitUntil(lambda: trusted_page.document.phase == "asking")
    assert "has changed since" not in trusted_page.message.sentence.text()


def test_another_window_takes_back_too(trusted_page, settings, qtbot, window):
    other = TrustedFiles(Settings(settings.path))
    (known,) = other.listed()
    assert known.path.endswith("net.py")
    other.take_back(known)
    window.reload_current()
    qtbot.waitUntil(lambda: trusted_page.document.phase == "asking")


def test_names_alone_are_no_trust(tmp_path, qapp):
    """What earlier versions kept, and lines that are none."""
    path = tmp_path / "settings.ini"
    path.write_text("[General]\ntrusted=/m/net.py\n[python]\ntrusted=/m/net.py\n")
    assert TrustedFiles(Settings(path)).listed() == []
    settings = Settings(path)
    settings.set_words(
        "python/trusted", ["net.py", f"{'0' * 63} /m/a.py", f"{'A' * 64} /m/a.py", "", f"{OTHER} /m/b.py"]
    )
    assert TrustedFiles(settings).listed() == [TrustedContent("/m/b.py", OTHER)]


# --- at a restart ------------------------------------------------------------------------------------


@pytest.fixture
def restored(qtbot, window, settings, tmp_path):
    """The page of a Python file of the last session; the settings say that it is trusted as it is."""
    path = tmp_path / "net.py"
    path.write_text("def scale(x): ...")
    TrustedFiles(settings).add(TrustedContent(str(path), "0" * 64))
    (tmp_path / "settings.session.json").write_text(json.dumps({"documents": [{"path": str(path)}]}))
    window.session.begin(restore=True)
    yield window.current_page()
    window.session.end()


def asks(page):
    return page.document.phase == "asking" and page.currentWidget() is page.message


def test_what_comes_back_does_not_run_by_itself_however_trusted_it_is(qtbot, restored, window, transport):
    qtbot.waitUntil(lambda: asks(restored))
    said = restored.message.sentence.text()
    assert "You trusted net.py before, and it has not changed since" in said
    assert "does not run by itself" in said
    assert "Trust is taken back in the settings" in said
    assert [b.text() for b in restored.message.findChildren(QPushButton)] == ["Run net.py", "Do not run"]
    # Neither looking at it again, nor a reload, nor another engine runs it.
    window.reload_current()
    transport.die("signal 9")
    window.split()
    qtbot.waitUntil(lambda: len(window.area.pages()) == 2 and all(asks(page) for page in window.area.pages()))
    assert set(answers(transport)) == {""}


def test_one_click_runs_it_and_then_it_is_as_if_it_had_been_opened(qtbot, restored, transport):
    qtbot.waitUntil(lambda: asks(restored))
    press(restored, "Run net.py")
    qtbot.waitUntil(lambda: restored.document.phase == "ready")
    assert answers(transport) == ["", "0"]
    transport.die("signal 9")
    qtbot.waitUntil(lambda: restored.document.phase == "ready")
    assert answers(transport) == ["", "0", "", "0"]


def test_opening_what_came_back_runs_what_is_trusted(qtbot, restored, window, transport):
    qtbot.waitUntil(lambda: asks(restored))
    window.open_path(restored.document.path)
    qtbot.waitUntil(lambda: restored.document.phase == "ready")
    assert window.area.pages() == [restored]
    assert answers(transport) == ["", "0"]


def test_opening_what_came_back_asks_as_ever_where_it_changed(qtbot, restored, window, transport):
    qtbot.waitUntil(lambda: asks(restored))
    transport.engine.digest = OTHER
    window.reload_current()
    qtbot.waitUntil(lambda: asks(restored) and restored.document.asked_about.digest == OTHER)
    assert "has changed since you trusted it" in restored.message.sentence.text()
    window.open_path(restored.document.path)
    assert asks(restored)
    press(restored, "Trust and run net.py")
    qtbot.waitUntil(lambda: restored.document.phase == "ready")
    assert answers(transport) == ["", "", "1"]
