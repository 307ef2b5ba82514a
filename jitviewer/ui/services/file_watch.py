"""Notices that files change on disk, or go away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

Signature = tuple[int, int, int] | None
"""Inode, size and time of change of a file; None where there is no file."""

_STEADY_MS = 400
"""A file that is being written changes again and again: it is told of when it has not for so long."""


class FileWatch(QObject):
    """Watches files through the system, and compares them on demand where the system says nothing.

    Signals: changed(path): it is another file now; gone(path): there is no file any more. Paths are objects
    of Python, since a text of Qt loses the bytes that are no UTF-8.
    """

    changed = Signal(object)
    gone = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[str, Signature] = {}
        self._moving: dict[str, Signature] = {}
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self.look)
        # A file that is put in the place of another one, as editors and torch.save do, is news of the folder.
        self._watcher.directoryChanged.connect(self.look)
        self._timer = QTimer(self, singleShot=True, interval=_STEADY_MS)
        self._timer.timeout.connect(self._compare)

    def watch(self, path: str) -> None:
        """Tell of changes of a file from how it is now."""
        self._known[path] = signature(path)
        self._moving.pop(path, None)
        self._attach(path)

    def forget(self, path: str) -> None:
        """Do not watch a file any more."""
        self._known.pop(path, None)
        self._moving.pop(path, None)
        self._watcher.removePath(path)
        folder = str(Path(path).parent)
        if not any(str(Path(known).parent) == folder for known in self._known):
            self._watcher.removePath(folder)

    def look(self) -> None:
        """Compare all files soon."""
        self._timer.start()

    def _attach(self, path: str) -> None:
        watched = {*self._watcher.files(), *self._watcher.directories()}
        for place in (path, str(Path(path).parent)):
            if place not in watched and signature(place) is not None:
                self._watcher.addPath(place)

    def _compare(self) -> None:
        for path, known in list(self._known.items()):
            now = signature(path)
            if now == known:
                self._moving.pop(path, None)
            elif path in self._moving and self._moving[path] == now:
                del self._moving[path]
                self._known[path] = now
                self._attach(path)
                (self.gone if now is None else self.changed).emit(path)
            else:
                self._moving[path] = now
        if self._moving:
            self._timer.start()


def signature(path: str) -> Signature:
    """What tells this state of a file from others."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        # What is too long for a path, or holds what none may, leads nowhere.
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
