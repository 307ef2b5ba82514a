"""Operators that libtorch's autodiff has formulas for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from jitcore.ops.lookup import operator_key
from jitcore.ops.releases import table_of

if TYPE_CHECKING:
    from jitcore.ir import Node

_TABLE: Final = "differentiable_operators.txt"

_KINDS: Final = frozenset({
    "prim::Constant", "prim::AutogradZero", "prim::AutogradAdd", "prim::ConstantChunk", "prim::profile",
    "prim::profile_ivalue",
})  # fmt: skip


@cache
def differentiable_operators() -> frozenset[str]:
    """Keys of the overloads that have a formula."""
    return frozenset(table_of(_TABLE).read_text(encoding="utf-8").split())


def is_differentiable(node: Node) -> bool:
    """Whether autodiff has a formula for the node."""
    if node.kind in _KINDS:
        # What notes nothing counts runs.
        return bool(node.outputs)
    key = operator_key(node)
    if key is None or key not in differentiable_operators():
        return False
    if key == "aten::dropout":
        training = node.inputs[2].node
        return not (training.is_constant and training.attributes.get("value") is False)
    if key == "aten::expand":
        return all(value.node.is_constant for value in node.inputs[1:])
    return True
