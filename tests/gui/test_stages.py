"""The stages of an executor by clicks and keys: runs, the tree of graphs, and each as a document."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from jitviewer.protocol import events, requests
from jitviewer.protocol.bounds import BLOCK, LABEL, SENTENCE
from jitviewer.protocol.stage_rows import GuardRow, StagedInputs, StageRow
from jitviewer.ui.models.stage_model import StageModel
from jitviewer.ui.models.stage_names import stage_name, stage_story
from tests.gui.conftest import open_file
from tests.gui.fake_engine import stages

LEFT = Qt.MouseButton.LeftButton
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
STAGES = 4


def document(window):
    return window.current_page().document


def show(window):
    window.run.come_into_sight()
    QTest.mouseClick(window.run.pages.button(STAGES), LEFT)


def run(qtbot, window):
    QTest.mouseClick(window.run.stages.run, LEFT)
    qtbot.waitUntil(lambda: not document(window).is_running)


def retype(window, spec):
    QTest.mouseClick(window.run.pages.button(0), LEFT)
    field = window.run.form.fields[0].spec
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, spec)
    QTest.mouseClick(window.run.pages.button(STAGES), LEFT)


def cells(model, parent, row):
    return [model.index(row, column, parent).data() for column in range(model.columnCount())]


@pytest.fixture
def ran(qtbot, opened):
    """The window after the first runs through the stages."""
    show(opened)
    run(qtbot, opened)
    return opened


def test_nothing_is_shown_before_a_run_but_what_it_is_for(opened):
    show(opened)
    panel = opened.run.stages
    assert panel.isVisible()
    assert not panel.view.isVisible()
    assert not panel.open.isVisible()
    assert not panel.reset.isVisible()
    assert "through its stages" in panel.hint.text()


def test_the_first_click_runs_until_there_is_something_optimized(ran, transport):
    (asked,) = transport.asked(requests.RunStages)
    assert asked.runs == [StagedInputs(["float32[2,8]"], 2)]
    panel = ran.run.stages
    assert panel.runs.text() == "2 runs with float32[2,8]\nA note."
    none = panel.view.rootIndex()
    assert cells(panel.model, none, 0) == ["As written", "", "", "", "12"]
    assert cells(panel.model, none, 1) == ["As profiled", "", "1", "", "20"]
    assert cells(panel.model, none, 2)[:3] == ["As optimized", "1", "1"]
    assert panel.view.currentIndex().row() == 2
    assert "TypeCheck %x : Float(2, 8)" in panel.story.text()
    assert "not counted" in panel.story.text()


def test_the_tree_grows_while_shapes_vary(qtbot, ran, transport):
    run(qtbot, ran)
    retype(ran, "float32[3,8]")
    run(qtbot, ran)
    retype(ran, "float32[4,8]")
    run(qtbot, ran)
    assert transport.asked(requests.RunStages)[-1].runs == [
        StagedInputs(["float32[2,8]"], 3), StagedInputs(["float32[3,8]"], 1),
        StagedInputs(["float32[4,8]"], 1),
    ]  # fmt: skip
    panel = ran.run.stages
    none = panel.view.rootIndex()
    optimized = panel.model.index(2, 0, none)
    assert cells(panel.model, none, 2) == ["As optimized", "1", "4", "1", "9"]
    assert panel.model.rowCount(optimized) == 1
    second = panel.model.index(0, 0, optimized)
    assert second.data() == "As optimized (2)"
    assert panel.model.index(0, 0, second).data() == "As optimized (3)"
    assert panel.view.isExpanded(optimized)
    panel.view.setFocus()
    panel.view.setCurrentIndex(second)
    QTest.keyClick(panel.view, Qt.Key.Key_Up)
    assert panel.story.text().endswith("held 2 times, bailed out 1 time\n    given float32[3,8]")


def test_another_executor_begins_anew(qtbot, ran, transport):
    run(qtbot, ran)
    QTest.mouseClick(ran.run.stages.reset, LEFT)
    assert not ran.run.stages.view.isVisible()
    run(qtbot, ran)
    assert [asked.runs[0].times for asked in transport.asked(requests.RunStages)] == [2, 3, 2]


def test_a_run_that_fails_is_told_and_not_repeated(qtbot, ran, transport):
    transport.engine.fails_runs = True
    retype(ran, "float32[9,9]")
    run(qtbot, ran)
    qtbot.waitUntil(ran.run.results.banner.isVisible)
    assert "relu failed" in ran.run.results.banner.sentence.text()
    transport.engine.fails_runs = False
    retype(ran, "float32[2,8]")
    run(qtbot, ran)
    assert transport.asked(requests.RunStages)[-1].runs == [StagedInputs(["float32[2,8]"], 3)]


def test_a_run_through_the_stages_is_cancelled(qtbot, opened, transport):
    transport.engine.holds_runs = True
    show(opened)
    QTest.mouseClick(opened.run.stages.run, LEFT)
    qtbot.waitUntil(lambda: document(opened).progress is not None)
    assert not opened.run.stages.run.isEnabled()
    QTest.mouseClick(opened.run.button, LEFT)
    qtbot.waitUntil(lambda: not document(opened).is_running)
    assert document(opened).staged == []


def test_a_graph_opens_as_a_document_beside_which_the_tree_stays(qtbot, ran, transport):
    first = document(ran)
    panel = ran.run.stages
    QTest.mouseClick(panel.open, LEFT)
    made = document(ran)
    assert made is not first
    qtbot.waitUntil(lambda: made.canvas is not None)
    (asked,) = transport.asked(requests.OpenGraph)
    assert asked.title == made.path == "gate.pt forward, as optimized"
    assert asked.text == first.stages.stages[2].graph
    assert panel.isVisible()
    assert not ran.run.button.isEnabled()
    assert not panel.run.isEnabled()
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.model.index(0, 0))
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert document(ran).path == "gate.pt forward, as written"
    assert len(ran.area.pages()) == 3
    panel.view.setCurrentIndex(panel.model.index(2, 0))
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert document(ran) is made
    assert len(ran.area.pages()) == 3


def test_a_graph_is_split_and_opened_again_with_the_engine_and_is_no_file(qtbot, ran, transport, settings):
    QTest.mouseClick(ran.run.stages.open, LEFT)
    qtbot.waitUntil(lambda: document(ran).canvas is not None)
    ran.actions_.split.trigger()
    qtbot.waitUntil(lambda: len(transport.asked(requests.OpenGraph)) == 2)
    closed = list(ran.actions_.closed_files)
    ran.actions_.close.trigger()
    assert ran.actions_.closed_files == closed
    assert not any("optimized" in path for path in settings.recent())
    transport.ended.emit("killed")
    qtbot.waitUntil(lambda: len(transport.asked(requests.OpenGraph)) == 3)


def test_stages_are_those_of_the_method_that_is_shown(qtbot, ran):
    document(ran).show_method("warm", "forward")
    qtbot.waitUntil(lambda: document(ran).module_path == "warm")
    assert not ran.run.stages.view.isVisible()
    assert document(ran).staged == []


@pytest.fixture
def running(qtbot, ran, transport):
    """The window while the engine is busy with the third run through the stages."""
    transport.engine.holds_runs = True
    QTest.mouseClick(ran.run.stages.run, LEFT)
    qtbot.waitUntil(lambda: document(ran).progress is not None)
    assert document(ran).staged == [StagedInputs(["float32[2,8]"], 3)]
    return ran


def end(window, place=("", "forward")):
    """As the engine ends the runs that were asked for last."""
    made = stages([StagedInputs(["float32[2,8]"], 3)])
    document(window).apply(events.StagesDone(document(window).number, *place, made, []))


def test_another_method_that_is_shown_meanwhile_gets_no_graphs(qtbot, running):
    document(running).show_method("warm", "forward")
    qtbot.waitUntil(lambda: document(running).module_path == "warm")
    end(running)
    assert not document(running).is_running
    assert document(running).stages is None
    assert document(running).staged == []
    assert not running.run.stages.view.isVisible()
    assert running.run.stages.run.isEnabled()


def test_graphs_of_a_method_that_was_left_meanwhile_are_not_shown_without_their_runs(qtbot, running):
    document(running).show_method("warm", "forward")
    qtbot.waitUntil(lambda: document(running).module_path == "warm")
    document(running).show_method("", "forward")
    qtbot.waitUntil(lambda: document(running).module_path == "")
    end(running)
    assert document(running).stages is None


@pytest.mark.parametrize("is_done", [True, False])
def test_runs_of_a_file_that_was_reloaded_meanwhile_do_not_come_back(running, is_done):
    document(running).reload()
    assert not document(running).is_running
    assert running.run.stages.run.isEnabled()
    if is_done:
        end(running)
    else:
        stopped = events.RunStopped(document(running).number, "failed", "relu failed", "", -1)
        document(running).apply(stopped)
    assert not document(running).is_running
    assert document(running).stages is None
    assert document(running).staged == []


def test_what_is_open_of_runs_is_not_kept_for_the_next_start(qtbot, ran, tmp_path):
    open_file(qtbot, ran, "loop.pt")
    ran.area.show_page(ran.area.pages()[0])
    show(ran)
    QTest.mouseClick(ran.run.stages.open, LEFT)
    qtbot.waitUntil(lambda: document(ran).canvas is not None)
    ran.session.begin(restore=False)
    ran.session.save()
    text = ran.session._file._path.read_text()
    assert "loop.pt" in text
    assert "optimized" not in text
    ran.session.end()


def test_fusing_begins_anew(qtbot, ran, transport):
    box = ran.run.stages.fuse
    assert not box.isChecked()
    QTest.mouseClick(box, LEFT, pos=box.rect().center() - QPoint(box.width() // 2 - 8, 0))
    assert box.isChecked()
    assert not ran.run.stages.view.isVisible()
    run(qtbot, ran)
    assert [asked.fusion for asked in transport.asked(requests.RunStages)] == ["", "static"]
    assert transport.asked(requests.RunStages)[-1].runs == [StagedInputs(["float32[2,8]"], 2)]


def test_the_model_of_stages_is_sound(qapp):
    model = StageModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_stages(stages([StagedInputs(["a"], 2), StagedInputs(["b"]), StagedInputs(["c"])]))
    assert model.rowCount() == 3
    model.set_stages([StageRow("optimized", "", 1, parent=5), StageRow("odd", "", 1, parent=1)])
    assert model.rowCount() == 2
    model.set_stages([])
    assert not model.index_of(0).isValid()


def test_what_is_not_there_is_said_to_be_so():
    bare = StageRow("optimized", "", 3, why_not="The graph is too long.")
    assert "no guards" in stage_story(bare)
    assert stage_story(bare).endswith("The graph is too long.")
    many = StageRow("optimized", "", 3, guards=[GuardRow("prim::TypeCheck", f"%{n}") for n in range(30)])
    assert "and 10 more guards" in stage_story(many)
    assert stage_name([bare, many], 1) == "As optimized"


def test_however_much_a_runner_says_of_guards_little_is_laid_out():
    told = [f"{number} {'x' * 4_000}" for number in range(25)]
    guards = [GuardRow("prim::TypeCheck", "%x : " + "y" * 4_000, 1, 25, told) for _ in range(30)]
    row = StageRow("optimized", "", 3, guards=guards, why_not="z" * 100_000, shapes="s" * 100_000)
    assert len(stage_story(row)) <= BLOCK
    model = StageModel()
    model.set_stages([row, StageRow("k" * 100_000, "", 3)])
    assert len(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)) <= SENTENCE
    assert len(stage_name([row, StageRow("k" * 100_000, "", 3)], 1)) <= LABEL


def test_some_reasons_of_a_guard_are_told_and_the_others_counted():
    guard = GuardRow("prim::TypeCheck", "%x : Float(2)", 1, 9, [f"float32[{size}]" for size in range(3, 12)])
    lines = stage_story(StageRow("optimized", "", 3, guards=[guard], shapes="for all sizes")).splitlines()
    assert lines[1:4] == [
        "It is made for all sizes.", "Guards choose whether it runs:",
        "TypeCheck %x : Float(2): held 1 time, bailed out 9 times",
    ]  # fmt: skip
    assert [line.strip() for line in lines[4:]] == [
        *(f"given float32[{size}]" for size in range(3, 8)), "and 4 more",
    ]  # fmt: skip
