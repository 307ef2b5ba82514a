"""Landlock, by which a Linux process gives up the file system but for some paths.

The kernel's documentation: https://docs.kernel.org/userspace-api/landlock.html. There is no C library
function for its calls; the numbers are the same on all machines.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
_PATH_BENEATH: Final = 1

WRITE_FILE: Final = 1 << 1
READ_FILE: Final = 1 << 2
READ_FOLDER: Final = 1 << 3
_TRUNCATE: Final = 1 << 14
_IOCTL_DEVICE: Final = 1 << 15
READ: Final = READ_FILE | READ_FOLDER
ALL_BUT_EXECUTE: Final = (1 << 16) - 2
USE_DEVICE: Final = READ_FILE | READ_FOLDER | WRITE_FILE | _IOCTL_DEVICE
"""Rights on a path and all beneath it, as `linux/landlock.h` numbers them."""

_ON_FILES: Final = READ_FILE | WRITE_FILE | 1 | _TRUNCATE | _IOCTL_DEVICE
"""What can be granted on a single file; the first bit is executing it, which nothing here grants."""

_RIGHTS_BY_VERSION: Final = ((1, (1 << 13) - 1), (2, (1 << 14) - 1), (3, (1 << 15) - 1), (5, (1 << 16) - 1))
_ALL_TCP: Final = 3
_SCOPES: Final = 3
"""Sockets without a path, and signals to processes outside."""

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def version() -> int:
    """The version of Landlock that the kernel offers; 0 for none."""
    if _libc is None:
        return 0
    found: int = _libc.syscall(ctypes.c_long(_CREATE_RULESET), None, ctypes.c_size_t(0), _ASK_VERSION)
    return max(0, found)


def restrict(granted: Iterable[tuple[str, int]]) -> int:
    """Leave this thread, and those that it starts, only the rights that are granted on paths.

    Paths that are not there are passed over. Whoever calls has said that it wants no new privileges.
    Gives the version in force. Raises `OSError` where the kernel refuses.
    """
    offered = version()
    rights = max((mask for since, mask in _RIGHTS_BY_VERSION if since <= offered), default=0)
    if _libc is None or not rights:
        return 0
    attribute = struct.pack(
        "<QQQ", rights, _ALL_TCP if offered >= 4 else 0, _SCOPES if offered >= 6 else 0
    )  # fmt: skip
    size = 24 if offered >= 6 else 16 if offered >= 4 else 8
    ruleset = _call(_CREATE_RULESET, ctypes.c_char_p(attribute), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path, wanted in granted:
            _grant(ruleset, path, wanted & rights)
        _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return offered


def _grant(ruleset: int, path: str, wanted: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(f"/proc/self/fd/{place}"):  # noqa: PTH112  # of the descriptor, not of a path
            wanted &= _ON_FILES
        rule = struct.pack("<Qi", wanted, place)
        _call(
            _ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.c_char_p(rule),
            ctypes.c_uint32(0),
        )  # fmt: skip
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    assert _libc is not None
    result: int = _libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock: {os.strerror(code)}")
    return result
