"""Has programs compiled by another process while they run uncompiled, and keeps what came of it."""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import platform
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.compiled.tensor_program import TensorProgram

_FORMAT: Final = 2
"""Is counted up when the same program is compiled in another way."""

_LONGEST: Final = 600.0
"""Seconds after which a compilation is given up."""

_LOADING: Final = threading.Lock()


class Compilation:
    """One program for inputs of one description: `call`, once it is ready, or why there is none.

    `call` takes tensors, those of the program's inputs that are some and then its constants, and gives a
    list. `seconds` went into it; `was_kept` says that it was found in the folder.
    """

    __slots__ = ("call", "done", "refused", "seconds", "was_kept")

    def __init__(self) -> None:
        self.call: Callable[..., list[Any]] | None = None
        self.refused = ""
        self.seconds = 0.0
        self.was_kept = False
        self.done = threading.Event()


class GroupCompiler:
    """Compiles one program after the other, with torch's Inductor, in a process beside this one.

    `folder` is where what was compiled lies: by what it computes, the release of torch and the processor. It
    holds code that is executed, so only who may change this program may write there.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._asked: dict[str, Compilation] = {}
        self._begun: list[threading.Event] = []
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._ends = False
        atexit.register(self.close)

    def ask(self, program: TensorProgram, inputs: Sequence[list[Any]]) -> Compilation:
        """The compilation of a program for such inputs, which begins when what was asked before is done."""
        name, told = _named(program.described(inputs))
        found = self._asked.get(name)
        if found is None:
            found = self._asked[name] = Compilation()
            self._begin(lambda: self._make(name, told, found), found.done)
        return found

    def prepare(self, work: Callable[[], None]) -> threading.Event:
        """Have other work done in the thread that compiles; the event is set when it is."""
        done = threading.Event()
        self._begin(work, done)
        return done

    def compiled(self, described: dict[str, Any]) -> Compilation:
        """A program that is compiled at once: for work that is being prepared."""
        name, told = _named(described)
        found = self._asked.get(name)
        if found is None or not found.done.is_set():
            found = Compilation()
            self._make(name, told, found)
            found.done.set()
            self._asked.setdefault(name, found)
        return found

    def _begin(self, work: Callable[[], None], done: threading.Event) -> None:
        self._begun = [each for each in self._begun if not each.is_set()]
        self._begun.append(done)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="group compiler", daemon=True)
            self._thread.start()

        def do() -> None:
            try:
                work()
            finally:
                done.set()

        self._waiting.put(do)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is compiled at present."""
        return all(each.is_set() for each in [*self._begun])

    def wait(self, seconds: float = _LONGEST) -> bool:
        """Wait until all that was asked for is done; says whether it is."""
        until = time.monotonic() + seconds
        # What is done may have asked for more.
        while waiting := [each for each in [*self._begun] if not each.is_set()]:
            if not waiting[0].wait(max(until - time.monotonic(), 0)):
                return False
        return True

    def prefers(self, compiled: float, uncompiled: float) -> bool:
        """Whether code is used that took some seconds, where it takes others operator by operator."""
        return compiled < uncompiled

    def close(self) -> None:
        """Compile nothing more, and end the process that compiles at present."""
        self._ends = True
        process = self._process
        if process is not None:
            process.kill()

    def _work(self) -> None:
        while not self._ends:
            self._waiting.get()()

    def _make(self, name: str, told: str, compilation: Compilation) -> None:
        begun = time.monotonic()
        try:
            self._compile(self.folder / f"{name}.compiled", told, compilation)
        except (OSError, subprocess.SubprocessError, ImportError, RuntimeError) as error:
            compilation.refused = f"it could not be compiled: {error}"
        compilation.seconds = time.monotonic() - begun

    def _compile(self, path: Path, told: str, compilation: Compilation) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        compilation.was_kept = path.exists()
        if not compilation.was_kept:
            made = path.with_suffix(f".{os.getpid()}")
            compilation.refused = self._run(made, told)
            if compilation.refused:
                return
            made.replace(path)
        compilation.call = _load(path, self.folder)

    def _run(self, path: Path, told: str) -> str:
        """Compile in a process of its own; gives why it could not."""
        command = [sys.executable, "-m", "jitcore.exec.compiled.compile_process", str(path)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=_environment(self.folder),
        )  # fmt: skip
        try:
            _, errors = self._process.communicate(told, timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            return f"the compiler took more than {_LONGEST:.0f} seconds"
        finally:
            code, self._process = self._process.returncode, None
        if code == 0:
            return ""
        said = [line.strip() for line in errors.splitlines() if line.strip()]
        return f"the compiler ended with {code}: {_reason(said)}"


def _reason(said: list[str]) -> str:
    """The line that names the error: torch puts advice behind it."""
    errors = [line for line in said if "Error" in line or "Exception" in line or "not found" in line]
    return (errors or said or ["it said nothing"])[-1][:300]


def _named(described: dict[str, Any]) -> tuple[str, str]:
    """The name of what is compiled of a program, and the program as JSON."""
    told = json.dumps(described, sort_keys=True)
    return hashlib.sha256(f"{_machine()}\n{told}".encode()).hexdigest(), told


def _machine() -> str:
    """What decides, beside a program, what is compiled."""
    capability = torch.backends.cpu.get_cpu_capability()
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else ""
    releases = f"{_FORMAT} {torch.__version__} {platform.python_version()}"
    return f"{releases} {platform.machine()} {capability} {torch.get_num_threads()} {gpu}"


def _environment(folder: Path) -> dict[str, str]:
    source = str(Path(__file__).resolve().parents[3])
    paths = [source, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "TORCHINDUCTOR_CACHE_DIR": str(folder / "torch"),
        "OMP_NUM_THREADS": str(torch.get_num_threads()),
    }


def _load(path: Path, folder: Path) -> Callable[..., list[Any]]:
    # It takes seconds, and nobody else needs it.
    from torch._inductor.standalone_compile import CompiledArtifact

    with _LOADING:
        before = os.environ.get("TORCHINDUCTOR_CACHE_DIR")
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "torch")
        try:
            return CompiledArtifact.load(path=str(path), format="binary")
        finally:
            if before is None:
                del os.environ["TORCHINDUCTOR_CACHE_DIR"]
            else:
                os.environ["TORCHINDUCTOR_CACHE_DIR"] = before
