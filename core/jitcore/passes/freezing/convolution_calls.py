"""Calls of convolutions by the operators of their kinds in place of `aten::_convolution`, which traces have.

As replaceConvolutionWithAtenConv of libtorch (torch/csrc/jit/passes/graph_rewrite_helper.cpp).
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Final

from jitcore.passes.algebra.patterns import Match, Pattern, Replacement, replace_pattern
from jitcore.passes.constant_propagation import propagate_constants
from jitcore.passes.constants import constant_bool, constant_of
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph
    from jitcore.passes.base import PassContext

_ARGUMENTS: Final = (
    "a", "w", "b", "stride", "padding", "dilation", "transposed", "output_padding", "groups", "benchmark",
    "deterministic", "cudnn_enabled", "allow_tf32",
)  # fmt: skip
_LISTS: Final = ("output_padding", "stride", "padding", "dilation")


def call_convolutions_by_kind(graph: Graph, context: PassContext) -> bool:
    """Fold constants, then call `aten::conv2d` and the like; says whether anything changed."""
    changed = propagate_constants(graph, context)
    for pattern, replacement in _patterns():
        changed |= replace_pattern(graph, pattern, replacement, call_convolution)
    return changed


@rule
def call_convolution(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """aten::_convolution(x, w, b, ...) -> aten::conv2d(x, w, b, ...)"""
    with call_convolution.step(
        graph,
        lambda: (
            f"%{match.anchor.output.name} is a convolution of a kind that is known, which has an operator"
        ),
        match.nodes.values(),
    ):
        edit()


def _is_of_rank(match: Match, rank: int, transposed: bool) -> bool:
    lists = [constant_of(match[name]) for name in _LISTS]
    if any(not isinstance(each, list) or len(each) != rank for each in lists):
        return False
    return constant_bool(match["transposed"]) is transposed


@cache
def _patterns() -> list[tuple[Pattern, Replacement]]:
    found: list[tuple[Pattern, Replacement]] = []
    for transposed in (False, True):
        for rank in (1, 2, 3):
            condition = partial(_is_of_rank, rank=rank, transposed=transposed)
            found += [
                (_pattern(arguments, condition), _replacement(arguments, rank, transposed))
                for arguments in (_ARGUMENTS, _ARGUMENTS[:-1])
            ]
    return found


def _pattern(arguments: tuple[str, ...], condition: Callable[[Match], bool]) -> Pattern:
    given = ", ".join(f"%{name}" for name in arguments)
    return Pattern(f"graph({given}):\n  %r = aten::_convolution({given})\n  return (%r)\n", condition)


def _replacement(arguments: tuple[str, ...], rank: int, transposed: bool) -> Replacement:
    given = ", ".join(f"%{name}" for name in arguments)
    if transposed:
        call = (
            f"aten::conv_transpose{rank}d(%a, %w, %b, %stride, %padding, %output_padding, %groups, %dilation)"
        )
    else:
        call = f"aten::conv{rank}d(%a, %w, %b, %stride, %padding, %dilation, %groups)"
    return Replacement(f"graph({given}):\n  %r = {call}\n  return (%r)\n")
