"""Files whose names are no UTF-8 open and run as others do; what leads to no file ends in one sentence."""

import os
import shutil
import sys

import pytest

from jitviewer.protocol import events, requests
from jitviewer.resources import resource

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names of files are any bytes on Linux only")

FOLDER, NAME = "m\udc80\\udcff", "a\udcffb"
SCRIPT = "import torch\n\ndef twice(x: torch.Tensor) -> torch.Tensor:\n    return x * 2\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / FOLDER
    made.mkdir()
    return made


def test_an_archive_opens_and_runs(shared_engine, folder):
    path = folder / f"{NAME}.pt"
    shutil.copy(resource("samples", "gate.pt"), path)
    assert os.fsencode(path).endswith(b"m\x80\\udcff/a\xffb.pt")
    views = shared_engine.open(path)
    assert events.CanvasChanged in views, views
    shared_engine.send(requests.Run(1, ["float32[2,8]"], "cpu", 1, 0, 0))
    done = shared_engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    # What is shown of the name has no half of a pair, which Qt would leave out.
    assert views[events.DocumentOpened].path.endswith(r"m\udc80\udcff/a\udcffb.pt")


def test_inputs_are_read_from_such_files(shared_engine, folder):
    import torch

    shared_engine.open(resource("samples", "gate.pt"))
    torch.save(torch.ones(2, 8), folder / f"{NAME}.pt")
    shared_engine.send(requests.Run(1, [str(folder / f"{NAME}.pt")], "cpu", 1, 0, 0))
    done = shared_engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done


def test_the_text_of_a_graph_opens(shared_engine, folder):
    path = folder / f"{NAME}.ir"
    path.write_text("graph(%x : Tensor):\n  return (%x)\n")
    assert events.CanvasChanged in shared_engine.open(path)


def test_a_python_file_is_asked_about_by_its_very_path_and_runs(shared_engine, folder):
    path = folder / f"{NAME}.py"
    path.write_text(SCRIPT)
    wanted = shared_engine.ask(requests.OpenDocument(1, str(path)), events.TrustWanted, events.DocumentFailed)
    assert isinstance(wanted, events.TrustWanted), wanted
    assert wanted.found.path == str(path)
    shared_engine.send(requests.OpenDocument(1, str(path), None, wanted.found))
    last = shared_engine.until(events.CanvasChanged, events.DocumentFailed, events.TrustWanted)[-1]
    assert isinstance(last, events.CanvasChanged), last


@pytest.mark.parametrize("suffix", [".pt", ".ir", ".py"])
@pytest.mark.parametrize(
    "name", ["a\0b", "\ud800", "x" * 5000, "/".join(["y" * 200] * 40), "", "none/" * 3, "a\udcff\n\x1b[31mb"]
)
def test_what_is_no_path_is_one_sentence(shared_engine, tmp_path, name, suffix):
    failed = shared_engine.open(f"{tmp_path}/{name}{suffix}")[events.DocumentFailed]
    assert failed.sentence.count("\n") <= name.count("\n")
    assert 0 < len(failed.sentence) <= 2000
    assert "rror" not in failed.sentence
    assert "internal" not in failed.sentence


@pytest.mark.parametrize("suffix", [".pt", ".ir", ".py"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "link to itself"])
def test_what_is_no_file_is_one_sentence(shared_engine, tmp_path, kind, suffix):
    path = tmp_path / f"odd{suffix}"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path)
    failed = shared_engine.open(path)[events.DocumentFailed]
    assert str(path) in failed.sentence
    assert failed.sentence.count("\n") == 0


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/tty", "/proc/self/mem", "/"])
def test_devices_are_one_sentence(shared_engine, path):
    failed = shared_engine.open(path)[events.DocumentFailed]
    assert path in failed.sentence
    assert failed.sentence.count("\n") == 0
