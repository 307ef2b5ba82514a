"""The Python files that a person trusts, each as it was when they said so."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Signal

from jitviewer.protocol.trust import TrustedContent
from jitviewer.ui.services.settings import Settings

_KEY = "python/trusted"
_LINE = re.compile(r"([0-9a-f]{64}) (.+)", re.DOTALL)


class TrustedFiles(QObject):
    """Kept in the settings: one content for each place, the last that was trusted.

    Signals: changed()
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    def listed(self) -> list[TrustedContent]:
        """All of them, the last that was trusted first."""
        lines = (_LINE.fullmatch(word) for word in self._settings.words(_KEY))
        return [TrustedContent(line[2], line[1]) for line in lines if line is not None]

    def knows(self, found: TrustedContent) -> bool:
        """Whether the person trusts this file, as it is; another window may have been told otherwise."""
        self._settings.refresh()
        return found in self.listed()

    def knows_other(self, found: TrustedContent) -> bool:
        """Whether something else was trusted that lay in the same place."""
        return any(known.path == found.path and known != found for known in self.listed())

    def add(self, found: TrustedContent) -> None:
        """Remember that the person trusts this file as it is now, and no longer what lay there before."""
        self._keep([found, *(known for known in self.listed() if known.path != found.path)])

    def take_back(self, known: TrustedContent) -> None:
        """Ask again before this file runs."""
        self._keep([other for other in self.listed() if other.path != known.path])

    def _keep(self, trusted: list[TrustedContent]) -> None:
        self._settings.set_words(_KEY, [f"{one.digest} {one.path}" for one in trusted])
        # At once: a window that ends by a crash must not bring back what was taken back.
        self._settings.save()
        self.changed.emit()
