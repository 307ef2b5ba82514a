"""The pairs that were found so far, and what follows from them for the values of both graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jitcore.diagnose.alignment.assigning import Assigning
from jitcore.diagnose.alignment.labels import Labels, Numbers
from jitcore.diagnose.alignment.operator_kinds import is_recorded, work_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from jitcore.diagnose.alignment.pair import How
    from jitcore.diagnose.alignment.side import Item
    from jitcore.ir import Block, Node, Value


class Match(NamedTuple):
    """Two items that do the same."""

    left: Item
    right: Item
    how: How


class Matching:
    """Matches of two graphs. `left` and `right` are the labels of their values.

    The nodes of a loop that the other side unrolled have several partners, and their label is that of the
    last turn, which is what flows out of the loop.
    """

    def __init__(self) -> None:
        numbers: Numbers = {}
        self.left = Labels(numbers)
        self.right = Labels(numbers)
        self.assigning = Assigning(
            lambda item: signature(self.left, item.node), lambda item: signature(self.right, item.node)
        )
        self._count = 0

    def pair(self, left: Node, right: Node) -> None:
        """Let what both nodes give be the same."""
        for labels, node in ((self.left, left), (self.right, right)):
            if node in labels.pairs:
                labels.forget()
        self.left.pairs[left] = self.right.pairs[right] = self._count
        self._count += 1

    def is_left_free(self, item: Item) -> bool:
        """Whether the item has no partner yet."""
        return item.node not in self.left.pairs

    def is_right_free(self, item: Item) -> bool:
        """The same of an item of the right graph."""
        return item.node not in self.right.pairs

    def keep_arms(self, items: Iterable[Item], labels: Labels) -> None:
        """Note which arm the other graph kept of each if among `items`, outermost first."""
        arms: dict[Node, set[int]] = {}
        listed = list(items)
        for item in listed:
            if item.node in labels.pairs:
                for branch, arm in item.arms:
                    arms.setdefault(branch, set()).add(arm)
        for item in listed:
            if item.node.kind != "prim::If" or item.node in labels.pairs:
                continue
            if any(labels.kept.get(branch, arm) != arm for branch, arm in item.arms):
                continue
            seen = arms.get(item.node)
            if seen is not None and len(seen) == 1:
                labels.kept[item.node] = next(iter(seen))
            elif seen is None:
                traceless = [index for index, block in enumerate(item.node.blocks) if _is_traceless(block)]
                if len(traceless) == 1:
                    labels.kept[item.node] = traceless[0]


def _is_traceless(block: Block) -> bool:
    """Whether a trace that ran the block would show nothing of it."""
    if any(node.kind == "prim::RaiseException" for node in block.nodes()):
        return False
    return not any(is_recorded(node) for node in block.all_nodes())


def is_left_out(item: Item, labels: Labels) -> bool:
    """Whether the item stands in an arm that the other graph did not keep."""
    return any(labels.kept.get(branch, arm) != arm for branch, arm in item.arms)


def signature(labels: Labels, node: Node) -> tuple[Hashable, ...]:
    """What a node reads, labels where they are known, else the work that gives it; and the types it gives."""
    given = tuple(output.type.kind for output in node.outputs)
    return (*[_operand(labels, value) for value in node.inputs], given)


def _operand(labels: Labels, value: Value) -> Hashable:
    label = labels.of(value)
    return work_of(value.node) if label is None else label
