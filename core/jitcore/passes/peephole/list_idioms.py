"""Peephole rules about lists that are built in the graph and never written to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from jitcore.ir import made_from
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.alias_analysis.plain_writes import is_plainly_written
from jitcore.passes.constants import NOT_CONSTANT, constant_int, constant_of
from jitcore.passes.rules import count, names, rule
from jitcore.types import INT, ListType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.ir import Block, Graph, Node, Value

_INT_MAX = (1 << 63) - 1


def optimize_list_idioms(graph: Graph, nodes: Iterable[Node]) -> bool:
    """Apply the rules to the nodes in turn; says whether one applied."""
    idioms = _ListIdioms(graph)
    changed = False
    for node in nodes:
        if node.kind in _RULES and node.inputs:
            changed |= idioms.visit(node)
    return changed


class _ListIdioms:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._mutated: dict[Value, bool] = {}

    @cached_property
    def _db(self) -> AliasDb:
        return AliasDb(self._graph)

    def _is_mutated(self, value: Value) -> bool:
        """Whether the list was written to when this group of rules started."""
        found = self._mutated.get(value)
        if found is None:
            found = value.type.kind == ListType.kind and self._has_writers(value)
            self._mutated[value] = found
        return found

    def _has_writers(self, value: Value) -> bool:
        plainly = is_plainly_written(value)
        if plainly is not None:
            return plainly
        return self._db.value_has_writers(value)

    def visit(self, node: Node) -> bool:
        given = node.inputs[0]
        if given.node.kind != "prim::ListConstruct" or self._is_mutated(given):
            return False
        return self._apply(node, given.node)

    def _apply(self, node: Node, construct: Node) -> bool:
        kind = node.kind
        if kind == "aten::len":
            return length_of_built_list(node, construct)
        if kind == "aten::__getitem__":
            return item_of_built_list(node, construct)
        if kind == "prim::ListUnpack":
            return unpack_built_list(node, construct)
        # Asked before the rewrite, which leaves the old list without uses to judge it by.
        is_mutated = self._is_mutated(node.output)
        if kind == "aten::slice":
            made = slice_built_list(node, construct)
        elif len(node.inputs) == 2 and not self._is_mutated(node.inputs[1]):
            other = node.inputs[1].node
            made = add_built_lists(node, construct, other) if other.kind == "prim::ListConstruct" else None
        else:
            made = None
        if made is not None:
            self._mutated[made] = is_mutated
        return made is not None


_RULES = frozenset(("aten::len", "aten::__getitem__", "prim::ListUnpack", "aten::slice", "aten::add"))


def mutated_values(graph: Graph, kind: str) -> set[Value]:
    """The values whose types are of `kind` and to whose memory some node writes."""
    db = AliasDb(graph)
    found: set[Value] = set()
    if db.nothing_is_written:
        return found

    def collect(block: Block) -> None:
        found.update(v for v in block.inputs if v.type.kind == kind and db.value_has_writers(v))
        for node in block.nodes():
            found.update(v for v in node.outputs if v.type.kind == kind and db.value_has_writers(v))
            for inner in node.blocks:
                collect(inner)

    collect(graph.block)
    return found


@rule
def length_of_built_list(node: Node, construct: Node) -> bool:
    """aten::len([a, b]) -> 2"""
    length = len(construct.inputs)
    return length_of_built_list.replace_with_constant(
        node,
        length,
        lambda: f"%{construct.output.name} is built of {count(length, 'value')}",
        construct,
        declared=INT,
    )


@rule
def item_of_built_list(node: Node, construct: Node) -> bool:
    """[a, b][1] -> b"""
    index = constant_int(node.inputs[1])
    length = len(construct.inputs)
    if index is None or not -length <= index < length or len(node.outputs) != 1:
        return False
    item = construct.inputs[index]
    return item_of_built_list.replace(
        node, item, lambda: f"item {index} of %{construct.output.name} is %{item.name}", construct
    )


@rule
def unpack_built_list(node: Node, construct: Node) -> bool:
    """ListUnpack([a, b]) -> a, b"""
    items = construct.inputs
    if len(items) != len(node.outputs) or not any(output.has_uses() for output in node.outputs):
        return False
    with unpack_built_list.step(
        node.graph, lambda: f"%{construct.output.name} is built of {names(items)}", (node, construct)
    ):
        for output, item in zip(node.outputs, items, strict=True):
            output.replace_all_uses_with(item)
    return True


def _insert_list(node: Node, items: list[Value]) -> Value:
    """A list of `items` in the place of `node`, of the type that it gave."""
    graph = node.graph
    new = graph.create("prim::ListConstruct")
    new.insert_before(node)
    new.output.set_type(node.output.type)
    for item in items:
        new.add_input(item)
    new.provenance = made_from(node)
    node.output.replace_all_uses_with(new.output)
    return new.output


@rule
def slice_built_list(node: Node, construct: Node) -> Value | None:
    """[a, b, c][0:2] -> [a, b]"""
    bounds = [constant_of(value) for value in node.inputs[1:4]]
    if len(bounds) != 3 or any(bound is NOT_CONSTANT for bound in bounds):
        return None
    start, stop, step = (bound if isinstance(bound, int) else None for bound in bounds)
    if step == 0:
        return None
    # A bound of the largest integer is how TorchScript spells one that was left out.
    items = construct.inputs[
        slice(None if start == _INT_MAX else start, None if stop == _INT_MAX else stop, step)
    ]
    with slice_built_list.step(
        node.graph,
        lambda: f"the slice of %{construct.output.name} holds {names(items) or 'nothing'}",
        (node, construct),
    ):
        return _insert_list(node, items)


@rule
def add_built_lists(node: Node, first: Node, second: Node) -> Value:
    """[a] + [b] -> [a, b]"""
    items = [*first.inputs, *second.inputs]
    with add_built_lists.step(
        node.graph,
        lambda: (
            f"%{first.output.name} and %{second.output.name} together are built of "
            f"{names(items) or 'nothing'}"
        ),
        (node, first, second),
    ):
        return _insert_list(node, items)
