"""A process that opens hostile files within limits: numbers come in on standard input, verdicts go out."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.cases import make_case, row_of
from tests.fuzz.draft import sample_archives
from tests.fuzz.opening import open_fully
from tests.fuzz.showing import rewrite_fully, show_fully

SECONDS = 10
MEMORY = 1 << 30
LONGEST_SENTENCE = 4_000
WAYS = (open_fully, show_fully, rewrite_fully)
"""The ways that a file comes in: as in the command line, and as in the window, twice; each has `SECONDS`."""

_OURS = frozenset(("jitcore", "jitviewer", "networkx", "numpy", "pygraphviz", "msgspec", "tests"))
_HARMFUL = (
    "os.system",
    "subprocess.",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "shutil.",
    "socket.",
    "ctypes.",
    "pickle.",
    "webbrowser.",
    "tempfile.",
    "urllib.",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class TooSlow(BaseException):
    """The time of one file is over; no handler of the program may take it for an error of its own."""


class Watch:
    """Notes what the process does that opening a file never needs."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.on:
            return
        if event == "import":
            top = str(arguments[0]).partition(".")[0]
            if top not in _OURS and top not in sys.stdlib_module_names:
                self.seen.append(f"imports {arguments[0]}")
        elif event == "open":
            flags = arguments[2]
            if isinstance(flags, int) and flags & _WRITING:
                self.seen.append(f"writes {arguments[0]}")
        elif event.startswith(_HARMFUL):
            self.seen.append(f"does {event}{arguments}")


def judge(path: Path, watch: Watch) -> tuple[str, str]:
    """`opened`, `told` or `wrong`, and the first sentence or what is wrong."""
    told = ""
    for way in WAYS:
        kind, text = judge_one_way(path, watch, way)
        if kind == "wrong":
            return kind, f"{text} ({way.__name__})"
        told = told or text
    return ("told", told) if told else ("opened", "")


def judge_one_way(path: Path, watch: Watch, way: Callable[[str], list[str]]) -> tuple[str, str]:
    """What `judge` says of one of the ways that a file comes in."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, hard))
    # Time of this process, not of a machine that may be busy with others.
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    watch.seen.clear()
    watch.on = True
    try:
        sentences = way(str(path))
    except (Exception, TooSlow) as error:  # noqa: BLE001  # whatever it is, it is the finding
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
        return "wrong", f"{type(error).__name__}: {str(error)[:200]} at {places}"
    finally:
        watch.on = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    if watch.seen:
        return "wrong", watch.seen[0]
    if os.listdir():  # noqa: PTH208  # the working folder, where a careless program would write
        return "wrong", f"a file was written: {os.listdir()}"  # noqa: PTH208
    for sentence in sentences:
        if not sentence.isprintable() or not sentence or len(sentence) > LONGEST_SENTENCE:
            return "wrong", f"not one readable sentence of {len(sentence)} characters: {sentence[:300]!r}"
    return ("told", sentences[0]) if sentences else ("opened", "")


def main(folder: Path, samples: Path, seed: int) -> None:
    """Serve cases until standard input ends."""

    def give_up(*_: object) -> None:
        raise TooSlow(f"{SECONDS} seconds are over")

    signal.signal(signal.SIGPROF, give_up)
    archives = sample_archives(samples)
    file = folder / f"{os.getpid()}.pt"
    playground = folder / f"{os.getpid()}"
    playground.mkdir()
    os.chdir(playground)
    # What is imported when it is first needed is, now; nothing that comes later has an excuse to write.
    sys.dont_write_bytecode = True
    for sample in sorted(samples.glob("*.pt")):
        for way in WAYS:
            way(str(sample))
    watch = Watch()
    for line in sys.stdin:
        index = int(line)
        file.write_bytes(make_case(seed, index, archives))
        used = resource.getrusage(resource.RUSAGE_SELF)
        verdict, told = judge(file, watch)
        spent = resource.getrusage(resource.RUSAGE_SELF)
        seconds = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
        print(json.dumps((index, row_of(index), verdict, told, round(seconds, 3))), flush=True)
        if seconds > 0.5:
            gc.collect()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
