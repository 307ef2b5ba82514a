"""The inspector by clicks and keys: facts, links, and tensors page by page."""

import re

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from jitviewer.protocol import events, requests
from jitviewer.protocol.rows import Fact
from jitviewer.ui.docks.facts_browser import FactsBrowser
from jitviewer.ui.editors.text_lines import Place, Span
from jitviewer.ui.editors.text_menu import make_menu
from jitviewer.ui.theme import load_theme
from jitviewer.ui.widgets.facts_html import LINK, facts_html

LEFT = Qt.MouseButton.LeftButton


def document(window):
    return window.current_page().document


def select_node(qtbot, window, node):
    document(window).selection.select([node], "graph")
    qtbot.waitUntil(lambda: f"#{node}" in window.inspector.view.toPlainText())


def test_a_node_is_told_of_in_a_sentence(qtbot, opened):
    select_node(qtbot, opened, 12)
    text = opened.inspector.view.toPlainText()
    assert "Negative elements become zero." in text
    assert "%y from aten::relu" in text


def click_link(view, words):
    cursor = view.document().find(words)
    assert not cursor.isNull()
    at = view.cursorRect(cursor).center() - QPoint(8, 0)
    QTest.mouseClick(view.viewport(), LEFT, pos=at)


def test_a_click_on_an_input_leads_to_the_node_that_gives_it(qtbot, opened, transport):
    select_node(qtbot, opened, 12)
    click_link(opened.inspector.view, "%y from aten::relu")
    assert document(opened).selection.nodes == (11,)
    assert transport.asked(requests.RevealNode)[-1].node_id == 11


def test_a_click_on_a_weight_shows_it(qtbot, opened, transport):
    select_node(qtbot, opened, 12)
    dock = opened.inspector
    assert not dock.look.isVisible()
    click_link(dock.view, "warm.weight")
    assert transport.asked(requests.LookAtTensor)[-1].name == "warm.weight"
    qtbot.waitUntil(dock.look.isVisible)
    assert dock.tensor_title.text() == "warm.weight  Float(2, 100, 40)"
    qtbot.waitUntil(lambda: not dock.tensor_title.visibleRegion().isEmpty())
    qtbot.waitUntil(lambda: not dock.look.facts.visibleRegion().isEmpty())
    assert dock.view.verticalScrollBar().maximum() == 0
    # Another node has other facts, and no tensor.
    select_node(qtbot, opened, 11)
    assert not dock.look.isVisible()


def test_a_line_of_the_tree_shows_its_tensor_page_by_page(qtbot, opened, transport):
    dock = opened.inspector
    index = opened.tree.model.index_of(5)
    opened.tree.view.setCurrentIndex(index)
    qtbot.waitUntil(dock.look.isVisible)
    assert not dock.tensor_title.isVisible()
    assert "NaN" in dock.look.facts.text()
    assert dock.look.table.item(0, 0).text() == "0.0.0"
    dock.look.buttons[3].click()
    qtbot.waitUntil(lambda: dock.look.table.item(0, 0).text() == "0.64.0")
    dock.look.slice.setFocus()
    QTest.keyClick(dock.look.slice, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: dock.look.table.item(0, 0).text() == "1.0.0")
    asked = transport.asked(requests.LookAtTensor)
    assert [(a.slice, a.first_row) for a in asked] == [(0, 0), (0, 64), (1, 0)]


def test_statistics_that_come_later_and_tensors_that_cannot_be_read(qtbot, opened):
    dock = opened.inspector
    document(opened).apply(events.TensorLooked(1, "big", None, "a sparse tensor has no elements", True))
    assert dock.problem.isVisible()
    assert dock.problem.text() == "a sparse tensor has no elements"
    assert not dock.look.isVisible()


def test_names_that_repeat_are_said_once_and_signs_are_escaped(qtbot):
    facts = [Fact("Outputs", "used by", "a<b>", "node:1"), Fact("Outputs", "used by", "c", "node:2")]
    html = facts_html("x & y", facts, load_theme("light"))
    assert html.count("used by") == 1
    assert "a&lt;b&gt;" in html
    view = FactsBrowser()
    qtbot.addWidget(view)
    view.show_facts("title", facts, load_theme("light"))
    with qtbot.waitSignal(view.followed) as followed:
        view.anchorClicked.emit(QUrl(f"{LINK}1"))
    assert followed.args == ["node:2"]


def test_what_a_word_means_is_told_where_the_pointer_rests(qtbot, opened, transport):
    pane = opened.current_page().view.graph
    editor = pane.editor
    text = editor.lines.lines[3]
    start = text.index("aten::relu")
    at = editor.rect_of(Span(3, start, start + 10)).center().toPoint()
    QTest.mouseMove(editor.viewport(), at)
    qtbot.waitUntil(lambda: bool(transport.asked(requests.ExplainName)))
    asked = transport.asked(requests.ExplainName)[-1]
    assert (asked.word, asked.nodes) == ("aten::relu", [11])
    qtbot.waitUntil(lambda: "All about aten::relu." in QToolTip.text())
    QTest.mouseMove(editor.viewport(), QPoint(editor.viewport().width() - 3, editor.viewport().height() - 3))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_word_is_explained_by_key(qtbot, opened, transport):
    editor = opened.current_page().view.code.editor
    editor.move_caret(Place(2, 2))
    QTest.keyClick(editor, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "All about y." in QToolTip.text())
    QToolTip.hideText()


def test_a_graph_is_copied_as_torch_parses_it_and_code_as_it_stands(qtbot, opened):
    view = opened.current_page().view
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(view.graph.editor, Qt.Key.Key_C, keys)
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(lambda: clipboard.text() == "graph(): parseable")
    assert "calls are inlined" in view.banner.sentence.text()
    QTest.keyClick(view.code.editor, Qt.Key.Key_C, keys)
    assert clipboard.text().startswith("def forward")


def test_the_original_source_is_shown_with_its_own_line_numbers(qtbot, opened):
    view = opened.current_page().view
    QTest.mouseClick(view.code.form.button(2), LEFT)
    editor = view.code.editor
    qtbot.waitUntil(lambda: "x.relu()" in editor.toPlainText())
    assert [editor.number_of(line) for line in (0, 1)] == ["", "17"]
    assert view.code.form.button(2).isChecked()
    assert document(opened).place().code_is_original
    # Its lines are linked as those of any text.
    document(opened).selection.select([11], "graph")
    assert editor.selected_lines == {1}


def test_the_menu_of_a_text_names_its_keys(opened):
    editor = opened.current_page().view.graph.editor
    editor.move_caret(Place(3, 3))
    entries = {action.text(): action for action in make_menu(editor).actions() if action.text()}
    assert entries["Go to the definition"].isEnabled()
    assert entries["Copy the whole text"].shortcut().toString() == "Ctrl+Shift+C"
    editor.move_caret(Place(5, 2))
    entries = {action.text(): action for action in make_menu(editor).actions() if action.text()}
    assert not entries["Go to the definition"].isEnabled()


def test_names_of_facts_have_the_room_that_the_longest_of_them_takes(qapp):
    def width(*names):
        html = facts_html("x", [Fact("Inputs", name, "1") for name in names], load_theme("light"))
        (found,) = set(re.findall(r'<td width="(\d+)"', html))
        return int(found)

    assert width("self") == width("dtype", "out")
    assert width("self", "memory_format") > width("self")
    assert width("memory_format" * 9) <= 132
