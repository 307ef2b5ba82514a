"""Splits a tensor into parts by one node, as what `canonicalize-graph-fuser-ops` leaves asks for.

torch/csrc/jit/runtime/register_prim_ops.cpp tells what happens where there are less parts than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from jitcore.exec.plan_builder import PlanBuilder, handles

if TYPE_CHECKING:
    from jitcore.ir import Node


@handles("prim::ConstantChunk")
def constant_chunk(builder: PlanBuilder, node: Node) -> None:
    """Gives as many parts along `dim` as the node has results; raises where a size has less in it."""
    chunks, dim = (cast("int", node.attributes[name]) for name in ("chunks", "dim"))

    def chunk(tensor: torch.Tensor) -> tuple[torch.Tensor, ...]:
        parts = torch.chunk(tensor, chunks, dim)
        if len(parts) < chunks:
            raise RuntimeError(
                f"Expected chunk to return at least {chunks} outputs, but got only {len(parts)}"
            )
        return parts

    builder.call(node, chunk if chunks != 1 else lambda tensor: chunk(tensor)[0])
