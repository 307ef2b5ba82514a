"""A bound on the memory that a run may take, so that a model cannot take that of the whole machine."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

USUAL = -1
"""Asks for the usual share."""

USUAL_SHARE = 0.75
"""Share of the machine's memory that a run may take where the person says nothing else."""

_SAYINGS = ("can't allocate memory", "not enough memory", "bad_alloc", "Cannot allocate memory")
"""What torch's errors say when the system gives no more memory."""

_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


class MemoryLimit:
    """What a run may allocate, in bytes; `bytes` is None where nothing bounds it."""

    def __init__(self, wanted: int, advice: str = "") -> None:
        """`wanted` bytes; 0 is no limit, a negative number the usual share of the machine's memory.

        `advice` says how a person allows more.
        """
        self._advice = advice
        self.bytes: int | None = None
        if wanted > 0:
            self.bytes = wanted
        elif wanted < 0:
            self.bytes = int(machine_memory() * USUAL_SHARE)

    @contextmanager
    def hold(self, beyond: str = "") -> Generator[None]:
        """Bound what this process allocates from here on, until the context ends.

        Counts what is private and writable (Linux's data segment), but not the file `beyond`, whose pages
        are those of the disk until they are written to. Systems that cannot bound that run without.
        """
        if self.bytes is None or not sys.platform.startswith("linux"):
            yield
            return
        import resource  # Windows has none

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = _allocated() + _of_threads() + _size_of(beyond) + self.bytes
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))

    def sentence(self) -> str:
        """Why a run ended that wanted more."""
        if self.bytes is None:
            return "the run needs more memory than this machine has"
        said = f"the run needs more memory than the {size_text(self.bytes)} that it may take"
        return f"{said}; {self._advice}" if self._advice else said


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error, or what led to it, says that the system gave no more memory."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError) or any(saying in str(cause) for saying in _SAYINGS):
            return True
        cause = cause.__cause__
    return False


def machine_memory() -> int:
    """Bytes of memory of the machine, or of the container that this process is in."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 1 << 33
    for file in _CGROUP_LIMITS:
        try:
            text = Path(file).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return total


def size_text(count: int) -> str:
    """`1.5 GiB`."""
    return f"{count / (1 << 30):.1f} GiB" if count >= 1 << 30 else f"{count / (1 << 20):.0f} MiB"


def _of_threads() -> int:
    """Bytes of the stacks of the threads that kernels start; a library that gets none ends the process."""
    import resource  # Windows has none

    stack, _ = resource.getrlimit(resource.RLIMIT_STACK)
    return 2 * (os.cpu_count() or 1) * (stack if 0 < stack < 64 << 20 else 8 << 20)


def _size_of(file: str) -> int:
    try:
        return Path(file).stat().st_size if file else 0
    except OSError:
        return 0


def _allocated() -> int:
    """Bytes that count towards the limit now."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0
