"""What is dropped opens by its very path; what leads to no file is told, and nothing is lost."""

import os
import sys

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

from jitviewer.protocol import requests
from jitviewer.ui.services.dropped_files import dropped_paths

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="names of files are any bytes on Unix only")


def mime(*lines: bytes) -> QMimeData:
    data = QMimeData()
    data.setData("text/uri-list", QByteArray(b"".join(line + b"\r\n" for line in lines)))
    return data


def drop(window, data):
    window.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip


@unix_only
def test_paths_are_those_that_were_dropped():
    dropped = mime(
        b"file:///m/a%FFb.pt", b"file:///m/%C3%A4 x.pt", b"file://localhost/m/b.pt", b"file:///m/50%25%23%3F.pt",
        b"file:///m/%C3%A4%20x.pt", b"http://somewhere/m/c.pt", b"file:///m/%ED%B3%BF.pt", b"file:///m/%00.pt",
        b"file:/m/d.pt",
    )  # fmt: skip
    assert dropped_paths(dropped.urls()) == [
        "/m/a\udcffb.pt", "/m/ä x.pt", "/m/b.pt", "/m/50%#?.pt", "/m/\udced\udcb3\udcbf.pt", "/m/\0.pt",
        "/m/d.pt",
    ]  # fmt: skip
    assert dropped_paths([QUrl.fromLocalFile("/m/a b%20#.pt")]) == ["/m/a b%20#.pt"]


@unix_only
@pytest.mark.parametrize(
    "name", [b"a%FFb.pt", b"%00.pt", b"x" * 5000, b"%0A%1B[31m.pt", b"/".join([b"y" * 99] * 99), b"net%FF.py"]
)
def test_odd_names_are_opened_remembered_and_reopened(qtbot, window, transport, settings, name):
    drop(window, mime(b"file:///m/" + name))
    qtbot.waitUntil(lambda: bool(transport.asked(requests.OpenDocument)))
    (asked,) = transport.asked(requests.OpenDocument)
    assert os.fsencode(asked.path) == QByteArray.fromPercentEncoding(b"/m/" + name).data()
    document = window.current_page().document
    qtbot.waitUntil(lambda: document.phase != "opening")
    assert window.windowTitle()
    window.session.begin(restore=False)
    window.session.save()
    window.reloads.watch.look()
    window.reload_current()
    window.copy_path()
    window.close_current()
    qtbot.waitUntil(lambda: window.current_page() is None)
    window.reopen()
    assert window.current_page().document.path == asked.path
    settings.save()
    window.session.end()


@unix_only
def test_a_recent_file_is_opened_by_its_very_path(qtbot, window, tmp_path, transport):
    path = tmp_path / "a\udcffb.pt"
    path.touch()
    window.open_path(str(path))
    qtbot.waitUntil(lambda: window.current_page().document.phase == "ready")
    window.close_current()
    qtbot.waitUntil(window.start_page.isVisible)
    window.start_page._recent[0]._name.click()
    assert transport.asked(requests.OpenDocument)[-1].path == str(path)


@unix_only
def test_a_changed_file_is_told_by_its_very_path(qtbot, window, tmp_path):
    path = tmp_path / "a\udcffb.pt"
    path.write_bytes(b"archive")
    window.open_path(str(path))
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.phase == "ready")
    made = path.with_suffix(".new")
    made.write_bytes(b"another")
    made.replace(path)
    qtbot.waitUntil(page.file_banner.isVisible)


@unix_only
def test_the_session_brings_it_back(qtbot, window, tmp_path, transport):
    path = tmp_path / "a\udcffb.pt"
    path.touch()
    window.session.begin(restore=False)
    window.open_path(str(path))
    qtbot.waitUntil(lambda: window.current_page().document.phase == "ready")
    window.session.end()
    window.close_all()
    window.session.begin(restore=True)
    assert [page.document.path for page in window.area.pages()] == [str(path)]
    window.session.end()


@unix_only
def test_a_relative_path_is_no_obstacle_where_the_folder_is_gone(
    qtbot, window, tmp_path, monkeypatch, transport
):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    window.open_path("a.pt")
    assert transport.asked(requests.OpenDocument)[-1].path == "a.pt"
    assert window.current_page().document.path == "a.pt"


def carry(window, data):
    window.dragEnterEvent(
        QDragEnterEvent(
            QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip


def test_what_dropping_does_is_said_while_files_are_carried_over_the_window(qtbot, window):
    sign = window.drop_sign
    carry(window, mime(b"http://somewhere/m/c.pt"))
    assert not sign.isVisible()
    carry(window, mime(b"file:///m/a.pt"))
    assert sign.isVisible()
    assert sign.size() == window.size()
    assert "a.pt" in sign.sentence.text()
    window.dragLeaveEvent(QDragLeaveEvent())
    assert not sign.isVisible()
    two = mime(b"file:///m/a.pt", b"file:///m/b.pt")
    carry(window, two)
    assert "2 files" in sign.sentence.text()
    drop(window, two)
    assert not sign.isVisible()
    qtbot.waitUntil(lambda: len(window.area.pages()) == 2)
