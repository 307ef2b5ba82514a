"""Pairs the nodes of two blocks, and of all blocks inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.flows import match_by_flow
from jitcore.diagnose.alignment.gaps import match_gaps
from jitcore.diagnose.alignment.matching import Match, Matching
from jitcore.diagnose.alignment.operator_kinds import CONTROL
from jitcore.diagnose.alignment.pair import Pair
from jitcore.diagnose.alignment.places import BY_MODULE, BY_PLACE, Places
from jitcore.diagnose.alignment.turns import TurnCount, Turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.diagnose.alignment.side import Item, Side
    from jitcore.ir import Block, Node


@dataclass(slots=True)
class PairedItem:
    """A pair, and the items that it is of."""

    pair: Pair
    left: Item
    right: Item


class BlockAligner:
    """Pairs two graphs, outer blocks first. With `by_place` false nothing is believed of places.

    Attributes: `matching`; `found`, all pairs; `left_turns` and `right_turns`, how often the other side
    repeats the loops of one.
    """

    def __init__(self, left: Side, right: Side, by_place: bool) -> None:
        self.matching = Matching()
        self.found: list[PairedItem] = []
        self.left_turns: dict[Node, list[int]] = {}
        self.right_turns: dict[Node, list[int]] = {}
        self._left = left
        self._right = right
        self._by_place = by_place
        self._places = Places(left, right, self.matching)

    def align(self, left: Block, right: Block) -> None:
        """Pair all nodes of two blocks and of those inside."""
        pending: list[tuple[Block, Block, Turns, Turns]] = [(left, right, (), ())]
        while pending:
            ours, theirs, left_turns, right_turns = pending.pop()
            for match, own, other in self._blocks(ours, theirs):
                turns = (*left_turns, *own), (*right_turns, *other)
                pair = Pair(match.left.node.id, match.right.node.id, match.how, *turns)
                self.found.append(PairedItem(pair, match.left, match.right))
                inner = zip(match.left.node.blocks, match.right.node.blocks, strict=True)
                for one, two in inner:
                    self.matching.pair(one.param_node, two.param_node)
                    pending.append((one, two, *turns))

    def _blocks(self, left: Block, right: Block) -> list[tuple[Match, Turns, Turns]]:
        ours, theirs = self._left.items(left), self._right.items(right)
        matches = self._control(ours, theirs)
        inside = {id(match.left.node) for match in matches}, {id(match.right.node) for match in matches}
        ours = [item for item in ours if not _is_inside(item, inside[0])]
        theirs = [item for item in theirs if not _is_inside(item, inside[1])]
        self._leaves(ours, theirs, matches)
        return self._with_turns(matches)

    def _control(self, left: Sequence[Item], right: Sequence[Item]) -> list[Match]:
        """Ifs and loops that both sides have, outermost first: nothing inside of a pair is looked at here."""
        found: list[Match] = []
        deepest = max((len(item.loops) + len(item.arms) for item in left), default=0)
        keys = BY_PLACE[:4] if self._by_place else BY_MODULE
        for depth in range(deepest + 1):
            inside = {id(m.left.node) for m in found}, {id(m.right.node) for m in found}
            ours = [
                item
                for item in left
                if item.node.kind in CONTROL
                and len(item.loops) + len(item.arms) == depth
                and not _is_inside(item, inside[0])
            ]
            theirs = [item for item in right if item.node.kind in CONTROL and not _is_inside(item, inside[1])]
            if ours and theirs:
                found += self._places.match(keys, ours, theirs)
        return found

    def _leaves(self, left: list[Item], right: list[Item], matches: list[Match]) -> None:
        matching = self.matching
        ours = [item for item in left if item.node.kind not in CONTROL]
        theirs = [item for item in right if item.node.kind not in CONTROL]
        if self._by_place:
            matches += self._places.match(BY_PLACE, ours, theirs)
        self._note(left, right, matches)
        matches += match_by_flow(matching, ours, theirs)
        matches += self._gaps(ours, theirs, matches)
        self._note(left, right, matches)
        matches += match_by_flow(matching, ours, theirs)
        self._note(left, right, matches)

    def _gaps(self, left: list[Item], right: list[Item], matches: list[Match]) -> list[Match]:
        if not self._by_place:
            return match_gaps(self.matching, left, right, matches, lambda _item, _is_left: None, _all)
        places = self._places
        left, right = places.unknown(left, right)
        return match_gaps(self.matching, left, right, matches, places.neighbourhood, places.are_near)

    def _note(self, left: list[Item], right: list[Item], matches: Sequence[Match]) -> None:
        self.matching.keep_arms(left, self.matching.left)
        self.matching.keep_arms(right, self.matching.right)
        for match in matches:
            if bool(match.left.loops) != bool(match.right.loops):
                self.matching.left.unrolled.update(match.left.loops)
                self.matching.right.unrolled.update(match.right.loops)

    def _with_turns(self, matches: list[Match]) -> list[tuple[Match, Turns, Turns]]:
        counts = TurnCount(), TurnCount()
        left_of: dict[int, Turns] = {}
        right_of: dict[int, Turns] = {}
        for match in sorted(matches, key=lambda match: match.right.position):
            if match.left.loops and not match.right.loops:
                path = self._left.paths.of(match.left.node)
                left_of[id(match)] = counts[0].turn_of(match.left, path)
        for match in sorted(matches, key=lambda match: match.left.position):
            if match.right.loops and not match.left.loops:
                path = self._right.paths.of(match.right.node)
                right_of[id(match)] = counts[1].turn_of(match.right, path)
        for count, turns in zip(counts, (self.left_turns, self.right_turns), strict=True):
            for loop in count.counts:
                turns.setdefault(loop, []).extend(count.entries(loop))
        ordered = sorted(matches, key=lambda match: match.right.position)
        return [(match, left_of.get(id(match), ()), right_of.get(id(match), ())) for match in ordered]


def _all(_left: Item, _right: Item) -> bool:
    return True


def _is_inside(item: Item, control: set[int]) -> bool:
    return any(id(loop) in control for loop in item.loops) or any(
        id(branch) in control for branch, _ in item.arms
    )
