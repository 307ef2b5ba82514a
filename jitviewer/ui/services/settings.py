"""What the window remembers between sessions."""

from __future__ import annotations

import base64
import binascii
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QTimer, Signal

from jitviewer.plain_files import LONGEST_PATH, absolute, reason_of
from jitviewer.protocol.surrogate_halves import escape, has_halves, restore
from jitviewer.ui.services.settings_store import SettingsStore, Value
from jitviewer.ui.theme import fonts

PATH_VARIABLE = "JITVIEWER_SETTINGS"
"""Names the settings file to use instead of the person's own."""

SCALES = (100, 125, 150, 175, 200)
"""Sizes of everything in the window, in percent."""

MOST_REPEATS, MOST_WARMUP, MOST_MEMORY_GIB = 100_000, 10_000, 4096
MOST_SECONDS = 1_000_000

_MAX_RECENT = 10
_MOST_BLOB = 16 << 10
"""Bytes of a saved geometry or layout; those of our window have some hundred."""

_MOST_WORDS = 100
_ESCAPES = "\0"
"""Begins a text that holds bytes of a name that are no UTF-8, which JSON does not take; no name has it."""

_SIZE = re.compile("[0-9]{1,5}")
_SAVE_MS = 300
"""Pause after the last change before it is written: while a border is dragged, sizes change all the time."""


