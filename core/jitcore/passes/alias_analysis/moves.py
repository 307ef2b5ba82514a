"""Moves a node next to another one without changing what the graph computes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.effects import has_side_effects
from jitcore.passes.alias_analysis.memory import NO_LOCATIONS

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.passes.alias_analysis.alias_db import AliasDb


class _Company:
    """The node that is moved (the mover) and the nodes that have to come along, in order.

    A node has to come along when it uses a value of the company, or gives one to it, or when one of
    them writes what the other touches.
    """

    def __init__(self, db: AliasDb, mover: Node) -> None:
        self._db = db
        self._mover: Node | None = mover
        self._mover_users: set[Node] | None = None
        self._mover_writes = db.written_by(mover)
        self._mover_reads = db.read_by(mover)
        self.followers: dict[Node, None] = {}
        self._users: set[Node] = set()
        self._writes = NO_LOCATIONS
        self._reads = NO_LOCATIONS

    def add(self, node: Node) -> None:
        """Take `node` along."""
        self.followers[node] = None
        self._users |= _users_in_block(node)
        self._writes |= self._db.written_by(node)
        self._reads |= self._db.read_by(node)

    def leave_mover(self) -> None:
        """From now on only the followers are moved."""
        self._mover = None
        self._mover_writes = NO_LOCATIONS
        self._mover_reads = NO_LOCATIONS

    def _uses_mover(self, node: Node) -> bool:
        """Whether `node` or one in its blocks reads what the mover gives.

        Told from the readers' side where it can be: a list may be read by thousands.
        """
        if self._mover is None:
            return False
        if not node.blocks:
            return any(value.node is self._mover for value in node.inputs)
        if self._mover_users is None:
            self._mover_users = _users_in_block(self._mover)
        return node in self._mover_users

    def depends_on(self, node: Node) -> bool:
        """Whether the company cannot pass `node`."""
        pivot = self._mover or next(iter(self.followers), None)
        if pivot is None:
            return False
        if node.is_after(pivot):
            if node in self._users or self._uses_mover(node):
                return True
        else:
            users = _users_in_block(node)
            if (self._mover is not None and self._mover in users) or any(n in self.followers for n in users):
                return True
        written = self._db.written_by(node)
        if written and not (self._reads.isdisjoint(written) and self._mover_reads.isdisjoint(written)):
            return True
        if not self._writes and not self._mover_writes:
            return False
        read = self._db.read_by(node)
        return not (self._writes.isdisjoint(read) and self._mover_writes.isdisjoint(read))


def _users_in_block(node: Node) -> set[Node]:
    """The nodes of the node's block that read its outputs, themselves or in their blocks."""
    users: set[Node] = set()
    for output in node.outputs:
        for user, _ in output.uses:
            found = _in_block_of(user, node)
            if found is not None:
                users.add(found)
    return users


def _in_block_of(user: Node, node: Node) -> Node | None:
    current: Node | None = user
    while current is not None and current.block is not node.block:
        current = None if current.block is None else current.block.owner
    return current


def try_move(db: AliasDb, node: Node, target: Node, before: bool, dry_run: bool) -> bool:
    """Move `node` directly before or after `target` in the same block; False if that changes a result.

    Nodes between them that depend on `node` are moved too. With `dry_run` nothing is moved.
    """
    if node.block is not target.block:
        return False
    if node is target:
        return True
    backwards = node.is_after(target)
    current = node.prev if backwards else node.next
    on_its_side = backwards is not before
    if on_its_side and current is target:
        return True
    if has_side_effects(node) or (not on_its_side and has_side_effects(target)):
        return False
    if on_its_side and _is_still_barred(db, node, target, backwards):
        return False
    company = _Company(db, node)
    while current is not None and current is not target:
        if has_side_effects(current):
            db.bars[node] = current
            return False
        if company.depends_on(current):
            if on_its_side and _keeps_apart(db, current, target):
                # Whatever else came along, it could not pass the target.
                db.bars[node] = current
                return False
            company.add(current)
        current = current.prev if backwards else current.next
    if on_its_side:
        # The followers go past the target, and the node itself stays on its side of it.
        company.leave_mover()
    if company.depends_on(target):
        return False
    if not dry_run:
        _move(company, node, target, before, on_its_side)
    return True


def _keeps_apart(db: AliasDb, follower: Node, target: Node) -> bool:
    """Whether a node that has to come along cannot be moved past the target."""
    alone = _Company(db, follower)
    return alone.depends_on(target)


def _is_still_barred(db: AliasDb, node: Node, target: Node, backwards: bool) -> bool:
    """Whether what barred the way of `node` the last time bars it again: many moves end at the same node."""
    bar = db.bars.get(node)
    if bar is None or bar.block is not node.block:
        return False
    first, last = (target, node) if backwards else (node, target)
    if not (bar.is_after(first) and bar.is_before(last)):
        return False
    if has_side_effects(bar):
        return True
    return _Company(db, node).depends_on(bar) and _keeps_apart(db, bar, target)


def _move(company: _Company, node: Node, target: Node, before: bool, split: bool) -> None:
    _place(node, target, before)
    anchor, side = (target, not before) if split else (node, before)
    for follower in company.followers:
        _place(follower, anchor, side)
        anchor = follower


def _place(node: Node, target: Node, before: bool) -> None:
    if before:
        node.move_before(target)
    else:
        node.move_after(target)
