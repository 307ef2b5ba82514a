"""Finds equal parts that follow each other, such as the layers of a transformer, and shows them once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from jitcore.ir import Node
from jitviewer.engine.canvas.containers import Container, ContainerTree
from jitviewer.protocol.bounds import LABEL, cut

MAX_PERIOD = 24
"""Boxes that one repeated part may consist of."""

TIMES = "\N{MULTIPLICATION SIGN}"

MOST_NAMED = 3
"""Boxes of a part that are named one by one."""

_NAMING = frozenset({"prim::Constant", "prim::GetAttr"})

ALWAYS_WORTH = 4
"""So many equal parts are shown once, whatever they are."""


class Repeat(NamedTuple):
    """`times` parts of `period` boxes each, from box number `start` on."""

    start: int
    period: int
    times: int


class RepeatMerger:
    """Puts a container of kind repeat in the place of equal parts; the parts after the first are hidden."""

    def __init__(self, tree: ContainerTree, unrolled: Collection[str]) -> None:
        self._tree = tree
        self._unrolled = unrolled
        self._shapes: dict[object, int] = {}
        self._shape_of: dict[Container | Node, int] = {}

    def merge_in(self, container: Container) -> None:
        """Merge what repeats in a container, then in what is still shown inside."""
        children = container.children
        # The blocks of a control node say by their place what they are.
        repeats = [] if container.kind == "control" else self._repeats(children)
        kept: list[Container | Node] = []
        at = 0
        for repeat in repeats:
            part = children[repeat.start : repeat.start + repeat.period * repeat.times]
            identity = f"{_id(part[0])}*"
            if identity in self._unrolled:
                continue
            kept += children[at : repeat.start]
            at = repeat.start + len(part)
            kept.append(self._group(container, identity, part, repeat))
        container.children = kept + children[at:]
        for child in container.children:
            if isinstance(child, Container) and child.kind != "repeat":
                self.merge_in(child)
            elif isinstance(child, Container):
                # Its own children are one part, in which nothing repeats that was not seen.
                for inner in child.children:
                    if isinstance(inner, Container):
                        self.merge_in(inner)

    def _repeats(self, children: Sequence[Container | Node]) -> list[Repeat]:
        # Constants in a row are no layers, however alike they are.
        shapes = [
            -number - 1 if isinstance(child, Node) and child.kind in _NAMING else self._shape(child)
            for number, child in enumerate(children)
        ]
        weights = [len(child.node_ids) if isinstance(child, Container) else 0 for child in children]
        return find_repeats(shapes, weights)

    def _group(
        self, container: Container, identity: str, part: list[Container | Node], repeat: Repeat
    ) -> Container:
        label, detail = _words(part, repeat)
        group = Container(identity, "repeat", cut(label, LABEL), cut(detail, LABEL), container)
        for child in part:
            group.node_ids += child.node_ids if isinstance(child, Container) else [child.id]
        for number in range(repeat.times):
            holder = group
            if number:
                holder = Container(f"{identity}#{number}", "frame", "", "", group, is_hidden=True)
            holder.children = part[number * repeat.period : (number + 1) * repeat.period]
            for child in holder.children:
                if isinstance(child, Container):
                    child.parent = holder
                else:
                    self._tree.home[child] = holder
        self._tree.by_id[identity] = group
        return group

    def _shape(self, thing: Container | Node) -> int:
        """A number that is the same for all that hold the same operators in the same scopes."""
        known = self._shape_of.get(thing)
        if known is None:
            key: object = thing.kind
            if isinstance(thing, Container):
                # The detail of a block names values, which differ.
                what = thing.detail if thing.kind == "frame" else ""
                kind = thing.node.kind if thing.node is not None else what
                key = (thing.kind, kind, tuple(self._shape(child) for child in thing.children))
            known = self._shape_of[thing] = self._shapes.setdefault(key, len(self._shapes))
        return known


def find_repeats(shapes: Sequence[int], weights: Sequence[int]) -> list[Repeat]:
    """The repeats in a row of boxes, from left to right, each as long as it can be.

    `weights` are the nodes that each box holds, 0 for a node that stands by itself.
    """
    found: list[Repeat] = []
    at = 0
    while at < len(shapes):
        best: Repeat | None = None
        for period in range(1, min(MAX_PERIOD, (len(shapes) - at) // 2) + 1):
            if shapes[at] != shapes[at + period]:
                continue
            count = _count(shapes, at, period)
            longer = best is None or period * count > best.period * best.times
            if longer and _is_worth(weights[at : at + period], count):
                best = Repeat(at, period, count)
        if best is None:
            at += 1
            continue
        found.append(best)
        at += best.period * best.times
    return found


def _count(shapes: Sequence[int], start: int, period: int) -> int:
    part = shapes[start : start + period]
    count = 1
    while shapes[start + count * period : start + (count + 1) * period] == part:
        count += 1
    return count


def _is_worth(weights: Sequence[int], count: int) -> bool:
    """Two scopes are layers if they hold more than one operator; without scopes it takes three parts."""
    if count >= ALWAYS_WORTH:
        return True
    nodes = sum(max(1, weight) for weight in weights)
    return nodes > 1 and count >= (2 if any(weights) else 3)


def _words(part: list[Container | Node], repeat: Repeat) -> tuple[str, str]:
    first, last = part[0], part[-1]
    label = f"{_name(first)} … {_name(last)}"
    if repeat.period > MOST_NAMED:
        return label, f"{repeat.times} {TIMES} {repeat.period} boxes"
    kinds = [
        thing.detail if isinstance(thing, Container) and thing.kind == "frame" else _name(thing)
        for thing in part[: repeat.period]
    ]
    return label, f"{repeat.times} {TIMES} {', '.join(kind or 'the same' for kind in kinds)}"


def _name(thing: Container | Node) -> str:
    return thing.label if isinstance(thing, Container) else thing.kind.partition("::")[2]


def _id(thing: Container | Node) -> str:
    return thing.id if isinstance(thing, Container) else f"n{thing.id}"
