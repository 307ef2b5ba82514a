"""Replaces operators that write by operators that do not, where nobody can tell.

As libtorch's MutationRemover (torch/csrc/jit/passes/remove_mutation.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import made_from
from jitcore.ops.effects import has_side_effects
from jitcore.ops.lookup import matches, schema_of
from jitcore.ops.memory_facts import SPECIAL_NODES
from jitcore.ops.table import find
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.constants import constant_int, insert_constant
from jitcore.passes.inserting import insert_call, insert_call_with_keywords
from jitcore.passes.rules import rule
from jitcore.types import NONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Block, Graph, Node, Value

_LIST_WRITES: Final = frozenset(("aten::append", "aten::insert", "aten::_set_item"))
_WITHOUT_A_TWIN: Final = ("aten::zero_", "aten::fill_.Scalar", "aten::normal_")


class MutationRemover:
    """Removes writes from a graph; its alias database keeps up with that."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._alias_db: AliasDb | None = None

    @property
    def _db(self) -> AliasDb:
        if self._alias_db is None:
            self._alias_db = AliasDb(self._graph)
        return self._alias_db

    def remove_from_lists(self, block: Block) -> bool:
        """Build lists with what is put into them right after; says whether anything changed."""
        changed = False
        for node in block.nodes():
            for inner in node.blocks:
                changed |= self.remove_from_lists(inner)
            if node.kind in _LIST_WRITES and node.inputs[0].node.kind == "prim::ListConstruct":
                place = place_in_list(node)
                if place is not None and not has_side_effect_or_alias(node.inputs[0], self._db):
                    changed |= build_with_item(node, place, self._db)
        return changed

    def remove_from_tensors(self, block: Block, wanted: Callable[[Node], bool] | None = None) -> bool:
        """Give new tensors in place of those that are written to; only for nodes that are `wanted`."""
        changed = False
        for node in block.nodes():
            for inner in node.blocks:
                changed |= self.remove_from_tensors(inner, wanted)
            if (wanted is None or wanted(node)) and self._has_a_twin(node):
                owner = self._owner_to_join(node)
                if owner is not None:
                    changed |= give_new_tensor(node, owner, self._db)
        return changed

    def _has_a_twin(self, node: Node) -> bool:
        """Whether an operator is known that gives what the node writes."""
        if not node.kind.startswith("aten::"):
            return False
        if matches(node, *_WITHOUT_A_TWIN):
            return True
        if not node.kind.endswith("_"):
            return False
        if schema_of(node) is None or node.kind in SPECIAL_NODES:
            return False
        if len(node.outputs) != 1 or not node.inputs:
            return False
        if not self._db.writes_to(node, node.inputs[:1]) or self._db.writes_to(node, node.inputs[1:]):
            return False
        return bool(find(node.kind[:-1]))

    def _owner_to_join(self, node: Node) -> Node | None:
        """The node that makes the tensor which is written to, if nobody else can hold it."""
        written = node.inputs[0]
        if not has_side_effect_or_alias(written, self._db):
            return written.node
        if written.node.kind != "prim::If":
            return None
        given = [block.outputs[written.offset] for block in written.node.blocks]
        if any(value.use_count > 1 or has_side_effect_or_alias(value, self._db) for value in given):
            return None
        return written.node


def has_side_effect_or_alias(value: Value, db: AliasDb) -> bool:
    """Whether the node of a value does more than making it, or makes something that others hold."""
    node = value.node
    if node.blocks or "Subgraph" in node.attributes or node.kind == "prim::Param" or has_side_effects(node):
        return True
    return node.kind != "prim::ListConstruct" and db.may_contain_alias(node.inputs, (value,))


def place_in_list(node: Node) -> int | None:
    """Where the item goes that a node writes into a list that is built in sight; None if nobody knows."""
    length = len(node.inputs[0].node.inputs)
    if node.kind == "aten::append":
        return length
    place = constant_int(node.inputs[1])
    if place is None:
        return None
    if node.kind == "aten::insert":
        # What is far out goes to the ends.
        return min(max(place + length, 0) if place < 0 else place, length)
    place = place + length if place < 0 else place
    return place if 0 <= place < length else None


@rule
def build_with_item(node: Node, place: int, db: AliasDb) -> bool:
    """l = [a]; l.append(b) -> l = [a, b]"""
    built = node.inputs[0]
    item = node.inputs[-1]
    with build_with_item.step(
        node.graph,
        lambda: f"nobody reads %{built.name} before %{item.name} is put into it, so it is built with it",
        (node, built.node),
    ):
        if not db.move_before(built.node, node):
            return False
        if node.kind == "aten::_set_item":
            built.node.replace_input(place, item)
        else:
            built.node.insert_input(place, item)
        if node.outputs:
            node.output.replace_all_uses_with(built)
            db.forget_writes(node)
        node.destroy()
    return True


@rule
def give_new_tensor(node: Node, owner: Node, db: AliasDb) -> bool:
    """x = f(); x.add_(1); read x -> x = f(); y = x.add(1); read y"""
    graph = node.graph
    written = node.inputs[0]
    with give_new_tensor.step(
        graph,
        lambda: (
            f"nobody holds %{written.name} but its readers behind {node.kind}, which read a new tensor now"
        ),
        (node, owner),
    ):
        if not db.move_before(owner, node):
            return False
        with graph.inserting_before(node):
            new = _new_tensor(node)
        if schema_of(new) is None:
            new.destroy()
            return False
        for user, index in written.uses:
            if node.is_before(user):
                user.replace_input(index, new.output)
        node.output.replace_all_uses_with(new.output)
        db.replace_with_new_value(written, new.output)
        db.forget_writes(node)
        node.destroy()
    return True


def _new_tensor(node: Node) -> Node:
    """What gives the tensor that `node` would write, at the insert point."""
    graph = node.graph
    given = node.inputs
    if matches(node, "aten::fill_.Scalar"):
        dtype = insert_call(graph, "prim::dtype", [given[0]], node)
        value = insert_call_with_keywords(
            graph, "aten::full_like", [given[0], given[1]], {"dtype": dtype}, node
        )
        new = value.node
    elif matches(node, "aten::zero_"):
        new = insert_call(graph, "aten::zeros_like", [given[0]], node).node
    elif matches(node, "aten::normal_"):
        parts = [
            insert_call(graph, kind, [given[0]], node)
            for kind in ("aten::size", "prim::dtype", "prim::layout", "prim::device", "aten::is_pinned")
        ]
        generator = insert_constant(graph, None, NONE, node)
        size, *others = parts
        new = graph.insert(graph.create("aten::normal", [given[1], given[2], size, generator, *others]))
    else:
        new = graph.insert(graph.create(node.kind[:-1], given))
    new.set_provenance(made_from(node))
    new.copy_metadata(node)
    new.output.set_type(node.output.type)
    return new
