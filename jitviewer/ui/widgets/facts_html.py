"""Facts as a table of rich text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtGui import QFontMetricsF

from jitviewer.plain_text import plain_lines
from jitviewer.protocol.rows import Fact
from jitviewer.ui.theme import Theme, fonts

_LEAST_WIDTH, _MOST_WIDTH = 84, 132
"""Pixels of the column of names: as wide as the longest of them, within limits."""

_GAP = 10

LINK = "fact:"
"""What stands before the number of a fact where it is a link: no name of a file becomes an address."""


def facts_html(title: str, facts: Sequence[Fact], theme: Theme) -> str:
    """The facts as a table with a heading for each group; those without any stand right below the title."""
    dim, link = theme.colors["text_dim"], theme.colors["accent"]
    mono = ", ".join(f"'{family}'" for family in fonts.mono().families())
    width = _width_of_names(facts)
    rows: list[str] = []
    heading = name = None
    for number, fact in enumerate(facts):
        if fact.group != heading:
            heading, name = fact.group, None
            if heading:
                rows.append(
                    f'<tr><td colspan="2" style="color:{dim}; font-size:{fonts.CAPTION}px; font-weight:600; '
                    f'padding-top:10px">{_shown(heading)}</td></tr>'
                )
        value = _shown(fact.text).replace("\n", "<br>").replace("  ", "&nbsp; ")
        if fact.link:
            value = f'<a href="{LINK}{number}" style="color:{link}; text-decoration:none">{value}</a>'
        if not fact.group and not fact.name:
            rows.append(f'<tr><td colspan="2" style="padding-top:4px">{value}</td></tr>')
            continue
        cell = f"font-family:{mono}; font-size:{fonts.CAPTION}px; padding-top:3px"
        if fact.name:
            style = f"color:{dim}; font-size:{fonts.CAPTION}px; padding-top:3px"
            # A name that is the same as above is said once.
            shown = "" if fact.name == name else _shown(fact.name)
            label = f'<td width="{width}" style="{style}">{shown}</td>'
            rows.append(f'<tr>{label}<td style="{cell}">{value}</td></tr>')
        else:
            rows.append(f'<tr><td colspan="2" style="{cell}">{value}</td></tr>')
        name = fact.name
    head = f'<div style="font-size:{fonts.HEADING}px; font-weight:600">{_shown(title)}</div>'
    return f'{head}<table width="100%" cellspacing="0" cellpadding="0">{"".join(rows)}</table>'


def _shown(text: str) -> str:
    return escape(plain_lines(text))


def _width_of_names(facts: Sequence[Fact]) -> int:
    metrics = QFontMetricsF(fonts.sans(fonts.CAPTION))
    widest = max((metrics.horizontalAdvance(plain_lines(fact.name)) for fact in facts), default=0.0)
    return round(min(_MOST_WIDTH, max(_LEAST_WIDTH, widest + _GAP)))
