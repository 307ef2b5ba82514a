"""What the window remembers between sessions."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

PATH_VARIABLE = "JITVIEWER_SETTINGS"
"""Names the settings file to use instead of the person's own."""

SCALES = (100, 125, 150, 175, 200)
"""Sizes of everything in the window, in percent."""

_MAX_RECENT = 10


class Settings(QObject):
    """Typed access to the settings file. Attributes: `scale_at_start`, the size that is in force.

    Signals: recent_changed()
    """

    recent_changed = Signal()

    def __init__(self, path: str | Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        chosen = path or os.environ.get(PATH_VARIABLE)
        if chosen:
            self._store = QSettings(str(chosen), QSettings.Format.IniFormat)
        else:
            self._store = QSettings(
                QSettings.Format.IniFormat, QSettings.Scope.UserScope, "jitviewer", "jitviewer"
            )

        self.scale_at_start = self.scale

    @property
    def path(self) -> Path:
        """Where the settings are kept."""
        return Path(self._store.fileName())

    @property
    def scale(self) -> int:
        """Size of everything, in percent; in force from the next start."""
        chosen = self.number("window/scale", 100)
        return chosen if chosen in SCALES else 100

    @property
    def restores_session(self) -> bool:
        """Whether the documents of last time are opened when the window starts without files."""
        return self.flag("session/restores", default=True)

    @property
    def reloads_files(self) -> bool:
        """Whether a file that changed on disk is reloaded without asking."""
        return self.flag("files/reloads", default=False)

    @property
    def repeats(self) -> int:
        """Measured runs that the form of a run offers at first."""
        return max(1, self.number("run/repeats", 5))

    @property
    def warmup(self) -> int:
        """Warm-up runs that the form of a run offers at first."""
        return max(0, self.number("run/warmup", 1))

    @property
    def memory_gib(self) -> int:
        """What a run may take; 0 is a share of the machine's memory."""
        return max(0, self.number("run/memory_gib", 0))

    @property
    def theme(self) -> str:
        """The chosen theme: "light", "dark" or "system"."""
        value = self._store.value("theme", "system")
        return value if value in ("light", "dark") else "system"

    @theme.setter
    def theme(self, choice: str) -> None:
        self._store.setValue("theme", choice)

    def blob(self, key: str) -> QByteArray:
        """A saved geometry or layout, empty if there is none."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_blob(self, key: str, value: QByteArray) -> None:
        """Save a geometry or layout."""
        self._store.setValue(key, value)

    def has(self, key: str) -> bool:
        """Whether the person ever chose this."""
        return self._store.contains(key)

    def flag(self, key: str, default: bool) -> bool:
        """A saved yes or no."""
        value = self._store.value(key)
        return default if value is None else value in (True, "true")

    def set_flag(self, key: str, value: bool) -> None:
        """Save a yes or no."""
        self._store.setValue(key, value)

    def number(self, key: str, default: int) -> int:
        """A saved whole number."""
        value = self._store.value(key)
        try:
            return default if value is None else int(str(value))
        except ValueError:
            # Somebody edited the file; the default does no harm.
            return default

    def set_number(self, key: str, value: int) -> None:
        """Save a whole number."""
        self._store.setValue(key, value)

    def words(self, key: str) -> list[str]:
        """A saved list of texts."""
        value = self._store.value(key, [])
        if isinstance(value, str):
            return [value]
        return [str(word) for word in value] if isinstance(value, list) else []

    def set_words(self, key: str, words: list[str]) -> None:
        """Save a list of texts."""
        self._store.setValue(key, words)

    @property
    def folder(self) -> str:
        """Where the last file was opened from."""
        return str(self._store.value("folder", ""))

    def recent(self) -> list[str]:
        """The files opened last, the latest first."""
        value = self._store.value("recent", [])
        if isinstance(value, str):
            return [value]
        return [str(path) for path in value] if isinstance(value, list) else []

    def remember_file(self, path: str) -> None:
        """Put a file at the head of the recent ones."""
        full = str(Path(path).absolute())
        recent = [full, *(known for known in self.recent() if known != full)]
        self._store.setValue("recent", recent[:_MAX_RECENT])
        self._store.setValue("folder", str(Path(full).parent))
        self.recent_changed.emit()

    def forget_files(self) -> None:
        """Forget the recent files."""
        self._store.remove("recent")
        self.recent_changed.emit()

    def save(self) -> None:
        """Write to disk now."""
        self._store.sync()
