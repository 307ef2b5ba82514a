"""Search everywhere: what is found and how it is told apart, and the panel by keys and clicks."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from jitviewer.protocol import requests
from jitviewer.protocol.rows import NodeTime, TextView, TreeRow
from jitviewer.ui.editors.text_lines import TextLines
from jitviewer.ui.models.result_model import ResultModel
from jitviewer.ui.search.find_everywhere import KEPT, MOST_MARKS, Places, find_everywhere
from jitviewer.ui.search.graph_lines import GraphLine
from jitviewer.ui.search.query import Query
from jitviewer.ui.search.results import KINDS, Command, Found, Result
from tests.gui.fake_engine import GRAPH, GRAPH_NODES, TREE

LEFT = Qt.MouseButton.LeftButton
CODE = TextView("code", "code", "def forward(self):\n  return torch.relu(x)\n", [[], [11]], {})


LINE = "  %y : Tensor = aten::relu(%x) # a.py:1:2"
TWO = "  %y.1 : Tensor, %z : int[] = aten::f[a=1](%x)"


def places(graph=GRAPH, nodes=GRAPH_NODES, times=()):
    view = TextView("graph", "graph", graph, nodes, {})
    texts = {"code": (CODE, TextLines(CODE.text)), "graph": (view, TextLines(graph))}
    commands = [Command("Run", "Graph", "F5", bool), Command("Reset the layout", "View", "", bool)]
    return Places(commands, TREE, texts, {time.node_id: time for time in times})


def find(typed, where=None, **options):
    found = Found()
    for _ in find_everywhere(Query(typed, **options), where or places(), found):
        pass
    return found


def titles(found, kind):
    return [result.title for result in found.kept.get(kind, ())]


def test_what_is_found_is_told_apart():
    found = find("relu")
    assert titles(found, "operators") == ["aten::relu(%x)"]
    assert titles(found, "text") == ["return torch.relu(x)"]
    assert found.kept["operators"][0].target.nodes == (11,)
    assert found.nodes == {11}
    assert {span.line for span in found.spans["graph"]} == {3}
    assert titles(find("%y"), "values") == ["%y : Tensor"]
    assert find("%y").counts == {"values": 1}
    assert titles(find("float"), "types") == ["%2 : float"]
    assert titles(find("warm"), "modules")[0] == "warm"
    assert titles(find("gate.py:4"), "text") == ["%y : Tensor = aten::relu(%x) # gate.py:4:1"]
    assert titles(find("layout"), "commands") == ["Reset the layout"]


def test_signs_choose_kinds():
    assert set(find("@warm").counts) == {"modules"}
    assert titles(find(">"), "commands") == ["Run", "Reset the layout"]
    assert set(find(":tensor").counts) == {"types"}
    assert set(find("#relu").counts) == {"text"}
    assert set(find("relu", kind="operators").counts) == {"operators"}


def test_all_words_must_be_there_and_case_counts_when_asked_for():
    assert titles(find("warm float32"), "modules") == ["warm.weight"]
    assert not find("warm int8").total
    assert find("RELU").total
    assert not find("RELU", is_exact=True).total


def test_expressions():
    found = find(r"aten::(relu|mul)\(%\w+", is_regex=True)
    assert len(titles(found, "operators")) == 2
    assert find("(", is_regex=True).problem
    assert not find("(", is_regex=True).total


def test_names_that_begin_with_the_words_stand_first():
    tree = [
        TreeRow(1, 0, "module", "x", "a.conv_x", "", 0), TreeRow(2, 0, "module", "x", "conv.b", "", 0),
        TreeRow(3, 0, "module", "x", "a.my_conv", "", 0), TreeRow(4, 0, "module", "x", "b.conv", "", 0),
    ]  # fmt: skip
    assert titles(find("conv", Places(tree=tree)), "modules") == ["b.conv", "a.conv_x", "a.my_conv", "conv.b"]


def test_classes_and_records_stand_behind_modules_and_operators():
    tree = [
        TreeRow(1, 0, "class", "Relu", "__torch__", "", 0),
        TreeRow(2, 0, "record", "relu.py", "code/relu.py", "", 0),
        TreeRow(3, 0, "method", "relu", "", "(x: Tensor)", 0),
        TreeRow(4, 0, "module", "relu", "a.relu", "", 0),
    ]  # fmt: skip
    found = find("relu", Places(tree=tree, texts=places().texts))
    assert set(titles(found, "modules")) == {"relu", "a.relu"}
    assert titles(found, "classes") == ["__torch__.Relu", "code/relu.py"]
    model = ResultModel(None)
    model.show_found(found, is_one_kind=False)
    kinds = [entry.kind for entry in model.entries if isinstance(entry, Result)]
    assert kinds == sorted(kinds, key=KINDS.index)
    assert KINDS.index("operators") < KINDS.index("classes")
    assert set(find("relu", Places(tree=tree), kind="classes").counts) == {"classes"}


def test_types_that_the_last_run_saw_are_found():
    times = [NodeTime(11, "aten::relu", 1.0, 1.0, 1.0, 0.0, 1, ["Float(2, 8)"])]
    found = find("Float(2", places(times=times))
    assert titles(found, "types") == ["Float(2, 8)"]
    assert found.kept["types"][0].target.span.line == 3


@pytest.mark.parametrize(
    ("text", "word", "kind", "title"),
    [
        (LINE, "relu", "operators", "aten::relu(%x)"),
        (LINE, "#%x", "text", LINE.strip()),
        (TWO, "%z", "values", "%y.1 : Tensor, %z : int[]"),
        (TWO, "int", "types", "%y.1 : Tensor, %z : int[]"),
        ("  %c : str = prim::Constant[value=\"relu\"]()", "relu", "text", None),
        ("    block0(%i : int):", "%i", "values", "block0(%i : int):"),
        ("graph(%self : __torch__.Gate,", "Gate", "types", "graph(%self : __torch__.Gate,"),
        ("      -> (%y)", "#%y", "text", "-> (%y)"),
        ("  return (%y)", "return", "text", "return (%y)"),
        (" = prim::RaiseException(%1)", "Raise", "operators", "prim::RaiseException(%1)"),
    ],
)  # fmt: skip
def test_lines_of_graphs(text, word, kind, title):
    view = TextView("graph", "graph", text + "\n", [[1]], {})
    found = find(word, Places(texts={"graph": (view, TextLines(view.text))}))
    assert list(found.counts) == [kind]
    if title is not None:
        assert titles(found, kind) == [title]
    assert GraphLine.of(text).text == text


def large_text():
    return "".join(
        f"  %{n} : Tensor = aten::{'relu' if n % 10 else 'mul'}(%{n - 1}) # net.py:{n}:1\n"
        for n in range(20_000)
    )


def turns(word, where):
    """What a search finds, and how often it let the window paint."""
    found = Found()
    return found, sum(1 for _ in find_everywhere(Query(word), where, found))


def test_twenty_thousand_nodes_are_searched_while_one_types():
    text = large_text()
    where = places(text, [[n] for n in range(20_000)])
    found, count = turns("mul", where)
    assert found.counts["operators"] == MOST_MARKS == 2000
    assert len(found.kept["operators"]) == KEPT
    assert not found.is_cut
    # A turn searches 32,000 characters, some three milliseconds.
    assert count > len(text) // 32_000


@pytest.mark.parametrize("word", ["relu", "e", "tensor", "%"])
def test_what_matches_everywhere_is_not_searched_to_the_end(word):
    where = places(large_text(), [[n] for n in range(20_000)])
    _, to_the_end = turns("nowhere", where)
    found, count = turns(word, where)
    assert found.is_cut
    assert count < to_the_end
    assert MOST_MARKS <= len(found.spans["graph"]) < MOST_MARKS + 10
    assert len(found.nodes) <= MOST_MARKS


def test_the_model_says_that_there_are_more_results_than_counted(qapp):
    model = ResultModel()
    found, _ = turns("relu", places(large_text(), [[n] for n in range(20_000)]))
    model.show_found(found, is_one_kind=False)
    assert "Operators, 2,000+" in [model.index(row).data() for row in range(model.rowCount())]


def test_the_model_lists_the_first_of_each_kind(qapp):
    model = ResultModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    everything = places()
    found = find("e", Places(everything.commands, [*TREE, *TREE], everything.texts))
    model.show_found(found, is_one_kind=False)
    words = [model.index(row).data() for row in range(model.rowCount())]
    assert any(word.startswith("Modules and weights, ") for word in words)
    assert any(word.endswith(" more") for word in words)
    first = model.first()
    assert first == 1
    assert model.next_choice(first, -1) == first
    model.show_found(find("@e"), is_one_kind=True)
    assert not any(str(model.index(row).data()).endswith(" more") for row in range(model.rowCount()))


def press(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.search.palette.field, key, modifiers)


def view_of(window):
    return window.current_page().view


def test_keys_alone_lead_to_a_node(qtbot, opened, transport):
    opened.actions_.search.trigger()
    palette = opened.search.palette
    assert palette.isVisible()
    QTest.keyClicks(palette.field, "mul")
    qtbot.waitUntil(lambda: palette.found.counts.get("operators") == 1)
    # Matches are marked at once, on the canvas too.
    assert view_of(opened).canvas.view.graph.found_boxes == ["n12"]
    assert len(view_of(opened).canvas.overview.marks) == 1
    assert view_of(opened).graph.editor.bar.marks["found"] == {4}
    while palette.view.currentIndex().data() != "aten::mul(%y, %2)":
        press(opened, Qt.Key.Key_Down)
    press(opened, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert opened.current_page().document.selection.nodes == (12,)
    assert transport.asked(requests.RevealNode)[-1].node_id == 12
    assert view_of(opened).graph.editor.selected_lines == {4}
    # The marks stay until the search is given up.
    assert view_of(opened).graph.editor.found
    opened.actions_.search.trigger()
    press(opened, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert not view_of(opened).graph.editor.found
    assert not view_of(opened).canvas.view.graph.found_boxes
    assert not view_of(opened).canvas.overview.marks


def test_a_click_leads_to_a_module_in_the_tree(qtbot, opened, transport):
    opened.actions_.search.trigger()
    palette = opened.search.palette
    QTest.keyClicks(palette.field, "@weight")
    qtbot.waitUntil(lambda: palette.model.rowCount() == 2)
    rect = palette.view.visualRect(palette.model.index(1))
    QTest.mouseClick(palette.view.viewport(), LEFT, pos=rect.center())
    assert opened.tree.view.currentIndex().data() == "weight"
    assert transport.asked(requests.InspectTreeRow)[-1].row == 5


def test_commands_are_run(qtbot, opened, transport):
    opened.actions_.commands.trigger()
    palette = opened.search.palette
    assert palette.field.text() == ">"
    assert palette.kinds.button(1).isChecked()
    QTest.keyClicks(palette.field, "dce on")
    qtbot.waitUntil(lambda: palette.model.rowCount() == 2)
    press(opened, Qt.Key.Key_Return)
    assert transport.asked(requests.SetPasses)[-1].passes == ["inline", "dce"]


def test_tab_goes_through_the_kinds_and_more_shows_one(qtbot, opened):
    opened.actions_.search.trigger()
    palette = opened.search.palette
    QTest.keyClicks(palette.field, "e")

    def texts():
        return [str(palette.model.index(row).data()) for row in range(palette.model.rowCount())]

    # Kinds are found one after the other.
    qtbot.waitUntil(lambda: any(text.endswith(" more") for text in texts()))
    press(opened, Qt.Key.Key_Tab)
    assert palette.kinds.button(1).isChecked()
    press(opened, Qt.Key.Key_Backtab)
    assert palette.kinds.button(0).isChecked()
    more = next(
        row
        for row in range(palette.model.rowCount())
        if str(palette.model.index(row).data()).endswith(" more")
    )
    while palette.view.currentIndex().row() != more:
        press(opened, Qt.Key.Key_Down)
    press(opened, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert not palette.kinds.button(0).isChecked()


def test_a_wrong_expression_says_why(qtbot, opened):
    opened.actions_.search.trigger()
    palette = opened.search.palette
    palette.regex.click()
    QTest.keyClicks(palette.field, "re(")
    qtbot.waitUntil(lambda: "parenthes" in palette.status.text())
    QTest.keyClicks(palette.field, "lu)")
    qtbot.waitUntil(lambda: palette.found.total > 0)


def test_a_click_beside_closes_and_the_results_can_be_walked(qtbot, opened):
    opened.actions_.search.trigger()
    palette = opened.search.palette
    QTest.keyClicks(palette.field, "aten")
    qtbot.waitUntil(lambda: palette.found.total == 2)
    QTest.mouseClick(opened.statusBar(), LEFT, pos=QPoint(5, 5))
    assert not palette.isVisible()
    opened.actions_.next_found.trigger()
    assert opened.current_page().document.selection.nodes == (11,)
    opened.actions_.next_found.trigger()
    assert opened.current_page().document.selection.nodes == (12,)
    opened.actions_.previous_found.trigger()
    assert opened.current_page().document.selection.nodes == (11,)


def test_without_a_document_commands_and_recent_files_are_found(qtbot, window, settings):
    settings.remember_files(["/somewhere/net.pt"])
    window.actions_.search.trigger()
    palette = window.search.palette
    QTest.keyClicks(palette.field, "net")
    qtbot.waitUntil(lambda: palette.found.counts.get("commands") == 1)
    assert palette.view.currentIndex().data() == "Open net.pt"
