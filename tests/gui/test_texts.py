"""Texts: tokens, lazy colouring, long texts, and staying in place when they change."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from jitviewer.protocol.rows import NodeTime, ScopeRow, TextView
from jitviewer.ui.editors.code_editor import CodeEditor
from jitviewer.ui.editors.gutter import Gutter
from jitviewer.ui.editors.lexers import tokens
from jitviewer.ui.editors.line_layouts import LineLayouts
from jitviewer.ui.editors.source_lexer import SourceTokens
from jitviewer.ui.editors.text_lines import Place, Span
from jitviewer.ui.search.pattern import Pattern
from jitviewer.ui.theme import load_theme

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def kinds(language, line):
    return [(line[start : start + length], kind) for start, length, kind in tokens(language, line)]


def test_tokens_of_ir():
    line = "  %y.1 : Tensor = aten::add(%x, %2) # net.py:3:1"
    assert kinds("graph", line) == [
        ("%y.1", "value"), ("Tensor", "builtin"), ("aten::add", "operator"), ("%x", "value"), ("%2", "value"),
        ("# net.py:3:1", "comment"),
    ]  # fmt: skip
    line = "  %3 : float = prim::Constant[value=-1.5e-05]()"
    assert kinds("graph", line) == [
        ("%3", "value"), ("float", "builtin"), ("prim::Constant", "primitive"), ("value", "attribute"),
        ("-1.5e-05", "number"),
    ]  # fmt: skip
    # A sign inside a string begins no comment.
    assert ('"a # b"', "string") in kinds("graph", '%s : str = prim::Constant[value="a # b"]()')
    assert ("__torch__.net.Gate", "type") in kinds("graph", "graph(%self : __torch__.net.Gate,")


def test_tokens_of_code():
    line = "  y = torch.relu((self.fc1).forward(x, )) if True else 'it''s'  # why"
    found = kinds("code", line)
    for expected in [
        ("torch", "builtin"), ("relu", "function"), ("self", "builtin"), ("forward", "function"),
        ("if", "keyword"),        ("True", "keyword"), ("'it'", "string"), ("# why", "comment"),
    ]:  # fmt: skip
        assert expected in found
    # The digit of a name is no number.
    assert ("1", "number") not in found


def test_strings_of_sources_span_lines():
    found = SourceTokens('"""One\ntwo"""\nx = 1\n')
    assert found.of(0) is None
    while not found.is_complete:
        found.advance()
    assert [token.kind for token in found.of(0)] == ["string"]
    assert [token.kind for token in found.of(1)] == ["string"]
    assert found.of(2)[-1].kind == "number"


@pytest.fixture
def editor(qtbot):
    made = CodeEditor(load_theme("dark"))
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def long_view(count, first=0, mark=None):
    lines = [f"  %{n} : Tensor = aten::relu(%{n - 1}) # net.py:{n}:1" for n in range(first, count)]
    nodes = [[n] for n in range(first, count)]
    return TextView("graph", "graph", "\n".join(lines), nodes, {mark: "made"} if mark is not None else {})


def test_of_a_long_text_only_what_is_seen_is_laid_out(editor, monkeypatch):
    made = []
    make = LineLayouts._make
    monkeypatch.setattr(LineLayouts, "_make", lambda layouts, line: made.append(line) or make(layouts, line))
    editor.set_view(long_view(40_000))
    editor.grab()
    # Qt's own text would lay every line out, which takes a second.
    assert 0 < len(made) <= editor.rows_in_sight() + 3
    made.clear()
    editor.show_line(39_000)
    editor.grab()
    assert 0 < len(made) <= editor.rows_in_sight() + 3
    assert 39_000 in [line for line, _, _ in editor.visible_lines()]


def test_the_place_that_is_looked_at_stays_when_lines_above_disappear(editor):
    editor.set_view(long_view(1000))
    editor.verticalScrollBar().setValue(600)
    editor.set_view(long_view(1000, first=100))
    assert editor.lines.lines[editor.first_line()].startswith("  %600 ")


def test_what_changed_is_scrolled_into_sight(editor):
    editor.set_view(long_view(1000))
    editor.set_view(long_view(1000, mark=800))
    first = editor.first_line()
    assert first <= 800 <= first + 25


def test_a_node_on_several_lines_is_timed_once(editor):
    text = "if x:\n  a\nelse:\n  b"
    editor.set_view(TextView("code", "code", text, [[1, 2], [1, 3], [1], [1, 4]], {}))
    times = [
        NodeTime(n, "k", float(us), float(us), 0.0, 0.0, 1, [])
        for n, us in ((1, 50), (2, 5), (3, 20), (4, 30))
    ]
    editor.set_times({time.node_id: time for time in times})
    assert [editor.time_of(line) for line in range(4)] == [55.0, 20.0, None, 30.0]


IR = (
    "graph(%self : __torch__.Gate,\n      %x.1 : Tensor):\n"
    "  %2 : int = prim::Constant[value=1]() # gate.py:3:1\n"
    "  %x : Tensor = aten::relu(%x.1) # gate.py:4:1\n"
    "  %5 : bool = aten::Bool(%x) # gate.py:5:1\n"
    "  %6 : Tensor = prim::If(%5) # gate.py:5:1\n"
    "    block0():\n"
    "      %7 : Tensor = aten::add(%x, %x.1, %2) # gate.py:6:1\n"
    "      -> (%7)\n"
    "    block1():\n"
    "      -> (%x)\n"
    "  return (%6)\n"
)
IR_NODES = [[], [], [2], [3], [5], [6], [6], [7], [6], [6], [6], []]
IR_VIEW = TextView("graph", "graph", IR, IR_NODES, {}, "", [ScopeRow(2, 4, "warm")])


def middle(editor, line, word, nth=0):
    """Where a word stands in the viewport."""
    text = editor.lines.lines[line]
    start = -1
    for _ in range(nth + 1):
        start = text.index(word, start + 1)
    return editor.rect_of(Span(line, start, start + len(word))).center().toPoint()


def shown(editor):
    return [line for line, _, _ in editor.visible_lines()]


def test_blocks_and_submodules_fold(editor):
    editor.set_view(IR_VIEW)
    gutter = editor.findChild(Gutter)
    triangle = gutter.width() - 8
    top = {line: int(top + height / 2) for line, top, height in editor.visible_lines()}
    QTest.mouseClick(gutter, LEFT, pos=QPoint(triangle, top[2]))
    assert shown(editor) == [0, 1, 2, 5, 6, 7, 8, 9, 10, 11]
    assert editor.lines.closed_at(2).label == "warm"
    QTest.mouseClick(gutter, LEFT, pos=QPoint(triangle, top[2]))
    assert shown(editor) == list(range(12))
    # By keys: the smallest block around the caret.
    QTest.mouseClick(editor.viewport(), LEFT, pos=middle(editor, 7, "aten::add"))
    QTest.keyClick(editor, Qt.Key.Key_BracketLeft, CONTROL)
    assert shown(editor) == [0, 1, 2, 3, 4, 5, 6, 9, 10, 11]
    assert editor.caret.place.line == 6
    QTest.keyClick(editor, Qt.Key.Key_BracketRight, CONTROL)
    assert shown(editor) == list(range(12))
    QTest.keyClick(editor, Qt.Key.Key_BraceLeft, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert shown(editor) == [0, 1, 2, 5, 11]
    # What is gone to is opened.
    editor.show_line(7)
    assert 7 in shown(editor)


def test_the_uses_of_a_value_are_marked_and_its_definition_is_gone_to(qtbot, editor):
    editor.set_view(IR_VIEW)
    QTest.mouseClick(editor.viewport(), LEFT, pos=middle(editor, 7, "%x,"))
    # %x.1 is another value.
    assert {line: len(spans) for line, spans in editor.uses.items()} == {3: 1, 4: 1, 7: 1, 10: 1}
    assert editor.bar.marks["uses"] == {3, 4, 7, 10}
    with qtbot.waitSignal(editor.nodes_picked) as picked:
        QTest.keyClick(editor, Qt.Key.Key_F12)
    assert picked.args == [(3,)]
    assert editor.caret.place.line == 3
    assert editor.selected_text() == "%x"
    QTest.keyClick(editor, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    assert editor.caret.place.line == 4
    with qtbot.waitSignal(editor.nodes_picked) as picked:
        QTest.mouseClick(editor.viewport(), LEFT, CONTROL, middle(editor, 11, "%6"))
    assert picked.args == [(6,)]
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.uses


CODE = (
    "def forward(self,\n    x: Tensor) -> Tensor:\n  y = torch.relu(x)\n  a, b, = torch.chunk(y, 2)\n"
    "  if True:\n    y0 = torch.mul(a, y)\n  else:\n    y0 = b\n  return y0\n"
)


@pytest.mark.parametrize(
    ("line", "column", "where"),
    [(5, 19, (3, 2)), (5, 22, (2, 2)), (2, 17, (1, 4)), (7, 9, (3, 5)), (8, 10, (7, 4))],
)
def test_definitions_in_code(editor, line, column, where):
    editor.set_view(TextView("code", "code", CODE, [], {}))
    editor.move_caret(Place(line, column))
    assert editor.go_to_definition()
    assert editor.caret.ends[0] == where


def test_attributes_and_keywords_are_no_values(editor):
    editor.set_view(TextView("code", "code", "  x = (self.x).y\n  return x\n", [], {}))
    editor.move_caret(Place(0, 11))
    assert not editor.uses
    editor.move_caret(Place(1, 4))
    assert not editor.uses
    editor.move_caret(Place(0, 2))
    assert sum(map(len, editor.uses.values())) == 2


def test_text_is_selected_by_mouse_and_keys_and_copied(qtbot, editor):
    editor.set_view(IR_VIEW)
    clipboard = QGuiApplication.clipboard()
    start, end = middle(editor, 3, "%x"), middle(editor, 4, "aten")
    QTest.mousePress(editor.viewport(), LEFT, pos=start)
    QTest.mouseMove(editor.viewport(), end)
    QTest.mouseRelease(editor.viewport(), LEFT, pos=end)
    QTest.keyClick(editor, Qt.Key.Key_C, CONTROL)
    assert clipboard.text().startswith("x : Tensor = aten::relu(%x.1) # gate.py:4:1\n  %5 : bool = a")
    QTest.mouseDClick(editor.viewport(), LEFT, pos=middle(editor, 7, "aten::add"))
    assert editor.selected_text() == "aten::add"
    QTest.keyClick(editor, Qt.Key.Key_A, CONTROL)
    assert editor.selected_text() == IR.removesuffix("\n")
    editor.move_caret(Place(3, 2))
    QTest.keyClick(editor, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert editor.selected_text().endswith("# gate.py:4:1")
    editor.move_caret(Place(3, 2))
    for key, modifiers, place in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (3, 3)),
        (Qt.Key.Key_Right, CONTROL, (3, 4)),
        (Qt.Key.Key_Right, CONTROL, (3, 6)),
        (Qt.Key.Key_Left, CONTROL, (3, 5)),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, (3, 0)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, (2, len(editor.lines.lines[2]))),
        (Qt.Key.Key_End, CONTROL, (11, 13)),
        (Qt.Key.Key_Home, CONTROL, (0, 0)),
    ):
        QTest.keyClick(editor, key, modifiers)
        assert editor.caret.place == place
    assert not editor.caret.has_selection


def test_a_pattern_finds_words_and_expressions():
    assert list(Pattern("RELU").spans("relu Relu")) == [(0, 4), (5, 9)]
    assert list(Pattern("RELU", is_exact=True).spans("relu RELU")) == [(5, 9)]
    assert list(Pattern(r"%\d+ : Float\(", is_regex=True).spans("%5 : Float(1, 2)")) == [(0, 11)]
    # Letters that Qt counts twice, and one whose lower case is longer.
    assert list(Pattern(r"b+", is_regex=True).spans("\U0001f600 bb")) == [(2, 4)]
    assert list(Pattern("x").spans("İx")) == [(1, 2)]
    wrong = Pattern("(", is_regex=True)
    assert wrong.problem
    assert not list(wrong.spans("("))


def test_an_expression_that_would_never_end_is_given_up():
    begin = time.perf_counter()
    assert not list(Pattern("(a+)+$", is_regex=True).spans("a" * 40 + "b"))
    assert time.perf_counter() - begin < 2.0


def test_a_long_line_is_cut_on_the_screen_only(editor):
    editor.set_view(TextView("graph", "graph", "x" * 100_000 + "\n", [], {}))
    editor.grab()
    assert "96,000 more characters" in editor.layouts.of(0).text()
    QTest.keyClick(editor, Qt.Key.Key_A, CONTROL)
    assert len(editor.selected_text()) == 100_000
