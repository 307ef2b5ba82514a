"""Work that is done piece by piece, with the window living in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Does one piece of work in each turn of the event loop, in the order in which they were given.

    Timers of their own would not do: those that are due go off together.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_busy(self) -> bool:
        """Whether something is left to be done."""
        return bool(self._pieces)

    def later(self, piece: Callable[[], None]) -> None:
        """Do this after what was given before it."""
        self._pieces.append(piece)
        if len(self._pieces) == 1:
            self._timer.start()

    def _on_turn(self) -> None:
        piece = self._pieces[0]
        try:
            piece()
        finally:
            self._pieces.popleft()
            if self._pieces:
                self._timer.start()