class Settings(QObject):
    """Typed access to the settings file; what is out of its bounds there is as if it were not there.

    Attributes: `scale_at_start`, the size that is in force; `problem`, a sentence about a file that could not
    be read, or "".
    Signals: recent_changed(), noticed(level, sentence)
    """

    recent_changed = Signal()
    noticed = Signal(str, str)

    def __init__(self, path: str | Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        chosen = path or os.environ.get(PATH_VARIABLE)
        if chosen:
            self._store = SettingsStore(Path(chosen).absolute())
        else:
            folder = _usual_folder()
            self._store = SettingsStore(folder / "jitviewer.json", folder / "jitviewer.ini")
        self.problem = self._store.problem
        self._can_be_written = True
        self._timer: QTimer | None = None
        self.scale_at_start = self.scale

    @property
    def path(self) -> Path:
        """Where the settings are kept."""
        return self._store.path

    @property
    def session_path(self) -> Path:
        """Where the session is kept."""
        return Path(os.path.splitext(self._store.path)[0] + ".session.json")  # noqa: PTH122  # of any path

    @property
    def scale(self) -> int:
        """Size of everything, in percent; in force from the next start."""
        chosen = self.number("window/scale", 100, SCALES[0], SCALES[-1])
        return chosen if chosen in SCALES else 100

    @property
    def text_size(self) -> int:
        """Size of code in pixels."""
        return self.number("window/text_size", fonts.BODY, *fonts.TEXT_SIZES)

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
        return self.number("run/repeats", 5, 1, MOST_REPEATS)

    @property
    def warmup(self) -> int:
        """Warm-up runs that the form of a run offers at first."""
        return self.number("run/warmup", 1, 0, MOST_WARMUP)

    @property
    def memory_gib(self) -> int:
        """What a run may take; 0 is a share of the machine's memory."""
        return self.number("run/memory_gib", 0, 0, MOST_MEMORY_GIB)

    @property
    def time_limit(self) -> int:
        """Seconds that the form of a run offers at first; 0 is no limit."""
        return self.number("run/time_limit", 0, 0, MOST_SECONDS)

    @property
    def theme(self) -> str:
        """The chosen theme: "light", "dark" or "system"."""
        value = self._store.get("theme")
        return value if isinstance(value, str) and value in ("light", "dark") else "system"

    @theme.setter
    def theme(self, choice: str) -> None:
        self._put("theme", choice)

    def blob(self, key: str) -> QByteArray:
        """A saved geometry or layout, empty if there is none."""
        value = self._store.get(key)
        if not isinstance(value, str) or len(value) > 2 * _MOST_BLOB:
            return QByteArray()
        try:
            return QByteArray(base64.b64decode(value, validate=True))
        except (binascii.Error, ValueError):
            return QByteArray()

    def set_blob(self, key: str, value: QByteArray) -> None:
        """Save a geometry or layout."""
        self._put(key, base64.b64encode(value.data()).decode("ascii"))

    def sizes(self, key: str) -> list[int]:
        """Saved sizes of parts, empty if there are none."""
        words = self.words(key)
        # More digits have no meaning on a screen.
        return [int(word) for word in words] if all(_SIZE.fullmatch(word) for word in words) else []

    def set_sizes(self, key: str, sizes: list[int]) -> None:
        """Save sizes of parts."""
        self.set_words(key, [str(size) for size in sizes])

    def has(self, key: str) -> bool:
        """Whether the person ever chose this."""
        return self._store.get(key) is not None

    def flag(self, key: str, default: bool) -> bool:
        """A saved yes or no."""
        value = self._store.get(key)
        return default if value is None else value in (True, "true")

    def set_flag(self, key: str, value: bool) -> None:
        """Save a yes or no."""
        self._put(key, value)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A saved whole number between `least` and `most`."""
        value = self._store.get(key)
        try:
            number = int(value) if isinstance(value, int | str) else default
        except ValueError:
            # Somebody edited the file; the default does no harm.
            return default
        return number if least <= number <= most else default

    def set_number(self, key: str, value: int) -> None:
        """Save a whole number."""
        self._put(key, value)

    def words(self, key: str) -> list[str]:
        """A saved list of texts, none of them longer than a path."""
        value = self._store.get(key)
        kept = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        words = [restore(word[1:]) if word.startswith(_ESCAPES) else word for word in kept]
        return [word for word in words[:_MOST_WORDS] if len(word) <= LONGEST_PATH]

    def set_words(self, key: str, words: list[str]) -> None:
        """Save a list of texts."""
        self._put(
            key, [_ESCAPES + escape(word) if has_halves(word) else word for word in words[:_MOST_WORDS]]
        )

    @property
    def folder(self) -> str:
        """Where the last file was opened from."""
        return next(iter(self.words("folder")), "")

    def recent(self) -> list[str]:
        """The files opened last, the latest first."""
        return [path for path in self.words("recent") if path and "\0" not in path][:_MAX_RECENT]

    def remember_files(self, paths: Sequence[str]) -> None:
        """Put files at the head of the recent ones, the last of them first."""
        if not paths:
            return
        latest = [absolute(path) for path in reversed(paths[-_MAX_RECENT:])]
        recent = list(dict.fromkeys([*latest, *self.recent()]))
        self.set_words("recent", recent[:_MAX_RECENT])
        self.set_words("folder", [str(Path(latest[0]).parent)])
        self.recent_changed.emit()

    def forget_files(self) -> None:
        """Forget the recent files."""
        self._put("recent", None)
        self.recent_changed.emit()

    def forget(self, prefix: str, kept: str = "") -> None:
        """Forget all values whose keys begin so, but for one that is `kept`."""
        for key in self._store.known_keys():
            if key.startswith(prefix) and key != kept:
                self._put(key, None)

    def refresh(self) -> None:
        """Take in what other windows changed."""
        self._store.refresh()

    def save(self) -> None:
        """Write to disk now."""
        if self._timer is not None:
            self._timer.stop()
        try:
            self._store.save()
        except OSError as error:
            if self._can_be_written:
                # Once: it fails again at every change.
                self._can_be_written = False
                said = f"Settings cannot be kept in {self.path}: {reason_of(error)}."
                self.noticed.emit("warning", said)

    def _put(self, key: str, value: Value | None) -> None:
        self._store.put(key, value)
        if self._timer is None:
            # Made late: settings are read before there is an application.
            self._timer = QTimer(self, singleShot=True, interval=_SAVE_MS)
            self._timer.timeout.connect(self.save)
        self._timer.start()


def _usual_folder() -> Path:
    """Where programs keep the settings of a person."""
    chosen = os.environ.get("APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME", "")
    if Path(chosen).is_absolute():
        return Path(chosen) / "jitviewer"
    # A person without a home, as in some containers, is no reason not to start.
    return Path(os.path.expanduser("~/.config")) / "jitviewer"  # noqa: PTH111
