"""Walking from box to box along the edges: to what gives a value, to what uses it, and to those beside it."""

from __future__ import annotations

from collections.abc import Iterable

from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.picture import Picture, is_container

_IN, _OUT = ":in", ":out"


def producers(picture: Picture, item: str) -> list[CanvasItem]:
    """The boxes that give what an item takes in, from left to right, seen through the frames between."""
    return _in_order(_Search(picture, forward=False).ends_of(item, None))


def users(picture: Picture, item: str) -> list[CanvasItem]:
    """The boxes that use what an item gives."""
    return _in_order(_Search(picture, forward=True).ends_of(item, None))


def far_end(picture: Picture, edge: CanvasEdge, *, forward: bool) -> CanvasItem | None:
    """The box where an edge comes from, or with `forward` goes to, seen through the frames between."""
    ends = _in_order(_Search(picture, forward).resolve(edge))
    return ends[0] if ends else None


class Walker:
    """Remembers the choices of the last step, and where it came from."""

    def __init__(self) -> None:
        self._choices: list[str] = []
        self._came_from: dict[str, str] = {}

    def along(self, picture: Picture, item: CanvasItem, *, forward: bool) -> CanvasItem | None:
        """The next box along the edges: the one that was left before if that is among them."""
        found = users(picture, item.id) if forward else producers(picture, item.id)
        if not found:
            return None
        known = self._came_from.get(item.id)
        chosen = next((end for end in found if end.id == known), found[0])
        self._choices = [end.id for end in found]
        self._came_from[chosen.id] = item.id
        return chosen

    def aside(self, picture: Picture, item: CanvasItem, step: int) -> CanvasItem | None:
        """Another choice of the last step, or the nearest box to the left (-1) or right (1)."""
        choices = [name for name in self._choices if name in picture.by_id]
        if item.id in choices and len(choices) > 1:
            chosen = choices[(choices.index(item.id) + step) % len(choices)]
            if item.id in self._came_from:
                self._came_from[chosen] = self._came_from[item.id]
            return picture.by_id[chosen]
        return _neighbour(picture, item, step)


class _Search:
    """One look along the edges; never goes through a frame twice."""

    def __init__(self, picture: Picture, forward: bool) -> None:
        self._picture = picture
        self._forward = forward
        self._seen: set[str] = set()

    def ends_of(self, item: str, values: set[str] | None) -> list[CanvasItem]:
        """The boxes at the far ends of the edges of an item that carry one of `values` (None: any)."""
        found: list[CanvasItem] = []
        for edge in self._picture.edges_of(item):
            near = edge.source if self._forward else edge.target
            if near == item and (values is None or values & _values(edge)):
                found += self.resolve(edge)
        return found

    def resolve(self, edge: CanvasEdge) -> list[CanvasItem]:
        """The boxes at the far end of an edge: through ports out of a frame, or into an open one."""
        if edge.id in self._seen:
            return []
        self._seen.add(edge.id)
        far = edge.target if self._forward else edge.source
        leaves, enters = (_OUT, _IN) if self._forward else (_IN, _OUT)
        item = self._picture.by_id.get(far)
        if item is None:
            return []
        if far.endswith(leaves) and item.parent != "root":
            return self._leave(item.parent, _values(edge))
        if is_container(item):
            return self.ends_of(f"{far}{enters}", _values(edge)) or self._inside(far, enters) or [item]
        return [item]

    def _leave(self, container: str, values: set[str]) -> list[CanvasItem]:
        found = self.ends_of(container, values)
        outer = container
        while not found and outer in self._picture.by_id:
            # A loop calls its values otherwise inside: then all that goes through its frame counts.
            found = self.ends_of(outer, None)
            outer = self._picture.by_id[outer].parent
        return found

    def _inside(self, container: str, port: str) -> list[CanvasItem]:
        """What the blocks of a control node have at their ports."""
        blocks = self._picture.blocks_of(container)
        return [end for block in blocks for end in self.ends_of(f"{block.id}{port}", None)]


def _values(edge: CanvasEdge) -> set[str]:
    return {edge.value, *edge.more}


def _in_order(items: Iterable[CanvasItem]) -> list[CanvasItem]:
    unique = {item.id: item for item in items}
    return sorted(unique.values(), key=lambda item: (item.x + item.width / 2, item.y))


def _neighbour(picture: Picture, item: CanvasItem, step: int) -> CanvasItem | None:
    middle = item.x + item.width / 2
    row = (
        picture.boxes[number]
        for number in picture.box_index.within(
            picture.bounds.left(), item.y, picture.bounds.right(), item.y + item.height
        )
    )
    beside = [
        (abs(other.x + other.width / 2 - middle), other)
        for other in row
        if other.width >= 12 and (other.x + other.width / 2 - middle) * step > 0
    ]
    return min(beside, key=lambda pair: pair[0])[1] if beside else None
