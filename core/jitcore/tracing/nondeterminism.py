"""Which nodes give something else each time that they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch._ops import OpOverloadPacket

from jitcore.passes.constants import constant_bool

if TYPE_CHECKING:
    from jitcore.ir import Node


def is_nondeterministic(node: Node) -> bool:
    """Whether a node draws random numbers; a dropout that is switched off does not."""
    namespace, _, name = node.kind.partition("::")
    packet = getattr(torch.ops.aten, name, None) if namespace == "aten" else None
    if not isinstance(packet, OpOverloadPacket):
        return False
    overloads = [getattr(packet, each) for each in packet.overloads()]
    for overload in overloads:
        for place, argument in enumerate(overload._schema.arguments):
            if (
                argument.name == "train"
                and place < len(node.inputs)
                and constant_bool(node.inputs[place]) is False
            ):
                return False
    return any(torch.Tag.nondeterministic_seeded in overload.tags for overload in overloads)
