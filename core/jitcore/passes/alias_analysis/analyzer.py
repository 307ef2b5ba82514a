"""Walks a graph once and records which values point to which memory, and what each node writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.lookup import schema_of
from jitcore.ops.memory_facts import plan_of
from jitcore.passes.alias_analysis.memory import MemoryGraph
from jitcore.passes.alias_analysis.mutable_types import AliasTypeCache, single_type
from jitcore.passes.alias_analysis.special_nodes import HANDLERS
from jitcore.passes.alias_analysis.writes import Writes

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.passes.alias_analysis.memory import Element
    from jitcore.types import FunctionSchema, Type


class Analyzer:
    """The analysis of one graph.

    `memory` is the points-to graph, `writes` what nodes write, `wildcards` the unknown objects by
    alias type. Special nodes are handled in `special_nodes`, all others by the alias annotations of
    their schemas. `is_frozen` as in `AliasDb`.
    """

    def __init__(self, graph: Graph, is_frozen: bool = False) -> None:
        self.graph = graph
        self.is_frozen = is_frozen
        self.types = AliasTypeCache()
        self.memory = MemoryGraph(self.wildcard_of, self.wildcard_made)
        self.writes = Writes()
        self.wildcards: dict[Type, Element] = {}
        self._elements: dict[Value, Element] = {}
        for value in graph.inputs:
            self.set_wildcard(value)
        self.analyze_block(graph.block)

    # --- elements ------------------------------------------------------------------------------

    def element(self, value: Value) -> Element | None:
        """The element of a value, None for a value that cannot change."""
        found = self._elements.get(value)
        if found is None and self.types.is_mutable(value.type):
            found = self.give_fresh(value)
        return found

    def give_fresh(self, value: Value, holds_unknown: bool = True) -> Element | None:
        """Memory of its own for a value that can change; `holds_unknown` if a container may hold anything."""
        found = self._elements.get(value)
        if found is not None:
            return found
        alias_types = self.types.alias_types(value.type)
        if not alias_types:
            return None
        element = self._elements[value] = self.memory.new_element(value.type)
        if holds_unknown:
            self._fill(element, alias_types)
        return element

    def _fill(self, element: Element, alias_types: tuple[Type, ...]) -> None:
        if len(alias_types) == 1:
            element.contained_types = self.types.contained(alias_types[0])
            return
        for member in alias_types:
            wildcard = self.wildcard_made(member)
            if wildcard is not None and wildcard is not element:
                self.memory.point(element, wildcard)

    def move_element(self, old: Value, new: Value) -> None:
        """`new` stands for the memory that `old` stood for, and `old` for memory of its own."""
        element = self.element(old)
        if element is not None:
            self._elements[new] = element
            del self._elements[old]

    def wildcard_of(self, t: Type) -> Element | None:
        """The element of everything unknown that a value of type `t` may be, if there is one."""
        alias_types = self.types.alias_types(t)
        return self.wildcards.get(single_type(alias_types)) if alias_types else None

    def wildcard_made(self, t: Type) -> Element | None:
        """As `wildcard_of`, made now if need be; None for types that cannot change."""
        alias_types = self.types.alias_types(t)
        if not alias_types:
            return None
        key = single_type(alias_types)
        found = self.wildcards.get(key)
        if found is None:
            found = self.wildcards[key] = self.memory.new_element(None)
            self._fill(found, alias_types)
        return found

    # --- what handlers record ------------------------------------------------------------------

    def set_wildcard(self, value: Value) -> Element | None:
        """The value may be anything unknown of its type; gives the wildcard."""
        if not self.types.is_mutable(value.type):
            return None
        wildcard = self.wildcard_made(value.type)
        element = self.give_fresh(value)
        if element is not None:
            self.memory.add_to_wildcard(element)
        return wildcard

    def point(self, source: Value, target: Value) -> None:
        """`source` may be the same object as `target`."""
        if _never_aliases(source) or _never_aliases(target):
            self.give_fresh(source)
            self.give_fresh(target)
            return
        if source is target:
            return
        mine, theirs = self.element(source), self.element(target)
        if mine is not None and theirs is not None:
            self.memory.point(mine, theirs)

    def contain(self, inner: Value, container: Value) -> None:
        """`container` may hold `inner`."""
        held, holder = self.element(inner), self.element(container)
        if held is not None and holder is not None:
            self.memory.contain(held, holder)

    def write(self, node: Node, value: Value, through: bool = False) -> None:
        """`node` writes to `value`, or with `through` to all that can be reached from it."""
        element = self.element(value)
        if element is None:
            return
        if through:
            self.writes.add_through(node, element)
        else:
            self.writes.add(node, element)

    # --- the walk ------------------------------------------------------------------------------

    def analyze_block(self, block: Block) -> None:
        """Analyze the nodes of a block in order."""
        for node in block.nodes():
            handler = HANDLERS.get(node.kind)
            if handler is not None:
                handler(self, node)
                continue
            schema = schema_of(node)
            if schema is None:
                # An operator that nobody knows may do anything.
                self.analyze_conservatively(node)
            else:
                self._analyze_schema(node, schema)

    def analyze_conservatively(self, node: Node) -> None:
        """The node may write to all that it can reach, and gives unknown objects."""
        for value in node.inputs:
            if self.types.is_mutable(value.type):
                self.write(node, value, through=True)
                self.set_wildcard(value)
        for value in node.outputs:
            self.set_wildcard(value)

    def _analyze_schema(self, node: Node, schema: FunctionSchema) -> None:
        plan = plan_of(schema)
        if plan.is_conservative:
            self.analyze_conservatively(node)
            return
        if plan.all_fresh:
            # The elements of fresh values are made when somebody asks for them.
            return
        bound: dict[str, Value] = {}
        for index, alias in plan.arguments:
            value = node.inputs[index]
            if alias.name in bound or not self.types.is_mutable(value.type):
                continue
            bound[alias.name] = value
            if alias.is_write:
                self.write(node, value)
            if alias.escapes:
                self.set_wildcard(value)
        for value, alias in zip(node.outputs, plan.returns, strict=False):
            if alias is not None and self.types.is_mutable(value.type):
                if alias.is_wildcard:
                    self.set_wildcard(value)
                    continue
                sources = [bound[name] for name in alias.names if name in bound]
                for source in sources:
                    self.point(value, source)
                if not sources:
                    self.give_fresh(value)
                if alias.is_write:
                    self.write(node, value)


def _never_aliases(value: Value) -> bool:
    """None, and what an exception left undefined, are nobody's memory."""
    return value.node.kind == "prim::Uninitialized" or value.node.must_be_none()
