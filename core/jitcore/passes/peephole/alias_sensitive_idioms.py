"""Peephole rules that make two values one, which is only right where nobody writes to either."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.alias_analysis.plain_writes import is_plainly_written
from jitcore.passes.constants import constant_number, literal
from jitcore.passes.peephole.tensor_idioms import is_floating
from jitcore.passes.rules import rule
from jitcore.types import INT, NUMBER, TensorType, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_CONVOLUTION_RANKS = {"aten::conv1d": 3, "aten::conv2d": 4, "aten::conv3d": 5}


def optimize_alias_sensitive_idioms(graph: Graph, shape_peepholes: bool) -> bool:
    """Apply the rules to all blocks; says whether one applied."""
    return _AliasSensitiveIdioms(graph, shape_peepholes).block(graph.block)


class _AliasSensitiveIdioms:
    """`stale` are values whose aliases changed since the analysis was made: they are not touched again."""

    def __init__(self, graph: Graph, shape_peepholes: bool) -> None:
        self._graph = graph
        self._shape_peepholes = shape_peepholes
        self._stale: list[Value] = []

    @cached_property
    def _db(self) -> AliasDb:
        return AliasDb(self._graph)

    def block(self, block: Block) -> bool:
        changed = False
        for node in block.nodes():
            for inner in node.blocks:
                changed |= self.block(inner)
            kind = node.kind
            if kind in _CONVOLUTION_RANKS:
                changed |= self._rank_of_convolution(node)
            elif kind == "aten::add" or kind == "aten::sub":
                changed |= self._add_nothing(node)
            elif kind == "aten::mul" or kind == "aten::div":
                changed |= self._multiply_by_one(node)
        return changed

    def _rank_of_convolution(self, node: Node) -> bool:
        users = [user for user, _ in node.output.uses if user.kind == "aten::dim"]
        if not users:
            return False
        changed = False
        is_resized = is_plainly_written(node.output)
        if is_resized is None:
            is_resized = self._db.value_has_writers(node.output)
        for user in users:
            if not is_resized or self._db.move_after(node, user):
                rank_of_convolution(user, node, _CONVOLUTION_RANKS[node.kind])
                changed = True
        return changed

    def _keeps_dtype(self, node: Node) -> bool:
        """Whether the tensor is known to be of a floating dtype, which no number changes."""
        t = node.inputs[0].type
        return (
            self._shape_peepholes
            and isinstance(t, TensorType)
            and t.dtype is not None
            and is_floating(t.dtype)
        )

    def _add_nothing(self, node: Node) -> bool:
        if len(node.inputs) != 3 or not isinstance(node.inputs[0].type, TensorType):
            return False
        x, other, alpha = node.inputs
        if not is_subtype(other.type, NUMBER):
            return False
        if not self._keeps_dtype(node) and (other.type is not INT or alpha.type is not INT):
            return False
        if (
            constant_number(alpha) != 1
            or constant_number(other) != 0
            or not self._may_become_one(x, node.output)
        ):
            return False
        return add_nothing(node, x, other)

    def _multiply_by_one(self, node: Node) -> bool:
        if len(node.inputs) != 2 or not isinstance(node.inputs[0].type, TensorType):
            return False
        x, other = node.inputs
        if not is_subtype(other.type, NUMBER):
            return False
        if not self._keeps_dtype(node) and (node.kind == "aten::div" or other.type is not INT):
            return False
        if constant_number(other) != 1 or not self._may_become_one(x, node.output):
            return False
        return multiply_by_one(node, x, other)

    def _may_become_one(self, x: Value, output: Value) -> bool:
        if not self._db.safe_to_change_aliasing((x,), (output,)):
            return False
        if self._db.may_alias((x, output), self._stale):
            return False
        self._stale += (x, output)
        return True


@rule
def rank_of_convolution(node: Node, convolution: Node, rank: int) -> bool:
    """aten::dim(aten::conv2d(...)) -> 4"""
    return rank_of_convolution.replace_with_constant(
        node,
        rank,
        lambda: f"%{convolution.output.name} comes out of {convolution.kind}, so it has {rank} dimensions",
        convolution,
        declared=INT,
    )


@rule
def add_nothing(node: Node, x: Value, other: Value) -> bool:
    """x + 0, x - 0 -> x"""
    return add_nothing.replace(
        node, x, lambda: f"%{other.name} is {literal(constant_number(other))}, so the result is %{x.name}"
    )


@rule
def multiply_by_one(node: Node, x: Value, other: Value) -> bool:
    """x * 1, x / 1 -> x"""
    what = "product" if node.kind == "aten::mul" else "quotient"
    return multiply_by_one.replace(node, x, lambda: f"%{other.name} is 1, so the {what} is %{x.name}")
