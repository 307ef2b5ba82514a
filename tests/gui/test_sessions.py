"""What was open comes back: after the window was closed, after it crashed, after a file changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from jitviewer.protocol import requests
from jitviewer.protocol.place import DocumentPlace
from jitviewer.ui.app import make_window
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.session_file import SavedDocument, SavedSession, SessionFile
from jitviewer.ui.services.settings import Settings
from tests.gui.conftest import FakeTransport

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def files(tmp_path):
    """Files that exist, for only those are opened again."""
    made = [tmp_path / name for name in ("gate.pt", "loop.pt", "lstm.pt")]
    for path in made:
        path.write_bytes(b"archive")
    return [str(path) for path in made]


@pytest.fixture
def start(qtbot, tmp_path):
    """Starts windows, one after another, that share the settings."""
    made = []

    def begin(restore=True):
        transport = FakeTransport()
        client = EngineClient(transport)
        client.start()
        window = make_window(client, settings=Settings(tmp_path / "settings.ini"), theme="dark")
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        qtbot.waitUntil(lambda: client.is_ready)
        window.session.begin(restore)
        made.append(window)
        return window, transport

    yield begin
    for window in made:
        window.session.end()


def open_and_wait(qtbot, window, path):
    window.open_path(path)
    document = window.current_page().document
    qtbot.waitUntil(lambda: document.canvas is not None)
    return document


def crash(window):
    """The process is gone: what is on disk stays as it was, and the lock is nobody's."""
    window.session.save()
    window.session._file.release()
    window.session._file = None


def test_documents_come_back_with_method_passes_and_rewrite(qtbot, start, files):
    window, transport = start()
    document = open_and_wait(qtbot, window, files[0])
    document.show_method("warm", "forward")
    document.set_passes(("inline", "dce"))
    qtbot.waitUntil(lambda: len(document.steps) == 2 and document.module_path == "warm")
    document.go_to_step(1)
    document.set_code_form(True)
    qtbot.waitUntil(lambda: document.code_after_passes and bool(transport.asked(requests.GoToStep)))
    document.toggle_item("root/warm", False)
    qtbot.waitUntil(lambda: document.canvas.items[1].is_open is False)
    open_and_wait(qtbot, window, files[1])
    window.area.show_page(window.area.pages()[0])
    window.close()

    again, transport = start()
    assert [page.document.path for page in again.area.pages()] == files[:2]
    shown = again.current_page().document
    assert shown.path == files[0]
    qtbot.waitUntil(lambda: shown.canvas is not None)
    place = transport.asked(requests.OpenDocument)[0].place
    assert (place.module_path, place.method, place.passes) == ("warm", "forward", ["inline", "dce"])
    assert place.position == 1
    assert (place.code_after_passes, place.code_is_original) == (True, False)
    assert place.items == {"root/warm": False}
    assert again.passes.model.pipeline() == ("inline", "dce")
    assert not again.banner.isVisible()


def test_only_what_is_in_front_is_opened_at_once(qtbot, start, files):
    window, _ = start()
    for path in files:
        open_and_wait(qtbot, window, path)
    window.close()
    again, transport = start()
    qtbot.waitUntil(lambda: again.current_page().document.phase == "ready")
    assert [Path(r.path).name for r in transport.asked(requests.OpenDocument)] == ["lstm.pt"]
    bar = again.area.tabs.tabBar()
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(0).center())
    qtbot.waitUntil(lambda: again.current_page().document.phase == "ready")
    assert [Path(r.path).name for r in transport.asked(requests.OpenDocument)] == ["lstm.pt", "gate.pt"]


