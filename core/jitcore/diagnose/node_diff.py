"""What one graph has otherwise than another, node by node, as their alignment finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.diagnose.alignment import align
from jitcore.diagnose.alignment.call_paths import place_of
from jitcore.diagnose.alignment.operands import constant_text
from jitcore.ir import CONSTANT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Graph, Node

_MOST_NODES: Final = 50_000
"""Of either graph: lines of larger ones nobody reads."""


def node_changes(before: Graph, after: Graph) -> Iterator[str]:
    """A line for each node that only one graph has, and for each pair of nodes that are not the same.

    Neither the order of nodes nor the names of values count. Arms of ifs that the other graph kept and loops
    that it has written out are told as such.
    """
    nodes = [{node.id: node for node in graph.all_nodes()} for graph in (before, after)]
    if max(map(len, nodes)) > _MOST_NODES:
        yield f"? more than {_MOST_NODES:,} nodes are not aligned"
        return
    found = align(before, after)
    yield from (f"- {_told(nodes[0][number])}" for number in found.only_left)
    yield from (f"+ {_told(nodes[1][number])}" for number in found.only_right)
    told: set[tuple[str, str]] = set()
    for pair in found.pairs:
        one, other = nodes[0][pair.left], nodes[1][pair.right]
        was, is_now = _what(one), _what(other)
        if was != is_now and (was, is_now) not in told:
            told.add((was, is_now))
            yield f"~ {was} -> {is_now}{_at(other)}"
    sides = {"left": "before", "right": "after"}
    for arm in found.arms:
        kept = "no arm" if arm.arm is None else "the second arm only" if arm.arm else "the first arm only"
        yield f"~ the if {sides[arm.side]}: the other graph has {kept}{_place(arm.file, arm.line)}"
    for loop in found.loops:
        turns = " and ".join(f"{count:,}" for count in loop.turns) or "no"
        said = f"the other graph has {turns} turns written out"
        yield f"~ the loop {sides[loop.side]}: {said}{_place(loop.file, loop.line)}"
    for burnt in found.constants:
        said = f"{burnt.argument} is {burnt.value} {sides[burnt.side]}"
        yield f"~ {said}, and a {burnt.origin} in the other graph"


def _told(node: Node) -> str:
    return f"{_what(node)}{_at(node)}"


def _what(node: Node) -> str:
    """The operator, or what is constant, or the attribute that is read."""
    if node.kind == CONSTANT:
        return constant_text(node)
    name = node.attributes.get("name") if node.kind in ("prim::GetAttr", "prim::CallMethod") else None
    return f"{node.kind} {name}" if isinstance(name, str) else node.kind


def _at(node: Node) -> str:
    return _place(*place_of(node.source_range))


def _place(file: str, line: int) -> str:
    return f"  # {file}:{line}" if file else ""
