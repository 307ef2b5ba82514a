"""How near the work of nodes comes to what the machine can do: shares of its peaks, and what bounds them.

Below `ridge` operations for each byte the memory bounds what can be computed, above it the cores do: the
model of a roofline (Williams, Waterman, Patterson, 2009).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jitviewer.protocol.rows import NodeTime
    from jitviewer.protocol.run_rows import MachineRow


class Work(NamedTuple):
    """What nodes did together. `flops` and `moved` are -1 where nothing of it was counted; `flops_us` and
    `moved_us` are the microseconds of the nodes that were, with all that ran in them."""

    flops: int
    moved: int
    flops_us: float
    moved_us: float

    @property
    def flops_rate(self) -> float:
        """Operations a second, 0 if none were counted."""
        return self.flops / self.flops_us * 1e6 if self.flops > 0 and self.flops_us > 0 else 0.0

    @property
    def bytes_rate(self) -> float:
        """Bytes a second, 0 if none were counted."""
        return self.moved / self.moved_us * 1e6 if self.moved > 0 and self.moved_us > 0 else 0.0

    @property
    def intensity(self) -> float:
        """Operations for each byte that is moved, 0 unless both were counted."""
        return self.flops / self.moved if self.flops > 0 and self.moved > 0 else 0.0

    def beside(self, other: Work) -> Work:
        """The work of both."""
        return Work(
            _together(self.flops, other.flops), _together(self.moved, other.moved),
            self.flops_us + other.flops_us, self.moved_us + other.moved_us,
        )  # fmt: skip


class Reached(NamedTuple):
    """The larger of two shares of a peak (1 is all of it), and which it is: `compute` or `memory`."""

    share: float
    bound: str


def _together(one: int, other: int) -> int:
    return max(one, 0) + max(other, 0) if max(one, other) >= 0 else -1


def work_of(times: Iterable[NodeTime]) -> Work:
    """The work of these nodes."""
    flops = moved = -1
    flops_us = moved_us = 0.0
    for row in times:
        if row.flops >= 0:
            flops = row.flops + max(flops, 0)
            flops_us += row.total_us
        if row.moved >= 0:
            moved = row.moved + max(moved, 0)
        if row.moved > 0:
            moved_us += row.total_us
    return Work(flops, moved, flops_us, moved_us)


def reached(work: Work, machine: MachineRow) -> Reached | None:
    """How much of this machine's peak it came to; None where nothing was counted or measured."""
    shares: list[Reached] = []
    if work.flops_rate and machine.flops:
        shares.append(Reached(work.flops_rate / machine.flops, "compute"))
    if work.bytes_rate and machine.bytes:
        shares.append(Reached(work.bytes_rate / machine.bytes, "memory"))
    return max(shares, default=None)


def ridge(machine: MachineRow) -> float:
    """Operations for each byte from which on cores are the bound; 0 if the machine was not measured."""
    return machine.flops / machine.bytes if machine.bytes else 0.0
