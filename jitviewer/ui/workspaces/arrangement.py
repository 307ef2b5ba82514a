"""The workspace that is on and what a person made of it, kept in the settings."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QByteArray, QObject, Signal

from jitviewer.ui.services.settings import Settings
from jitviewer.ui.window_layout import is_sound_state
from jitviewer.ui.workspaces.catalogue import workspaces
from jitviewer.ui.workspaces.workspace import VIEWS, Workspace

STATE_VERSION = 1
_PREFIX = "workspaces/"
_CURRENT = "workspaces/current"
_LONGEST = 1 << 15
"""Pixels: no screen has as many."""

_NEVER_ALONE = frozenset({"scrubber", "source"})
"""Views that leave the middle empty where nothing else is shown: archives have no source."""


class Arrangement(QObject):
    """Which views of documents are shown, and how they share their room.

    Attributes: `workspace`, the one that is on.
    Signals: chosen(): another workspace is on; changed(): that, or the present one shows other views, or its
    canvas elsewhere
    """

    chosen = Signal()
    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        kept = settings.words(_CURRENT)
        known = workspaces()
        self.workspace: Workspace = next((one for one in known if [one.name] == kept), known[0])

    def choose(self, workspace: Workspace) -> None:
        """Turn to a workspace, as it was left."""
        if workspace is not self.workspace:
            self.workspace = workspace
            self._settings.set_words(_CURRENT, [workspace.name])
            self.chosen.emit()
            self.changed.emit()

    # --- views of documents ---------------------------------------------------------------------

    @property
    def views(self) -> frozenset[str]:
        """The views that are open, as far as a document has them."""
        kept = frozenset(self._settings.words(self._key("views"))) & frozenset(VIEWS)
        return kept if kept - _NEVER_ALONE else self.workspace.views

    def show_view(self, name: str, is_shown: bool = True) -> None:
        """Open or close a view; something else opens where the middle would be left empty."""
        views = self.views | {name} if is_shown else self.views - {name}
        if not views - _NEVER_ALONE:
            views |= {"graph" if name == "canvas" else "canvas"}
        if views != self.views:
            self._settings.set_words(self._key("views"), sorted(views))
            self.changed.emit()

    @property
    def is_beside(self) -> bool:
        """Whether the canvas stands beside the texts, and not below them."""
        return self._settings.flag(self._key("beside"), default=True)

    def put_beside(self, is_beside: bool) -> None:
        """Put the canvas beside the texts, or below them."""
        if is_beside != self.is_beside:
            self._settings.set_flag(self._key("beside"), is_beside)
            self.changed.emit()

    def sizes(self, parts: str, count: int) -> list[int]:
        """The sizes that a person gave to so many parts, empty if there are none that can be used."""
        sizes = self._settings.sizes(self._key(f"sizes/{parts}"))
        is_sound = len(sizes) == count and any(sizes) and max(sizes) <= _LONGEST
        return sizes if is_sound else []

    def keep_sizes(self, parts: str, sizes: list[int]) -> None:
        """Keep the sizes of parts."""
        self._settings.set_sizes(self._key(f"sizes/{parts}"), sizes)

    # --- docks ----------------------------------------------------------------------------------

    def docks(self, names: Iterable[str]) -> QByteArray:
        """What Qt told of the docks when the workspace was left; empty if that is no layout of them."""
        state = self._settings.blob(self._key("docks"))
        return state if is_sound_state(bytes(state.data()), STATE_VERSION, names) else QByteArray()

    def keep_docks(self, state: QByteArray) -> None:
        """Keep what Qt tells of the docks."""
        self._settings.set_blob(self._key("docks"), state)

    def forget(self) -> None:
        """Give every workspace its first form back; the one that is on stays on."""
        self._settings.forget(_PREFIX, kept=_CURRENT)
        self.changed.emit()

    def _key(self, what: str) -> str:
        return f"{_PREFIX}{self.workspace.name}/{what}"
