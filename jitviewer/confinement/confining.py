"""Confines the process that calls, for its role, by what the system offers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from jitviewer.confinement import landlock, seccomp
from jitviewer.confinement.everywhere import everywhere
from jitviewer.confinement.policy import (
    DENIED_CALLS,
    DOCUMENT_MEMORY,
    DRIVERS,
    ENVIRONMENT,
    MOST_FILES,
    READ,
    READ_ACCELERATOR,
    READ_FONTS,
    USE,
    USE_ACCELERATOR,
    Role,
)
from jitviewer.confinement.readable import python_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_REACH_FILES: Final = (Role.FILE_RUNNER, Role.REMOTE_RUNNER)
"""Roles that have a person's files, but neither other processes nor the network."""

_WITHOUT_WRITING_ELSEWHERE: Final = 3
"""The version of Landlock that also guards files against being cut; the one before let that through."""


class Confinement(NamedTuple):
    """What is in force: `landlock` is a version, 0 without; `has_filter` is whether calls are filtered.

    `reaches_files` is whether a person's files are granted.
    """

    landlock: int
    has_filter: bool
    reaches_files: bool = False

    @property
    def has_pipes_only(self) -> bool:
        """Whether nothing that matters can be reached but by way of the pipes."""
        return self.landlock > 0 and self.has_filter and not self.reaches_files

    @property
    def described(self) -> str:
        """By what this process is confined, in words; "" if by nothing."""
        parts = [f"Landlock {self.landlock}"] if self.landlock else []
        if self.has_filter:
            parts.append("a filter of system calls")
        return " and ".join(parts)

    @property
    def missing(self) -> str:
        """What a program could still reach here, in a sentence; "" if nothing that is known of."""
        open_ways: list[str] = []
        if self.landlock < 1:
            open_ways.append("read and write files")
        elif self.landlock < _WITHOUT_WRITING_ELSEWHERE:
            open_ways.append("empty files")
        if not self.has_filter:
            open_ways += ["use the network", "start programs"]
        if not open_ways:
            return ""
        listed = " and ".join([", ".join(open_ways[:-1]), open_ways[-1]] if open_ways[1:] else open_ways)
        return f"This system cannot confine what runs: a fault in torch or here could {listed}."


def offered() -> Confinement:
    """What this system offers, without asking for it."""
    return Confinement(landlock.version(), seccomp.machine() is not None)


def confine(role: Role, readable: Iterable[str] = ()) -> Confinement:
    """Give up whatever the role does not need; call it first, while there is one thread.

    `readable` files may be read beside what the role may read.
    """
    if role is Role.PERSON or not sys.platform.startswith("linux"):
        return Confinement(0, has_filter=False, reaches_files=True)
    reaches_files = role in _REACH_FILES
    _limit(role)
    if not seccomp.want_no_new_privileges():
        return Confinement(0, has_filter=False, reaches_files=True)
    in_force = landlock.restrict(everywhere() if reaches_files else _granted(role, readable))
    counts_memory = role is Role.ENGINE or not any(map(os.path.exists, DRIVERS))
    denied = (name for names in DENIED_CALLS.values() for name in names)
    has_filter = seccomp.install(denied, counts_memory)
    return Confinement(in_force, has_filter, reaches_files)


def limit_memory(documents: int) -> None:
    """Let this process, confined as an engine, allocate what so many open documents may take."""
    import resource  # Windows has none

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = DOCUMENT_MEMORY * max(1, documents)
    resource.setrlimit(
        resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )


def confined_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a confined process gets."""
    known = tuple(allowance.what for allowance in ENVIRONMENT)
    kept = {name: value for name, value in environment.items() if name.startswith(known)}
    # It may not write beside what it imports.
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}


def _granted(role: Role, readable: Iterable[str]) -> Iterable[tuple[str, int]]:
    whole, listed = python_folders()
    computes = role in (Role.RUNNER, Role.EVALUATOR)
    yield from ((path, landlock.READ_FILE) for path in readable)
    yield from ((path, landlock.READ) for path in whole)
    yield from ((path, landlock.READ_FOLDER) for path in listed)
    yield from ((allowance.what, landlock.READ) for allowance in READ)
    yield from ((allowance.what, landlock.USE_DEVICE) for allowance in USE)
    if role is Role.ENGINE:
        yield from ((os.path.expanduser(allowance.what), landlock.READ) for allowance in READ_FONTS)  # noqa: PTH111
    if computes:
        yield from ((allowance.what, landlock.READ) for allowance in READ_ACCELERATOR)
        yield from ((allowance.what, landlock.USE_DEVICE) for allowance in USE_ACCELERATOR)
        for name in os.listdir("/dev"):  # noqa: PTH208
            if name.startswith("nvidia") and name.removeprefix("nvidia").isdigit():
                yield f"/dev/{name}", landlock.USE_DEVICE


def _limit(role: Role) -> None:
    import resource  # Windows has none

    def lower(kind: int, wanted: int) -> None:
        _, hard = resource.getrlimit(kind)
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (limit, limit))

    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_NOFILE, MOST_FILES)
    if role is Role.ENGINE:
        limit_memory(documents=1)
