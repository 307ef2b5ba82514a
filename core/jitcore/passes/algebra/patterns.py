"""Finds the places where a graph looks like a small graph, and puts another small graph there.

As libtorch does it: torch/csrc/jit/ir/subgraph_matcher.cpp and torch/csrc/jit/passes/subgraph_rewrite.cpp.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jitcore.passes.constants import constant_int
from jitcore.passes.inserting import mark_origin
from jitcore.passes.rules import count, rule
from jitcore.printing import parse_graph
from jitcore.types import ClassType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jitcore.ir import Graph, Node, Value

_SUBMODULE: Final = "match::module"


class Match:
    """A place that looks like the pattern: which nodes and values stand for those of the pattern.

    `anchor` is the last node; values are looked up by their names in the pattern.
    """

    __slots__ = ("_names", "anchor", "nodes", "values")

    def __init__(
        self, anchor: Node, nodes: dict[Node, Node], values: dict[Value, Value], names: dict[str, Value]
    ) -> None:
        self.anchor = anchor
        self.nodes = nodes
        self.values = values
        self._names = names

    def __getitem__(self, name: str) -> Value:
        """The value that stands for `%name` of the pattern."""
        return self.values[self._names[name]]


class Pattern:
    """A graph without blocks whose last node decides, with what has to hold of a match besides."""

    def __init__(self, text: str, *conditions: Callable[[Match], bool]) -> None:
        self.graph = parse_graph(text)
        self._conditions = conditions
        self._last = self.graph.outputs[0].node

    def matches(self, graph: Graph) -> list[Match]:
        """All places, those of the outermost block first; they may overlap."""
        found: list[Match] = []
        blocks = [graph.block]
        kind = "prim::GetAttr" if self._last.kind == _SUBMODULE else self._last.kind
        while blocks:
            block = blocks.pop()
            for node in block.nodes():
                if node.kind == kind:
                    match = _Comparison(node).match(self._last, self.graph.names)
                    if match is not None:
                        found.append(match)
                blocks.extend(node.blocks)
        return found

    def accepts(self, match: Match) -> bool:
        """Whether the conditions hold of a match."""
        return all(condition(match) for condition in self._conditions)


def is_one(name: str) -> Callable[[Match], bool]:
    """The condition that `%name` of the pattern is the int 1."""
    return lambda match: constant_int(match[name]) == 1


class _Comparison:
    def __init__(self, anchor: Node) -> None:
        self._anchor = anchor
        self._nodes: dict[Node, Node] = {}
        self._values: dict[Value, Value] = {}

    def match(self, last: Node, names: dict[str, Value]) -> Match | None:
        if not self._node(last, self._anchor):
            return None
        return Match(self._anchor, self._nodes, self._values, names)

    def _value(self, wanted: Value, value: Value) -> bool:
        known = self._values.get(wanted)
        if known is not None:
            return known is value
        is_inner = wanted.node.kind != "prim::Param" and not _is_result(wanted)
        if is_inner and wanted.use_count != value.use_count:
            return False
        self._values[wanted] = value
        return self._node(wanted.node, value.node)

    def _node(self, wanted: Node, node: Node) -> bool:
        known = self._nodes.get(wanted)
        if known is not None:
            return known is node
        if wanted.kind == "prim::Param":
            return True
        if node.block is not self._anchor.block:
            return False
        if not (_is_submodule(wanted, node) if wanted.kind == _SUBMODULE else _is_alike(wanted, node)):
            return False
        self._nodes[wanted] = node
        return all(map(self._value, wanted.outputs, node.outputs)) and all(
            map(self._value, wanted.inputs, node.inputs)
        )


def _is_submodule(wanted: Node, node: Node) -> bool:
    """Whether a node reads a submodule whose class is called as `match::module[name=...]` says."""
    name = wanted.attributes.get("name")
    if node.kind != "prim::GetAttr" or not isinstance(name, str):
        return False
    kind = node.output.type
    return isinstance(kind, ClassType) and kind.qualified_name.endswith(name)


def _is_alike(wanted: Node, node: Node) -> bool:
    return (
        node.kind == wanted.kind
        and len(node.inputs) == len(wanted.inputs)
        and len(node.outputs) == len(wanted.outputs)
        and _same_attributes(wanted, node)
    )


def _is_result(value: Value) -> bool:
    return any(user.kind == "prim::Return" for user, _ in value.use_map)


def _same_attributes(wanted: Node, node: Node) -> bool:
    """Whether attributes are equal, texts as regular expressions; of other types none ever is."""
    if wanted.attributes.keys() != node.attributes.keys():
        return False
    for name, value in wanted.attributes.items():
        other = node.attributes[name]
        if type(value) is not type(other) or not isinstance(value, str | int | float | complex):
            return False
        same = (
            re.fullmatch(value, other)
            if isinstance(value, str) and isinstance(other, str)
            else value == other
        )
        if not same:
            return False
    return True


class Replacement:
    """A graph that is put where a pattern matches.

    `places` says from which value of the pattern a value gets its place in the source, both by name.
    """

    def __init__(self, text: str, places: dict[str, str] | None = None) -> None:
        self.graph = parse_graph(text)
        self._places = {self.graph.names[mine].node: theirs for mine, theirs in (places or {}).items()}
        # The names are for whoever reads the pattern.
        for node in self.graph.nodes():
            for output in node.outputs:
                output.set_debug_name("")

    def insert(self, graph: Graph, match: Match, given: list[Value], after: Node) -> list[Value]:
        """Put a copy behind the node `after`, whose inputs are `given`; gives its results."""
        for node, name in self._places.items():
            node.source_range = match[name].node.source_range
            if match[name].node.callstack is not None:
                node.callstack = match[name].node.callstack
        with graph.inserting_after(after):
            before = graph.insert_point.prev
            results, _ = graph.insert_graph(self.graph, given)
            mark_origin(graph, before, *match.nodes.values())
        return results


def replace_pattern(
    graph: Graph,
    pattern: Pattern,
    replacement: Replacement,
    step: Callable[[Graph, Match, Callable[[], None]], None],
) -> bool:
    """Put the replacement wherever the pattern matches; says whether it did anywhere.

    `step` is the rule for one match: it makes the edits by calling its last argument. What was replaced goes
    in the end, as till then it tells where things stand.
    """
    replaced: dict[Value, Value] = {}
    gone: dict[Node, None] = {}
    for match in pattern.matches(graph):
        if not pattern.accepts(match) or any(node in gone for node in match.nodes.values()):
            continue
        inputs = [match.values[value] for value in pattern.graph.inputs]
        outputs = [match.values[value] for value in pattern.graph.outputs]
        after = _last_defined(inputs)
        if any(user.is_before(after) for output in outputs for user, _ in output.use_map):
            continue

        def edit(
            match: Match = match,
            inputs: list[Value] = inputs,
            outputs: list[Value] = outputs,
            after: Node = after,
        ) -> None:
            given = [replaced.get(value, value) for value in inputs]
            results = replacement.insert(graph, match, given, after)
            for output, result in zip(outputs, results, strict=True):
                result.set_type(output.type)
                output.replace_all_uses_with(result)
                replaced[output] = result

        step(graph, match, edit)
        gone.update(dict.fromkeys(match.nodes.values()))
    if gone:
        drop_replaced_nodes(graph, list(gone))
    return bool(gone)


@rule
def drop_replaced_nodes(graph: Graph, nodes: list[Node]) -> None:
    """nodes that others stand for -> nothing"""
    with drop_replaced_nodes.step(
        graph, lambda: f"what {count(len(nodes), 'node')} gave is computed by others now", nodes
    ):
        for node in nodes:
            node.remove_all_inputs()
        for node in nodes:
            node.destroy()


def _last_defined(values: Iterable[Value]) -> Node:
    last: Node | None = None
    for value in values:
        if last is None or (last is not value.node and last.is_before(value.node)):
            last = value.node
    if last is None:
        raise ValueError("a pattern has at least one input")
    return last
