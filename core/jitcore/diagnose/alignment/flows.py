"""Pairs nodes by what flows into them, and by what reads what they give."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.matching import Match, is_left_out
from jitcore.diagnose.alignment.operator_kinds import PASSING, is_passing, work_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from jitcore.diagnose.alignment.labels import Labels
    from jitcore.diagnose.alignment.matching import Matching
    from jitcore.diagnose.alignment.side import Item
    from jitcore.ir import Node, Value


class _Part:
    """The items of one side that are not in a loop of their own, and those that wait for a partner."""

    def __init__(self, items: Sequence[Item], labels: Labels) -> None:
        self.labels = labels
        self.items = {item.node: item for item in items if not item.loops and not item.node.blocks}
        self.waiting: dict[Hashable, deque[Item]] = defaultdict(deque)

    def free(self, node: Node) -> Item | None:
        """The item of a node that may get a partner."""
        item = self.items.get(node)
        if item is None or node in self.labels.pairs or is_left_out(item, self.labels):
            return None
        return item

    def key(self, item: Item) -> Hashable:
        """What the node does to what; None while an operand is not known."""
        operands = [self.labels.of(value) for value in item.node.inputs]
        return None if None in operands else (work_of(item.node), *operands)

    def readers(self, node: Node) -> Iterator[Item]:
        """The items that read what a node gives, through what only passes on."""
        pending = list(node.outputs)
        seen: set[Node] = set()
        while pending:
            for user, _ in pending.pop().uses:
                if user in seen:
                    continue
                seen.add(user)
                item = self.free(user)
                if item is not None:
                    yield item
                elif is_passing(user) or user.kind == "aten::size":
                    pending += user.outputs
                elif user.kind == "prim::Return" and user.block is not None and user.block.owner is not None:
                    pending += user.block.owner.outputs

    def source(self, value: Value) -> Item | None:
        """The free item that makes a value, through what passes on a single one."""
        for _ in range(100):
            node = value.node
            if node.kind in PASSING:
                value = node.inputs[0]
            elif node.kind == "prim::If" and node in self.labels.kept:
                value = node.blocks[self.labels.kept[node]].outputs[value.offset]
            else:
                return self.free(node)
        return None


def match_by_flow(matching: Matching, left: Sequence[Item], right: Sequence[Item]) -> list[Match]:
    """Pair what does the same to paired values, then what gives paired nodes the same operand."""
    parts = _Part(left, matching.left), _Part(right, matching.right)
    found: list[Match] = []
    pending = deque([(0, item) for item in parts[0].items.values()])
    pending.extend([(1, item) for item in parts[1].items.values()])
    while True:
        _downwards(matching, parts, pending, found)
        before = len(found)
        _upwards(matching, parts, pending, found)
        if len(found) == before:
            return found


def _downwards(
    matching: Matching, parts: tuple[_Part, _Part], pending: deque[tuple[int, Item]], found: list[Match]
) -> None:
    while pending:
        side, item = pending.popleft()
        part, other = parts[side], parts[1 - side]
        if part.free(item.node) is None:
            continue
        key = part.key(item)
        if key is None:
            continue
        partners = other.waiting[key]
        while partners and other.free(partners[0].node) is None:
            partners.popleft()
        if not partners:
            part.waiting[key].append(item)
            continue
        partner = partners.popleft()
        one, two = (item, partner) if side == 0 else (partner, item)
        _take(matching, parts, pending, found, one, two)


def _upwards(
    matching: Matching, parts: tuple[_Part, _Part], pending: deque[tuple[int, Item]], found: list[Match]
) -> None:
    """Go up from all pairs of these items; each new one is gone up from in turn."""
    by_number = {matching.right.pairs[node]: node for node in parts[1].items if node in matching.right.pairs}
    rising = [
        (node, by_number[matching.left.pairs[node]])
        for node in parts[0].items
        if matching.left.pairs.get(node) in by_number
    ]
    while rising:
        left, right = rising.pop()
        if len(left.inputs) != len(right.inputs):
            continue
        for one, other in zip(left.inputs, right.inputs, strict=True):
            first, second = parts[0].source(one), parts[1].source(other)
            if first and second and work_of(first.node) == work_of(second.node):
                _take(matching, parts, pending, found, first, second)
                rising.append((first.node, second.node))


def _take(
    matching: Matching,
    parts: tuple[_Part, _Part],
    pending: deque[tuple[int, Item]],
    found: list[Match],
    left: Item,
    right: Item,
) -> None:
    matching.pair(left.node, right.node)
    found.append(Match(left, right, "dataflow"))
    pending.extend((0, item) for item in parts[0].readers(left.node))
    pending.extend((1, item) for item in parts[1].readers(right.node))
