"""Layouts kept from before: containers of equal shape are laid out once, wherever they stand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from jitviewer.engine.canvas.connections import Connection
from jitviewer.layout import Box, Link, Placement

KEPT_BOXES = 200_000
"""Boxes and links in all kept layouts together; the least recently used go first."""

Layout = Callable[[Sequence[Box], Sequence[Link]], Placement]
_Key = tuple[Layout, tuple[tuple[float, float, str], ...], tuple[tuple[int, int], ...]]


class LayoutCache:
    """Places boxes, by sizes and links only: their names do not matter."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Placement] = OrderedDict()
        self._weight = 0

    def place(self, layout: Layout, boxes: Sequence[Box], links: Sequence[Connection]) -> Placement:
        """What `layout` says for the boxes; links are called by their index."""
        index = {box.id: number for number, box in enumerate(boxes)}
        key: _Key = (
            layout,
            tuple((box.width, box.height, box.rank) for box in boxes),
            tuple((index[link.source], index[link.target]) for link in links),
        )
        placement = self._kept.get(key)
        if placement is None:
            placement = layout(
                [Box(str(number), *sizes) for number, sizes in enumerate(key[1])],
                [Link(str(number), str(a), str(b)) for number, (a, b) in enumerate(key[2])],
            )
            self._keep(key, placement)
        else:
            self._kept.move_to_end(key)
        places = placement.boxes
        named = {box.id: places[str(number)] for number, box in enumerate(boxes)}
        return placement._replace(boxes=named)

    def _keep(self, key: _Key, placement: Placement) -> None:
        self._kept[key] = placement
        self._weight += len(key[1]) + len(key[2])
        while self._weight > KEPT_BOXES and len(self._kept) > 1:
            old, _ = self._kept.popitem(last=False)
            self._weight -= len(old[1]) + len(old[2])
