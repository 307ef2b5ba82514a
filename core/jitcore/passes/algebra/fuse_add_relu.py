"""Fuses a sum and the activation behind it.

%1 : Tensor = aten::add(%a, %b, %n)
%2 : Tensor = aten::relu(%1)             ->    %2 : Tensor = aten::_add_relu(%a, %b, %n)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.algebra.patterns import Match, Pattern, Replacement, replace_pattern
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph


class FuseAddRelu(Pass):
    """Add and cut off below zero in one operator.

    aten::relu(aten::add(%a, %b, %n))    ->    aten::_add_relu(%a, %b, %n)

    The sum must have no other reader. A `relu` that does not write, of an `add_`, stays: what was added would
    not be seen by who holds the tensor.
    """

    name: ClassVar[str] = "fuse-add-relu"
    counterpart: ClassVar[str] = "_jit_pass_fuse_add_relu"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace the patterns one after the other, in all blocks."""
        changed = False
        for pattern, replacement in _patterns():
            changed |= replace_pattern(graph, pattern, replacement, fuse_sum_and_relu)
        return changed


@rule
def fuse_sum_and_relu(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """aten::relu(aten::add(a, b, n)) -> aten::_add_relu(a, b, n)"""
    with fuse_sum_and_relu.step(
        graph,
        lambda: f"%{match['add_res'].name} is read by {match.anchor.kind} alone, so one operator does both",
        match.nodes.values(),
    ):
        edit()


@cache
def _patterns() -> list[tuple[Pattern, Replacement]]:
    return [
        fused_sum("%a, %b, %alpha", "aten::add", "aten::relu", "aten::_add_relu"),
        fused_sum("%a, %b, %alpha", "aten::add", "aten::relu_", "aten::_add_relu"),
        fused_sum("%a, %b, %alpha", "aten::add_", "aten::relu_", "aten::_add_relu_"),
        fused_sum("%a, %b, %alpha, %out", "aten::add", "aten::relu_", "aten::_add_relu"),
    ]


def fused_sum(inputs: str, add: str, relu: str, both: str) -> tuple[Pattern, Replacement]:
    """A sum and an activation of it, by their names, and the operator that does both."""
    return (
        Pattern(
            f"graph({inputs}):\n  %add_res = {add}({inputs})\n  %res = {relu}(%add_res)\n  return (%res)\n"
        ),
        Replacement(f"graph({inputs}):\n  %res = {both}({inputs})\n  return (%res)\n"),
    )
