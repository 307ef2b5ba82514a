"""A Python file in the window: asked about before it is run, listed, compiled, its problems lead to lines."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QMenu, QPushButton

from jitviewer.protocol import requests
from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.models.problem_model import ProblemModel
from jitviewer.ui.models.tree_model import ROW_ROLE
from tests.gui.conftest import open_file

LEFT = Qt.MouseButton.LeftButton


def button(page, text):
    return next(b for b in page.message.findChildren(QPushButton) if text in b.text())


@pytest.fixture
def asked(qtbot, window):
    window.open_path("models/net.py")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.phase == "asking")
    return page


@pytest.fixture
def script(qtbot, asked):
    """The page of a file that was trusted, its first function shown."""
    QTest.mouseClick(button(asked, "Trust"), LEFT)
    qtbot.waitUntil(lambda: asked.document.canvas is not None)
    return asked


def tree_index(window, name):
    model = window.tree.view.model()
    lines = [model.index(row, 0) for row in range(model.rowCount())]
    return next(index for index in lines if index.data(ROW_ROLE).name == name)


def test_a_file_is_run_only_after_a_yes(asked, transport):
    assert asked.currentWidget() is asked.message
    assert asked.message.isVisible()
    assert "net.py" in asked.message.heading.text()
    assert [request.trusted for request in transport.asked(requests.OpenDocument)] == [None]


def test_a_no_closes_the_tab_and_asks_again_next_time(qtbot, window, asked, transport):
    QTest.mouseClick(button(asked, "Do not run"), LEFT)
    qtbot.waitUntil(lambda: window.current_page() is None)
    window.open_path("models/net.py")
    qtbot.waitUntil(lambda: window.current_page() is not None)
    assert not any(request.trusted for request in transport.asked(requests.OpenDocument))


def test_a_file_that_does_not_end_can_be_stopped(qtbot, window, asked, transport, monkeypatch):
    monkeypatch.setattr(transport.engine, "_open_script", lambda _number, _path: [])
    asked._waiting.setInterval(1)
    QTest.mouseClick(button(asked, "Trust"), LEFT)
    qtbot.waitUntil(lambda: "still running" in asked.message.sentence.text())
    assert asked.message.heading.text() == "Opening net.py"
    QTest.mouseClick(button(asked, "Stop net.py"), LEFT)
    qtbot.waitUntil(lambda: window.current_page() is None)
    assert transport.asked(requests.CloseDocument)


def test_a_yes_is_remembered(qtbot, window, script, transport):
    window.close_current()
    qtbot.waitUntil(lambda: window.current_page() is None)
    window.open_path("models/net.py")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.canvas is not None)
    asked = [request.trusted is not None for request in transport.asked(requests.OpenDocument)]
    assert asked == [False, True, False, True]


def test_a_class_asks_for_its_arguments_in_place(qtbot, window, script, transport):
    bar = script.view.constructor_bar
    assert bar.isHidden()
    window.tree.view.setCurrentIndex(tree_index(window, "Net"))
    window.tree.view.setFocus()
    QTest.keyClick(window.tree.view, Qt.Key.Key_Return)
    assert bar.isVisible()
    assert bar.field.placeholderText() == "width: int, bias: bool = (1 > 0)"
    QTest.keyClicks(bar.field, "8, bias=False")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.isHidden()
    assert transport.asked(requests.CompileObject)[-1:] == [
        requests.CompileObject(script.document.number, "Net", "8, bias=False")
    ]
    qtbot.waitUntil(lambda: script.document.module_path == "Net:")
    assert script.document.place().arguments == {"Net": "8, bias=False"}
    assert tree_index(window, "Net").data(ROW_ROLE).kind == "module"
    assert "Net.forward" in script.view.code.title.text()


def test_the_question_for_arguments_goes_when_something_else_is_shown(qtbot, window, script):
    bar = script.view.constructor_bar
    for name in ("Net", "scale"):
        window.tree.view.setCurrentIndex(tree_index(window, name))
        window.tree.view.setFocus()
        QTest.keyClick(window.tree.view, Qt.Key.Key_Return)
        qtbot.waitUntil(bar.isVisible if name == "Net" else bar.isHidden)


def test_a_class_without_arguments_is_compiled_at_once(window, script, transport):
    window.tree.view.setCurrentIndex(tree_index(window, "Config"))
    window.tree.view.setFocus()
    QTest.keyClick(window.tree.view, Qt.Key.Key_Return)
    assert script.view.constructor_bar.isHidden()
    assert transport.asked(requests.CompileObject)[-1].name == "Config"


def test_a_class_that_cannot_be_compiled_leads_to_its_line(window, script, transport):
    window.tree.view.setCurrentIndex(tree_index(window, "Broken"))
    window.tree.view.setFocus()
    QTest.keyClick(window.tree.view, Qt.Key.Key_Return)
    assert script.view.constructor_bar.isHidden()
    assert not transport.asked(requests.CompileObject)
    assert transport.asked(requests.ShowRecord)[-1].record.endswith("net.py:9")


def test_escape_gives_the_arguments_up(window, script, transport):
    bar = script.view.constructor_bar
    script.document.show_scriptable(TreeRow(1, 0, "scriptable", "Net", "", "", 0, "width: int"))
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert not transport.asked(requests.CompileObject)


def test_a_problem_leads_to_its_line(qtbot, script, transport):
    problems = script.view.problems
    assert problems.isVisible()
    assert problems.heading.text() == "2 objects cannot be compiled"
    index = problems.model.index(0)
    assert index.data() == "net.py:7  bad: Lambda expressions are not supported"
    assert "lambda x: x" in index.data(Qt.ItemDataRole.ToolTipRole)
    QTest.mouseClick(problems.view.viewport(), LEFT, pos=problems.view.visualRect(index).center())
    qtbot.waitUntil(lambda: script.document.record is not None)
    assert transport.asked(requests.ShowRecord)[-1].record.endswith("net.py:7")
    # The rest of the file is as usable as before.
    assert script.document.method == "scale"


def test_the_file_its_code_and_its_graph_are_linked(qtbot, window, script):
    space = script.view
    panes = (space.source, space.code, space.graph)
    assert all(pane.isVisible() for pane in panes)
    assert space.source.title.text() == "Source  ·  net.py"
    space.source.editor.pick_line(2)
    assert script.document.selection.nodes == (11,)
    for pane in panes:
        assert pane.editor.selected_lines
        assert all(11 in pane.editor.nodes_of(line) for line in pane.editor.selected_lines)
    script.document.selection.select((10,), "canvas")
    assert space.source.editor.selected_lines == {3}


def test_another_file_takes_the_place_of_the_source(qtbot, script):
    space = script.view
    script.document.show_problem(script.document.problems[0])
    qtbot.waitUntil(space.record.isVisible)
    assert space.source.isHidden()
    assert space.code.isVisible()
    space.record.closed.emit()
    assert space.source.isVisible()
    assert space.record.isHidden()


def test_an_archive_has_no_problems(opened):
    assert opened.current_page().view.problems.isHidden()
    assert opened.current_page().view.constructor_bar.isHidden()
    assert opened.current_page().view.source.isHidden()


def test_the_list_of_problems_keeps_the_rules_of_models(qtbot, script):
    model = ProblemModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(script.document.problems * 3)
    model.set_rows([])


def test_what_is_open_and_selected_in_the_tree_stays_when_it_changes(qtbot, window, script):
    document, view = script.document, window.tree.view
    modules = [
        TreeRow(1, 0, "module", "First", "First:", "First", 0),
        TreeRow(2, 1, "module", "inner", "First:inner", "Linear", 0),
        TreeRow(3, 2, "parameter", "weight", "First:inner", "float32[2]", 8),
    ]
    document.tree = [*modules, TreeRow(4, 0, "scriptable", "Config", "", "class, line 9", 0)]
    document.tree_changed.emit()
    inner = view.model().index(0, 0, tree_index(window, "First"))
    assert view.isExpanded(tree_index(window, "First"))
    assert not view.isExpanded(inner)
    view.expand(inner)
    view.setCurrentIndex(tree_index(window, "Config"))
    view.setFocus()
    config = [
        TreeRow(4, 0, "module", "Config", "Config:", "class, line 9", 0),
        TreeRow(5, 4, "method", "__init__", "Config:", "() -> None", 0),
    ]
    document.tree = [*modules, *config]
    document.tree_changed.emit()
    assert view.isExpanded(view.model().index(0, 0, tree_index(window, "First")))
    assert view.currentIndex().data(ROW_ROLE).path == "Config:"
    assert view.isExpanded(tree_index(window, "Config"))
    view.collapse(tree_index(window, "First"))
    document.tree_changed.emit()
    assert not view.isExpanded(tree_index(window, "First"))


def test_three_texts_stand_in_two_columns_or_one_where_there_is_little_room(qtbot, window, script):
    space = script.view
    above, beside = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
    assert (space.texts.orientation(), space.made.orientation()) == (beside, above)
    window.passes.show()
    qtbot.waitUntil(lambda: space.width() < 960)
    assert (space.texts.orientation(), space.made.orientation()) == (above, above)
    window.passes.hide()
    space.canvas.arrange.click()
    assert (space.texts.orientation(), space.made.orientation()) == (beside, beside)
    assert not window.arrangement.is_beside
    open_file(qtbot, window, "gate.pt")
    assert window.current_page() is not script
    assert window.current_page().view.made.orientation() == beside


def test_an_archive_has_its_texts_in_a_row(qtbot, window):
    open_file(qtbot, window, "gate.pt")
    assert window.current_page().view.made.orientation() == Qt.Orientation.Horizontal


def choose(window, name):
    window.tree.view.setCurrentIndex(tree_index(window, name))
    window.tree.view.setFocus()


def test_a_function_is_traced_with_inputs_that_are_proposed_and_edited(qtbot, window, script, transport):
    bar = script.view.trace_bar
    assert bar.isHidden()
    choose(window, "scale")
    QTest.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(bar.isVisible)
    assert bar.heading.text() == "Trace scale with these inputs"
    assert [field.spec.text() for field in bar.fields] == ["float32[2,8]", ""]
    bar.fields[0].spec.setText("float32[3,8]")
    QTest.mouseClick(bar.button, LEFT)
    asked = transport.asked(requests.TraceObject)[-1]
    # What has a default and was left empty is left out.
    assert asked == requests.TraceObject(script.document.number, "scale", "", ["float32[3,8]"])
    qtbot.waitUntil(lambda: script.document.module_path == "trace(scale):")
    assert bar.isHidden()
    assert tree_index(window, "trace(scale)").data(ROW_ROLE).kind == "module"
    assert "trace(scale).forward" in script.view.code.title.text()
    assert script.document.place().traces == {"trace(scale)": ["float32[3,8]"]}
    problems = script.view.problems
    assert problems.heading.text() == "1 warning of traces"
    assert problems.model.index(0).data() == "net.py:2  warning, trace(scale): a boolean"


def test_a_class_is_asked_for_its_arguments_before_it_is_traced(qtbot, window, script, transport):
    choose(window, "Net")
    QTest.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    constructor, bar = script.view.constructor_bar, script.view.trace_bar
    assert constructor.isVisible()
    QTest.keyClicks(constructor.field, "8")
    QTest.mouseClick(constructor.trace, LEFT)
    assert constructor.isHidden()
    qtbot.waitUntil(bar.isVisible)
    assert bar.heading.text() == "Trace Net(8) with these inputs"
    QTest.keyClick(bar.fields[0].spec, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: script.document.module_path == "trace(Net):")
    assert transport.asked(requests.TraceObject)[-1].arguments == "8"
    assert script.document.place().arguments == {"Net": "8"}


def test_there_is_room_for_the_fields_each_time(qtbot, window, script):
    bar = script.view.trace_bar
    for _ in range(2):
        script.document.objects.propose_trace("scale", "")
        qtbot.waitUntil(bar.isVisible)
        field = bar.fields[0].spec
        qtbot.waitUntil(lambda field=field: field.visibleRegion().boundingRect() == field.rect())
        bar.hide()


def test_a_trace_that_fails_leaves_its_inputs_to_be_changed(qtbot, window, script):
    script.document.objects.propose_trace("scale", "")
    bar = script.view.trace_bar
    qtbot.waitUntil(bar.isVisible)
    bar.fields[0].spec.setText("float32[9]")
    QTest.mouseClick(bar.button, LEFT)
    qtbot.waitUntil(lambda: script.view.banner.isVisible() and not script.document.objects.tracing)
    assert script.view.banner.sentence.text() == "wrong sizes"
    assert bar.isVisible()
    assert bar.fields[0].isVisible()
    assert (bar.fields[0].spec.text(), bar.button.text()) == ("float32[9]", "Trace")
    assert script.view.problems.heading.text() == "1 object cannot be compiled or traced"
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_a_trace_that_does_not_end_can_be_stopped(qtbot, window, script, transport):
    document, bar = script.document, script.view.trace_bar
    document.objects.trace("forever", "", ["1"])
    qtbot.waitUntil(lambda: any(row.name == "trace(forever)" for row in document.tree))
    assert bar.isVisible()
    assert (bar.heading.text(), bar.button.text()) == ("Tracing forever…", "Stop")
    assert bar.progress.isVisible()
    QTest.mouseClick(bar.button, LEFT)
    qtbot.waitUntil(bar.isHidden)
    assert transport.asked(requests.StopObject)
    assert not document.objects.tracing
    assert script.view.banner.sentence.text() == "tracing forever was stopped"


def test_what_is_shown_is_traced_with_the_inputs_of_the_run_form(qtbot, window, script, transport):
    window.run.come_into_sight()
    button = window.run.trace
    qtbot.waitUntil(button.isVisible)
    window.run.form.fields[0].spec.setText("float32[5,8]")
    QTest.mouseClick(button, LEFT)
    assert transport.asked(requests.TraceObject)[-1].inputs == ["float32[5,8]"]
    qtbot.waitUntil(lambda: script.document.module_path == "trace(scale):")


def test_the_menu_of_a_line_offers_to_trace_its_object(qtbot, window, script, transport):
    view = window.tree.view
    place = view.visualRect(tree_index(window, "scale")).center()
    window.tree._on_menu_wanted(place)
    menu = next(menu for menu in view.findChildren(QMenu) if menu.actions())
    assert [action.text() for action in menu.actions()] == ["Trace scale…", "Why does a trace differ?"]
    menu.actions()[0].trigger()
    menu.close()
    assert transport.asked(requests.ProposeTrace)[-1].name == "scale"


def test_an_archive_has_nothing_to_trace(qtbot, opened, transport):
    QTest.keyClick(opened, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    page = opened.current_page()
    assert not transport.asked(requests.ProposeTrace)
    assert "Python files" in page.view.banner.sentence.text()
    assert opened.run.trace.isHidden()
