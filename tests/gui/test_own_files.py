"""What the window keeps is read as data: whatever is in its files or their place, it starts and says so."""

import base64
import json
import os
import pickle
import random
import socket
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from jitviewer.protocol.trust import TrustedContent
from jitviewer.ui.app import make_window
from jitviewer.ui.services import session_file
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.session_file import SavedDocument, SavedSession, SessionFile
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.services.trusted_files import TrustedFiles
from jitviewer.ui.window_layout import is_sound_geometry, is_sound_state
from tests.gui.conftest import FakeTransport


class Traced:
    """Unpickling one makes a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


@pytest.fixture
def start(qtbot, tmp_path):
    """Starts a window that finds these settings and this session."""
    made = []

    def begin():
        client = EngineClient(FakeTransport())
        client.start()
        window = make_window(client, settings=Settings(tmp_path / "settings.ini"), theme="dark")
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: client.is_ready)
        window.session.begin(restore=True)
        made.append(window)
        return window

    yield begin
    for window in made:
        window.session.end()


def pipe(path):
    os.mkfifo(path)


def folder(path):
    path.mkdir()
    (path / "in it").touch()


def device(path):
    path.symlink_to("/dev/zero")


def endless(path):
    path.symlink_to(path)


def sparse(path):
    with path.open("wb") as file:
        file.truncate(1 << 42)


def text(content):
    def write(path):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return write


LINKS_AND_PIPES = [pipe, device, endless, sparse]
NO_JSON = [
    b"\x00\xff\xfe", b"\x80\x04\x95", b"PK\x03\x04", b"{", b"[]", b"3", b"null", b'"text"', b'{"a": NaN}',
    b"[" * 100_000, b'{"a":' * 100_000, b'{"a": 1} trailing', b'{"a": "\\ud800"}', "ä".encode("latin-1"),
    b'{"' + b"k" * 5000 + b'": 1}',
]  # fmt: skip
NO_SETTINGS = [
    b'{"theme": null}', b'{"theme": {"a": 1}}', b'{"recent": [1]}', b'{"recent": [["x"]]}',
    b'{"run/repeats": 1.5}',
    b'{"run/repeats": ' + b"9" * 4000 + b"}", b'{"a": "' + b"x" * 100_000 + b'"}',
    json.dumps({f"key{n}": n for n in range(3000)}).encode(), json.dumps({"recent": ["x"] * 5000}).encode(),
]  # fmt: skip
NO_SESSION = [
    b'{"documents": 3}', b'{"documents": [{"path": "a", "side": 7}]}',
    b'{"documents": [{"path": "a", "side": -1}]}', b'{"documents": [{"path": 1}]}',
    b'{"documents": [], "active_side": 2}', b'{"documents": [], "front": [1, 2, 3]}',
    b'{"documents": [], "front": [99999999999999999999]}', b'{"documents": [], "version": 2}', b"{}",
    b'{"documents": [{"path": "a", "camera": [1e300, 0, 0]}]}',
    b'{"documents": [{"path": "a", "camera": [0, 0, 0]}]}',
    b'{"documents": [{"path": "a", "camera": [1, 1e999, 0]}]}',
    b'{"documents": [{"path": "a", "camera": [1]}]}',
    b'{"documents": [{"path": "a", "place": 3}]}', b'{"documents": [], "x": ' + b"[" * 100_000,
    json.dumps({"documents": [{"path": "a"}] * 5000}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("make", [*LINKS_AND_PIPES, *map(text, [*NO_JSON, *NO_SETTINGS])])
def test_settings_that_cannot_be_read_are_set_aside(start, tmp_path, make):
    make(tmp_path / "settings.ini")
    window = start()
    said = window.banner.sentence.text()
    assert said.startswith("settings.ini cannot be read, and is now called settings.ini.unreadable: ")
    assert len(said) < 500
    assert os.path.lexists(tmp_path / "settings.ini.unreadable")
    window.choose_theme("light")
    window.close()
    assert Settings(tmp_path / "settings.ini").theme == "light"


@pytest.mark.parametrize("make", [*LINKS_AND_PIPES, *map(text, [*NO_JSON, *NO_SESSION])])
def test_a_session_that_cannot_be_read_is_set_aside(start, tmp_path, make):
    make(tmp_path / "settings.session.json")
    window = start()
    said = window.banner.sentence.text()
    assert said.startswith(
        "settings.session.json cannot be read, and is now called settings.session.json.unreadable: "
    )
    assert window.area.pages() == []
    window.close()
    assert json.loads((tmp_path / "settings.session.json").read_bytes())["documents"] == []


def test_folders_are_left_where_they_are(start, tmp_path):
    """They are there for something else, such as somebody's home."""
    for name in ("settings.ini", "settings.session.json"):
        folder(tmp_path / name)
    window = start()
    said = window.banner.sentence.text()
    assert said.count("cannot be read, and was left alone: it is a folder, not a file") == 2
    window.choose_theme("light")
    window.close()
    assert (tmp_path / "settings.ini" / "in it").exists()
    assert (tmp_path / "settings.session.json" / "in it").exists()


