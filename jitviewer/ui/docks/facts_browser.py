"""Facts under headings, as text that can be selected, copied, and followed by its links."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from jitviewer.protocol.rows import Fact
from jitviewer.ui.theme import Theme, fonts

_NAME_WIDTH = 84


class FactsBrowser(QTextBrowser):
    """As high as its text, for a scroll area around it.

    Signals: followed(str): a link was clicked, or Enter pressed on it
    """

    followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.setHtml(facts_html(title, facts, theme))

    def _fit(self) -> None:
        self.setFixedHeight(round(self.document().size().height()))

    def _on_anchor_clicked(self, url: QUrl) -> None:
        self.followed.emit(url.toString())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another width makes another height."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: the area around scrolls."""
        event.ignore()


def facts_html(title: str, facts: Sequence[Fact], theme: Theme) -> str:
    """The facts as a table with a heading for each group; those without any stand right below the title."""
    dim, link = theme.colors["text_dim"], theme.colors["accent"]
    mono = ", ".join(f"'{family}'" for family in fonts.mono().families())
    rows: list[str] = []
    heading = name = None
    for fact in facts:
        if fact.group != heading:
            heading, name = fact.group, None
            if heading:
                rows.append(
                    f'<tr><td colspan="2" style="color:{dim}; font-size:{fonts.CAPTION}px; font-weight:600; '
                    f'padding-top:10px">{escape(heading)}</td></tr>'
                )
        value = escape(fact.text).replace("\n", "<br>").replace("  ", "&nbsp; ")
        if fact.link:
            value = f'<a href="{escape(fact.link)}" style="color:{link}; text-decoration:none">{value}</a>'
        if not fact.group and not fact.name:
            rows.append(f'<tr><td colspan="2" style="padding-top:4px">{value}</td></tr>')
            continue
        cell = f"font-family:{mono}; font-size:{fonts.CAPTION}px; padding-top:3px"
        if fact.name:
            style = f"color:{dim}; font-size:{fonts.CAPTION}px; padding-top:3px"
            # A name that is the same as above is said once.
            shown = "" if fact.name == name else escape(fact.name)
            label = f'<td width="{_NAME_WIDTH}" style="{style}">{shown}</td>'
            rows.append(f'<tr>{label}<td style="{cell}">{value}</td></tr>')
        else:
            rows.append(f'<tr><td colspan="2" style="{cell}">{value}</td></tr>')
        name = fact.name
    head = f'<div style="font-size:{fonts.HEADING}px; font-weight:600">{escape(title)}</div>'
    return f'{head}<table width="100%" cellspacing="0" cellpadding="0">{"".join(rows)}</table>'
