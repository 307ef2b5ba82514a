"""What a confined process cannot do, tried, for every role that meets a stranger's file."""

import json
import os
import sys
from pathlib import Path

import pytest

from jitviewer.confinement import landlock, seccomp
from jitviewer.confinement.confining import Confinement, confined_environment, offered
from jitviewer.confinement.policy import (
    DENIED_CALLS,
    DRIVERS,
    ENVIRONMENT,
    READ,
    READ_ACCELERATOR,
    USE,
    USE_WITH_FILES,
)
from tests.confinement.confined import confined

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not landlock.version() or seccomp.machine() is None,
    reason="this system does not offer what confines",
)
ROLES = ("engine", "evaluator", "runner")
HARM = """
import fcntl, mmap, resource
attempt("reads", lambda: open({secret!r}).read())
attempt("reads by descriptor path", lambda: open("/proc/self/root" + {secret!r}).read())
attempt("lists", lambda: os.listdir({folder!r}))
attempt("writes", lambda: open({secret!r}, "w"))
attempt("appends", lambda: os.open({secret!r}, os.O_WRONLY | os.O_APPEND))
attempt("cuts", lambda: os.truncate({secret!r}, 0))
attempt("makes a file", lambda: open({folder!r} + "/new", "w"))
attempt("makes a folder", lambda: os.mkdir({folder!r} + "/new"))
attempt("removes", lambda: os.remove({secret!r}))
attempt("renames", lambda: os.rename({secret!r}, {secret!r} + "2"))
attempt("links", lambda: os.link({secret!r}, {folder!r} + "/link"))
attempt("points", lambda: os.symlink({secret!r}, {folder!r} + "/link"))
attempt("makes a pipe", lambda: os.mkfifo({folder!r} + "/pipe"))
attempt("changes permissions", lambda: os.chmod({secret!r}, 0o777))
attempt("changes dates", lambda: os.utime({secret!r}, (1, 1)))
attempt("changes an attribute", lambda: os.setxattr({secret!r}, "user.x", b"1"))
attempt("writes beside its own code", lambda: open(os.path.dirname(os.__file__) + "/new.py", "w"))
attempt("asks the network", lambda: socket.socket())
attempt("talks to a local service", lambda: socket.socket(socket.AF_UNIX))
attempt("starts a program", lambda: subprocess.run([sys.executable, "-V"]))
attempt("starts a shell", lambda: os.execv("/bin/sh", ["sh", "-c", "true"]))
attempt("sets flags", lambda: fcntl.ioctl(os.open(os.__file__, os.O_RDONLY), 0x40086602, bytes(8)))
attempt("makes a process", os.fork)
attempt("signals its parent", lambda: os.kill(os.getppid(), 0))
attempt("signals everybody", lambda: os.kill(-1, 0))
attempt("looks at another process", lambda: open("/proc/1/environ").read())
attempt("unmounts", lambda: ctypes.CDLL(None).umount(b"/"))
parent = os.getppid()
attempt("makes itself slow for the kernel", lambda: os.nice(1))
attempt("slows its parent", lambda: os.setpriority(os.PRIO_PROCESS, parent, 10))
attempt("slows everything of the user", lambda: os.setpriority(os.PRIO_USER, os.getuid(), 10))
attempt("reschedules its parent", lambda: os.sched_setscheduler(parent, os.SCHED_BATCH, os.sched_param(0)))
attempt("changes its parent's turns", lambda: os.sched_setparam(parent, os.sched_param(0)))
attempt("limits its parent", lambda: resource.prlimit(parent, resource.RLIMIT_CORE, (0, 0)))
attempt("leaves its session", os.setsid)
attempt("leaves its group", lambda: os.setpgid(0, 0))
attempt("takes another user's rights", lambda: os.setresuid(-1, -1, -1))
attempt("takes another group's rights", lambda: os.setresgid(-1, -1, -1))
attempt("reaches services by datagrams", lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
pipe, _ = os.pipe()
attempt("has its parent signalled", lambda: fcntl.fcntl(pipe, fcntl.F_SETOWN, parent))
attempt("has its parent killed", lambda: fcntl.fcntl(pipe, 10, 9))
attempt("owns by ioctl", lambda: fcntl.ioctl(pipe, 0x8901, parent.to_bytes(4, sys.byteorder)))
attempt("holds up who opens a file", lambda: fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), 1024, 0))
attempt("shares a core", lambda: ctypes.CDLL(None).prctl(62, 1, parent, 0, 0))
attempt("has memory that is not counted", lambda: os.memfd_create("x"))
attempt("shares memory of no file", lambda: mmap.mmap(-1, 4096))
attempt("loosens its limits", lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999)))
"""
FAILED = {"PermissionError", "ValueError", "OSError", "-1"}


