"""Finds fully connected layers in what multiplies by a transposed matrix.

%t : Tensor = aten::t(%w)
%1 : Tensor = aten::addmm(%b, %x, %t, %one, %one)    ->    %1 : Tensor = aten::linear(%x, %w, %b)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.algebra.patterns import Match, Pattern, Replacement, is_one, replace_pattern
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph


class FuseLinear(Pass):
    """Call `aten::linear` where a matrix is multiplied by the transposed one of its weights.

    aten::addmm(%b, %x, aten::t(%w), 1, 1)    ->    aten::linear(%x, %w, %b)

    So are products without anything added, and calls of the Python function `linear`. What was transposed and
    is not read any more stays till `dce`.
    """

    name: ClassVar[str] = "fuse-linear"
    counterpart: ClassVar[str] = "_jit_pass_fuse_linear"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace the patterns one after the other, in all blocks."""
        changed = False
        for pattern, replacement, step in _patterns():
            changed |= replace_pattern(graph, pattern, replacement, step)
        return changed


def replace_linear_functions(graph: Graph) -> bool:
    """Call the operator for functions that are named `linear`; says whether there were any."""
    pattern, replacement, step = _patterns()[-1]
    return replace_pattern(graph, pattern, replacement, step)


def _weight_is_transposed(match: Match) -> bool:
    return match["weight_t"].node.kind == "aten::t"


def _is_linear(match: Match) -> bool:
    name = match["linear"].node.attributes.get("name")
    return isinstance(name, str) and name.rpartition(".")[2] == "linear"


@rule
def call_linear_for_addmm(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """aten::addmm(b, x, aten::t(w), 1, 1) -> aten::linear(x, w, b)"""
    with call_linear_for_addmm.step(
        graph,
        lambda: (
            f"%{match['input'].name} times a transposed matrix, and %{match['bias'].name}, is a linear layer"
        ),
        match.nodes.values(),
    ):
        edit()


@rule
def call_linear_for_product_and_sum(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """aten::add_(aten::matmul(x, aten::t(w)), b, 1) -> aten::linear(x, w, b)"""
    with call_linear_for_product_and_sum.step(
        graph,
        lambda: (
            f"%{match['output'].name} is nobody else's, so adding %{match['bias'].name} makes a linear layer"
        ),
        match.nodes.values(),
    ):
        edit()


@rule
def call_linear_for_product(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """aten::matmul(x, aten::t(w)) -> aten::linear(x, w, None)"""
    with call_linear_for_product.step(
        graph,
        lambda: (
            f"%{match['output'].name} is %{match['input'].name} times a transposed matrix, a linear layer"
        ),
        match.nodes.values(),
    ):
        edit()


@rule
def transpose_weight_no_more(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """aten::linear(x, aten::t(aten::t(w)), b) -> aten::linear(x, w, b)"""
    with transpose_weight_no_more.step(
        graph, lambda: f"%{match['weight'].name} transposed twice is itself", match.nodes.values()
    ):
        edit()


@rule
def call_operator_for_function(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """CallFunction(linear, x, w, b) -> aten::linear(x, w, b)"""
    with call_operator_for_function.step(
        graph,
        lambda: f"%{match['linear'].name} is the function linear, which is an operator",
        match.nodes.values(),
    ):
        edit()


@cache
def _patterns() -> list[tuple[Pattern, Replacement, Callable[[Graph, Match, Callable[[], None]], None]]]:
    return [
        (
            Pattern(
                "graph(%input, %weight_t, %bias, %beta, %alpha):\n"
                "  %res = aten::addmm(%bias, %input, %weight_t, %beta, %alpha)\n"
                "  return (%res)\n",
                is_one("alpha"),
                is_one("beta"),
                _weight_is_transposed,
            ),
            Replacement(
                "graph(%input, %weight_t, %bias, %beta, %alpha):\n"
                "  %weight = aten::t(%weight_t)\n"
                "  %res = aten::linear(%input, %weight, %bias)\n"
                "  return (%res)\n",
                {"weight": "res", "res": "res"},
            ),
            call_linear_for_addmm,
        ),
        (
            Pattern(
                "graph(%input, %weight_t, %bias, %alpha):\n"
                "  %output = aten::matmul(%input, %weight_t)\n"
                "  %res = aten::add_(%output, %bias, %alpha)\n"
                "  return (%res)\n",
                is_one("alpha"),
                _weight_is_transposed,
            ),
            Replacement(
                "graph(%input, %weight_t, %bias, %alpha):\n"
                "  %weight = aten::t(%weight_t)\n"
                "  %res = aten::linear(%input, %weight, %bias)\n"
                "  return (%res)\n",
                {"weight": "output", "res": "output"},
            ),
            call_linear_for_product_and_sum,
        ),
        (
            Pattern(
                "graph(%input, %weight_t):\n"
                "  %output = aten::matmul(%input, %weight_t)\n"
                "  return (%output)\n",
                _weight_is_transposed,
            ),
            Replacement(
                "graph(%input, %weight_t):\n"
                "  %weight = aten::t(%weight_t)\n"
                "  %bias : Tensor? = prim::Constant()\n"
                "  %res = aten::linear(%input, %weight, %bias)\n"
                "  return (%res)\n",
                {"weight": "output", "res": "output"},
            ),
            call_linear_for_product,
        ),
        (
            Pattern(
                "graph(%input, %weight, %bias):\n"
                "  %weight_t1 = aten::t(%weight)\n"
                "  %weight_t2 = aten::t(%weight_t1)\n"
                "  %res = aten::linear(%input, %weight_t2, %bias)\n"
                "  return (%res)\n"
            ),
            Replacement(
                "graph(%input, %weight, %bias):\n"
                "  %res = aten::linear(%input, %weight, %bias)\n"
                "  return (%res)\n",
                {"res": "res"},
            ),
            transpose_weight_no_more,
        ),
        (
            Pattern(
                "graph(%linear, %input, %weight, %bias):\n"
                "  %r = prim::CallFunction(%linear, %input, %weight, %bias)\n"
                "  return (%r)\n",
                _is_linear,
            ),
            Replacement(
                "graph(%linear, %input, %weight, %bias):\n"
                "  %r = aten::linear(%input, %weight, %bias)\n"
                "  return (%r)\n"
            ),
            call_operator_for_function,
        ),
    ]
