"""Letters of texts: larger and smaller by keys and wheel, kept, and never too small to be read."""

import re

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from jitviewer.plain_quotes import plain_quotes
from jitviewer.ui.canvas.brushes import Brushes
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.theme import ThemeManager, fonts, load_theme
from jitviewer.ui.theme.manager import style_sheet

CTRL = Qt.KeyboardModifier.ControlModifier


def turn(editor, angle, modifiers=CTRL):
    at = QPointF(60, 20)
    event = QWheelEvent(
        at, editor.viewport().mapToGlobal(at), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(editor.viewport(), event)


def test_keys_change_the_size_of_every_text_and_it_is_kept(qtbot, opened, settings):
    opened.activateWindow()
    space = opened.current_page().view
    before = space.graph.editor.line_height, space.graph.editor.char_width
    for _ in range(4):
        QTest.keyClick(opened, Qt.Key.Key_Plus, CTRL)
    QTest.keyClick(opened, Qt.Key.Key_Minus, CTRL)
    for editor in (space.graph.editor, space.code.editor, space.diff.before):
        assert editor.font().pixelSize() == fonts.BODY + 3
        assert editor.line_height > before[0]
        assert editor.char_width > before[1]
    settings.save()
    assert Settings(settings.path).text_size == fonts.BODY + 3
    QTest.keyClick(opened, Qt.Key.Key_0, CTRL)
    assert (space.graph.editor.line_height, space.graph.editor.char_width) == before


def test_a_window_begins_with_the_size_that_was_chosen(window, settings):
    settings.set_number("window/text_size", 20)
    themes = ThemeManager("dark")
    made = MainWindow(window._documents, themes, settings)
    assert themes.text_size == 20
    made.deleteLater()


def test_ctrl_and_the_wheel_change_the_size_within_bounds(qtbot, opened):
    editor = opened.current_page().view.code.editor
    turn(editor, 120)
    assert editor.font().pixelSize() == fonts.BODY + 1
    # A touch pad turns by small angles.
    for _ in range(4):
        turn(editor, -60)
    assert editor.font().pixelSize() == fonts.BODY - 1
    turn(editor, 120, Qt.KeyboardModifier.NoModifier)
    assert editor.font().pixelSize() == fonts.BODY - 1
    for angle, bound in ((-12000, fonts.TEXT_SIZES[0]), (12000, fonts.TEXT_SIZES[1])):
        turn(editor, angle)
        assert editor.font().pixelSize() == bound
        line, top, height = next(iter(editor.visible_lines()))
        assert editor.line_at(top + height / 2) == line


def test_no_words_are_smaller_than_captions(qapp):
    brushes = Brushes(load_theme("light"))
    named: list[QFont] = [font for font in vars(brushes).values() if isinstance(font, QFont)]
    assert len(named) == 3
    sizes = [int(size) for size in re.findall(r"font-size: (\d+)px", style_sheet(load_theme("light")))]
    assert min([*sizes, *(font.pixelSize() for font in named)]) >= fonts.CAPTION == 11


def test_backticks_become_quotes():
    shown = plain_quotes("Sort `aten::add` by ``x``; a ` alone stays")
    assert shown == "Sort \u2018aten::add\u2019 by \u2018x\u2019; a ` alone stays"


def test_the_bar_has_room_for_the_button_that_cancels(qtbot, opened, transport):
    transport.engine.holds_runs = True
    bar = opened.actions_.toolbar
    places = [bar.actionGeometry(action) for action in bar.actions()]
    opened.actions_.run.trigger()
    qtbot.waitUntil(lambda: opened.actions_.run.iconText() == "Cancel")
    QApplication.processEvents()
    assert [bar.actionGeometry(action) for action in bar.actions()] == places
    button = bar.widgetForAction(opened.actions_.run)
    assert button.sizeHint().width() <= button.width()
