"""Operators whose tensors torch's executor takes note of while it profiles a graph.

They are those that it can differentiate or fuse. The table is what an instrumented graph of each operator
showed; `known` says that numbers must be int or float, and dtype and device constants, for the operator to
be one of them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from jitcore.ops.fusible_operators import REDUCTIONS
from jitcore.ops.lookup import operator_key, schema_of
from jitcore.ops.releases import table_of
from jitcore.types import NUMBER

if TYPE_CHECKING:
    from jitcore.ir import Node

_TABLE: Final = "profiled_operators.txt"
_ALWAYS: Final = "always"

_INPUTS: Final = frozenset({
    "prim::AutogradAdd", "prim::AutogradAnyNonZero", "prim::AutogradAllNonZero", "prim::AutogradAllZero",
    "prim::AutogradZero", "aten::dim", "aten::size", "aten::expand", "prim::dtype", "prim::device",
    "prim::is_cuda", "aten::is_floating_point", "aten::type_as", "aten::t", "aten::mm",
    "prim::ConstantChunk", "prim::ListConstruct", "prim::TensorExprGroup",
})  # fmt: skip
"""Kinds whose inputs are noted whatever overload it is."""

_OUTPUTS: Final = frozenset({
    "prim::AutogradAdd", "prim::AutogradZero", "prim::ConstantChunk", "prim::ListConstruct",
    "prim::TensorExprGroup", "prim::Constant", "prim::profile", "prim::profile_ivalue",
})  # fmt: skip
"""Kinds whose outputs are noted whatever overload it is."""


@cache
def profiled_operators() -> dict[str, bool]:
    """Keys of the overloads whose tensors are noted; True where that does not depend on the inputs."""
    lines = table_of(_TABLE).read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" ") for line in lines)
    return {key: when == _ALWAYS for key, when in pairs}


def inputs_are_profiled(node: Node, with_reductions: bool = False) -> bool:
    """Whether the tensors that `node` reads are noted; `with_reductions` those are fused, and noted."""
    return node.kind in _INPUTS or node.kind in _OUTPUTS or _is_noted(node, with_reductions)


def outputs_are_profiled(node: Node, with_reductions: bool = False) -> bool:
    """Whether the tensors that `node` gives are noted, wherever they are read."""
    if node.kind == "aten::expand":
        return len(node.inputs) == 3 and all(value.node.is_constant for value in node.inputs[1:])
    return node.kind in _OUTPUTS or _is_noted(node, with_reductions)


def _is_noted(node: Node, with_reductions: bool) -> bool:
    key = operator_key(node)
    if with_reductions and key in REDUCTIONS and _is_known(node):
        return True
    always = None if key is None else profiled_operators().get(key)
    if always is None:
        return False
    if key == "aten::dropout":
        training = node.inputs[2].node
        return not (training.is_constant and training.attributes.get("value") is False)
    return always or _is_known(node)


def _is_known(node: Node) -> bool:
    schema = schema_of(node)
    if schema is None or any(value.type is NUMBER for value in node.inputs):
        return False
    places = (schema.argument_index(name) for name in ("dtype", "device"))
    return all(node.inputs[place].node.is_constant for place in places if place is not None)
