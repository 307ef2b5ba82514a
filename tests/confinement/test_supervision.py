"""What a supervisor gives the process that it stands by, and what it does not."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from jitcore.whole_file import WholeFile
from jitviewer.confinement import Role
from jitviewer.confinement.confining import Confinement
from jitviewer.launching.supervised_surroundings import SupervisedSurroundings
from jitviewer.launching.supervisor import Named, Supervisor

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="files are handed on Linux only")
LOOP = """
graph(%x : Tensor):
  %most : int = prim::Constant[value=9223372036854775807]()
  %yes : bool = prim::Constant[value=1]()
  %out : Tensor = prim::Loop(%most, %yes, %x)
    block0(%i : int, %y : Tensor):
      %z : Tensor = aten::neg(%y)
      -> (%yes, %z)
  return (%out)
"""


@pytest.fixture
def supervised():
    """The surroundings of a process, and what the person named for it."""
    ours, theirs = socket.socketpair()
    named = Named()
    supervisor = Supervisor(ours, named)
    thread = threading.Thread(target=supervisor.serve)
    thread.start()
    yield SupervisedSurroundings(theirs, Confinement(0, has_filter=False)), named
    theirs.close()
    thread.join()
    supervisor.end()
    ours.close()


def test_only_named_files_are_opened(supervised, tmp_path: Path) -> None:
    surroundings, named = supervised
    file = tmp_path / "a.pt"
    file.write_bytes(b"content")
    with pytest.raises(PermissionError, match="nobody named it"):
        surroundings.open(str(file))
    named.read.add(str(file))
    opened = surroundings.open(str(file))
    assert os.read(opened.descriptor, 20) == b"content"
    opened.close()
    # Another spelling of a path is another path.
    with pytest.raises(PermissionError):
        surroundings.open(f"{tmp_path}/./a.pt")


def test_a_missing_file_is_said_as_the_system_does(supervised, tmp_path: Path) -> None:
    surroundings, named = supervised
    named.read.add(str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError):
        surroundings.open(str(tmp_path / "absent"))


def test_a_path_that_is_none_is_said(supervised) -> None:
    surroundings, named = supervised
    named.read.add("a\0b")
    with pytest.raises(OSError, match="null"):
        surroundings.open("a\0b")
    # It goes on.
    surroundings.scratch("x").close()


def test_an_output_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="No such device"):
        WholeFile(str(pipe))


def test_a_pipe_is_not_waited_for(supervised, tmp_path: Path) -> None:
    surroundings, named = supervised
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    named.read.add(str(pipe))
    surroundings.open(str(pipe)).close()


@pytest.mark.parametrize(
    ("role", "word"), [(Role.PERSON, "trust"), (Role.FILE_RUNNER, "files"), (Role.ENGINE, "engine")]
)
def test_processes_with_more_rights_need_the_person(supervised, role: Role, word: str) -> None:
    surroundings, _ = supervised
    with pytest.raises(PermissionError, match=word):
        surroundings.start(role, 1)


def test_libraries_are_those_that_the_person_named(supervised) -> None:
    surroundings, named = supervised
    named.libraries.add("import:json")
    with pytest.raises(PermissionError, match="library"):
        surroundings.start(Role.RUNNER, 0, ("import:json", "import:shelve"))
    surroundings.start(Role.RUNNER, 0, ("import:json",)).kill()


def test_a_process_is_started_awaited_and_ended(supervised) -> None:
    surroundings, _ = supervised
    ended = surroundings.start(Role.EVALUATOR)
    ended.kill()
    assert not ended.is_running()
    left = surroundings.start(Role.EVALUATOR)
    left._requests.close()
    # A runner whose requests end, ends.
    assert left.replies.read() == b""
    assert left.wait() == 0


def test_an_output_is_whole_or_not_there(supervised, tmp_path: Path) -> None:
    surroundings, named = supervised
    path = tmp_path / "out"
    with pytest.raises(PermissionError), surroundings.output(str(path)):
        pass
    named.write.add(str(path))
    with pytest.raises(KeyError), surroundings.output(str(path)) as stream:
        _write_and_fail(stream)
    assert list(tmp_path.iterdir()) == []
    with surroundings.output(str(path)) as stream:
        stream.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_an_output_keeps_the_permissions_of_what_it_replaces(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("before")
    path.chmod(0o640)
    output = WholeFile(str(path))
    os.write(output.descriptor, b"after")
    output.keep()
    assert path.read_text() == "after"
    assert path.stat().st_mode & 0o777 == 0o640


def test_scratch_has_no_name(supervised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    surroundings, _ = supervised
    scratch = surroundings.scratch("made.pt")
    assert os.write(scratch.descriptor, b"x") == 1
    assert list(tmp_path.iterdir()) == []
    scratch.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_nothing_stays_behind_when_a_run_is_ended_from_outside(
    tmp_path: Path, number: signal.Signals
) -> None:
    program, out = tmp_path / "endless.ir", tmp_path / "out.pt"
    program.write_text(LOOP)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    words = [
        sys.executable,
        "-m",
        "jitviewer",
        "run",
        str(program),
        "--input",
        "float32[2]",
        "--outputs",
        str(out),
    ]
    with subprocess.Popen(words, env=environment) as process:
        group = _until(lambda: _runners_of(process.pid))
        process.send_signal(number)
        assert process.wait(60) == -number
    _until(lambda: not any(Path(f"/proc/{member}").exists() for member in group))
    left = {path.name for path in tmp_path.iterdir()} - {"endless.ir"}
    # Only what is killed at once cannot tidy up, and leaves what it was writing under a hidden name.
    assert all(name.startswith(".") for name in left) if number == signal.SIGKILL else not left


def _write_and_fail(stream):
    stream.write(b"half")
    raise KeyError


def _until(found):
    end = time.monotonic() + 60
    while not (value := found()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return value


def _runners_of(process: int) -> list[int]:
    """The processes below one, once a runner is among them."""
    children = [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    lines = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return children if any(b"jitviewer.runner" in line for line in lines.values()) else []