@pytest.mark.parametrize("role", ROLES)
def test_a_confined_process_reaches_nothing(role: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    answers = confined(role, HARM.format(secret=str(secret), folder=str(tmp_path)))
    succeeded = {name: answer for name, answer in answers.items() if answer not in FAILED}
    may_share = role != "engine" and any(Path(driver).exists() for driver in DRIVERS)
    assert set(succeeded) == ({"shares memory of no file"} if may_share else set())
    assert secret.read_text() == "secret"
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


@pytest.mark.parametrize("role", ROLES)
def test_it_still_computes(role: str) -> None:
    answers = confined(
        role,
        """
import numpy
attempt("numpy", lambda: int(numpy.ones(4).sum()))
thread = threading.Thread(target=lambda: attempt("thread", lambda: 1))
thread.start(); thread.join()
attempt("status", lambda: open("/proc/self/status").read(4))
attempt("nowhere", lambda: open("/dev/null", "w").write("x"))
attempt("own signal", lambda: os.kill(os.getpid(), 0))
""",
    )
    assert answers == {"numpy": "4", "thread": "1", "status": "'Name'", "nowhere": "1", "own signal": "None"}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_else_is_moved_to_other_processors(role: str) -> None:
    mine = os.sched_getaffinity(0)
    if len(mine) < 2:
        pytest.skip("there is one processor")
    answers = confined(
        role,
        """
one = [min(os.sched_getaffinity(0))]
attempt("parent", lambda: os.sched_setaffinity(os.getppid(), one))
attempt("itself", lambda: os.sched_setaffinity(0, one))
attempt("by number", lambda: os.sched_setaffinity(os.getpid(), one))
attempt("moved", lambda: sorted(os.sched_getaffinity(0)) == one)
""",
    )
    # It is not told, since libraries end the process over it.
    assert answers == {"parent": "None", "itself": "None", "by number": "None", "moved": "True"}
    assert os.sched_getaffinity(0) == mine


@pytest.mark.parametrize("placed", [{}, {"OMP_PROC_BIND": "true"}, {"GOMP_CPU_AFFINITY": "0-1"}])
@pytest.mark.parametrize("role", ["runner", "evaluator"])
def test_torch_computes_with_several_threads(role: str, placed: dict[str, str]) -> None:
    lines = """
import torch
def compute():
    torch.set_num_threads(3)
    x = torch.ones(400, 400)
    convolved = torch.nn.functional.conv2d(torch.ones(4, 8, 32, 32), torch.ones(8, 8, 3, 3))
    return (x @ x).sum().item(), convolved.sum().item(), torch.get_num_threads()
attempt("computes", compute)
"""
    answers = confined(role, lines, **{**os.environ, **placed})
    assert answers == {"computes": "(64000000.0, 2073600.0, 3)"}


def test_a_granted_file_is_read_and_its_neighbour_is_not(tmp_path: Path) -> None:
    given, other = tmp_path / "given.pt", tmp_path / "other.pt"
    given.write_text("given")
    other.write_text("other")
    lines = f"""
attempt("given", lambda: open({str(given)!r}).read())
attempt("written", lambda: open({str(given)!r}, "a"))
attempt("other", lambda: open({str(other)!r}).read())
"""
    answers = confined("engine", lines, (str(given),))
    assert answers == {"given": "'given'", "written": "PermissionError", "other": "PermissionError"}


def test_a_file_runner_reaches_files_and_nothing_else(tmp_path: Path) -> None:
    lines = f"""
attempt("writes", lambda: open({str(tmp_path / "new")!r}, "w").write("x"))
attempt("renames", lambda: os.rename({str(tmp_path / "new")!r}, {str(tmp_path / "newer")!r}))
attempt("makes a folder", lambda: os.mkdir({str(tmp_path / "folder")!r}))
attempt("moves into it", lambda: os.rename({str(tmp_path / "newer")!r}, {str(tmp_path / "folder/f")!r}))
attempt("network", lambda: socket.socket())
attempt("program", lambda: subprocess.run([sys.executable, "-V"]))
attempt("its parent's memory", lambda: open(f"/proc/{{os.getppid()}}/mem", "r+b"))
attempt("its parent's files", lambda: os.listdir(f"/proc/{{os.getppid()}}/fd"))
attempt("its parent's words", lambda: open(f"/proc/{{os.getppid()}}/cmdline").read())
attempt("terminals", lambda: os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
attempt("the disk", lambda: os.listdir("/dev"))
"""
    answers = confined("file-runner", lines)
    done = {"writes", "renames", "makes a folder", "moves into it"}
    assert {name for name, answer in answers.items() if answer != "PermissionError"} == done
    assert (tmp_path / "folder" / "f").read_text() == "x"


@pytest.mark.parametrize("name", sorted(name for names in DENIED_CALLS.values() for name in names))
def test_every_denied_call_is_in_the_filter(name: str) -> None:
    known = seccomp.machine()
    assert known is not None
    if name not in known.numbers:
        pytest.skip("this machine has no such call")
    lines = f"""
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(ctypes.c_long({known.numbers[name]}), *[ctypes.c_long(-1)] * 6)
answers["errno"] = str(ctypes.get_errno())
"""
    # The kernel would say of such arguments that they make no sense, if it were asked.
    assert confined("engine", lines) == {"errno": "1"}


def test_memory_of_its_own_and_of_files_is_mapped(tmp_path: Path) -> None:
    file = tmp_path / "m"
    file.write_bytes(b"x" * 4096)
    lines = f"""
import mmap
attempt("own", lambda: mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)[0])
attempt("file", lambda: mmap.mmap(os.open({str(file)!r}, os.O_RDONLY), 0, prot=mmap.PROT_READ)[0])
"""
    assert confined("runner", lines, (str(file),)) == {"own": "0", "file": "120"}


def test_variables_with_secrets_stay_behind() -> None:
    given = {"API_TOKEN": "x", "AWS_SECRET": "x", "HOME": "/home/me", "OMP_NUM_THREADS": "2", "PATH": "/bin"}
    assert set(confined_environment(given)) == {"OMP_NUM_THREADS", "PYTHONDONTWRITEBYTECODE"}


def test_every_allowance_has_a_reason() -> None:
    for allowance in (*READ, *READ_ACCELERATOR, *USE, *USE_WITH_FILES, *ENVIRONMENT):
        assert allowance.what
        assert len(allowance.reason) > 3


def test_what_is_missing_is_said() -> None:
    assert offered().missing == ""
    assert "read and write files" in Confinement(0, has_filter=True).missing
    assert "empty files" in Confinement(2, has_filter=True).missing
    nothing = Confinement(0, has_filter=False).missing
    assert all(word in nothing for word in ("files", "network", "programs"))


def test_numbers_of_calls_are_those_of_the_headers() -> None:
    places = ("/usr/include/asm/unistd_64.h", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    headers = next((path for path in map(Path, places) if path.exists()), None)
    if os.uname().machine != "x86_64" or headers is None:
        pytest.skip("the headers of the kernel are not here")
    lines = (line.split() for line in headers.read_text().splitlines() if line.startswith("#define __NR_"))
    known = {words[1].removeprefix("__NR_"): int(words[2]) for words in lines}
    machine = seccomp.MACHINES["x86_64"]
    wrong = {name: number for name, number in machine.numbers.items() if known.get(name, number) != number}
    assert not wrong, json.dumps(wrong)
