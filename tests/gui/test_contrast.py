"""Text on the real pages stands out from what is behind it, measured on what was painted."""

from collections import Counter

import pytest
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTabBar

from tests.gui.conftest import open_file
from tests.gui.test_themes import THEMES, contrast

LEAST = 4.5
WITH_TEXT = (QLabel, QAbstractButton, QLineEdit, QTabBar)


def words(widget):
    if isinstance(widget, QTabBar):
        return " ".join(widget.tabText(n) for n in range(widget.count()))
    return widget.text() or (widget.placeholderText() if isinstance(widget, QLineEdit) else "")


def colors(image):
    """The colour behind the text, and how far the one that stands out the most does from it."""
    pixels = Counter(
        image.pixel(x, y) & 0xFFFFFF for y in range(image.height()) for x in range(image.width())
    )
    behind = pixels.most_common(1)[0][0]
    return max((contrast(QColor(pixel), QColor(behind)), f"{pixel:06x} on {behind:06x}") for pixel in pixels)


def faint(window):
    """Visible, enabled widgets with text that does not stand out, as painted in the window."""
    painted = window.grab().toImage()
    found = []
    looked = 0
    for kind in WITH_TEXT:
        for widget in window.findChildren(kind):
            shown = words(widget).strip()
            seen = widget.visibleRegion().boundingRect()
            if not shown or not widget.isEnabled() or seen.isEmpty():
                continue
            seen.moveTopLeft(widget.mapTo(window, seen.topLeft()))
            seen = seen.intersected(window.rect())
            if seen.isEmpty():
                # A dock that stands behind another one.
                continue
            looked += 1
            ratio, which = colors(painted.copy(seen))
            if ratio < LEAST:
                found.append((type(widget).__name__, widget.objectName(), shown[:40], round(ratio, 2), which))
    assert looked > 5
    return found


def pages(window):
    """Name and a function that shows each page."""
    actions = window.actions_
    return {"settings": actions.settings, "keys": actions.keys, "about": actions.about}


@pytest.mark.parametrize("theme", THEMES)
def test_a_document_with_all_its_docks(qtbot, opened, theme):
    opened.choose_theme(theme)
    assert faint(opened) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("page", ["settings", "keys", "about"])
def test_pages(qtbot, opened, theme, page):
    opened.choose_theme(theme)
    pages(opened)[page].trigger()
    assert faint(opened) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_start_page_and_messages(qtbot, window, theme):
    window.choose_theme(theme)
    assert faint(window) == []
    open_file(qtbot, window, "broken.pt")
    assert faint(window) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_search_and_a_run(qtbot, opened, theme):
    opened.choose_theme(theme)
    opened.actions_.search.trigger()
    QTest.keyClicks(opened.search.palette.field, "relu")
    qtbot.waitUntil(lambda: opened.search.palette.found.total > 0)
    assert faint(opened) == []
    opened.search.palette.close_panel(is_given_up=True)
    opened.actions_.run.trigger()
    document = opened.current_page().document
    qtbot.waitUntil(lambda: document.result is not None and not document.turns.is_busy)
    opened.run.raise_()
    qtbot.waitUntil(opened.run.isVisible)
    assert faint(opened) == []
