"""The middle of the window: tabs of documents on one side, or on two."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QRubberBand, QSplitter, QTabBar, QTabWidget, QWidget
from shiboken6 import isValid

from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.widgets.document_tabs import DocumentTabs


class DocumentArea(QSplitter):
    """Pages of documents. The active side is the one that was clicked into or has the focus.

    Attributes: `sides`, the two tab widgets, the second hidden while it has no page; `fill_menu` fills the
    menu of a tab; `landing` shows where a tab would come to that is carried out of its bar.
    Signals: current_changed(): another page is in front, or none; close_wanted(DocumentPage);
    arranged(): pages came, went or moved
    """

    current_changed = Signal()
    close_wanted = Signal(object)
    arranged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.fill_menu: Callable[[QMenu], object] = lambda _menu: None
        self.sides = (self._make_side("Documents"), self._make_side("Documents on the other side"))
        self._active = 0
        self._is_moving = self._come_behind = False
        # Not a child of this splitter, which would make a side of it.
        self.landing = QRubberBand(QRubberBand.Shape.Rectangle, parent)
        for side in self.sides:
            self.addWidget(side)
        self.sides[1].hide()
        self.setHandleWidth(4)
        self.setChildrenCollapsible(False)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)
        self._mark_active()

    # --- what there is -------------------------------------------------------------------------

    @property
    def tabs(self) -> DocumentTabs:
        """The tabs of the active side."""
        return self.sides[self._active]

    @property
    def active_side(self) -> int:
        """0 for the left side, 1 for the right."""
        return self._active

    @property
    def is_split(self) -> bool:
        """Whether there are pages on both sides."""
        return self.sides[1].count() > 0

    def current_page(self) -> DocumentPage | None:
        """The page that the docks show."""
        page = self.tabs.currentWidget()
        return page if isinstance(page, DocumentPage) else None

    def pages(self, side: int | None = None) -> list[DocumentPage]:
        """The pages of a side, or of both, in the order of their tabs."""
        found: list[DocumentPage] = []
        for number, tabs in enumerate(self.sides):
            if side is None or side == number:
                widgets = [tabs.widget(at) for at in range(tabs.count())]
                found += [widget for widget in widgets if isinstance(widget, DocumentPage)]
        return found

    def side_of(self, page: DocumentPage) -> int:
        """The side that a page is on."""
        return 1 if self.sides[1].indexOf(page) >= 0 else 0

    def front(self) -> list[int]:
        """The numbers of the pages in front among those of their side."""
        return [tabs.currentIndex() for tabs in self.sides]

    def pages_in_front(self) -> list[DocumentPage]:
        """The pages that can be seen."""
        widgets = [tabs.currentWidget() for tabs in self.sides]
        return [widget for widget in widgets if isinstance(widget, DocumentPage)]

    # --- changing it ---------------------------------------------------------------------------

    def add(self, page: DocumentPage) -> None:
        """Add a page to the active side, in front unless pages come `behind` those that are there."""
        at = self.tabs.add_document(page, page.document.path)
        if not self._come_behind:
            self.tabs.setCurrentIndex(at)
        self._settle()

    @contextmanager
    def rearranging(self, behind: bool = False) -> Generator[None]:
        """While many pages come or move: what is in front is told once, at the end.

        Pages that come `behind` leave in front what was there: bringing one to the front lays it out.
        """
        self._is_moving, self._come_behind = True, behind
        try:
            yield
        finally:
            self._is_moving = self._come_behind = False
            self._settle()

    def aim(self, side: int) -> None:
        """Make a side the active one, even if it has no page yet."""
        self._active = side

    def remove(self, page: DocumentPage) -> None:
        """Take a page away."""
        tabs = self.sides[self.side_of(page)]
        tabs.removeTab(tabs.indexOf(page))
        self._settle()

    def show_page(self, page: DocumentPage) -> None:
        """Bring a page to the front."""
        self._active = self.side_of(page)
        self.tabs.setCurrentWidget(page)
        self._settle()

    def move_to_other_side(self) -> None:
        """Put the page in front on the other side."""
        page = self.current_page()
        if page is not None:
            self._move(page, 1 - self._active)

    def _move(self, page: DocumentPage, side: int) -> None:
        source = self.sides[self.side_of(page)]
        if not self.is_split and source.count() < 2:
            return
        # Removing the page shows another for a moment, which nobody is to be told of.
        with self.rearranging():
            source.removeTab(source.indexOf(page))
            self.aim(side)
            self.add(page)
        page.take_focus()

    def step(self, by: int) -> None:
        """Go to the next tab of the active side, or to the one before."""
        tabs = self.tabs
        if tabs.count():
            tabs.setCurrentIndex((tabs.currentIndex() + by) % tabs.count())

    def activate_other_side(self) -> None:
        """Go to the other side."""
        if self.is_split:
            self._activate(1 - self._active)
            page = self.current_page()
            if page is not None:
                page.take_focus()

    def _activate(self, side: int) -> None:
        if side != self._active and self.sides[side].count():
            self._active = side
            self._mark_active()
            self.current_changed.emit()

    def _settle(self) -> None:
        """Keep the left side in use, and the right side out of sight while it is empty."""
        if self._is_moving:
            return
        left, right = self.sides
        if not left.count() and right.count():
            front = right.currentIndex()
            self._is_moving = True
            for page in self.pages(1):
                right.removeTab(0)
                left.add_document(page, page.document.path)
            left.setCurrentIndex(front)
            self._is_moving = False
        was_split = not right.isHidden()
        right.setVisible(self.is_split)
        if self.is_split and not was_split:
            self.setSizes([500, 500])
        if not self.tabs.count():
            self._active = 0 if left.count() else self._active
        if not self.is_split:
            self._active = 0
        self._mark_active()
        self.arranged.emit()
        self.current_changed.emit()

    def _mark_active(self) -> None:
        for number, tabs in enumerate(self.sides):
            bar = tabs.tabBar()
            is_active = number == self._active or not self.is_split
            if bar.property("active") != is_active:
                bar.setProperty("active", is_active)
                bar.style().unpolish(bar)
                bar.style().polish(bar)

    # --- building ------------------------------------------------------------------------------

    def _make_side(self, name: str) -> DocumentTabs:
        tabs = DocumentTabs()
        bar = tabs.bar
        bar.setAccessibleName(name)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        bar.customContextMenuRequested.connect(lambda point: self._on_menu_wanted(tabs, point))
        bar.installEventFilter(self)
        bar.carried.connect(self._on_tab_carried)
        bar.returned.connect(self._on_tab_returned)
        bar.dropped.connect(lambda at: self._on_tab_dropped(tabs, at))
        tabs.currentChanged.connect(lambda _at: self._on_tab_changed(tabs))
        tabs.tabBarClicked.connect(lambda _at: self._activate(self.sides.index(tabs)))
        tabs.tabCloseRequested.connect(lambda at: self._on_close_requested(tabs, at))
        bar.tabMoved.connect(lambda _source, _target: self.arranged.emit())
        return tabs

    # --- what happens --------------------------------------------------------------------------

    def _on_tab_changed(self, tabs: QTabWidget) -> None:
        if self._is_moving:
            return
        if tabs is not self.tabs and tabs.count():
            self._active = self.sides.index(tabs)
            self._mark_active()
        self.arranged.emit()
        self.current_changed.emit()

    def _on_close_requested(self, tabs: QTabWidget, at: int) -> None:
        page = tabs.widget(at)
        if isinstance(page, DocumentPage):
            self.close_wanted.emit(page)

    def _on_menu_wanted(self, tabs: QTabWidget, point: QPoint) -> None:
        at = tabs.tabBar().tabAt(point)
        if at >= 0:
            self.menu_of_tab(tabs, at).popup(tabs.tabBar().mapToGlobal(point))

    def menu_of_tab(self, tabs: QTabWidget, at: int) -> QMenu:
        """Bring a tab to the front and make the menu of what can be done with it."""
        self._activate(self.sides.index(tabs))
        tabs.setCurrentIndex(at)
        menu = QMenu(self)
        self.fill_menu(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _side_at(self, point: QPoint) -> int | None:
        """The side that a tab would come to if it were let go at a point of the screen."""
        at = self.mapFromGlobal(point)
        if not self.rect().contains(at):
            return None
        if self.is_split:
            return int(at.x() >= self.sides[1].x())
        return 1 if at.x() >= self.width() // 2 and self.sides[0].count() > 1 else 0

    def _place_of(self, side: int) -> QRect:
        if self.is_split:
            return self.sides[side].geometry()
        half = self.width() // 2
        return QRect(half, 0, self.width() - half, self.height()) if side else self.rect()

    def _on_tab_carried(self, point: QPoint) -> None:
        side = self._side_at(point)
        if side is None or side == self._active:
            self.landing.hide()
        else:
            place = self._place_of(side)
            self.landing.setParent(self.window())
            self.landing.setGeometry(QRect(self.mapTo(self.window(), place.topLeft()), place.size()))
            self.landing.show()
            self.landing.raise_()

    def _on_tab_returned(self) -> None:
        self.landing.hide()

    def _on_tab_dropped(self, tabs: DocumentTabs, point: QPoint) -> None:
        self.landing.hide()
        page, side = tabs.currentWidget(), self._side_at(point)
        if isinstance(page, DocumentPage) and side is not None and side != self.side_of(page):
            self._move(page, side)

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        for number, tabs in enumerate(self.sides):
            if now is None or number == self._active or not tabs.isAncestorOf(now):
                continue
            if old is not None and isValid(old) and not (old.isVisible() and old.isEnabled()):
                # Nobody went there: what had the focus was hidden or disabled, and Qt took the next widget.
                page = self.current_page()
                if page is not None:
                    page.take_focus()
                    return
            self._activate(number)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the middle button closes a tab."""
        if (
            isinstance(watched, QTabBar)
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.MiddleButton
        ):
            at = watched.tabAt(event.position().toPoint())
            tabs = next(tabs for tabs in self.sides if tabs.tabBar() is watched)
            if at >= 0:
                self._on_close_requested(tabs, at)
                return True
        return super().eventFilter(watched, event)
