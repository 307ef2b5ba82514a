"""Puts a graph that somebody wrote down wherever another one is found.

from: %c = aten::add(%a, %b, %n)            %1 : Tensor = aten::add(%x, %y, %two)
      %r = aten::relu(%c)             of    %2 : Tensor = aten::relu(%1)
to:   %r = aten::_add_relu(%a, %b, %n)      ->    %2 : Tensor = aten::_add_relu(%x, %y, %two)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.passes.algebra.patterns import Match, Pattern, Replacement, replace_pattern
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.options import PassOption
from jitcore.passes.rules import names, rule
from jitcore.printing import parse_graph
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph, Node

_FROM: Final = "graph(%x, %w, %b):\n  %c = aten::conv(%x, %w, %b)\n  %r = aten::relu(%c)\n  return (%r)"
_TO: Final = "graph(%x, %w, %b):\n  %r = aten::convrelu(%x, %w, %b)\n  return (%r)"


class PatternRewrite(Pass):
    r"""Replace what looks like the graph `from` by the graph `to`, both given as texts.

    from="graph(%a): %b = aten::neg(%a) ..."    ->    to="graph(%a): %b = aten::relu(%a) ..."

    A line of a text ends with `\n`. Nodes match by kind, numbers of inputs and results, and attributes, of
    which texts are regular expressions; what is read in between must have no other readers.
    `match::module[name="Conv2d"]` stands for a submodule whose class is called so. Both graphs have the same
    inputs, and as many results. Unless they are given they are libtorch's own (subgraph_rewrite.cpp in
    torch/csrc/jit/passes), of operators that there are not.
    """

    name: ClassVar[str] = "pattern-rewrite"
    counterpart: ClassVar[str] = "_jit_pass_custom_pattern_based_rewrite_graph"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("from", _FROM, "the graph to look for"),
        PassOption("to", _TO, "the graph to put there"),
    )
    assumes: ClassVar[str] = "both graphs compute the same"

    def __init__(self, **texts: str) -> None:
        self._from = texts.get("from", _FROM)
        self._to = texts.get("to", _TO)

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace all matches that do not overlap. Raises `JitError` for texts that are no such graphs."""
        wanted, new = self._from + "\n", self._to + "\n"
        _check(parse_graph(wanted), parse_graph(new))
        return replace_pattern(graph, Pattern(wanted), Replacement(new), put_in_place)


def _check(pattern: Graph, replacement: Graph) -> None:
    if not pattern.inputs or not pattern.outputs:
        raise JitError("a graph to look for needs an input and a result: write graph(%a): ... return (%b)")
    if any(node.blocks for node in pattern.nodes()):
        raise JitError("a graph to look for cannot have blocks: look for what stands inside of them")
    seen: set[Node] = set()
    pending = [pattern.outputs[0].node]
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += [value.node for value in node.inputs]
    lost = [value for value in pattern.outputs if value.node not in seen]
    lost += [value for value in pattern.inputs if not value.has_uses()]
    if lost or pattern.outputs[0].node.kind == "prim::Param":
        raise JitError(
            "a graph is looked for from its first result on, "
            f"which does not lead to {names(lost) or 'a node'}"
        )
    for what, mine, theirs in (
        ("inputs", pattern.inputs, replacement.inputs),
        ("results", pattern.outputs, replacement.outputs),
    ):
        if len(mine) != len(theirs):
            raise JitError(
                f"the graph to look for has {len(mine)} {what}, the one to put there {len(theirs)}: "
                "they need as many"
            )


@rule
def put_in_place(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """what looks like one graph -> another one"""
    with put_in_place.step(
        graph,
        lambda: f"what ends in {match.anchor.kind} is as the graph that was looked for",
        match.nodes.values(),
    ):
        edit()
