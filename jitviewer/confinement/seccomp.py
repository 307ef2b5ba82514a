"""A filter of system calls for this process, written in the kernel's small language for packets.

See `Documentation/userspace-api/seccomp_filter.rst` of Linux.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct
import sys
from typing import TYPE_CHECKING, Final

from jitviewer.confinement.system_calls import MACHINES, Machine

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_NEW_PRIVILEGES: Final = 38
_SIGNAL_AT_PARENTS_END: Final = 1
_SET_FILTER: Final = 1
_ALL_THREADS: Final = 1

# Codes of `linux/bpf_common.h`: load a word of the call, compare it with a constant, give the verdict.
_LOAD: Final = 0x20
_IS: Final = 0x15
_AT_LEAST: Final = 0x35
_HAS_BITS: Final = 0x45
_VERDICT: Final = 0x06

_ALLOW: Final = 0x7FFF0000
_FAIL: Final = 0x00050000
_LEAVE_UNDONE: Final = _FAIL
"""The call does nothing and says that it did: an error without a number."""

# Places in `struct seccomp_data`: of arguments the lower half, which is all that is compared here.
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_ARGUMENT: Final = (16, 24, 32, 40)

_THREAD: Final = 0x00010000
"""The flag of `clone` by which a thread is made rather than a process."""

_DENIED_REQUESTS: Final = (
    0x5412, 0x541C, 0x40086602, 0x401C5820, 0x8901, 0x8902,
    0x5402, 0x5403, 0x5404, 0x5406, 0x5407, 0x5408, 0x402C542B, 0x402C542C, 0x402C542D,
    0x540A, 0x540C, 0x540E, 0x5410, 0x5414, 0x541D, 0x5423, 0x5437,
)  # fmt: skip
"""Requests of `ioctl` that put text into a terminal as if somebody had typed it (TIOCSTI, TIOCLINUX),
change the flags of a file that is open for reading only (FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR), or have the
kernel signal another process (FIOSETOWN, SIOCSPGRP). Or change a terminal that the person goes on using: its
modes (TCSETS, TCSETA, TCSETS2 and their like), flow, owner, group, size, console and line discipline."""

_DENIED_COMMANDS: Final = (8, 10, 15, 1024, 1026)
"""Commands of `fcntl` by which the kernel signals another process when something happens to a file (F_SETOWN,
F_SETSIG, F_SETOWN_EX), makes others who open it wait (F_SETLEASE), or tells of them (F_NOTIFY)."""

_DENIED_CONTROLS: Final = (62,)
"""Operations of `prctl` on other processes: with whom they share a core (PR_SCHED_CORE)."""

_SHARED: Final = 0x01
_OF_NO_FILE: Final = 0x20
"""Flags of `mmap` that together ask for memory which a limit on a process's own data does not count."""

_OWN_PROCESS_ONLY: Final = ("kill", "tgkill")

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


class _Program(ctypes.Structure):
    _fields_ = (("count", ctypes.c_ushort), ("code", ctypes.c_char_p))


def machine() -> Machine | None:
    """What is known of this machine's calls; None where no filter can be made."""
    if not sys.platform.startswith("linux") or sys.maxsize < 1 << 32:
        return None
    return MACHINES.get(os.uname().machine)


def want_no_new_privileges() -> bool:
    """Promise the kernel that no program started from here gains rights; False where it cannot be told."""
    return _libc is not None and _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0


def end_with_parent() -> None:
    """Ask the kernel to kill this process when the thread that started it ends."""
    if _libc is not None:
        _libc.prctl(_SIGNAL_AT_PARENTS_END, signal.SIGKILL, 0, 0, 0)


def install(denied: Iterable[str], counts_memory: bool = True) -> bool:
    """Let the calls of these names fail from now on, in all threads; False where there are no filters.

    Beyond them, no process can be made (threads can), none but this one be signalled, by the kernel neither,
    have its limits changed or be moved to other processors, nothing be typed into a terminal, and no flags of
    files be set. With `counts_memory` there is none but what limits count.
    """
    known = machine()
    if _libc is None or known is None:
        return False
    code = filter_code(known, denied, os.getpid(), counts_memory)
    program = _Program(len(code) // 8, code)
    number = ctypes.c_long(known.numbers["seccomp"])
    done: int = _libc.syscall(number, _SET_FILTER, _ALL_THREADS, ctypes.byref(program))
    return done == 0


def filter_code(known: Machine, denied: Iterable[str], own_process: int, counts_memory: bool = True) -> bytes:
    """The filter, eight bytes an instruction."""
    numbers = known.numbers
    refuse = _verdict(_FAIL | errno.EPERM)
    lines = [_line(_LOAD, 0, 0, _ARCHITECTURE), _line(_IS, 1, 0, known.audit_arch), refuse]
    lines.append(_line(_LOAD, 0, 0, _NUMBER))
    if known.foreign_from:
        lines += [_line(_AT_LEAST, 0, 1, known.foreign_from), refuse]
    for name in denied:
        if name in numbers:
            lines += [_line(_IS, 0, 1, numbers[name]), refuse]
    # Its flags lie in memory, where a filter cannot look. The C library then takes `clone`.
    lines += [_line(_IS, 0, 1, numbers["clone3"]), _verdict(_FAIL | errno.ENOSYS)]
    lines += _if_call(numbers["clone"], 0, [_line(_HAS_BITS, 1, 0, _THREAD), refuse])
    for name in _OWN_PROCESS_ONLY:
        lines += _if_call(numbers[name], 0, [_line(_IS, 1, 0, own_process), refuse])
    itself = [_line(_IS, 2, 0, 0), _line(_IS, 1, 0, own_process)]
    lines += _if_call(numbers["prlimit64"], 0, [*itself, refuse])
    # A thread of this process cannot be told from another process by its number. OpenMP places its threads
    # where a variable asks for it, and ends the process where that fails.
    lines += _if_call(numbers["sched_setaffinity"], 0, [*itself, _verdict(_LEAVE_UNDONE)])
    if counts_memory:
        both = [_line(_HAS_BITS, 0, 2, _OF_NO_FILE), _line(_HAS_BITS, 0, 1, _SHARED)]
        lines += _if_call(numbers["mmap"], 3, [*both, refuse])
    for name, argument, values in (
        ("ioctl", 1, _DENIED_REQUESTS),
        ("fcntl", 1, _DENIED_COMMANDS),
        ("prctl", 0, _DENIED_CONTROLS),
    ):
        checks = [line for value in values for line in (_line(_IS, 0, 1, value), refuse)]
        lines += _if_call(numbers[name], argument, checks)
    lines.append(_verdict(_ALLOW))
    return b"".join(lines)


def _if_call(number: int, argument: int, check: list[bytes]) -> list[bytes]:
    """`check` of an argument where the call has this number; then the number is there again."""
    body = [_line(_LOAD, 0, 0, _ARGUMENT[argument]), *check, _line(_LOAD, 0, 0, _NUMBER)]
    return [_line(_IS, 0, len(body), number), *body]


def _line(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _verdict(value: int) -> bytes:
    return _line(_VERDICT, 0, 0, value)
