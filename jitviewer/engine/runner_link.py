"""Supervises the runner: starts it when it is needed, notices its death, kills it to cancel."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from typing import BinaryIO, cast

from jitviewer.child_processes import module_command, module_environment
from jitviewer.protocol.framing import FrameError, encode, read_messages
from jitviewer.protocol.runner_messages import AnyRunnerReply, AnyRunnerRequest


class RunnerDied:
    """The runner process ended by itself; `sentence` says how."""

    __slots__ = ("generation", "sentence")

    def __init__(self, generation: int, sentence: str) -> None:
        self.generation = generation
        self.sentence = sentence


RunnerNews = AnyRunnerReply | RunnerDied


def runner_command() -> list[str]:
    """The command that starts a runner; JITVIEWER_RUNNER_PREFIX puts a launcher before it (`srun ...`)."""
    prefix = os.environ.get("JITVIEWER_RUNNER_PREFIX", "").split()
    return [*prefix, *module_command("jitviewer.runner")]


class RunnerLink:
    """The runner as seen from the engine.

    `deliver` is called from a reader thread with every reply, and with `RunnerDied` when a runner
    that nobody killed is gone. A killed runner is forgotten at once: nothing of it is delivered.
    """

    def __init__(self, deliver: Callable[[RunnerNews], None], command: list[str] | None = None) -> None:
        self._deliver = deliver
        self._command = command or runner_command()
        self._process: subprocess.Popen[bytes] | None = None
        self._generation = 0
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether a runner process exists now."""
        return self._process is not None and self._process.poll() is None

    def send(self, request: AnyRunnerRequest) -> None:
        """Hand a request to the runner, starting one if there is none. Raises `OSError` if that fails."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                if self._process is not None:
                    _close_pipes(self._process)
                self._start()
            process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.write(encode(request))
            process.stdin.flush()

    def kill(self) -> None:
        """End the runner now, whatever it does, with everything it started."""
        with self._lock:
            process, self._process = self._process, None
            self._generation += 1
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        _close_pipes(process)

    def _start(self) -> None:
        self._generation += 1
        process = subprocess.Popen(  # our own module, or the launcher the person named
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=module_environment(),
        )
        self._process = process
        reader = threading.Thread(
            target=self._read, args=(process, self._generation), name="runner-reader", daemon=True
        )
        reader.start()

    def _read(self, process: subprocess.Popen[bytes], generation: int) -> None:
        why = ""
        stream = cast("BinaryIO", process.stdout)
        try:
            for reply in read_messages(stream, AnyRunnerReply):  # type: ignore[arg-type]  # a union is a type to msgspec
                if generation != self._generation:
                    return
                self._deliver(reply)
        except FrameError as error:
            why = f"The runner sent something that is no message: {error}."
            process.kill()
        except (OSError, ValueError):
            # The pipe was closed under us because the runner was killed.
            return
        code = process.wait()
        if generation == self._generation:
            self._deliver(RunnerDied(generation, why or death_sentence(code)))


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


_SIGNAL_MEANINGS = {
    "SIGKILL": "it was killed, or the machine ran out of memory",
    "SIGSEGV": "it crashed in native code",
    "SIGABRT": "it aborted in native code",
    "SIGFPE": "a machine arithmetic error",
}


def death_sentence(code: int) -> str:
    """How a process ended, in a sentence."""
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        meaning = _SIGNAL_MEANINGS.get(name)
        return f"The runner died of {name}" + (f" ({meaning})." if meaning else ".")
    return f"The runner ended unexpectedly with exit status {code}."
