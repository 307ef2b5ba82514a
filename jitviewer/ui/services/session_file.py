"""The file that remembers which documents are open and what is shown of them."""

from __future__ import annotations

import ast
import stat
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QLockFile

from jitviewer.plain_files import UnreadableFileError, kind_of
from jitviewer.protocol.bounded import Number, Words
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.surrogate_halves import escape, has_halves, restore
from jitviewer.ui.services.own_files import clear_way_for_lock, read_own, set_aside, write_whole

_VERSION = 1
_MOST_BYTES = 16 << 20
"""What the file may hold: of a graph of thousands of frames each is named that was opened or closed."""

_MOST_DOCUMENTS = 200
_MOST_ARGUMENTS = 20_000
"""Characters of all constructor arguments that are taken from the file, which a tenth of a second reads."""

_LONGEST_ARGUMENTS = 1000
LONGEST_LIBRARIES = 4000
"""Characters of the names of libraries, of which no path is longer."""
_ESCAPES = "\0"
"""Begins a path that holds bytes which are no UTF-8; no path of a file has it."""


_Side = Annotated[int, msgspec.Meta(ge=0, le=1)]
_Number = Annotated[int, msgspec.Meta(ge=-1, le=_MOST_DOCUMENTS)]
_Coordinate = Annotated[float, msgspec.Meta(ge=-1e8, le=1e8)]


class SavedDocument(msgspec.Struct, frozen=True):
    """A document: its file, the side of the window that it is on, and what is shown of it.

    `camera` is the zoom of the canvas and the point in its middle; `libraries` what stands in the field of
    that name in the form of a run: a text, of which nothing is loaded before the person runs.
    """

    path: Words
    side: _Side = 0
    place: DocumentPlace | None = None
    camera: tuple[Annotated[float, msgspec.Meta(gt=0, le=1000)], _Coordinate, _Coordinate] | None = None
    libraries: Annotated[str, msgspec.Meta(max_length=LONGEST_LIBRARIES)] = ""


class SavedSession(msgspec.Struct, frozen=True):
    """The documents in the order of their tabs, and which of each side is in front.

    `is_closed` is false while the window lives: a session that is found so was ended by a crash.
    """

    documents: Annotated[list[SavedDocument], msgspec.Meta(max_length=_MOST_DOCUMENTS)]
    front: Annotated[list[_Number], msgspec.Meta(max_length=2)] = []
    active_side: _Side = 0
    is_closed: bool = False
    version: Number = _VERSION


class SessionFile:
    """One window at a time has the session: others neither read nor write it.

    Attribute: `problem`, a sentence about a session that could not be read, or "".
    """

    def __init__(self, path: Path) -> None:
        """Raises `OSError` where the folder cannot be made."""
        self._path = path
        self.problem = ""
        path.parent.mkdir(parents=True, exist_ok=True)
        lock_path = Path(f"{path}.lock")
        clear_way_for_lock(lock_path)
        self._lock = QLockFile(str(lock_path))
        # A lock is stale when its process is gone, not when it is old.
        self._lock.setStaleLockTime(0)

    def claim(self) -> bool:
        """Take the session; False if another window has it. Raises `OSError` where no lock can be made."""
        if self._lock.tryLock(0):
            return True
        if self._lock.error() != QLockFile.LockError.LockFailedError:
            raise UnreadableFileError(f"{self._path.parent} cannot be written to")
        mode = self._mode_of_lock()
        if mode is not None and not stat.S_ISREG(mode):
            raise UnreadableFileError(
                f"{self._lock.fileName()} is {kind_of(mode)} and in the way of a file; remove it"
            )
        return False

    def _mode_of_lock(self) -> int | None:
        try:
            return Path(self._lock.fileName()).lstat().st_mode
        except OSError:
            # It was let go just now.
            return None

    def release(self) -> None:
        """Leave the session to other windows."""
        self._lock.unlock()

    def load(self) -> SavedSession | None:
        """The session of last time; None if there is none, or none that can be read, which is set aside."""
        content, reason = read_own(self._path, _MOST_BYTES)
        if content is not None:
            try:
                saved = msgspec.json.decode(content, type=SavedSession)
            except (msgspec.DecodeError, RecursionError) as error:
                reason = f"it holds something else than a session ({error})"
            else:
                if saved.version == _VERSION:
                    room = _Room()
                    return replace(saved, documents=[_read(document, room) for document in saved.documents])
                reason = f"it was written by another version of jitviewer ({saved.version})"
        if reason:
            # Nothing is lost but the comfort of finding everything open.
            self.problem = set_aside(self._path, reason)
        return None

    def save(self, session: SavedSession) -> None:
        """Write the session, whole or not at all. Raises `OSError`."""
        kept = [_written(document) for document in session.documents]
        write_whole(self._path, msgspec.json.encode(replace(session, documents=kept[:_MOST_DOCUMENTS])))


def _written(document: SavedDocument) -> SavedDocument:
    """A document whose path can stand in JSON, where it has bytes that are no UTF-8."""
    document = replace(document, libraries=_kept_libraries(document.libraries))
    if not has_halves(document.path):
        return document
    return replace(document, path=_ESCAPES + escape(document.path))


class _Room:
    """What is left of `_MOST_ARGUMENTS`."""

    def __init__(self) -> None:
        self._left = _MOST_ARGUMENTS

    def has(self, text: str) -> bool:
        """Take a text in, if there is room for it."""
        self._left -= len(text)
        return self._left >= 0


def _read(document: SavedDocument, room: _Room) -> SavedDocument:
    """The document that was written."""
    if document.path.startswith(_ESCAPES):
        document = replace(document, path=restore(document.path[1:]))
    return _harmless(document, room)


def _harmless(document: SavedDocument, room: _Room) -> SavedDocument:
    """A document whose constructor arguments are values: others would be executed with the file's program.

    A person types those again, and asks again for traces, which may take long. The file of the session has
    not been asked about, as the program has.
    """
    document = replace(document, libraries=_kept_libraries(document.libraries))
    place = document.place
    if place is None or not (place.arguments or place.traces):
        return document
    kept = {name: text for name, text in place.arguments.items() if room.has(text) and _are_values(text)}
    return replace(document, place=replace(place, arguments=kept, traces={}))


def _kept_libraries(text: str) -> str:
    """Names of libraries that can be read in their field; "" for a text that hides signs or is too long."""
    return text if text.isprintable() and len(text) <= LONGEST_LIBRARIES else ""


def _are_values(arguments: str) -> bool:
    """Whether a text is arguments of a call that are all written out as values, such as `4, bias=False`."""
    if len(arguments) > _LONGEST_ARGUMENTS:
        return False
    try:
        call = ast.parse(f"f({arguments})", mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return False
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            ast.literal_eval(value)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return False
    return True
