"""Keeps what is open on disk while the window lives, and opens it again the next time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from jitviewer.plain_files import is_plain_file, reason_of
from jitviewer.plain_text import plain_line
from jitviewer.ui.document_area import DocumentArea
from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.session_file import SavedDocument, SavedSession, SessionFile
from jitviewer.ui.services.settings import Settings

_SAVE_MS = 800
"""Pause after the last change before the session is written."""

_LONGEST_NAME = 60
_CRASHED = "jitviewer ended unexpectedly last time."
_OTHER_WINDOW = "Another window keeps what is open for the next start; what is open in this one is not kept."
_NAMELESS = "A file without a name"
_NAMED = 4
"""Files that are named in one sentence."""


class SessionKeeper(QObject):
    """Signals: noticed(level, sentence): something about the session that the person should know;
    not_kept(sentence): what is open in this window is not kept, since another one keeps the session
    """

    noticed = Signal(str, str)
    not_kept = Signal(str)

    def __init__(
        self, documents: Documents, area: DocumentArea, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._documents = documents
        self._area = area
        self._settings = settings
        self._file: SessionFile | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._timer.timeout.connect(self.save)
        documents.opened.connect(self._on_opened)
        area.arranged.connect(self.touch)
        area.current_changed.connect(self.touch)

    def begin(self, restore: bool) -> None:
        """Open what was open last time if `restore`, and keep what is open from now on."""
        words = [self._settings.problem] if self._settings.problem else []
        try:
            file = SessionFile(self._settings.session_path)
            is_ours = file.claim()
        except OSError as error:
            words.append(_cannot_be_kept(error))
        else:
            if is_ours:
                words += self._begin(file, restore)
            else:
                # This window begins empty and leaves nothing behind.
                self.not_kept.emit(_OTHER_WINDOW)
        if words:
            is_news_only = len(words) == 1 and words[0].startswith(_CRASHED)
            self.noticed.emit("info" if is_news_only else "warning", " ".join(words))

    def _begin(self, file: SessionFile, restore: bool) -> list[str]:
        """Take the session over; sentences about what went wrong with it."""
        saved = file.load()
        self._file = file
        words = [file.problem] if file.problem else []
        if saved is not None and restore and self._settings.restores_session:
            words += self._restore(saved)
        return words

    def end(self) -> None:
        """The window closes in peace."""
        self._timer.stop()
        self.save(is_closed=True)
        if self._file is not None:
            self._file.release()
            self._file = None

    def touch(self) -> None:
        """Something changed that is worth keeping."""
        if self._file is not None:
            self._timer.start()

    def save(self, is_closed: bool = False) -> None:
        """Write the session now."""
        if self._file is None:
            return
        pages = [(side, page) for side in (0, 1) for page in self._area.pages(side) if _has_file(page)]
        saved = SavedSession(
            [SavedDocument(page.document.path, side, page.document.place(), page.camera(),
                           page.document.libraries)
             for side, page in pages],
            [self._front(side) for side in (0, 1)], self._area.active_side, is_closed,
        )  # fmt: skip
        try:
            self._file.save(saved)
        except OSError as error:
            self._file = None
            self.noticed.emit("warning", _cannot_be_kept(error))

    def _front(self, side: int) -> int:
        """The number of the tab in front among those that are kept, or of the nearest one before it."""
        pages, front = self._area.pages(side), self._area.front()[side]
        return sum(map(_has_file, pages[: front + 1])) - 1

    def _restore(self, saved: SavedSession) -> list[str]:
        """Open the documents again; sentences about those that are gone, and about a crash."""
        present = [document for document in saved.documents if is_plain_file(document.path)]
        with self._area.rearranging(behind=True):
            for document in present:
                self._area.aim(document.side)
                state = self._documents.add(document.path, document.place, is_wanted=False)
                state.libraries = document.libraries
                page = next(page for page in self._area.pages() if page.document is state)
                if document.camera is not None:
                    page.point_camera(document.camera)
            for side, number in enumerate(saved.front):
                self._bring_to_front(side, number, saved.documents, present)
            self._area.aim(saved.active_side)
        words: list[str] = []
        if present and not saved.is_closed:
            names = _listed([document.path for document in present])
            words.append(f"{_CRASHED} Opened again as you left it: {names}.")
        missing = [document.path for document in saved.documents if document not in present]
        if missing:
            are, they = ("is", "it was") if len(_names(missing)) == 1 else ("are", "they were")
            words.append(f"{_listed(missing)} {are} not there any more, so {they} not opened again.")
        return words

    def _bring_to_front(
        self, side: int, number: int, before: list[SavedDocument], present: list[SavedDocument]
    ) -> None:
        """The tab that was in front of a side, as far as its file is still there."""
        were = [document for document in before if document.side == side]
        kept = [document for document in present if document.side == side]
        if 0 <= number < len(were) and were[number] in kept:
            self._area.sides[side].setCurrentIndex(kept.index(were[number]))

    def _on_opened(self, document: DocumentState) -> None:
        for signal in (
            document.method_shown, document.steps_changed, document.code_changed, document.canvas_changed,
            document.libraries_changed,
        ):  # fmt: skip
            signal.connect(self.touch)


def _has_file(page: DocumentPage) -> bool:
    """What a run made is not there any more the next time."""
    return page.document.stage is None


def _cannot_be_kept(error: OSError) -> str:
    return f"What is open cannot be kept for the next start: {reason_of(error)}."


def _names(paths: list[str]) -> list[str]:
    return list(dict.fromkeys(plain_line(Path(path).name or path) or _NAMELESS for path in paths))


def _listed(paths: list[str]) -> str:
    """The names of some files, in words."""
    names = _names(paths)
    names = [name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…" for name in names]
    if len(names) > _NAMED:
        names = [*names[:_NAMED], f"{len(names) - _NAMED} more"]
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
