"""What one node cost in one run, beside time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NodeMetrics:
    """Sums over all times that the node ran in the first repeat.

    `flops` are floating point operations of matrix products and convolutions (a multiplication and an
    addition are two), None if nothing that the node did has a formula. `moved` are bytes that kernels read
    and wrote, views free, None if that is not known. `allocated` are bytes of new storages among the outputs,
    `peak` is the most memory alive while the node ran. A node of the graph that is run has what the
    functions and groups cost that it calls; what stands in blocks of a node counts for itself.
    """

    flops: int | None = None
    moved: int | None = None
    allocated: int = 0
    peak: int = 0
