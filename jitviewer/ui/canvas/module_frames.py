"""Which frames of a picture show a module."""

from __future__ import annotations

from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.picture import Picture


def module_frames(picture: Picture, shown: str, wanted: str) -> list[CanvasItem]:
    """The frames of the module `wanted` in a picture of a method of the module `shown`; where there are none,
    as within a closed frame, those of the nearest module around it.

    Modules are named by their dotted paths, those of objects in Python files as `Net:layer`.
    """
    above, path = _dotted(shown), _dotted(wanted)
    if above:
        if not path.startswith(f"{above}."):
            return []
        path = path[len(above) + 1 :]
    frames: dict[str, list[CanvasItem]] = {}
    for item in picture.by_id.values():
        if item.kind == "frame":
            frames.setdefault(_path_of(picture, item), []).append(item)
    while path:
        if path in frames:
            return frames[path]
        path = path.rpartition(".")[0]
    return []


def _dotted(path: str) -> str:
    return path.replace(":", ".").strip(".")


def _path_of(picture: Picture, item: CanvasItem) -> str:
    labels: list[str] = []
    at: CanvasItem | None = item
    while at is not None:
        if at.kind == "frame":
            labels.append(at.label)
        at = picture.by_id.get(at.parent)
    return ".".join(reversed(labels))
