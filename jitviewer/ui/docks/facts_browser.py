"""Facts under headings, as text that can be selected, copied, and followed by its links."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from jitviewer.protocol.rows import Fact
from jitviewer.ui.theme import Theme
from jitviewer.ui.widgets.facts_html import LINK, facts_html


class FactsBrowser(QTextBrowser):
    """As high as its text, for a scroll area around it.

    Signals: followed(str): a link was clicked, or Enter pressed on it
    """

    followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links: list[str] = []
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Qualified names and types have no spaces to break at.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(12)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.anchorClicked.connect(self._on_anchor_clicked)

    def show_hint(self, sentence: str, theme: Theme) -> None:
        """Show a sentence that stands for nothing yet."""
        self.setHtml(f'<p style="color:{theme.colors["text_dim"]}">{escape(sentence)}</p>')

    def show_facts(self, title: str, facts: Sequence[Fact], theme: Theme) -> None:
        """Show facts below a title."""
        self._links = [fact.link for fact in facts]
        self.setHtml(facts_html(title, facts, theme))

    def _fit(self) -> None:
        # A line that lacks a part of a pixel could be scrolled within, and would be cut at the top.
        self.setFixedHeight(math.ceil(self.document().size().height()))

    def _on_anchor_clicked(self, url: QUrl) -> None:
        self.followed.emit(self._links[int(url.toString().removeprefix(LINK))])

    def loadResource(self, kind: int, name: QUrl | str) -> None:  # noqa: N802
        """Qt: there is nothing to load, whatever a text names."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another width makes another height."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: the area around scrolls."""
        event.ignore()
