"""Offers to reload open files that changed on disk, in the place where they are shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.file_watch import FileWatch
from jitviewer.ui.services.settings import Settings


class FileReloads(QObject):
    """Watches the files of the documents. Attributes: `watch`."""

    def __init__(
        self,
        documents: Documents,
        pages: Callable[[], list[DocumentPage]],
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._documents = documents
        self._pages = pages
        self._settings = settings
        self.watch = FileWatch(self)
        self.watch.changed.connect(self._on_changed)
        self.watch.gone.connect(self._on_gone)
        documents.opened.connect(self._on_opened)
        documents.closed.connect(lambda _number: self._forget_closed())
        self._watched: set[str] = set()

    def reload(self, page: DocumentPage) -> None:
        """Open the file of a page anew; what is shown of it stays in sight."""
        page.file_banner.hide()
        page.document.reload()

    def _on_opened(self, document: DocumentState) -> None:
        document.phase_changed.connect(lambda: self._on_phase_changed(document))

    def _on_phase_changed(self, document: DocumentState) -> None:
        if document.phase == "opening" and document.stage is None:
            # From now on it is compared with what the engine is about to read.
            self._watched.add(document.path)
            self.watch.watch(document.path)
            for page in self._pages_of(document.path):
                if page.document is document:
                    page.file_banner.hide()

    def _forget_closed(self) -> None:
        still_open = {document.path for document in self._documents.by_number.values()}
        for path in self._watched - still_open:
            self.watch.forget(path)
        self._watched &= still_open

    def _pages_of(self, path: str) -> list[DocumentPage]:
        return [page for page in self._pages() if page.document.path == path]

    def _on_changed(self, path: str) -> None:
        for page in self._pages_of(path):
            if page.document.phase == "failed":
                page.document.open()
            elif page.document.phase != "ready":
                continue
            elif self._settings.reloads_files and not page.document.is_running:
                self.reload(page)
                if not path.endswith(".py"):
                    # A program that changed is asked about, which says so.
                    page.document.noticed.emit("info", f"{Path(path).name} changed on disk and was reloaded.")
            else:
                words = f"{Path(path).name} has changed on disk. What is shown is as it was."
                page.file_banner.show_message("warning", words, "Reload")

    def _on_gone(self, path: str) -> None:
        for page in self._pages_of(path):
            if page.document.phase == "ready":
                words = (
                    f"{Path(path).name} was deleted or moved. It stays open as it was, and can be run again "
                    "when the file is back."
                )
                page.file_banner.show_message("warning", words)