def test_both_are_told_in_one_message(start, tmp_path):
    (tmp_path / "settings.ini").write_text("{")
    (tmp_path / "settings.session.json").write_text("{")
    said = start().banner.sentence.text()
    assert said.count("cannot be read, and is now called") == 2


@pytest.mark.parametrize("make", LINKS_AND_PIPES)
@pytest.mark.parametrize(
    "name", ["settings.ini.lock", "settings.session.json.lock", "settings.ini.unreadable"]
)
def test_what_lies_in_the_place_of_a_lock_or_name_holds_nobody_up(start, tmp_path, make, name):
    make(tmp_path / name)
    (tmp_path / "settings.ini").write_text("{")
    window = start()
    window.choose_theme("light")
    window.close()
    assert Settings(tmp_path / "settings.ini").theme == "light"


def test_an_object_in_the_old_settings_is_not_made(start, tmp_path):
    """Qt's own settings made it when the file was read."""
    path = tmp_path / "settings.ini"
    written = QSettings(str(path), QSettings.Format.IniFormat)
    written.setValue("theme", "light")
    written.setValue("recent", ["/m/a, b.pt", '/m/"c".pt', "@/m/d.pt"])
    written.setValue("passes/presets", ["quick\tinline,dce"])
    written.setValue("run/repeats", 7)
    written.setValue("session/restores", False)
    written.setValue("window/geometry", QByteArray(b"\0\1\2"))
    written.setValue("window/scale", Traced(tmp_path / "made"))
    written.sync()
    assert b"PyObject" in path.read_bytes()
    window = start()
    assert not (tmp_path / "made").exists()
    settings = window._settings
    assert (settings.theme, settings.repeats, settings.restores_session) == ("light", 7, False)
    assert settings.recent() == ["/m/a, b.pt", '/m/"c".pt', "@/m/d.pt"]
    assert settings.words("passes/presets") == ["quick\tinline,dce"]
    assert settings.scale == 100
    settings.set_flag("files/reloads", True)
    settings.save()
    kept = json.loads(path.read_bytes())
    assert (kept["theme"], kept["files/reloads"]) == ("light", True)
    assert not window.banner.isVisible()


def test_a_pickle_in_place_of_the_settings_is_no_settings(start, tmp_path):
    (tmp_path / "settings.ini").write_bytes(pickle.dumps(Traced(tmp_path / "made")))
    assert "cannot be read" in start().banner.sentence.text()
    assert not (tmp_path / "made").exists()


def test_values_out_of_bounds_are_as_if_they_were_not_there(start, tmp_path):
    long = "/" + "x" * 5000
    (tmp_path / "settings.ini").write_text(
        json.dumps({
            "theme": "pink", "window/scale": 2**30, "run/repeats": -5, "run/warmup": 2**31 - 1,
            "run/memory_gib": "many", "run/time_limit": -1, "recent": [long, "\0", "", "/m/a.pt"],
            "folder": long, "session/restores": ["yes"], "passes/presets": ["", "\t", "x" * 100 + "\tdce"],
            "workspaces/read/sizes/row+texts+canvas": ["-1", "x"], "workspaces/read/views": ["9" * 4000],
            "window/geometry": "no base64", "workspaces/read/docks": base64.b64encode(b"x" * 9000).decode(),
            "python/trusted": [long, "x"],
        })
    )  # fmt: skip
    window = start()
    settings = window._settings
    assert (settings.theme, settings.scale, settings.repeats, settings.warmup) == ("system", 100, 5, 1)
    assert (settings.memory_gib, settings.time_limit) == (0, 0)
    assert settings.recent() == ["/m/a.pt"]
    assert settings.folder == ""
    assert settings.sizes("workspaces/read/sizes/row+texts+canvas") == []
    window.actions_.settings.trigger()
    window.open_path("models/gate.pt")
    assert not window.banner.isVisible()


