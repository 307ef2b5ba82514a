"""Peephole rules about dicts that are built of constant keys in the graph and never written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.constants import constant_of, literal
from jitcore.passes.peephole.list_idioms import mutated_values
from jitcore.passes.rules import count, rule
from jitcore.types import FLOAT, INT, STRING, DictType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.ir import Graph, Node, Value

_KEY_TYPES = (INT, FLOAT, STRING)


def optimize_dict_idioms(graph: Graph, nodes: Iterable[Node]) -> bool:
    """Apply the rules to the nodes in turn; says whether one applied."""
    idioms = _DictIdioms(graph)
    changed = False
    for node in nodes:
        if node.kind == "aten::len" or node.kind == "aten::__getitem__":
            changed |= idioms.visit(node)
    return changed


class _DictIdioms:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._mutated: set[Value] | None = None
        self._items: dict[Node, dict[object, Value] | None] = {}

    def _is_mutated(self, value: Value) -> bool:
        if self._mutated is None:
            self._mutated = mutated_values(self._graph, DictType.kind)
        return value in self._mutated

    def visit(self, node: Node) -> bool:
        construct = node.inputs[0].node
        if construct.kind != "prim::DictConstruct" or self._is_mutated(node.inputs[0]):
            return False
        items = self._items_of(construct)
        return items is not None and _apply(node, construct, items)

    def _items_of(self, construct: Node) -> dict[object, Value] | None:
        if construct not in self._items:
            self._items[construct] = _known_items(construct)
        return self._items[construct]


def _known_items(construct: Node) -> dict[object, Value] | None:
    """The values by key, None unless all keys are different constants of a simple type."""
    t = construct.output.type
    if not isinstance(t, DictType) or t.key_type not in _KEY_TYPES:
        return None
    items: dict[object, Value] = {}
    for index in range(0, len(construct.inputs), 2):
        key = constant_of(construct.inputs[index])
        if not isinstance(key, int | float | str) or key in items:
            return None
        items[key] = construct.inputs[index + 1]
    return items


def _apply(node: Node, construct: Node, items: dict[object, Value]) -> bool:
    if node.kind == "aten::len":
        return length_of_built_dict(node, construct, len(items))
    key = constant_of(node.inputs[1])
    value = items.get(key) if isinstance(key, int | float | str) else None
    return value is not None and len(node.outputs) == 1 and item_of_built_dict(node, construct, key, value)


@rule
def length_of_built_dict(node: Node, construct: Node, length: int) -> bool:
    """aten::len({"a": x}) -> 1"""
    return length_of_built_dict.replace_with_constant(
        node,
        length,
        lambda: f"%{construct.output.name} is built with {count(length, 'key')}",
        construct,
        declared=INT,
    )


@rule
def item_of_built_dict(node: Node, construct: Node, key: object, value: Value) -> bool:
    """{"a": x}["a"] -> x"""
    return item_of_built_dict.replace(
        node, value, lambda: f"%{construct.output.name} has %{value.name} under {literal(key)}", construct
    )
