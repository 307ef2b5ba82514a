"""How many dimensions an input must have, from operators that name them."""

from __future__ import annotations

from jitcore.ir import Node, Value


def rank_of(value: Value) -> int:
    """The least rank that the direct uses of a tensor allow; 0 if they tell nothing."""
    return max((_rank(user) for user, index in value.uses if index == 0), default=0)


def _rank(user: Node) -> int:
    if user.kind == "prim::unchecked_cast":
        return rank_of(user.output)
    if user.kind == "aten::size":
        if len(user.inputs) == 2:
            return _beyond(user.inputs[1:])
        # `batch, length, features = x.size()`
        unpacked = [len(n.outputs) for n, _ in user.output.uses if n.kind == "prim::ListUnpack"]
        return max(unpacked, default=0)
    if user.kind == "aten::permute" and user.inputs[1].node.kind == "prim::ListConstruct":
        return len(user.inputs[1].node.inputs)
    if user.kind in ("aten::transpose", "aten::select", "aten::slice"):
        return _beyond(user.inputs[1 : 3 if user.kind == "aten::transpose" else 2])
    return 0


def _beyond(dimensions: list[Value]) -> int:
    """The rank that a tensor with these dimensions has at least."""
    named = [v.node.attributes.get("value") for v in dimensions if v.node.kind == "prim::Constant"]
    return max((n + 1 if n >= 0 else -n for n in named if isinstance(n, int)), default=0)