def test_documents_that_are_no_files_are_not_opened(start, tmp_path):
    (tmp_path / "good.pt").write_bytes(b"archive")
    pipe(tmp_path / "pipe.pt")
    folder(tmp_path / "folder.pt")
    device(tmp_path / "device.pt")
    paths = [
        str(tmp_path / f"{name}.pt") for name in ("pipe", "good", "folder", "device", "x" * 5000, "a\0b")
    ]
    session = {"documents": [{"path": path, "side": 1} for path in [*paths, "y" * 5000]], "front": [-1, 5]}
    (tmp_path / "settings.session.json").write_text(json.dumps(session))
    window = start()
    assert [page.document.path for page in window.area.pages()] == [str(tmp_path / "good.pt")]
    assert "not there any more" in window.banner.sentence.text()
    assert len(window.banner.sentence.text()) < 500


def test_constructor_arguments_of_a_session_are_values(tmp_path):
    """They are executed with the program, which was asked about; the session's file was not."""
    arguments = {
        "Good": "4, hidden=[1, 2], name='x', scale=-1.5",
        "None": "",
        "Evil": "__import__('os').system('id')",
        "Closes": "4), __import__('os').system('id'",
        "Stars": "*[print(1)]",
        "Hidden": "a=(lambda: print(1))()",
        "Deep": "(" * 400 + ")" * 400,
        "Long": "1," * 1000,
        "Walrus": "(x := print(1))",
        "Comment": "4 #",
    }
    place = {"module_path": "", "method": "", "passes": [], "arguments": arguments}
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"documents": [{"path": "net.py", "place": place}]}))
    (document,) = SessionFile(path).load().documents
    assert document.place.arguments == {name: arguments[name] for name in ("Good", "None")}


def test_constructor_arguments_of_a_session_are_read_within_a_bound(tmp_path, monkeypatch):
    """Each is parsed, and thousands of them held the start."""
    asked = []
    are_values = session_file._are_values
    monkeypatch.setattr(session_file, "_are_values", lambda text: asked.append(text) or are_values(text))
    text = "1," * 450 + "1"
    place = {"module_path": "", "method": "", "passes": [], "arguments": {f"C{n}": text for n in range(90)}}
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"documents": [{"path": "net.py", "place": place}] * 150}))
    documents = SessionFile(path).load().documents
    assert len(asked) == 22
    assert sum(len(document.place.arguments) for document in documents) == 22


@pytest.mark.parametrize(
    "number",
    ["1e400", "1" * 5000, str(10**30), str(1 << 63), "-5000000000", "1.5", "NaN"],
)
@pytest.mark.parametrize("where", ["position", "version", "active_side", "camera", "side"])
def test_a_session_whose_numbers_are_none_is_set_aside(tmp_path, number, where):
    place = {"module_path": "", "method": "forward", "passes": [], "position": 0}
    document = {"path": "gate.pt", "side": 0, "place": place, "camera": [1.0, 2.0, 3.0]}
    session = {"documents": [document], "front": [0], "active_side": 0, "version": 1}
    holder = next(one for one in (place, document, session) if where in one)
    holder[where] = [1.0, "HERE", 2.0] if where == "camera" else "HERE"
    path = tmp_path / "s.json"
    path.write_text(json.dumps(session).replace('"HERE"', number))
    file = SessionFile(path)
    loaded = file.load()
    if (where, number) in (("camera", "1.5"), ("position", "-5000000000")):
        assert loaded is not None
        return
    assert loaded is None
    assert "it holds something else than a session" in file.problem
    assert len(file.problem) < 500


def test_a_socket_is_called_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        # Names of sockets are short.
        listening.bind("s.json")
        file = SessionFile(tmp_path / "s.json")
        assert file.load() is None
    assert file.problem.endswith(": it is a socket, not a file.")


