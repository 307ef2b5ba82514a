"""Peephole rule that makes one concatenation of two that follow each other along the same dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import made_from
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.constants import constant_int
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.rules import names, rule

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node, Value


def combine_concatenations(graph: Graph) -> bool:
    """Apply the rule to all blocks and drop what became dead; says whether it applied."""
    pairs = _find_pairs(graph)
    if not pairs:
        return False
    # The last first, as libtorch mostly does; with several, its order depends on addresses.
    for concatenation, items in reversed(_items_of_combined(pairs).items()):
        combine(concatenation, items)
    eliminate_dead_code_with_aliases(graph)
    return True


def _find_pairs(graph: Graph) -> list[tuple[Node, Node, int]]:
    """(first, second, place of the first's result in the list of the second) that can be combined."""
    pairs: list[tuple[Node, Node, int]] = []
    db: AliasDb | None = None
    for node in graph.all_nodes():
        if node.kind != "aten::cat" or len(node.inputs) != 2:
            continue
        second = _only_concatenation_of(node)
        items = node.inputs[0].node
        if second is None or items.kind != "prim::ListConstruct":
            continue
        if db is None:
            db = AliasDb(graph)
        if db.move_before(items, node, dry_run=True):
            pairs.append((node, second, second.inputs[0].node.inputs.index(node.output)))
    return pairs


def _only_concatenation_of(node: Node) -> Node | None:
    """The concatenation, along the same dimension, of a list that alone reads the result of `node`."""
    dimension = constant_int(node.inputs[1])
    if dimension is None or node.output.use_count != 1:
        return None
    items = node.output.uses[0][0]
    if items.kind != "prim::ListConstruct" or items.output.use_count != 1:
        return None
    reader = items.output.uses[0][0]
    if reader.kind != "aten::cat" or len(reader.inputs) != 2 or constant_int(reader.inputs[1]) != dimension:
        return None
    return reader


def _items_of_combined(pairs: list[tuple[Node, Node, int]]) -> dict[Node, list[Value]]:
    combined: dict[Node, list[Value]] = {}
    for first, second, place in pairs:
        items = combined.pop(first, None) or list(first.inputs[0].node.inputs)
        around = second.inputs[0].node.inputs
        # A second that is there already keeps its items, as libtorch's table does.
        combined.setdefault(second, [*around[:place], *items, *around[place + 1 :]])
    return combined


@rule
def combine(concatenation: Node, items: list[Value]) -> None:
    """cat([a, cat([b, c], d)], d) -> cat([a, b, c], d)"""
    old = concatenation.inputs[0].node
    graph = concatenation.graph
    with combine.step(
        graph,
        lambda: (
            f"%{old.output.name} holds a result of the same concatenation, "
            f"so {names(items)} can be joined at once"
        ),
        (concatenation, old),
    ):
        new = graph.create("prim::ListConstruct", items)
        new.output.set_type(old.output.type)
        new.provenance = made_from(old)
        new.insert_before(concatenation)
        old.output.replace_all_uses_with(new.output)
