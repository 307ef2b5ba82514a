"""Evaluating an operation on constants while it is lowered."""

from __future__ import annotations

from jitcore import ops
from jitcore.frontend.building import constant_of
from jitcore.ir import Node
from jitcore.ops import kernels


class Folded:
    """The value of an operation whose inputs are constants."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def fold(node: Node) -> Folded | None:
    """What `node` gives if its inputs are constants and its operator computes without tensors."""
    arguments: list[object] = []
    for value in node.inputs:
        is_constant, constant = constant_of(value)
        if not is_constant:
            return None
        arguments.append(constant)
    schema = ops.schema_of(node)
    if schema is None:
        return None
    kernel = kernels.find(f"{schema.name}.{schema.overload}" if schema.overload else schema.name)
    return None if kernel is None else Folded(kernel(*arguments))