def test_a_crash_loses_nothing_and_is_told(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    open_and_wait(qtbot, window, files[1])
    # The session is written without anybody asking.
    saved = Settings(Path(files[0]).with_name("settings.ini")).path.with_suffix(".session.json")
    qtbot.waitUntil(lambda: saved.exists() and b"loop.pt" in saved.read_bytes())
    crash(window)
    again, _ = start()
    assert len(again.area.pages()) == 2
    assert again.banner.isVisible()
    assert "ended unexpectedly" in again.banner.sentence.text()
    assert "gate.pt" in again.banner.sentence.text()


def test_the_canvas_is_looked_at_from_where_it_was(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    view = window.current_page().view.canvas.view
    view.zoom_by(2.0)
    view.look_at(view.zoom(), 40.0, 200.0)
    before = window.current_page().camera()
    window.close()
    again, _ = start()
    page = again.current_page()
    qtbot.waitUntil(lambda: page.document.canvas is not None)
    qtbot.waitUntil(lambda: abs(page.camera()[0] - before[0]) < 0.01)
    assert page.camera() == pytest.approx(before, abs=1.5)


def test_a_split_window_comes_back_split(qtbot, start, files):
    window, _ = start()
    for path in files:
        open_and_wait(qtbot, window, path)
    window.actions_.move.trigger()
    window.area.activate_other_side()
    window.close()
    again, _ = start()
    assert [[Path(p.document.path).name for p in again.area.pages(side)] for side in (0, 1)] == [
        ["gate.pt", "loop.pt"], ["lstm.pt"],
    ]  # fmt: skip
    assert again.area.is_split
    assert again.area.active_side == 0
    qtbot.waitUntil(lambda: all(page.document.phase == "ready" for page in again.area.pages_in_front()))


def test_files_that_are_gone_are_named_and_the_others_open(qtbot, start, files):
    window, _ = start()
    for path in files[:2]:
        open_and_wait(qtbot, window, path)
    window.close()
    Path(files[1]).unlink()
    again, _ = start()
    assert [page.document.path for page in again.area.pages()] == files[:1]
    assert "loop.pt is not there any more" in again.banner.sentence.text()


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (["/gone/a.pt"], "a.pt is not there any more, so it was not opened again."),
        (
            ["/gone/a.pt", "/gone/b.pt"],
            "a.pt and b.pt are not there any more, so they were not opened again.",
        ),
        (
            [f"/gone/{n}.pt" for n in range(9)],
            "0.pt, 1.pt, 2.pt, 3.pt and 5 more are not there any more, so they",
        ),
        ([""], "A file without a name is not there any more, so it was not opened again."),
        (["\0"], "A file without a name is not there any more, so it was not opened again."),
        (["/"], "/ is not there any more, so it was not opened again."),
    ],
)
def test_what_is_gone_is_told_in_a_sentence(start, tmp_path, paths, said):
    session = {"documents": [{"path": path} for path in paths], "is_closed": True}
    (tmp_path / "settings.session.json").write_text(json.dumps(session))
    window, _ = start()
    assert window.banner.sentence.text().startswith(said)


def test_a_folder_in_the_place_of_the_lock_is_named(start, tmp_path):
    lock = tmp_path / "settings.session.json.lock"
    (lock / "inside").mkdir(parents=True)
    window, _ = start()
    assert not window.not_kept.isVisible()
    assert window.banner.sentence.text() == (
        f"What is open cannot be kept for the next start: {lock} is a folder and in the way of a file; "
        "remove it."
    )


def test_a_lock_that_another_machine_left_just_now_is_no_obstacle(start, tmp_path):
    """Who holds one has locked it before anything is written to it."""
    (tmp_path / "settings.session.json.lock").write_bytes(b"1\nsystemd\nother\n")
    window, _ = start()
    assert not window.not_kept.isVisible()
    assert not window.banner.isVisible()


