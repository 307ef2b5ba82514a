"""Computes the chunks of a tensor that were unpacked where they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from jitcore.exec.plan import PlanBuilder, handles

if TYPE_CHECKING:
    from jitcore.exec.steps import Step
    from jitcore.ir import Node


@handles("prim::ConstantChunk")
def constant_chunk(builder: PlanBuilder, node: Node) -> Step:
    """Splits a tensor into as many chunks as the node has outputs.

    Raises RuntimeError where it is too small for that, in torch's words
    (torch/csrc/jit/runtime/register_prim_ops.cpp).
    """
    wanted, dim = len(node.outputs), node.attributes["dim"]
    assert isinstance(dim, int)

    def chunk(value: torch.Tensor) -> tuple[torch.Tensor, ...]:
        chunks = torch.chunk(value, wanted, dim)
        if len(chunks) < wanted:
            raise RuntimeError(
                f"Expected chunk to return at least {wanted} outputs, but got only {len(chunks)}"
            )
        return chunks

    def chunk_alone(value: torch.Tensor) -> torch.Tensor:
        return chunk(value)[0]

    return builder.call(node, chunk_alone if wanted == 1 else chunk)
