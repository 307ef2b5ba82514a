"""Where a person looks in texts, lists and on the canvas, over rooms that cut it off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary, WeakSet, ref

from PySide6.QtWidgets import QAbstractScrollArea
from shiboken6 import isValid

from jitviewer.ui.canvas.camera import Camera
from jitviewer.ui.editors.text_area import TextArea
from jitviewer.ui.editors.text_lines import TextLines


@dataclass(frozen=True)
class _Place:
    """How far an area is scrolled, on the canvas zoom and the point in the middle; `text` is what it shows.

    A text is not kept alive: it may be large and of a document that is closed by then.
    """

    text: ref[TextLines] | None
    at: tuple[float, ...]


class Places:
    """Remembers places over rooms that cut them off: a short list shows its end where a long one showed its
    middle, and somebody who comes back to the long one looks for the middle.

    A place is what a person last chose: where nobody moved since a room was made, the place before holds.
    What is selected on the canvas and was in sight stays so, in a smaller room somewhere else in it.
    """

    def __init__(self) -> None:
        self._wanted: WeakKeyDictionary[QAbstractScrollArea, _Place] = WeakKeyDictionary()
        self._found: WeakKeyDictionary[QAbstractScrollArea, _Place] = WeakKeyDictionary()
        self._selected: WeakSet[Camera] = WeakSet()

    def note(self, areas: Iterable[QAbstractScrollArea]) -> None:
        """Before rooms change: take in where the person went."""
        self._selected.clear()
        for area in areas:
            place = _place_of(area)
            if place is not None and place != self._found.get(area):
                self._wanted[area] = place
            if isinstance(area, Camera) and area.seen().intersects(area.graph.selected_rect()):
                self._selected.add(area)

    def restore(self, areas: Iterable[QAbstractScrollArea]) -> None:
        """After it: look at the same places, as far as the rooms let one."""
        for area in areas:
            wanted = self._wanted.get(area)
            present = _place_of(area) if isValid(area) else None
            if wanted is None or present is None:
                continue
            # Another text has other places.
            if wanted.text == present.text and wanted != present:
                _go(area, wanted)
                present = _place_of(area)
            if isinstance(area, Camera) and area in self._selected:
                area.show_rect(area.graph.selected_rect())
                present = _place_of(area)
            if present is not None:
                self._found[area] = present


def _place_of(area: QAbstractScrollArea) -> _Place | None:
    """What is shown and where; None for a picture that nobody has moved, which places itself."""
    if isinstance(area, Camera):
        camera = area.place()
        return None if camera is None else _Place(None, camera)
    text = ref(area.lines) if isinstance(area, TextArea) else None
    return _Place(text, (area.horizontalScrollBar().value(), area.verticalScrollBar().value()))


def _go(area: QAbstractScrollArea, place: _Place) -> None:
    if isinstance(area, Camera):
        zoom, x, y = place.at
        area.look_at(zoom, x, y)
        return
    across, down = place.at
    area.horizontalScrollBar().setValue(int(across))
    area.verticalScrollBar().setValue(int(down))
