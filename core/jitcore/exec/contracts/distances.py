"""Distances between rows, and their gradients: one for each pair."""

from __future__ import annotations

import torch

from jitcore.exec.contracts.given import Contract, Given


def _between(given: Given) -> None:
    first, second = given.tensor("x1"), given.tensor("x2")
    if min(first.dim(), second.dim()) < 2 or first.shape[-1] != second.shape[-1]:
        given.refuse("x1 and x2 have rows of different lengths")
    batch = torch.broadcast_shapes(first.shape[:-2], second.shape[:-2])
    pairs = (*batch, first.shape[-2], second.shape[-2])
    given.shape("grad", pairs)
    given.shape("cdist", pairs)


def _within(given: Given) -> None:
    rows = given.tensor("self", (2,)).shape[0]
    if not rows and given.has("grad"):
        given.refuse("self has no rows")
    pairs = rows * (rows - 1) // 2
    given.shape("grad", (pairs,))
    given.shape("pdist", (pairs,))


CONTRACTS: dict[str, Contract] = {
    "aten::_cdist_backward": _between,
    "aten::_pdist_forward": _within,
    "aten::_pdist_backward": _within,
}
