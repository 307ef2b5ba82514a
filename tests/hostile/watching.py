"""Runs a command under `strace`, and tells which files, programs and networks it reached."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

import pytest

import jitcore
import jitviewer

ROOT = Path(jitviewer.__file__).resolve().parent.parent
WATCHED = (
    "open,openat,openat2,creat,execve,execveat,connect,bind,sendto,unlink,unlinkat,rename,renameat,renameat2,"
    "mkdir,mkdirat,link,linkat,symlink,symlinkat,truncate,chmod,fchmodat,chown,fchownat"
)
_LINE = re.compile(r"^(?P<pid>\d+)\s+(?P<call>\w+)\((?P<rest>.*)\)\s+=\s+(?P<result>-?\d+)")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")

RUNTIME = tuple(
    os.path.realpath(path)
    for path in (
        sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), str(Path(jitcore.__file__).parent),
        str(ROOT / "jitviewer"), str(ROOT / "resources"), "/usr", "/lib", "/lib64", "/proc", "/sys",
        "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/localtime", "/etc/fonts", "/etc/nsswitch.conf",
        "/etc/passwd", "/etc/group", "/etc/machine-id", "/etc/xdg", "/etc/ssl", "/etc/mime.types",
        "/etc/os-release", "/etc/locale.alias", "/var/lib/dbus/machine-id",
        "/var/cache/fontconfig", "/dev/null", "/dev/urandom", "/dev/zero", "/dev/shm", "/dev/dri",
    )
)  # fmt: skip
"""What Python, torch and Qt consist of and ask of the system; none of it is the person's own."""

_LISTED = tuple(os.path.realpath(path) for path in (str(ROOT), str(ROOT / "core"), "/dev"))
"""Folders of which only the names are read: to find packages, and which GPUs there are."""

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")


class Reached(NamedTuple):
    """Something outside of the process that a call of the system reached."""

    call: str
    what: str
    writes: bool


def watch(
    words: list[str], folder: Path, **variables: str
) -> tuple[subprocess.CompletedProcess[str], list[Reached]]:
    """The finished command, and what it reached beyond the runtime; `folder` is the person's home."""
    log = folder / "strace.log"
    environment = {
        **os.environ,
        "HOME": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "JITVIEWER_SETTINGS": str(folder / "settings"),
        **variables,
    }
    command = ["strace", "-f", "-qq", "-s", "4096", "-e", f"trace={WATCHED}", "-o", str(log), *words]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, env=environment, cwd=folder
    )
    reached = [found for line in _whole_lines(log) if (found := _reached(line, folder)) is not None]
    log.unlink()
    return done, [found for found in reached if not _is_runtime(found)]


def _whole_lines(log: Path) -> list[str]:
    """The lines of the log, where calls that others interrupt are put together again."""
    begun: dict[str, str] = {}
    lines: list[str] = []
    for line in log.read_text(errors="replace").splitlines():
        pid = line.partition(" ")[0]
        if line.endswith("<unfinished ...>"):
            begun[pid] = line.removesuffix("<unfinished ...>")
        elif " resumed>" in line and pid in begun:
            lines.append(begun.pop(pid) + line.partition(" resumed>")[2])
        else:
            lines.append(line)
    return lines


def _reached(line: str, folder: Path) -> Reached | None:
    found = _LINE.match(line)
    if found is None or int(found["result"]) < 0:
        return None
    texts = _TEXT.findall(found["rest"])
    if found["call"] == "sendto":
        # Bytes over sockets that are connected already name no address.
        return None if "sa_family" not in found["rest"] else Reached("sendto", found["rest"], writes=True)
    if not texts:
        return Reached(found["call"], found["rest"], writes=True)
    if "O_PATH" in found["rest"]:
        # A place is named, and nothing of it read.
        return None
    # Of a file that gets another name, the new one.
    named = texts[-1] if found["call"].startswith(("rename", "link", "symlink")) else texts[0]
    path = os.path.normpath(folder / named)
    changes = found["call"] not in ("open", "openat", "openat2", "execve", "execveat")
    return Reached(found["call"], path, changes or _WRITES.search(found["rest"]) is not None)


def _is_runtime(found: Reached) -> bool:
    real = os.path.realpath(found.what)
    if found.call in ("execve", "execveat"):
        return real == os.path.realpath(sys.executable)
    if found.writes:
        return real == "/dev/null" or real.startswith("/dev/shm/")
    return real in _LISTED or any(real == place or real.startswith(place + "/") for place in RUNTIME)
