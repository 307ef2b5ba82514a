"""A Python file is executed only while it is, at its place and in its content, what the person trusted."""

import os

import pytest

from jitviewer.engine.scripts import content_of
from jitviewer.protocol import events, requests

PROGRAM = """import pathlib
pathlib.Path({trace!r}).open("a").write({word!r})

def twice(x: int) -> int:
    return x + {number}
"""


def written(path, trace, word="a", number=1):
    path.write_text(PROGRAM.format(trace=str(trace), word=word, number=number))
    return path


@pytest.fixture
def trace(tmp_path):
    """Where the program says that it was executed."""
    return tmp_path / "trace"


def executed(trace):
    return trace.read_text() if trace.exists() else ""


def asked(engine, path, trusted=None):
    """Open a file; what it is asked about, None if it was executed."""
    engine.send(requests.OpenDocument(1, str(path), None, trusted))
    last = engine.until(events.TrustWanted, events.DocumentOpened, events.DocumentFailed)[-1]
    assert not isinstance(last, events.DocumentFailed), last.sentence
    return last.found if isinstance(last, events.TrustWanted) else None


def test_what_was_trusted_runs(engine, tmp_path, trace):
    path = written(tmp_path / "net.py", trace)
    found = asked(engine, path)
    assert found == content_of(str(path))
    assert asked(engine, path, found) is None
    assert executed(trace) == "a"


def test_a_file_that_changes_between_question_and_answer_does_not_run(engine, tmp_path, trace):
    path = written(tmp_path / "net.py", trace)
    found = asked(engine, path)
    written(path, trace, "b")
    again = asked(engine, path, found)
    assert again == content_of(str(path)) != found
    assert executed(trace) == ""
    assert asked(engine, path, again) is None
    assert executed(trace) == "b"


def test_equal_size_and_time_are_not_enough(engine, tmp_path, trace):
    path = written(tmp_path / "net.py", trace)
    found, status = asked(engine, path), path.stat()
    written(path, trace, "b")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert asked(engine, path, found) is not None
    assert executed(trace) == ""


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_that_is_pointed_elsewhere_does_not_run(engine, tmp_path, trace, what):
    """Equal content at another place imports from beside that place."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        written(tmp_path / name / "net.py", trace)
    link = tmp_path / "link" if what == "folder" else tmp_path / "link.py"
    ending = "net.py" if what == "folder" else ""
    link.symlink_to(tmp_path / "first" / ("" if what == "folder" else "net.py"))
    path = link / ending if ending else link
    found = asked(engine, path)
    assert found.path == os.path.realpath(tmp_path / "first" / "net.py")
    link.unlink()
    link.symlink_to(tmp_path / "second" / ("" if what == "folder" else "net.py"))
    again = asked(engine, path, found)
    assert again.path == os.path.realpath(tmp_path / "second" / "net.py")
    assert executed(trace) == ""


def test_other_spellings_of_a_path_are_the_same_file(engine, tmp_path, trace):
    (tmp_path / "sub").mkdir()
    path = written(tmp_path / "net.py", trace)
    found = asked(engine, path)
    assert asked(engine, f"{tmp_path}/sub/../net.py", found) is None


def test_a_program_behind_a_link_imports_what_lies_beside_itself(engine, tmp_path, trace):
    home, other = tmp_path / "home", tmp_path / "other"
    for folder, word in ((home, "home"), (other, "other")):
        folder.mkdir()
        (folder / "beside_it.py").write_text(f"WORD = {word!r}\n")
    program = "import beside_it\nopen({!r}, 'w').write(beside_it.WORD)\n"
    (home / "net.py").write_text(program.format(str(trace)))
    link = other / "net.py"
    link.symlink_to(home / "net.py")
    assert asked(engine, link, asked(engine, link)) is None
    assert executed(trace) == "home"


def test_what_is_compiled_is_what_was_executed(engine, tmp_path, trace):
    """The file is replaced by the program itself before it is compiled; annotations would be executed."""
    path = tmp_path / "net.py"
    evil = f"def twice(x: open({str(trace)!r}, 'w').close() or int) -> int:\n    return x + 9\n"
    path.write_text(
        "import pathlib\ndef twice(x: int) -> int:\n    return x + 1\n"
        f"pathlib.Path(__file__).write_text({evil!r})\n"
    )
    engine.send(requests.OpenDocument(1, str(path), None, content_of(str(path))))
    graph = engine.until(events.GraphChanged)
    code = next(event for event in graph if isinstance(event, events.SourceChanged))
    assert "x + 1" in code.view.text
    assert "value=1" in graph[-1].view.text
    assert not trace.exists()


def test_a_process_that_is_started_again_executes_nothing_else(engine, tmp_path, trace):
    """Compiling ends the process of the program; the next object would execute the file anew."""
    path = tmp_path / "net.py"
    payload = f"open({str(trace)!r}, 'w').close()\n"
    text = (
        "import os, torch\n"
        "class Dies(torch.nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        f"        with open(__file__, 'a') as file: file.write({payload!r})\n"
        "        os._exit(3)\n"
        "def later(x: int) -> int:\n"
        "    return x\n"
    )
    path.write_text(text)
    found = content_of(str(path))
    engine.send(requests.OpenDocument(1, str(path), None, found))
    assert engine.until(events.TrustWanted)[-1].found != found
    assert not trace.exists()


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "absent", "loop", "huge"])
def test_what_is_no_file_is_refused_at_once(engine, tmp_path, kind):
    path = tmp_path / "net.py"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(1 << 40)
    engine.send(requests.OpenDocument(1, str(path)))
    sentence = engine.until(events.DocumentFailed)[-1].sentence
    assert sentence.startswith(f"{path} cannot be read: ")