def test_nothing_is_written_through_a_link(start, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("{}")
    for name in ("settings.ini", "settings.session.json"):
        (tmp_path / name).symlink_to(precious)
    window = start()
    window.choose_theme("light")
    window.close()
    assert precious.read_text() == "{}"
    assert Settings(tmp_path / "settings.ini").theme == "light"


def test_a_folder_that_cannot_be_made_is_no_obstacle(qtbot, tmp_path):
    (tmp_path / "file").touch()
    settings = Settings(tmp_path / "file" / "settings.ini")
    window = make_window(EngineClient(FakeTransport()), settings=settings, theme="dark")
    qtbot.addWidget(window)
    window.show()
    window.session.begin(restore=True)
    assert "What is open cannot be kept" in window.banner.sentence.text()
    settings.set_number("run/repeats", 9)
    settings.save()
    assert "Settings cannot be kept" in window.banner.sentence.text()
    assert settings.repeats == 9
    window.close()


@pytest.mark.parametrize("path", [".", "..", "/dev/null", "x" * 5000, "/proc/1/none"])
def test_odd_places_of_settings_are_no_obstacle(qtbot, tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    if path == "/dev/null" and os.access("/dev", os.W_OK):
        pytest.skip("a lock would be made beside the devices")
    window = make_window(EngineClient(FakeTransport()), settings=Settings(path), theme="dark")
    qtbot.addWidget(window)
    window.show()
    window.session.begin(restore=True)
    window.close()


def test_windows_keep_each_others_changes(qapp, tmp_path):
    one, two = Settings(tmp_path / "s.json"), Settings(tmp_path / "s.json")
    one.set_number("run/repeats", 9)
    one.save()
    two.set_number("run/warmup", 3)
    two.forget_files()
    two.save()
    one.set_flag("files/reloads", True)
    one.save()
    last = Settings(tmp_path / "s.json")
    assert (last.repeats, last.warmup, last.reloads_files) == (9, 3, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.json"]


def test_names_that_are_no_unicode_are_kept(qapp, tmp_path):
    odd, usual = "/m\udc80/\\udcff\udcff.pt", "/m/\\udcff.pt"
    settings = Settings(tmp_path / "s.json")
    settings.remember_files([usual, odd])
    TrustedFiles(settings).add(TrustedContent(odd, "0" * 64))
    settings.save()
    again = Settings(tmp_path / "s.json")
    assert again.recent() == [odd, usual]
    assert again.folder == "/m\udc80"
    assert TrustedFiles(again).knows(TrustedContent(odd, "0" * 64))
    session = SavedSession([SavedDocument(odd), SavedDocument(usual, 1)])
    file = SessionFile(tmp_path / "session.json")
    file.save(session)
    assert file.load() == session


def test_settings_are_written_whole_or_not_at_all(qapp, tmp_path, monkeypatch):
    settings = Settings(tmp_path / "s.json")
    settings.theme = "light"
    settings.save()
    before = (tmp_path / "s.json").read_bytes()

    def fails(_self, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    settings.theme = "dark"
    settings.save()
    assert (tmp_path / "s.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["s.json"]


def test_layouts_that_qt_would_fall_over_are_left_alone(qtbot, window):
    """Bytes are changed at random; what is taken for a layout is restored, and the window lives."""
    names = [dock.objectName() for dock in window.docks()]
    state, geometry = bytes(window.saveState(1).data()), bytes(window.saveGeometry().data())
    assert is_sound_state(state, 1, names)
    assert is_sound_geometry(geometry)
    assert not is_sound_state(state, 2, names)
    assert not is_sound_state(state, 1, [*names, "other"])
    assert not is_sound_state(state, 1, names[1:])
    assert not is_sound_state(state + b"\0", 1, names)
    # A dock that stands in two places ends Qt's process.
    at = state.index("runDock".encode("utf-16-be"))
    assert not is_sound_state(state[:at] + "treDock".encode("utf-16-be") + state[at + 14 :], 1, names)
    chance = random.Random(7)
    for _ in range(300):
        changed = bytearray(state)
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.randrange(8, len(changed) - 4)
            changed[at : at + 4] = chance.choice(
                (b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", bytes([chance.randrange(256)]), b"", b"\0\0\x01\0")
            )
        if is_sound_state(bytes(changed), 1, names):
            window.restoreState(QByteArray(bytes(changed)), 1)
    for end in range(len(state)):
        assert not is_sound_state(state[:end], 1, names)
