"""Notices that the engine says nothing at all while somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from jitviewer.protocol import requests
from jitviewer.ui.services.engine_client import EngineClient

LOOK_MS = 1500
_QUIET_LOOKS = 4
"""Looks in a row at which nothing had come. At the first the engine is asked whether it lives, which a thread
of its own answers, however long it works at something: slow work is no silence."""


class EngineSilence(QObject):
    """Looks at the engine while something is awaited; costs nothing else.

    Signals: began(): it has said nothing for some seconds, though it was asked; ended(): it speaks again, or
    nothing is awaited any more
    """

    began = Signal()
    ended = Signal()

    def __init__(
        self, client: EngineClient, is_awaited: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._is_awaited = is_awaited
        self._heard = client.heard
        self._quiet = 0
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        client.sent.connect(self._on_sent)

    @property
    def is_silent(self) -> bool:
        """Whether `began` was told and `ended` not yet."""
        return self._quiet >= _QUIET_LOOKS

    def look(self) -> None:
        """See whether anything has come since the last look."""
        was_silent = self.is_silent
        if not self._is_awaited():
            self._timer.stop()
            self._quiet = 0
        elif self._client.heard != self._heard:
            self._quiet = 0
        else:
            self._quiet += 1
            if self._quiet == 1:
                self._client.send(requests.AskAlive(0))
        self._heard = self._client.heard
        if self.is_silent and not was_silent:
            self.began.emit()
        elif was_silent and not self.is_silent:
            self.ended.emit()

    def _on_sent(self) -> None:
        if not self._timer.isActive():
            self._heard = self._client.heard
            self._timer.start()
