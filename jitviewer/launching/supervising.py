"""Does a piece of work in a confined child of this process, which stays behind to supervise it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

from jitviewer.confinement.seccomp import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn

    from jitviewer.launching.supervisor import Named, Supervisor
    from jitviewer.launching.time_limit import TimeLimit


_LAST_SECONDS = 5
"""How long a process may take to end by itself once nobody asks it for anything any more."""


def can_supervise() -> bool:
    """Whether this system has what a supervised process needs: forks, and files sent over sockets."""
    return sys.platform.startswith("linux")


class Supervised:
    """The child that does the work. Attributes: `number` of its process, `link` to it."""

    def __init__(
        self,
        work: Callable[[], int],
        granted: frozenset[str] = frozenset(),
        requests: int | None = None,
        interrupts: bool = False,
    ) -> None:
        """Begin. The child may read `granted` files itself; `requests`, if given, becomes its standard input.

        It is confined as the engine is before `work` begins; its status is what `work` gives. With
        `interrupts` an interrupt of this process interrupts `work`, once.
        """
        # Who began this process may have wanted it to ignore them, as shells do for what runs behind them.
        interrupts = interrupts and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
        self._interrupts = interrupts
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.number = os.fork()
        if self.number == 0:
            ours.close()
            if interrupts:
                signal.signal(signal.SIGINT, _interrupt_once)
            _work(work, granted, theirs, requests, parent)
        theirs.close()
        self.link = ours

    def supervise(
        self,
        named: Callable[[], Named],
        relay: Callable[[], None] | None = None,
        time_limit: TimeLimit | None = None,
        when_shortened: Callable[[], int] | None = None,
    ) -> int:
        """Serve it until it ends; gives its exit status, and dies of the signal that it died of.

        `named` gives what it may ask for; `relay` is done meanwhile, and given up when it ends. When `relay`
        ends before it, there is nobody any more to work for, and it has some seconds to end. After
        `time_limit` all is ended. `when_shortened` gives the status where it was ended for reading a page of
        a file that is not there any more.
        """
        supervisors: list[Supervisor] = []

        def tidy_up() -> None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.number, signal.SIGKILL)
            for supervisor in supervisors:
                supervisor.end()

        def end_for_good(number: int, _frame: FrameType | None) -> NoReturn:
            # Somebody ends this program from outside: nothing that we made stays behind.
            tidy_up()
            _die_of(number)

        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, end_for_good)

        def pass_on(number: int, _frame: FrameType | None) -> None:
            # The child says what there is to say. Ctrl+C at a terminal reaches it by itself too.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.number, number)

        signal.signal(signal.SIGINT, pass_on if self._interrupts else signal.SIG_IGN)
        if relay is not None:

            def relay_and_end() -> None:
                relay()
                # In the middle of long work it does not see that its requests have ended.
                time.sleep(_LAST_SECONDS)
                tidy_up()

            threading.Thread(target=relay_and_end, name="relay", daemon=True).start()
        if time_limit is not None:
            time_limit.set_alarm(tidy_up)
        if self.link.recv(1, socket.MSG_PEEK):
            # Most commands ask for nothing, and then need nothing of what answers.
            from jitviewer.launching.supervisor import Supervisor

            supervisors.append(Supervisor(self.link, named()))
            supervisors[0].serve()
        _, status = os.waitpid(self.number, 0)
        self.link.close()
        for supervisor in supervisors:
            supervisor.end()
        code = os.waitstatus_to_exitcode(status)
        if when_shortened is not None and code == -signal.SIGBUS:
            return when_shortened()
        if code < 0:
            _die_of(-code)
        return code


def _interrupt_once(_number: int, _frame: FrameType | None) -> NoReturn:
    # It comes twice where both the terminal and the supervisor send it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _work(
    work: Callable[[], int], granted: frozenset[str], link: socket.socket, requests: int | None, parent: int
) -> NoReturn:
    """The child's whole life."""
    end_with_parent()
    status = 1
    if os.getppid() != parent:
        os._exit(status)
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing if requests is None else requests, 0)
        os.close(nothing)
        for output in (1, 2):
            _only_write(output)
        link = _only_keep(link)
        # Only the child is confined, and imports nothing more before it is.
        from jitviewer.confinement import Role, confine

        confinement = confine(Role.ENGINE, granted)
        # Messages take time to import, which the parent does not need to spend.
        from jitviewer.launching.confined_surroundings import ConfinedSurroundings
        from jitviewer.launching.surroundings import live_in

        live_in(ConfinedSurroundings(link, confinement, granted))
        status = work()
    except KeyboardInterrupt:
        status = 3
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # whatever it is, this process must not go on as its parent
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(status)


def _only_write(descriptor: int) -> None:
    """A terminal is open for reading too: what a person types at it is none of the child's business."""
    if os.isatty(descriptor):
        # A terminal of somebody else, as after `su`, cannot be opened again and stays as it is.
        with contextlib.suppress(PermissionError):
            opened = os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NOCTTY)
            os.dup2(opened, descriptor)
            os.close(opened)


def _only_keep(link: socket.socket) -> socket.socket:
    """Close every descriptor but the three that all processes have and the link, which gets number 3."""
    descriptor = link.detach()
    if descriptor != 3:
        os.dup2(descriptor, 3, inheritable=False)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))
    return socket.socket(fileno=3)


def _die_of(number: int) -> NoReturn:
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        # Of these nobody can take the handler away.
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    # Signals that do not end a process.
    os._exit(128 + number)
