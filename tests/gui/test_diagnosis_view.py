"""Why a trace differs, asked for and told in the window, driven by clicks and keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton

from jitviewer.protocol import events, requests
from jitviewer.protocol.diagnosis_rows import RemedyRow
from jitviewer.trusted_source import read_source
from jitviewer.ui.compare.diagnosis_facts import Links, decisions_of, facts_of, heading_of_decisions, verdict
from jitviewer.ui.services import remedies
from jitviewer.ui.services.remedies import RemedyError, patched
from tests.gui.diagnoses import AFTER, BEFORE, FILE, HELPER, PATCH, diagnosis
from tests.gui.rooms import is_on, turn_to
from tests.gui.test_python_files import asked, button, choose, script, tree_index

__all__ = ["asked", "script"]
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def told(page, transport, row):
    transport._reply([events.DiagnosisDone(page.document.number, row)])
    QApplication.processEvents()
    QApplication.processEvents()


@pytest.fixture
def view(window, script, transport):
    """The comparison of a Python file with a trace of its own, in its workspace, with a result."""
    turn_to(window, "compare")
    told(script, transport, diagnosis())
    return script.view.comparison.diagnosis


@pytest.fixture
def cured(view, script, transport, tmp_path):
    """The file that a diagnosis is of, and whose remedy it offers."""
    path = tmp_path / "net.py"
    path.write_text(BEFORE)
    content = read_source(str(path))[1]
    told(script, transport, diagnosis(content=content, remedy=RemedyRow("a is 2", str(path), PATCH)))
    QTest.mouseClick(view.tabs.button(1), LEFT)
    return path


# --- words ------------------------------------------------------------------------------------------


def links(files=(FILE, HELPER), rows=None):
    return Links(lambda file: file in files, lambda file, line: (rows or {}).get((file, line), -1))


def test_facts_tell_cause_inputs_and_sides_and_lead_to_lines_nodes_and_the_remedy():
    facts = {(fact.group, fact.name): fact for fact in facts_of(diagnosis(), links(rows={(FILE, 4): 1}))}
    assert facts["Cause", "kind"].text == "branch: Python took one way of a condition"
    assert (facts["Cause", "line"].text, facts["Cause", "line"].link) == ("net.py, line 4", f"line:{FILE}:4")
    assert facts["Cause", "node"].link == "row:1"
    assert (facts["Cause", "remedy"].text, facts["Cause", "remedy"].link) == ("Script the branch.", "page:1")
    assert facts["What sets them apart", "inputs"].text == "float32[2] = [-1, -1]"
    assert facts["Which sides agree", "program, trace"].text == "differ"
    assert facts["Which sides agree", "program, script"].text == "agree"
    assert facts["Which sides agree", "tried"].text.startswith("12 inputs; ")


def test_all_decisions_lead_to_line_node_and_inputs_and_those_of_libraries_nowhere():
    row = diagnosis()
    assert heading_of_decisions(row) == "Decisions (5)"
    found = decisions_of(row, links(rows={(FILE, 4): 1, (HELPER, 2): 3}))
    branch, shape = "branch: Python took one way of a condition", "shape: a size became a number"
    assert [(fact.group, fact.name, fact.text, fact.link) for fact in found] == [
        (f"1. {branch}", "line", "net.py, line 4", f"line:{FILE}:4"),
        (f"1. {branch}", "decided", "if x.sum() > 0: = True: taken once.", ""),
        (f"1. {branch}", "node", "show it in the graphs", "row:1"),
        (f"1. {branch}", "otherwise with", "float32[2] = [-1, -1]", ""),
        (f"2. {branch}", "line", f"{HELPER}, line 2", f"line:{HELPER}:2"),
        (
            f"2. {branch}",
            "decided",
            "if x.sum() > 0: = True, 3 times: taken once. No input was found that decides otherwise.",
            "",
        ),
        (f"2. {branch}", "node", "show it in the graphs", "row:3"),
        (f"3. {shape}", "line", "/lib/library.py, line 4", ""),
        (f"3. {shape}", "decided", "if x.sum() > 0:. Nothing of the inputs is in it.", ""),
        ("", "", "and 2 more", ""),
    ]


def test_the_verdict_says_what_and_where_or_that_there_is_nothing():
    assert verdict(diagnosis()) == (
        "scale and its trace differ because of line 4 of net.py: Python took one way of a condition."
    )
    assert "not found" in verdict(diagnosis(causes=[]))
    nothing = diagnosis(diverged=False, causes=[], explanation="With 9 inputs they agree.", decisions=[])
    assert verdict(nothing) == "No difference between scale and its trace was found."
    assert facts_of(nothing, links())[0].text == "With 9 inputs they agree."


# --- the ways there ---------------------------------------------------------------------------------


def test_the_menu_of_a_line_asks_for_inputs_and_shows_the_comparison(qtbot, window, script, transport):
    tree = window.tree.view
    window.tree._on_menu_wanted(tree.visualRect(tree_index(window, "scale")).center())
    menu = next(menu for menu in tree.findChildren(QMenu) if menu.actions())
    next(action for action in menu.actions() if "differ" in action.text()).trigger()
    menu.close()
    bar = script.view.trace_bar
    qtbot.waitUntil(bar.isVisible)
    assert bar.heading.text() == "Why does a trace of scale differ, made with these inputs?"
    assert (bar.why.objectName(), bar.button.objectName()) == ("primary", "")
    bar.fields[0].spec.setText("float32[3,8]")
    QTest.keyClick(bar.fields[0].spec, Qt.Key.Key_Return)
    expected = requests.DiagnoseObject(script.document.number, "scale", "", ["float32[3,8]"])
    assert transport.asked(requests.DiagnoseObject) == [expected]
    assert not transport.asked(requests.TraceObject)
    assert bar.isHidden()
    assert is_on(window, "compare")
    assert script.view.comparison.diagnosis.isVisible()


def test_the_bar_of_a_trace_has_it_beside_trace(qtbot, window, script, transport):
    choose(window, "scale")
    QTest.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    bar = script.view.trace_bar
    qtbot.waitUntil(bar.isVisible)
    assert (bar.why.objectName(), bar.button.objectName()) == ("", "primary")
    QTest.mouseClick(bar.why, LEFT)
    assert transport.asked(requests.DiagnoseObject)[-1].name == "scale"


def test_keys_ask_it_and_a_class_is_asked_for_its_arguments_first(qtbot, window, script, transport):
    choose(window, "Net")
    QTest.keyClick(window, Qt.Key.Key_F5, CONTROL)
    constructor, bar = script.view.constructor_bar, script.view.trace_bar
    assert constructor.isVisible()
    QTest.keyClicks(constructor.field, "8")
    QTest.mouseClick(constructor.why, LEFT)
    qtbot.waitUntil(bar.isVisible)
    assert "Net(8)" in bar.heading.text()
    QTest.mouseClick(bar.why, LEFT)
    assert transport.asked(requests.DiagnoseObject)[-1].arguments == "8"


def test_the_workspace_asks_for_inputs_of_a_module_at_once(qtbot, window, script, transport):
    turn_to(window, "compare")
    qtbot.waitUntil(script.view.trace_bar.isVisible)
    assert "Broken" in script.view.trace_bar.heading.text()
    turn_to(window, "read")
    turn_to(window, "compare")
    assert len(transport.asked(requests.ProposeTrace)) == 1


def test_another_object_is_chosen_by_keys(qtbot, window, script):
    turn_to(window, "compare")
    bar, objects = script.view.trace_bar, script.view.comparison.diagnosis.objects
    qtbot.waitUntil(bar.isVisible)
    QTest.keyClick(bar.fields[0].spec, Qt.Key.Key_Escape)
    assert bar.isHidden()
    objects.setFocus()
    QTest.keyClicks(objects, "s")
    assert objects.name == "scale"
    QTest.mouseClick(script.view.comparison.diagnosis.ask, LEFT)
    qtbot.waitUntil(bar.isVisible)
    assert "scale" in bar.heading.text()


def test_inputs_that_do_not_fit_can_be_changed_at_once(qtbot, window, script, transport):
    turn_to(window, "compare")
    bar = script.view.trace_bar
    qtbot.waitUntil(bar.isVisible)
    bar.fields[0].spec.setText("float32[9]")
    QTest.mouseClick(bar.why, LEFT)
    assert bar.isHidden()
    transport._reply([events.DiagnosisStopped(script.document.number, "It raises on its inputs.")])
    qtbot.waitUntil(bar.isVisible)
    assert bar.fields[0].spec.text() == "float32[9]"
    assert script.view.comparison.diagnosis.sentence.text() == "It raises on its inputs."


def test_an_archive_has_no_trace_of_its_own_to_compare(opened, transport):
    turn_to(opened, "compare")
    comparison = opened.current_page().view.comparison
    assert not comparison.choice.isVisible()
    assert not comparison.diagnosis.isVisible()
    assert comparison.pair.isVisible()
    QTest.keyClick(opened, Qt.Key.Key_F5, CONTROL)
    assert "Python files" in opened.current_page().view.banner.sentence.text()
    assert not transport.asked(requests.ProposeTrace)


def test_a_python_file_can_be_compared_with_another_document_as_well(view, script):
    comparison = script.view.comparison
    QTest.mouseClick(comparison.choice.button(1), LEFT)
    assert comparison.pair.isVisible()
    assert not view.isVisible()
    QTest.mouseClick(comparison.choice.button(0), LEFT)
    assert view.isVisible()


# --- under way --------------------------------------------------------------------------------------


def test_it_is_stopped_and_asked_again_with_the_same_inputs(qtbot, window, script, transport):
    turn_to(window, "compare")
    view = script.view.comparison.diagnosis
    script.document.objects.diagnose("scale", "", ["float32[7]"])
    qtbot.waitUntil(lambda: view.sentence.text() == "Running scale.")
    assert view.progress.isVisible()
    assert not view.ask.isVisible()
    QTest.mouseClick(view.stop, LEFT)
    assert len(transport.asked(requests.CancelDiagnosis)) == 1
    qtbot.waitUntil(lambda: view.sentence.text() == "The comparison was stopped.")
    assert not view.stop.isVisible()
    QTest.mouseClick(view.ask, LEFT)
    bar = script.view.trace_bar
    qtbot.waitUntil(bar.isVisible)
    assert bar.fields[0].spec.text() == "float32[7]"


def test_what_was_under_way_ends_with_the_engine_or_when_the_file_is_opened_anew(window, script):
    document = script.document
    document.objects.diagnose("scale", "", [])
    document.engine_lost()
    assert not document.diagnosis.is_running
    assert "engine stopped" in document.diagnosis.sentence
    document.objects.diagnose("scale", "", [])
    document.reload()
    assert not document.diagnosis.is_running
    assert "opened anew" in document.diagnosis.sentence


# --- what came out ----------------------------------------------------------------------------------


def test_the_guilty_line_is_shown_with_the_graphs_centred_on_what_differs_first(view):
    assert "line 4 of net.py" in view.sentence.text()
    assert (view.source.file, view.source.line) == (FILE, 4)
    assert view.source.pane.editor.selected_lines == {3}
    assert "Python decided once." in view.facts.toPlainText()
    assert view.graphs.current == view.graphs.first == 1
    middle = view.graphs.rect_of(1, is_left=True).center().y()
    assert abs(middle - view.graphs.viewport().height() / 2) < 3


def test_decisions_lead_to_lines_of_other_files_and_to_nodes(view):
    QTest.mouseClick(view.tabs.button(3), LEFT)
    assert view.decisions.isVisible()
    assert "otherwise with" in view.decisions.toPlainText()
    facts = decisions_of(view._shown, view._links())
    at = next(at for at, fact in enumerate(facts) if fact.link == f"line:{HELPER}:2")
    view.decisions.anchorClicked.emit(f"fact:{at}")
    assert (view.source.file, view.source.line) == (HELPER, 2)
    assert "return len(x)" in view.source.pane.editor.toPlainText()
    view.graphs.choose(6)
    at = next(at for at, fact in enumerate(facts) if fact.link == "row:1")
    view.decisions.anchorClicked.emit(f"fact:{at}")
    assert view.graphs.current == 1
    assert (view.source.file, view.source.line) == (FILE, 4)


def test_a_node_shows_its_line_and_values_and_a_line_its_node(view):
    QTest.mouseClick(view.tabs.button(2), LEFT)
    at = view.graphs.rect_of(2, is_left=False).center().toPoint()
    QTest.mouseClick(view.graphs.viewport(), LEFT, pos=at)
    assert (view.source.file, view.source.line) == (FILE, 5)
    assert "aten::relu" in view.values.facts.toPlainText()
    view.source.pane.editor.pick_line(9)
    assert view.graphs.rows[view.graphs.current].left.kind == "aten::mul"


def test_a_script_that_cannot_be_run_beside_the_trace_is_told(view, script, transport):
    told(script, transport, diagnosis(comparison=None, why_no_graphs="Their graphs cannot be run."))
    assert view.pair.note.text() == "Their graphs cannot be run."
    assert view.pair.note.isVisible()
    assert not view.graphs.rows
    assert not view.tabs.button(2).isVisible()


def test_without_a_difference_decisions_are_listed_and_no_remedy(view, script, transport):
    told(script, transport, diagnosis(diverged=False, causes=[], inputs=[], remedy=None, explanation="Same."))
    assert "No difference" in view.sentence.text()
    assert "Same." in view.facts.toPlainText()
    assert not view.tabs.button(1).isVisible()
    QTest.mouseClick(view.tabs.button(3), LEFT)
    assert view.decisions.isVisible()


def test_the_report_is_saved(view, monkeypatch, tmp_path):
    out = tmp_path / "why.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    QTest.mouseClick(view.save, LEFT)
    assert out.read_text() == "<!doctype html><title>scale</title>"
    assert view.sentence.text() == f"Saved {out}."
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "x.html"), ""))
    QTest.mouseClick(view.save, LEFT)
    assert "cannot be written" in view.sentence.text()


# --- the remedy -------------------------------------------------------------------------------------


def test_the_remedy_is_applied_and_undone(view, cured):
    assert "+a = 2" in view.remedy.patch.toPlainText()
    assert not view.remedy.undo.isVisible()
    view.remedy.apply.click()
    assert cured.read_text() == AFTER
    assert not view.remedy.apply.isVisible()
    view.remedy.undo.click()
    assert cured.read_text() == BEFORE
    assert view.remedy.apply.isVisible()


def test_a_file_that_changed_since_is_left_alone(view, cured):
    cured.write_text(BEFORE + "c = 4\n")
    view.remedy.apply.click()
    assert cured.read_text() == BEFORE + "c = 4\n"
    assert "has changed since" in view.remedy.remark.text()


def test_what_was_changed_after_the_remedy_is_not_undone(view, cured):
    view.remedy.apply.click()
    cured.write_text(AFTER + "c = 4\n")
    view.remedy.undo.click()
    assert cured.read_text() == AFTER + "c = 4\n"
    assert "has changed since" in view.remedy.remark.text()


def test_a_remedy_of_another_file_is_not_written(view, cured, script, transport):
    other = cured.parent / "other.py"
    other.write_text(BEFORE)
    content = read_source(str(cured))[1]
    told(script, transport, diagnosis(content=content, remedy=RemedyRow("a is 2", str(other), PATCH)))
    view.remedy.apply.click()
    assert other.read_text() == BEFORE
    assert "by hand" in view.remedy.remark.text()


def test_a_file_that_cannot_be_written_is_told(view, cured, monkeypatch):
    monkeypatch.setattr(remedies, "write_exported", lambda *_: "no space left on device")
    view.remedy.apply.click()
    assert cured.read_text() == BEFORE
    assert "cannot be written: no space left" in view.remedy.remark.text()
    assert view.remedy.apply.isVisible()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_patch_keeps_the_line_ends_of_a_file(ending):
    before, after = BEFORE.replace("\n", ending), AFTER.replace("\n", ending)
    assert patched(before.encode(), PATCH, "net.py") == after.encode()


def test_hunks_come_one_after_the_other_and_may_only_add():
    patch = "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+first\n@@ -2 +3 @@\n-two\n+2\n@@ -3,0 +5,1 @@\n+last\n"
    assert patched(b"one\ntwo\nthree\n", patch, "x") == b"first\none\n2\nthree\nlast\n"


@pytest.mark.parametrize(
    "patch",
    [
        PATCH.replace("a = 1", "a = 5"),
        PATCH.replace("-1,3", "-2,3"),
        PATCH.replace(" b = 3\n", ""),
        PATCH + "nonsense\n",
    ],
)
def test_a_patch_that_does_not_fit_changes_nothing(patch):
    with pytest.raises(RemedyError, match="does not fit"):
        patched(BEFORE.encode(), patch, "net.py")


def test_a_text_that_is_not_utf_8_is_not_patched():
    with pytest.raises(RemedyError, match="UTF-8"):
        patched(b"\xff", PATCH, "net.py")


# --- as somebody new ----------------------------------------------------------------------------------


def test_a_sample_leads_from_the_empty_window_to_the_guilty_line_in_three_clicks(qtbot, window, transport):
    cards = window.start_page.findChildren(QPushButton)
    card = next(card for card in cards if "Loudness" in card.accessibleName())
    QTest.mouseClick(card, LEFT)
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.phase == "asking")
    assert is_on(window, "compare")
    QTest.mouseClick(button(page, "Trust"), LEFT)
    bar = page.view.trace_bar
    qtbot.waitUntil(bar.isVisible)
    assert bar.why.objectName() == "primary"
    QTest.mouseClick(bar.why, LEFT)
    assert len(transport.asked(requests.DiagnoseObject)) == 1
    transport._reply([events.DiagnosisDone(page.document.number, diagnosis())])
    view = page.view.comparison.diagnosis
    qtbot.waitUntil(lambda: view.source.line == 4)
    assert view.source.isVisible()


def test_a_file_leads_there_by_the_workspace_in_two_more_clicks_than_trust(qtbot, window, script, transport):
    switch = next(button for button in window.actions_.switch.buttons if button.text() == "Compare")
    QTest.mouseClick(switch, LEFT)
    bar = script.view.trace_bar
    qtbot.waitUntil(bar.isVisible)
    QTest.mouseClick(bar.why, LEFT)
    assert len(transport.asked(requests.DiagnoseObject)) == 1
