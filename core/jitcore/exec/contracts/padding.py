"""Gradients of padding and of sliding windows: their shapes are those that the forward operators give."""

from __future__ import annotations

from math import prod

import torch

from jitcore.exec.contracts.given import Contract, Given, on_meta


def _padded(kind: str, planes: int) -> Contract:
    forward = f"{kind}_pad{planes}d"

    def contract(given: Given) -> None:
        x, padding = given.tensor("self", (planes + 1, planes + 2)), given["padding"]
        given.length("padding", 2 * planes)
        padded = getattr(torch.ops.aten, forward)(on_meta(x), padding)
        given.shape("grad_output", padded.shape)

    return contract


def _unfolded(given: Given) -> None:
    unfolded = torch.empty(given["input_sizes"], device="meta").unfold(
        given["dim"], given["size"], given["step"]
    )
    given.shape("grad_in", unfolded.shape)


def _trace(given: Given) -> None:
    sizes = given["sizes"]
    if len(sizes) != 2 or min(sizes) < 0 or prod(sizes) > _MOST:
        given.refuse(f"sizes are {sizes} where those of a matrix are expected")
    given.count("grad", 1)


_MOST = (1 << 63) - 1

CONTRACTS: dict[str, Contract] = {
    **{
        f"aten::{kind}_pad{planes}d_backward": _padded(kind, planes)
        for kind in ("reflection", "replication")
        for planes in (1, 2, 3)
    },
    "aten::unfold_backward": _unfolded,
    "aten::trace_backward": _trace,
}
