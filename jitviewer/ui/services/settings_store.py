"""The file of the settings: plain values by key, shared by all windows of a person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from PySide6.QtCore import QLockFile

from jitviewer.ui.services.old_settings import read_old
from jitviewer.ui.services.own_files import clear_way_for_lock, read_own, set_aside, write_whole

MOST_BYTES = 8 << 20
"""What the file may hold; that of a busy person has some ten thousand bytes."""

_MOST_KEYS = 1000
_LOCK_MS = 200

_Text = Annotated[str, msgspec.Meta(max_length=64 << 10)]
_Number = Annotated[int, msgspec.Meta(ge=-(1 << 31), le=(1 << 31) - 1)]
_Value = bool | _Number | _Text | Annotated[list[_Text], msgspec.Meta(max_length=1000)]
_Values = Annotated[
    dict[Annotated[str, msgspec.Meta(max_length=200)], _Value], msgspec.Meta(max_length=_MOST_KEYS)
]

Value = bool | int | str | list[str]


class SettingsStore:
    """Values by key. Attributes: `path`; `problem`, a sentence about a file that could not be read, or "".

    Changes are written key by key over what the file holds by then, so that windows which are open at once
    do not undo each other's.
    """

    def __init__(self, path: Path, old: Path | None = None) -> None:
        """Read `path`; where there is no file yet, what an earlier version left in the file `old`."""
        self.path = path
        self.problem = ""
        self._changes: dict[str, Value | None] = {}
        self._values: dict[str, Value] = self._read() or {}
        if old is not None and not self._values and not self.problem:
            self._take_over(old)

    def get(self, key: str) -> Value | None:
        """The value of a key, None if it has none."""
        return self._values.get(key)

    def known_keys(self) -> list[str]:
        """The keys that have a value."""
        return list(self._values)

    def put(self, key: str, value: Value | None) -> None:
        """Change a value, or forget it; `save` writes it. What could not be read again is not kept."""
        if value is None:
            self._values.pop(key, None)
        elif _can_be_read(key, value):
            self._values[key] = value
        else:
            return
        self._changes[key] = value

    def refresh(self) -> None:
        """Take in what other windows changed."""
        self._values = self._merged()

    def save(self) -> None:
        """Write what changed, whole or not at all. Raises `OSError`."""
        if not self._changes:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock_path = Path(f"{self.path}.lock")
        clear_way_for_lock(lock_path)
        lock = QLockFile(str(lock_path))
        # Somebody who never lets go costs at most a change of another window.
        is_locked = lock.tryLock(_LOCK_MS)
        try:
            values = self._merged()
            write_whole(self.path, msgspec.json.format(msgspec.json.encode(values)) + b"\n")
            self._values = values
            self._changes.clear()
        finally:
            if is_locked:
                lock.unlock()

    def _merged(self) -> dict[str, Value]:
        """What the file holds by now, with the changes of this window."""
        values = self._read()
        if values is None:
            return self._values
        for key, value in self._changes.items():
            if value is None:
                values.pop(key, None)
            else:
                values[key] = value
        return values

    def _read(self) -> dict[str, Value] | None:
        """What the file holds; None if there is none, or none that can be read."""
        content, reason = read_own(self.path, MOST_BYTES)
        if content is not None:
            if not content.lstrip().startswith(b"{"):
                old = read_old(content)
                if old is not None:
                    # The next change writes it in our own form.
                    return dict(old)
            try:
                return dict(msgspec.json.decode(content, type=_Values))
            except (msgspec.DecodeError, RecursionError) as error:
                reason = f"it holds something else than settings ({error})"
        if reason:
            self.problem = set_aside(self.path, reason)
        return None

    def _take_over(self, old: Path) -> None:
        content, _ = read_own(old, MOST_BYTES)
        found = read_old(content) if content is not None else None
        for key, value in (found or {}).items():
            self.put(key, value)


def _can_be_read(key: str, value: Value) -> bool:
    """Whether a value is within the bounds of the file, and all its texts are Unicode."""
    try:
        msgspec.json.decode(msgspec.json.encode({key: value}), type=_Values)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return False
    return True
