"""Which containers of the canvas are open: what the person chose, and a default for what is new."""

from __future__ import annotations

from collections.abc import Iterable

from jitcore.ir import Node
from jitviewer.engine.canvas.containers import Container, ContainerTree

BOXES_AT_FIRST = 60
"""Boxes that a method is shown with: as many levels are opened as stay within that."""

FEW_BOXES = 3
"""A picture of no more than this says nothing, so the next level is opened even if it is large."""


class Opening:
    """State by container id. Ids do not change when passes are switched, so the picture keeps its state."""

    def __init__(self) -> None:
        self._is_open: dict[str, bool] = {}

    def __call__(self, container: Container) -> bool:
        """Whether a container is open; the root always is."""
        return container.kind == "root" or self._is_open.get(container.id, False)

    def clear(self) -> None:
        """Forget everything."""
        self._is_open.clear()

    def set(self, ids: Iterable[str], is_open: bool) -> None:
        """Open or close containers."""
        self._is_open.update(dict.fromkeys(ids, is_open))

    def meet(self, tree: ContainerTree) -> None:
        """Decide for the containers that were not there before, level by level."""
        level = _containers(tree.root)
        shown = len(tree.root.children)
        opens = True
        while level:
            # Nothing but containers is lost by opening, so a level costs what stands in it.
            inside = sum(len(container.children) for container in level)
            opens = opens and (shown + inside <= BOXES_AT_FIRST or shown <= FEW_BOXES)
            for container in level:
                self._is_open.setdefault(container.id, opens)
            shown += inside
            level = [
                inner
                for container in level
                if container.kind != "control"
                for inner in _containers(container)
            ]


def _containers(container: Container) -> list[Container]:
    """The containers in one; the blocks of a control node count as one level with it."""
    found: list[Container] = []
    for child in container.children:
        if not isinstance(child, Node):
            found.append(child)
            if child.kind == "control":
                found.extend(c for c in child.children if not isinstance(c, Node))
    return found
