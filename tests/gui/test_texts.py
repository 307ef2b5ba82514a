"""Texts: tokens, lazy colouring, long texts, and staying in place when they change."""

import time

import pytest

from jitviewer.protocol.rows import NodeTime, TextView
from jitviewer.ui.editors.code_editor import CodeEditor
from jitviewer.ui.editors.lexers import tokens
from jitviewer.ui.editors.source_lexer import source_tokens
from jitviewer.ui.theme import load_theme


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
    lines = source_tokens('"""One\ntwo"""\nx = 1\n')
    assert [token.kind for token in lines[0]] == ["string"]
    assert [token.kind for token in lines[1]] == ["string"]
    assert lines[2][-1].kind == "number"


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


def test_only_lines_in_sight_are_coloured(editor):
    editor.set_view(long_view(10_000))
    editor.grab()
    assert editor.document().firstBlock().layout().formats()
    assert not editor.document().findBlockByNumber(5000).layout().formats()
    editor.show_line(5000)
    editor.grab()
    assert editor.document().findBlockByNumber(5000).layout().formats()


def test_a_long_text_is_shown_at_once(editor):
    view = long_view(10_000)
    begin = time.perf_counter()
    editor.set_view(view)
    editor.grab()
    # Colouring every line would take several times as long.
    assert time.perf_counter() - begin < 2.0


def test_the_place_that_is_looked_at_stays_when_lines_above_disappear(editor):
    editor.set_view(long_view(1000))
    editor.verticalScrollBar().setValue(600)
    editor.set_view(long_view(1000, first=100))
    assert editor.firstVisibleBlock().text().startswith("  %600 ")


def test_what_changed_is_scrolled_into_sight(editor):
    editor.set_view(long_view(1000))
    editor.set_view(long_view(1000, mark=800))
    first = editor.firstVisibleBlock().blockNumber()
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
