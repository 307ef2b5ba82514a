"""Which nodes a graph needs: those whose results are read, and those that have an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.effects import has_side_effects
from jitcore.ops.memory_facts import writes

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value
    from jitcore.passes.alias_analysis import AliasDb


class Liveness:
    """Marks the nodes that have to stay, starting from the results and from the nodes with effects.

    `db` tells which writes matter; without it every node that writes to anything has an effect.
    With `effects_may_go` nodes with effects stay only if they are read. `marked` are the nodes to
    keep, `live` the values that are needed.
    """

    def __init__(self, db: AliasDb | None, effects_may_go: bool = False) -> None:
        self._db = db
        self._effects_may_go = effects_may_go
        self._effects: dict[Node, bool] = {}
        self._live_memory: set[int] = set()
        self._tracks_memory = db is not None and not db.nothing_is_written
        self.marked: set[Node] = set()
        self.live: set[Value] = set()

    def mark_from(self, block: Block) -> None:
        """Mark what `block`, as the whole program, needs."""
        self._mark(block.return_node)
        self._mark_block(block)

    def _mark_block(self, block: Block) -> bool:
        """Mark the nodes of a block; says whether anything was marked that was not before."""
        any_marked = False
        nodes = list(block.nodes())
        if not self._effects_may_go:
            for node in nodes:
                if self._has_effects(node):
                    any_marked |= self._mark(node)
        any_marked |= self._mark_results(block)
        for node in reversed(nodes):
            if node.kind == "prim::Loop":
                any_marked |= self._mark_loop(node)
            else:
                for inner in node.blocks:
                    any_marked |= self._mark_block(inner)
            any_marked |= self._mark_if_live(node)
        return any_marked

    def _mark_loop(self, node: Node) -> bool:
        """A write late in the body may be to what is read early in it, so go round until nothing is new."""
        any_marked = False
        while self._mark_block(node.blocks[0]):
            any_marked = True
        return any_marked

    def _mark_results(self, block: Block) -> bool:
        """Mark the results of a nested block that are read outside it."""
        ending = block.return_node
        if ending in self.marked:
            return False
        owner = block.owner
        if owner is None or owner.kind == "prim::Reverse":
            return self._mark(ending)
        if owner.kind == "prim::Loop":
            for output, given, carried in zip(
                owner.outputs, block.outputs[1:], block.inputs[1:], strict=True
            ):
                if output in self.live or carried.has_uses():
                    self._make_live(given)
            self._make_live(block.outputs[0])
        else:
            for output, given in zip(owner.outputs, block.outputs, strict=True):
                if output in self.live:
                    self._make_live(given)
        self.marked.add(ending)
        return True

    def _mark_if_live(self, node: Node) -> bool:
        live = self.live
        if any(output in live for output in node.outputs):
            return self._mark(node)
        if self._tracks_memory and self._db is not None and node not in self.marked:
            written = self._db.written_by(node)
            if written and not self._live_memory.isdisjoint(written):
                return self._mark(node)
        return False

    def _mark(self, node: Node) -> bool:
        """Keep the node and the nodes around it, and need their inputs."""
        if node in self.marked:
            return False
        current: Node | None = node
        while current is not None:
            if current not in self.marked:
                self.marked.add(current)
                for value in current.inputs:
                    self._make_live(value)
            current = None if current.block is None else current.block.owner
        return True

    def _make_live(self, value: Value) -> None:
        if value in self.live:
            return
        self.live.add(value)
        if self._tracks_memory and self._db is not None:
            self._live_memory |= self._db.memory_of(value)

    def _has_effects(self, node: Node) -> bool:
        known = self._effects.get(node)
        if known is None:
            known = (
                has_side_effects(node)
                or any(self._has_effects(inner) for block in node.blocks for inner in block.nodes())
                or self._writes_unseen(node)
            )
            self._effects[node] = known
        return known

    def _writes_unseen(self, node: Node) -> bool:
        """Whether the node may write to something that a reader outside may see."""
        if self._db is not None:
            return self._db.writes_to_wildcard(node)
        return writes(node)