def test_a_second_window_leaves_the_session_to_the_first(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    window.session.save()
    second, _ = start()
    assert second.area.pages() == []
    open_and_wait(qtbot, second, files[2])
    second.close()
    window.close()
    again, _ = start()
    assert [page.document.path for page in again.area.pages()] == files[:1]


def test_files_that_are_named_are_opened_in_the_place_of_the_last_session(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    window.close()
    again, _ = start(restore=False)
    assert again.area.pages() == []
    assert again.start_page.isVisible()


def test_restoring_can_be_switched_off(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    window.actions_.settings.trigger()
    window.pages.currentWidget().restores.click()
    window.close()
    again, _ = start()
    assert again.area.pages() == []


def test_a_session_file_that_is_damaged_is_no_obstacle(start, tmp_path):
    (tmp_path / "settings.session.json").write_text('{"documents": 3}')
    window, _ = start()
    assert window.start_page.isVisible()


def test_the_lock_of_a_process_that_died_is_taken(tmp_path):
    """A real process takes the session and is killed."""
    program = (
        "import time; from pathlib import Path; from jitviewer.ui.services.session_file import SessionFile\n"
        f"f = SessionFile(Path({str(tmp_path / 's.json')!r})); print(f.claim(), flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline().strip() == "True"
    file = SessionFile(tmp_path / "s.json")
    assert not file.claim()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert file.claim()
    file.release()


LOCKS = {
    "empty": b"", "garbage": b"\xff\x00garbage", "blank lines": b"\n\n\n", "no number": b"x\npython\nhost\n",
    "huge number": b"4000000000000000000000\npython\nhost\n", "dead": b"999999999\npython\n\n",
    "of another machine": b"1\nsystemd\nother\n", "of a living process that does not hold it": None,
}  # fmt: skip


def put_lock(path, content):
    path.write_bytes(f"{os.getppid()}\n\n\n".encode() if content is None else content)
    os.utime(path, (1e9, 1e9))


@pytest.mark.parametrize("kind", LOCKS)
def test_a_lock_that_nobody_holds_is_no_obstacle(qtbot, start, files, kind):
    lock = Path(files[0]).with_name("settings.session.json.lock")
    put_lock(lock, LOCKS[kind])
    put_lock(lock.with_name("settings.ini.lock"), LOCKS[kind])
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    window.close()
    assert not lock.exists()
    again, _ = start()
    assert [page.document.path for page in again.area.pages()] == files[:1]
    assert not again.banner.isVisible()
    assert not again.not_kept.isVisible()


def test_the_lock_of_a_living_window_stands_whatever_is_written_into_it(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    put_lock(Path(files[0]).with_name("settings.session.json.lock"), b"")
    second, _ = start()
    assert second.area.pages() == []
    assert second.not_kept.isVisible()
    assert "what is open in this one is not kept" in second.not_kept.toolTip()
    assert not second.banner.isVisible()


def test_a_session_that_cannot_be_locked_is_told(qtbot, tmp_path, monkeypatch, window):
    monkeypatch.setattr(QLockFile, "tryLock", lambda *_: False)
    monkeypatch.setattr(QLockFile, "error", lambda _: QLockFile.LockError.PermissionError)
    window.session.begin(restore=True)
    said = window.banner.sentence.text()
    assert said.startswith("What is open cannot be kept for the next start: ")
    assert said.endswith(f"{tmp_path} cannot be written to.")


def test_a_session_is_written_whole_or_not_at_all(tmp_path):
    file = SessionFile(tmp_path / "s.json")
    place = DocumentPlace("a.b", "forward", ["inline"], 3, True, {"x": True})
    session = SavedSession([SavedDocument("/m/gate.pt", 1, place, (1.0, 2.0, 3.0))], [0, -1], 0)
    file.save(session)
    assert file.load() == session
    assert [path.name for path in tmp_path.iterdir()] == ["s.json"]


# --- files that change on disk ------------------------------------------------------------------


def replace(path, content):
    """Put another file in the place, as torch.save and editors do."""
    made = Path(path).with_suffix(".new")
    made.write_bytes(content)
    made.replace(path)


def test_a_changed_file_is_offered_in_place_and_reloads_what_is_shown(qtbot, start, files):
    window, transport = start()
    document = open_and_wait(qtbot, window, files[0])
    document.set_passes(("inline", "dce"))
    qtbot.waitUntil(lambda: len(document.steps) == 2)
    page = window.current_page()
    page.view.canvas.view.zoom_by(2.0)
    zoom = page.view.canvas.view.zoom()
    replace(files[0], b"another archive")
    qtbot.waitUntil(page.file_banner.isVisible)
    assert "gate.pt has changed on disk" in page.file_banner.sentence.text()
    button = next(b for b in page.file_banner.findChildren(QPushButton) if b.text() == "Reload")
    QTest.mouseClick(button, LEFT)
    assert transport.asked(requests.OpenDocument)[-1].place.passes == ["inline", "dce"]
    qtbot.waitUntil(lambda: document.phase == "ready" and not page.file_banner.isVisible())
    assert page.view.isVisible()
    assert page.view.canvas.view.zoom() == zoom
    # It is watched on: the next change is offered too.
    replace(files[0], b"a third archive")
    qtbot.waitUntil(page.file_banner.isVisible)


def test_a_file_that_is_still_being_written_is_not_offered(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    page = window.current_page()
    with Path(files[0]).open("ab") as file:
        for _ in range(12):
            file.write(b"more")
            file.flush()
            qtbot.wait(100)
            assert not page.file_banner.isVisible()
    qtbot.waitUntil(page.file_banner.isVisible)


def test_a_deleted_file_stays_open_and_says_so(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    page = window.current_page()
    Path(files[0]).unlink()
    qtbot.waitUntil(page.file_banner.isVisible)
    assert "was deleted or moved" in page.file_banner.sentence.text()
    assert page.view.isVisible()
    Path(files[0]).write_bytes(b"back again")
    qtbot.waitUntil(lambda: "has changed" in page.file_banner.sentence.text())


def test_files_reload_by_themselves_where_that_is_chosen(qtbot, start, files):
    window, transport = start()
    document = open_and_wait(qtbot, window, files[0])
    window.actions_.settings.trigger()
    window.pages.currentWidget().reloads.click()
    window.actions_.settings.trigger()
    replace(files[0], b"another archive")
    qtbot.waitUntil(lambda: len(transport.asked(requests.OpenDocument)) == 2)
    qtbot.waitUntil(lambda: document.phase == "ready")
    assert "was reloaded" in window.current_page().view.banner.sentence.text()


def test_a_key_reloads(qtbot, start, files):
    window, transport = start()
    document = open_and_wait(qtbot, window, files[0])
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert len(transport.asked(requests.OpenDocument)) == 2
    qtbot.waitUntil(lambda: document.phase == "ready")


def test_times_of_the_old_file_go_with_it(qtbot, start, files):
    window, _ = start()
    document = open_and_wait(qtbot, window, files[0])
    window.actions_.run.trigger()
    qtbot.waitUntil(lambda: bool(document.times))
    window.actions_.reload.trigger()
    qtbot.waitUntil(lambda: document.phase == "ready")
    assert document.times == {}
    assert document.runs == []


def test_an_engine_that_dies_brings_back_the_place(qtbot, start, files):
    window, transport = start()
    document = open_and_wait(qtbot, window, files[0])
    document.set_passes(("inline", "dce"))
    qtbot.waitUntil(lambda: len(document.steps) == 2)
    transport.die("signal 9")
    place = transport.asked(requests.OpenDocument)[-1].place
    assert place.passes == ["inline", "dce"]
    # One request: what was shown is not shown by way of something else.
    assert len(transport.asked(requests.SetPasses)) == 1


def test_libraries_of_a_run_come_back_as_text_and_nothing_is_run(qtbot, start, files):
    window, _ = start()
    open_and_wait(qtbot, window, files[0])
    open_and_wait(qtbot, window, files[1])
    window.run.show()
    window.run.raise_()
    field = window.run.form.libraries
    QTest.keyClicks(field, "mylib.ops, /a/libmine.so")
    assert window.session._timer.isActive()
    window.session.end()
    again, transport = start()
    documents = [page.document for page in again.area.pages()]
    assert [document.libraries for document in documents] == ["", "mylib.ops, /a/libmine.so"]
    qtbot.waitUntil(lambda: again.run.form.libraries.text() == "mylib.ops, /a/libmine.so")
    assert not transport.asked(requests.Run)
    assert "mylib" not in sys.modules


@pytest.mark.parametrize(
    ("text", "kept"),
    [("lib.so", "lib.so"), ("ä.b", "ä.b"), ("a\u202eb", ""), ("a\nb", ""), ("\udcff", ""), ("x" * 4001, "")],
)
def test_libraries_that_hide_signs_or_are_too_long_are_not_kept(tmp_path, text, kept):
    path = tmp_path / "session.json"
    file = SessionFile(path)
    file.save(SavedSession([SavedDocument("/a.pt", libraries=text)]))
    assert file.load().documents[0].libraries == kept


def test_libraries_of_a_file_that_somebody_wrote_are_within_bounds(tmp_path):
    path = tmp_path / "session.json"
    path.write_text('{"documents":[{"path":"/a.pt","libraries":"a\\u202eb"}]}')
    assert SessionFile(path).load().documents[0].libraries == ""
    path.write_text('{"documents":[{"path":"/a.pt","libraries":"' + "x" * 4001 + '"}]}')
    file = SessionFile(path)
    assert file.load() is None
    assert "something else than a session" in file.problem
