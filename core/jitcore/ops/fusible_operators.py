"""Operators that torch's tensor expression fuser computes as one with others.

The table holds the operators that compute element by element; it is what the fuser of torch put into a group.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from jitcore.ops.lookup import operator_key, schema_of
from jitcore.ops.releases import table_of
from jitcore.types import NUMBER

if TYPE_CHECKING:
    from jitcore.ir import Node, Value

_TABLE: Final = "pointwise_operators.txt"

BROADCAST: Final = frozenset({"aten::batch_norm"})
"""Others whose result has the sizes that those of `deciding_tensors` have together."""

OF_THEIR_OWN_SIZES: Final = frozenset({
    "aten::conv2d", "aten::_convolution", "aten::matmul", "aten::cat", "aten::unsqueeze",
})  # fmt: skip
"""Others, whose result has sizes that follow by a rule of the operator."""

REDUCTIONS: Final = frozenset({
    "aten::sum", "aten::sum.dim_IntList", "aten::softmax.int", "aten::log_softmax.int",
})  # fmt: skip
"""Others that are fused only if somebody asks for it."""

_SIZED_BY_FIRST: Final = frozenset({"aten::batch_norm", "aten::type_as"})
"""Those whose result has the sizes of the first tensor, whatever else they take."""

_WITHOUT_SCHEMA: Final = frozenset(("prim::ConstantChunk", "prim::ListConstruct", "prim::TensorExprGroup"))


@cache
def pointwise_operators() -> frozenset[str]:
    """Keys of the overloads that compute element by element."""
    return frozenset(table_of(_TABLE).read_text(encoding="utf-8").split())


def is_broadcast(node: Node) -> bool:
    """Whether what the node gives has the sizes that its `deciding_tensors` have together."""
    key = operator_key(node)
    return key is not None and (key in pointwise_operators() or key in BROADCAST)


def deciding_tensors(node: Node, tensors: list[Value]) -> list[Value]:
    """Those of the tensors that a node takes whose sizes together are the sizes of what it gives.

    The node is one that `is_broadcast` knows.
    """
    return tensors[:1] if node.kind in _SIZED_BY_FIRST else tensors


def is_fusible(node: Node, with_reductions: bool = False) -> bool:
    """Whether the fuser knows the operator, and its result is known by the types of its inputs.

    That takes numbers that are known to be int or float, and dtypes and devices that are constants.
    `REDUCTIONS` are known `with_reductions`.
    """
    if node.kind in _WITHOUT_SCHEMA:
        return True
    schema = schema_of(node)
    key = operator_key(node)
    is_reduction = with_reductions and key in REDUCTIONS
    if schema is None or not (is_reduction or is_broadcast(node) or key in OF_THEIR_OWN_SIZES):
        return False
    if any(value.type is NUMBER for value in node.inputs):
        return False
    places = (schema.argument_index(name) for name in ("dtype", "device"))
    return all(node.inputs[place].node.is_constant for place in places if place is not None)
