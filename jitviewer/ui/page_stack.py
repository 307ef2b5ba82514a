"""What fills the middle of the window: documents, the start page, or one of the pages."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from jitviewer.ui.document_area import DocumentArea
from jitviewer.ui.pages.page import Page


class PageStack(QStackedWidget):
    """The documents, or the start page while there are none; pages are made when they are first asked for.

    Signals: page_changed(): another thing fills the middle
    """

    page_changed = Signal()

    def __init__(self, area: DocumentArea, start: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = area
        self._start = start
        self._makers: dict[str, Callable[[], Page]] = {}
        self._pages: dict[str, Page] = {}
        self.addWidget(start)
        self.addWidget(area)
        self.currentChanged.connect(self.page_changed)

    def offer(self, name: str, make: Callable[[], Page]) -> None:
        """Know how to make a page."""
        self._makers[name] = make

    def page(self, name: str) -> Page:
        """A page, made on the first call."""
        if name not in self._pages:
            made = self._makers[name]()
            made.left.connect(self.show_documents)
            self._pages[name] = made
            self.addWidget(made)
        return self._pages[name]

    def toggle_page(self, name: str) -> None:
        """Show a page, or leave it if it is shown."""
        page = self.page(name)
        if self.currentWidget() is page:
            self.show_documents()
        else:
            self.setCurrentWidget(page)
            page.enter()

    def show_start(self) -> None:
        """Show the samples and recent files."""
        self.setCurrentWidget(self._start)

    def show_documents(self) -> None:
        """Show the documents, or the start page if none is open."""
        page = self._area.current_page()
        self.setCurrentWidget(self._area if page is not None else self._start)
        if page is not None:
            page.take_focus()

    def documents_changed(self) -> None:
        """A page came to the front or went: show it, or the start page after the last one."""
        wanted = self._area if self._area.current_page() is not None else self._start
        if self.currentWidget() is not wanted:
            self.setCurrentWidget(wanted)
