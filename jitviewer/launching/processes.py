"""Runner processes: started with what their role may have, spoken to, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from jitviewer.child_processes import module_command, module_environment
from jitviewer.confinement.confining import confined_environment
from jitviewer.confinement.policy import Role
from jitviewer.launching.error_output import ErrorOutput
from jitviewer.launching.request_pipe import RequestPipe

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX_VARIABLE = "JITVIEWER_RUNNER_PREFIX"
"""Names a launcher to start runners with (`srun ...`), which may take them to another machine."""


class RunnerProcess(Protocol):
    """A runner: `replies` is what it sends, `takes_files` whether open files can be handed to it."""

    replies: BinaryIO
    takes_files: bool

    def send(self, data: bytes, descriptors: Sequence[int] = ()) -> None:
        """Hand over bytes, and open files. Raises `OSError`."""
        ...

    def is_running(self) -> bool:
        """Whether it lives."""
        ...

    def kill(self) -> None:
        """End it, with everything that it started."""
        ...

    def wait(self) -> int:
        """Its exit status once it ended: negative is the number of a signal."""
        ...


class OwnProcess:
    """A `RunnerProcess` that is a child of this process."""

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        takes_files: bool,
        passes_errors_on: bool = True,
    ) -> None:
        """Raises `OSError` if the command cannot be started.

        With `passes_errors_on` its standard error is ours only by way of an `ErrorOutput`.
        """
        self.takes_files = takes_files
        ours, theirs = socket.socketpair() if takes_files else (None, None)
        try:
            self.process = subprocess.Popen(  # our own module, or the launcher the person named
                command,
                stdin=subprocess.PIPE if theirs is None else theirs.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE if passes_errors_on else None,
                start_new_session=True,
                env=environment,
                cwd=_folder(),
            )
        except OSError:
            if ours is not None:
                ours.close()
            raise
        finally:
            if theirs is not None:
                theirs.close()
        self.requests = RequestPipe(ours if ours is not None else cast("BinaryIO", self.process.stdin))
        self.replies = cast("BinaryIO", self.process.stdout)
        self._errors = ErrorOutput(self.process.stderr) if self.process.stderr is not None else None

    def send(self, data: bytes, descriptors: Sequence[int] = ()) -> None:
        """See `RunnerProcess`."""
        self.requests.send(data, descriptors)

    def is_running(self) -> bool:
        """See `RunnerProcess`."""
        return self.process.poll() is None

    def kill(self) -> None:
        """See `RunnerProcess`."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.wait()

    def wait(self, seconds: float | None = None) -> int:
        """See `RunnerProcess`. Raises `subprocess.TimeoutExpired` after so many seconds."""
        code = self.process.wait(seconds)
        self.close()
        if self._errors is not None:
            self._errors.finish()
        return code

    def close(self) -> None:
        """Close our ends of the protocol's pipes."""
        self.requests.close()
        with contextlib.suppress(OSError):
            self.replies.close()


def can_hand_files() -> bool:
    """Whether this system sends open files from process to process."""
    return sys.platform.startswith("linux")


def hands_files() -> bool:
    """Whether runners that are started here are handed their files."""
    return can_hand_files() and not os.environ.get(PREFIX_VARIABLE, "").split()


def start_own(role: Role, libraries: Sequence[str] = ()) -> OwnProcess:
    """Start a runner for a role, as a child of this process, which loads `libraries`. Raises `OSError`."""
    prefix = os.environ.get(PREFIX_VARIABLE, "").split()
    if prefix:
        command = [*prefix, *_command(role if role is Role.PERSON else Role.REMOTE_RUNNER, libraries)]
        return OwnProcess(
            command, module_environment(), takes_files=False, passes_errors_on=role is not Role.PERSON
        )
    environment = module_environment()
    if role is not Role.PERSON and can_hand_files():
        environment = confined_environment(environment)
    return OwnProcess(
        _command(role, libraries), environment, can_hand_files(), passes_errors_on=role is not Role.PERSON
    )


def _folder() -> str | None:
    """Where a process begins: here, or at the root where this folder is gone, which kernels do not bear."""
    try:
        os.getcwd()  # noqa: PTH109
    except FileNotFoundError:
        return os.sep
    return None


def _command(role: Role, libraries: Sequence[str]) -> list[str]:
    return [*module_command("jitviewer.runner"), role.value, *libraries]
