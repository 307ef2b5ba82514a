"""What is known about the selected node or line of the tree."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QMainWindow, QTextBrowser, QWidget

from jitviewer.protocol.events import Inspected
from jitviewer.protocol.rows import Fact
from jitviewer.ui.docks.base import Dock
from jitviewer.ui.models.formatting import share_text, time_text
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.theme import Theme, ThemeManager, fonts

_NAME_WIDTH = 84
_HINT = "Select a node on the canvas, a line of a text, or a line of the tree."


class InspectorDock(Dock):
    """Facts under headings, as text that can be selected and copied. Attributes: `view`."""

    def __init__(self, themes: ThemeManager, parent: QMainWindow) -> None:
        super().__init__("inspectorDock", "Inspector", themes, parent)
        self.view = QTextBrowser(openLinks=False)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setAccessibleName("Facts about the selection")
        # Qualified names and types have no spaces to break at.
        self.view.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.view.document().setDocumentMargin(12)
        self.setWidget(self.view)
        themes.theme_changed.connect(self.refresh)

    def main_widget(self) -> QWidget:
        """What gets the keyboard."""
        return self.view

    def link(self, document: DocumentState) -> None:
        """Follow what is inspected and measured."""
        self.follow(document.inspected, self.refresh)
        self.follow(document.times_changed, self.refresh)

    def refresh(self) -> None:
        """Show the facts of the document's last inspection."""
        found = self.document.inspection if self.document is not None else None
        theme = self.themes.theme
        if found is None:
            self.view.setHtml(f'<p style="color:{theme.colors["text_dim"]}">{_HINT}</p>')
            return
        self.view.setHtml(_page(found.title, [*found.facts, *self._time_facts(found)], theme))

    def _time_facts(self, found: Inspected) -> list[Fact]:
        times = self.document.times if self.document is not None else {}
        time = times.get(found.node_id)
        if time is None:
            return []
        whole = sum(known.self_us for known in times.values())
        share = share_text(time.self_us / whole if whole else 0.0)
        return [
            Fact("Last run", "self", f"{time_text(time.self_us)}, {share} of the run"),
            Fact("Last run", "total", time_text(time.total_us)),
            Fact("Last run", "spread", time_text(time.spread_us)),
            Fact("Last run", "calls", str(time.calls)),
            *(Fact("Last run", "output", text) for text in time.types),
        ]


def _page(title: str, facts: list[Fact], theme: Theme) -> str:
    """The facts as a table with a heading for each group."""
    dim = theme.colors["text_dim"]
    mono = ", ".join(f"'{family}'" for family in fonts.mono().families())
    rows: list[str] = []
    heading = None
    for fact in facts:
        if fact.group != heading:
            heading = fact.group
            rows.append(
                f'<tr><td colspan="2" style="color:{dim}; font-size:{fonts.CAPTION}px; font-weight:600; '
                f'padding-top:10px">{escape(heading)}</td></tr>'
            )
        value = escape(fact.text).replace("\n", "<br>")
        cell = f"font-family:{mono}; font-size:{fonts.CAPTION}px; padding-top:3px"
        if fact.name:
            style = f"color:{dim}; font-size:{fonts.CAPTION}px; padding-top:3px"
            name = f'<td width="{_NAME_WIDTH}" style="{style}">'
            rows.append(f'<tr>{name}{escape(fact.name)}</td><td style="{cell}">{value}</td></tr>')
        else:
            rows.append(f'<tr><td colspan="2" style="{cell}">{value}</td></tr>')
    head = f'<div style="font-size:{fonts.HEADING}px; font-weight:600">{escape(title)}</div>'
    return f'{head}<table width="100%" cellspacing="0" cellpadding="0">{"".join(rows)}</table>'
