"""The file that remembers which documents are open and what is shown of them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
from PySide6.QtCore import QLockFile

from jitviewer.protocol.place import DocumentPlace

_VERSION = 1


class SavedDocument(msgspec.Struct, frozen=True):
    """A document: its file, the side of the window that it is on, and what is shown of it.

    `camera` is the zoom of the canvas and the point in its middle.
    """

    path: str
    side: int = 0
    place: DocumentPlace | None = None
    camera: tuple[float, float, float] | None = None


class SavedSession(msgspec.Struct, frozen=True):
    """The documents in the order of their tabs, and which of each side is in front.

    `is_closed` is false while the window lives: a session that is found so was ended by a crash.
    """

    documents: list[SavedDocument]
    front: list[int] = []
    active_side: int = 0
    is_closed: bool = False
    version: int = _VERSION


class SessionFile:
    """One window at a time has the session: others neither read nor write it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(path) + ".lock")
        # A lock is stale when its process is gone, not when it is old.
        self._lock.setStaleLockTime(0)

    def claim(self) -> bool:
        """Take the session; False if another window has it."""
        return self._lock.tryLock(0)

    def release(self) -> None:
        """Leave the session to other windows."""
        self._lock.unlock()

    def load(self) -> SavedSession | None:
        """The session of last time; None if there is none that can be read."""
        try:
            saved = msgspec.json.decode(self._path.read_bytes(), type=SavedSession)
        except (OSError, msgspec.DecodeError):
            # Nothing is lost but the comfort of finding everything open.
            return None
        return saved if saved.version == _VERSION else None

    def save(self, session: SavedSession) -> None:
        """Write the session, whole or not at all. Raises `OSError`."""
        made = self._path.with_name(self._path.name + ".new")
        try:
            made.write_bytes(msgspec.json.encode(session))
            made.replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                made.unlink()
            raise
