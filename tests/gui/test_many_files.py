"""Many files that are opened together get tabs, and are read when somebody looks at them."""

import pytest
from PySide6.QtWidgets import QFileDialog

from jitviewer.protocol import requests
from jitviewer.ui.services.session_file import SavedDocument, SavedSession, SessionFile

MANY = [f"/models/m{number}.pt" for number in range(60)]


def shown(window):
    return [page.document.path for page in window.area.pages()]


def read(transport):
    return [request.path for request in transport.asked(requests.OpenDocument)]


@pytest.fixture
def many(qtbot, window):
    """The window with many files, the last of them drawn."""
    window.open_paths(MANY)
    qtbot.waitUntil(lambda: len(shown(window)) == len(MANY))
    qtbot.waitUntil(lambda: window.current_page().document.canvas is not None)
    return window


def test_only_what_is_looked_at_is_read_and_has_views(qtbot, many, transport):
    assert shown(many) == MANY
    assert many.current_page().document.path == MANY[-1]
    # The first was in front for as long as it was alone.
    assert read(transport) == [MANY[0], MANY[-1]]
    assert sum(page._view is not None for page in many.area.pages()) <= 2
    many.area.show_page(many.area.pages()[7])
    qtbot.waitUntil(lambda: many.current_page().document.canvas is not None)
    assert read(transport) == [MANY[0], MANY[-1], MANY[7]]


def test_the_window_lives_while_tabs_are_made(qtbot, window, monkeypatch):
    from jitviewer.ui import main_window

    monkeypatch.setattr(main_window, "_TURN_S", 0.0)
    counts = []
    window.area.arranged.connect(lambda: counts.append(len(shown(window))))
    window.open_paths(MANY)
    assert len(shown(window)) <= 1
    qtbot.waitUntil(lambda: window.current_page() is not None and shown(window) == MANY)
    assert len(set(counts)) >= len(MANY)


def test_what_is_open_already_is_not_opened_twice_and_two_lots_keep_their_order(qtbot, window):
    window.open_path(MANY[3])
    window.open_paths(MANY[:5])
    window.open_paths([MANY[7], MANY[3]])
    wanted = [MANY[3], *MANY[:3], MANY[4], MANY[7]]
    qtbot.waitUntil(lambda: shown(window) == wanted and window.current_page().document.path == MANY[3])


def test_recent_files_are_those_that_were_named_last(many, settings):
    assert settings.recent() == MANY[:-11:-1]
    assert settings.folder == "/models"


def test_files_of_the_dialog_are_opened_so(qtbot, window, transport, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (MANY, ""))
    window.choose_files()
    qtbot.waitUntil(lambda: shown(window) == MANY)
    assert len(read(transport)) == 2


def test_all_are_closed_at_once_also_while_tabs_are_made(qtbot, many, transport):
    many.open_paths([f"{path}s" for path in MANY])
    many.close_all()
    assert shown(many) == []
    assert many.start_page.isVisible()
    qtbot.wait(50)
    assert shown(many) == []
    assert read(transport) == [MANY[0], MANY[-1]]
    assert many.actions_.closed_files == MANY[-10:]


def test_a_session_of_many_reads_what_is_in_front(qtbot, window, transport, tmp_path):
    path = tmp_path / "settings.session.json"
    files = [tmp_path / f"m{number}.pt" for number in range(60)]
    for file in files:
        file.touch()
    SessionFile(path).save(SavedSession([SavedDocument(str(file)) for file in files], [31], is_closed=True))
    window.session.begin(restore=True)
    assert shown(window) == [str(file) for file in files]
    assert window.current_page().document.path == str(files[31])
    qtbot.waitUntil(lambda: window.current_page().document.canvas is not None)
    assert read(transport) == [str(files[31])]
    window.session.end()
