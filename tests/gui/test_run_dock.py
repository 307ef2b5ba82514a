"""The run dock by clicks and keys: inputs, results, comparison, timeline, values, exports."""

import json

import pytest
from msgspec import structs
from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QFileDialog

from jitviewer.protocol import events, requests
from jitviewer.protocol.bounds import BLOCK
from jitviewer.protocol.rows import NodeTime, ValueRow
from jitviewer.protocol.run_rows import SpanRow
from jitviewer.ui.docks.timeline_view import TimelineView
from jitviewer.ui.models.run_names import passes_text
from jitviewer.ui.models.time_groups import BY_LINE, BY_MODULE, BY_NODE, BY_OPERATOR, group_times
from jitviewer.ui.models.time_model import ABSENT, COLUMNS, TimeModel
from jitviewer.ui.models.time_totals import totals_line, totals_tip
from jitviewer.ui.services.turns import Turns

LEFT = Qt.MouseButton.LeftButton
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
TIMES = [
    NodeTime(1, "aten::relu", 10.0, 10.0, 9.0, 3.0, 1, ["Float(2)"], 8, "a", "net.py:4"),
    NodeTime(2, "aten::conv2d", 30.0, 30.0, 9.0, 4.0, 1, [], 0, "a.b", "net.py:4"),
    NodeTime(3, "prim::If", 0.0, 40.0, 9.0, 0.0, 2, [], 0, "", "net.py:9", True),
    NodeTime(4, "aten::relu", 5.0, 5.0, 4.0, 4.0, 1, ["Float(2)"], 8, "a", "net.py:4"),
]


def document(window):
    return window.current_page().document


def run(qtbot, window):
    """Run and wait for the new result."""
    before = len(document(window).runs)
    window.actions_.run.trigger()
    qtbot.waitUntil(lambda: len(document(window).runs) == before + 1 and not document(window).turns.is_busy)


def page(window, number):
    QTest.mouseClick(window.run.pages.button(number), LEFT)


def head(model: QAbstractItemModel, column: int) -> str:
    return model.headerData(column, Qt.Orientation.Horizontal)


def cells(model, column):
    return [model.index(row, column).data() for row in range(model.rowCount())]


# --- sums ---------------------------------------------------------------------------------------------


def test_times_are_summed_up_by_operator_module_and_line():
    relu = next(g for g in group_times(TIMES, BY_OPERATOR) if g.label == "relu")
    assert (relu.nodes, relu.self_us, relu.spread_us, relu.calls) == ((1, 4), 15.0, 5.0, 2)
    modules = {g.label: g for g in group_times(TIMES, BY_MODULE)}
    assert modules["a"].self_us == 15.0
    assert modules["a"].total_us == 45.0
    assert modules["(root)"].total_us == 45.0
    assert modules["(root)"].has_nan
    lines = {g.label: g.self_us for g in group_times(TIMES, BY_LINE)}
    assert lines == {"net.py:4": 45.0, "net.py:9": 0.0}


def test_nodes_of_other_pipelines_are_found_by_their_place():
    moved = [structs.replace(time, node_id=90 + time.node_id) for time in TIMES]
    own = [group.key for group in group_times(TIMES, BY_NODE)]
    assert [group.key for group in group_times(moved, BY_NODE)] == own
    assert len(set(own)) == 4


def test_the_table_compares_runs_column_by_column(qapp):
    model = TimeModel()
    QAbstractItemModelTester(model, FATAL)
    slower = [NodeTime(1, "aten::relu", 20.0, 20.0, 9.0, 0.0, 1, [], 8, "a", "net.py:4")]
    gone = [*slower, NodeTime(9, "aten::neg", 7.0, 7.0, 7.0, 0.0, 1, [], 0, "a", "net.py:5")]
    model.set_times(TIMES, [("Run 1", gone)])
    last = len(COLUMNS)
    assert model.columnCount() == last + 1
    assert head(model, last) == "Run 1"
    shown = dict(zip(cells(model, 0), cells(model, last), strict=True))
    assert shown["conv2d"] == ABSENT
    assert shown["neg"] == "7.00 µs"
    assert "−50%" in cells(model, last)[cells(model, 0).index("relu  a  #1")]  # noqa: RUF001  # a minus sign is shown
    assert cells(model, 1)[cells(model, 0).index("neg")] == ABSENT
    model.sort(last, Qt.SortOrder.DescendingOrder)
    assert cells(model, 0)[:2] == ["relu  a  #1", "neg"]
    model.set_grouping(BY_OPERATOR)
    assert head(model, 0) == "Operator"
    assert cells(model, last - 1)[cells(model, 0).index("relu")] == "2 nodes"
    assert model.row_of_node(4) == model.row_of_node(1) >= 0
    lines = model.lines()
    assert lines[0][-1] == "Run 1 self us"
    assert all(len(line) == len(lines[0]) for line in lines)


@pytest.mark.parametrize("grouping", [BY_NODE, BY_OPERATOR, BY_MODULE, BY_LINE])
def test_lines_can_be_told_apart(grouping):
    convolutions = [
        NodeTime(
            n, "aten::conv2d", 1.0, 1.0, 1.0, 0.0, 1, [], 0, f"layer{n % 5}.conv", f"/a/{n % 3}/net.py:4"
        )
        for n in range(20)
    ]
    labels = [group.label for group in group_times(convolutions, grouping)]
    assert len(set(labels)) == len(labels) > 0


def test_a_name_is_as_short_as_tells_it_apart():
    labels = [group.label for group in group_times(TIMES, BY_NODE)]
    assert labels == ["relu  a  #1", "conv2d", "prim::If", "relu  a  #4"]
    elsewhere = [TIMES[0], structs.replace(TIMES[0], node_id=7, module="b")]
    assert [group.label for group in group_times(elsewhere, BY_NODE)] == ["relu  a", "relu  b"]


def test_both_totals_are_told_and_why_they_differ():
    done = events.RunDone(1, [], TIMES, [50.0, 60.0, 90.0], "cpu", [], "")
    assert "45.0 µs" in totals_line(done)
    assert "the other 15.0 µs went by between them" in totals_line(done)
    tip = totals_tip(done)
    assert "The whole run took 60.0 µs" in tip
    assert "The other 15.0 µs went by between nodes" in tip
    quicker = structs.replace(done, wall_us=[40.0], device="cuda")
    assert "That is more" in totals_tip(quicker)
    assert "more than the run" in totals_line(quicker)
    assert "on cuda" in totals_tip(quicker)
    assert totals_line(structs.replace(done, times=[])) == totals_tip(structs.replace(done, times=[])) == ""


def test_the_window_explains_both_totals(qtbot, opened):
    run(qtbot, opened)
    results = opened.run.results
    assert "Nodes together" in results.detail.text()
    assert "whole run took" in results.summary.toolTip()


def test_long_pipelines_have_short_names():
    assert passes_text([]) == "no passes"
    assert passes_text(["inline", "dce"]) == "inline, dce"
    assert passes_text(["a", "b", "c", "d"]) == "4 passes up to d"


# --- inputs -------------------------------------------------------------------------------------------


def test_an_input_that_cannot_be_read_says_so_in_place(opened):
    opened.run.come_into_sight()
    field = opened.run.form.fields[0]
    field.spec.setFocus()
    field.spec.selectAll()
    QTest.keyClicks(field.spec, "float33[2]")
    assert field.problem.isVisible()
    assert "no element type" in field.problem.text()
    assert field.spec.property("invalid") is True
    assert not field.reseed.isEnabled()
    QTest.mouseClick(field.reset, LEFT)
    assert not field.problem.isVisible()
    assert field.spec.text() == "float32[2,8]"


def test_other_random_numbers_are_a_seed_of_the_input(opened):
    field = opened.run.form.fields[0]
    field.reseed.trigger()
    assert field.spec.text() == "float32[2,8]@0"
    field.reseed.trigger()
    assert opened.run.form.specs() == ["float32[2,8]@1"]


def test_a_file_is_chosen_for_an_input(opened, monkeypatch, tmp_path):
    picture = tmp_path / "cat.png"
    image = QImage(3, 3, QImage.Format.Format_RGB888)
    image.fill(QColor(1, 2, 3))
    image.save(str(picture))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(picture), ""))
    field = opened.run.form.fields[0]
    field.source.menu().actions()[0].trigger()
    assert field.spec.text() == f"{picture} as float32[2,8]"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("x.npy", ""))
    field.source.menu().actions()[0].trigger()
    assert field.spec.text() == "x.npy"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    field.source.menu().actions()[0].trigger()
    assert field.spec.text() == "x.npy"


# --- results ------------------------------------------------------------------------------------------


def test_progress_tells_elapsed_and_expected_time(qtbot, opened, transport):
    transport.engine.holds_runs = True
    opened.run.raise_()
    qtbot.mouseClick(opened.run.button, LEFT)
    qtbot.waitUntil(lambda: document(opened).progress is not None)
    document(opened).apply(events.RunMoved(1, "running", 2, 5, 1.0, 4.0))
    assert "2 of 5" in opened.run.stage.text()
    assert "of about 4.0 s" in opened.run.stage.text()
    assert 200 < opened.run.progress.value() < 600


def test_finished_runs_stand_beside_each_other(qtbot, opened, transport):
    run(qtbot, opened)
    results = opened.run.results
    assert not results.chooser.isVisible()
    assert results.model.columnCount() == len(COLUMNS)
    run(qtbot, opened)
    assert results.chooser.isVisible()
    assert results.chooser.compare.text() == "Compare (1)"
    assert head(results.model, len(COLUMNS)) == "Run 1"
    results.chooser.compare.menu().actions()[0].trigger()
    assert results.model.columnCount() == len(COLUMNS)
    results.chooser.shown.setFocus()
    QTest.keyClick(results.chooser.shown, Qt.Key.Key_Down)
    assert results.chooser.current().number == 1
    results.chooser.compare.menu().actions()[0].trigger()
    assert head(results.model, len(COLUMNS)) == "Run 2"


def test_times_are_painted_for_the_pipeline_that_was_run_only(qtbot, opened, transport):
    run(qtbot, opened)
    assert set(document(opened).times) == {11, 12}
    model = opened.passes.model
    model.setData(model.index(1), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    qtbot.waitUntil(lambda: len(document(opened).steps) == 2)
    qtbot.waitUntil(lambda: document(opened).times == {})
    model.setData(model.index(1), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    qtbot.waitUntil(lambda: set(document(opened).times) == {11, 12})


def test_the_first_nan_is_led_to(qtbot, opened, transport):
    run(qtbot, opened)
    results = opened.run.results
    assert results.nan.isVisible()
    assert "aten::mul #12" in results.nan.sentence.text()
    QTest.mouseClick(results.nan._action, LEFT)
    assert document(opened).selection.nodes == (12,)
    assert transport.asked(requests.RevealNode)[-1].node_id == 12
    assert "cannot be looked at" in results.detail.text()


def test_times_are_grouped_and_exported(qtbot, opened, monkeypatch, tmp_path):
    run(qtbot, opened)
    results = opened.run.results
    results.grouping.setFocus()
    QTest.keyClick(results.grouping, Qt.Key.Key_Down)
    assert head(results.model, 0) == "Operator"
    table, trace = tmp_path / "times.csv", tmp_path / "trace.json"
    for action, path in zip(results.export.menu().actions(), (table, trace), strict=True):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))
        action.trigger()
        assert path.name in results.saved.sentence.text()
    assert table.read_text().splitlines()[1].startswith("relu,3000.000,0.750000")
    assert [event["name"] for event in json.loads(trace.read_text())["traceEvents"]] == [
        "aten::relu", "aten::mul", "memory", "memory",
    ]  # fmt: skip
    results.save_csv(str(tmp_path / "no" / "folder.csv"))
    assert "cannot be written" in results.saved.sentence.text()
    assert results.saved.level == "error"


# --- timeline -----------------------------------------------------------------------------------------


@pytest.fixture
def timeline(qtbot, opened):
    run(qtbot, opened)
    page(opened, 2)
    view = opened.run.timeline
    qtbot.waitUntil(view.isVisible)
    return view


def test_the_timeline_is_picked_from_zoomed_and_moved(qtbot, opened, timeline):
    bars = QPoint(timeline.width() // 4, 34)
    assert timeline.span_at(bars.toPointF()).kind == "aten::relu"
    QTest.mouseClick(timeline, LEFT, pos=bars)
    assert document(opened).selection.nodes == (11,)
    timeline.setFocus()
    QTest.keyClick(timeline, Qt.Key.Key_Plus)
    assert timeline.span_us < 4000.0
    before = timeline.start_us
    QTest.keyClick(timeline, Qt.Key.Key_Right)
    assert timeline.start_us > before
    QTest.mousePress(timeline, LEFT, pos=QPoint(100, 34))
    QTest.mouseMove(timeline, QPoint(140, 34))
    QTest.mouseRelease(timeline, LEFT, pos=QPoint(140, 34))
    assert timeline.start_us < 4000.0 - timeline.span_us
    assert document(opened).selection.nodes == (11,)
    QTest.keyClick(timeline, Qt.Key.Key_Home)
    assert (timeline.start_us, timeline.span_us) == (0.0, 4000.0)


def test_bars_of_any_number_and_depth_are_painted(qtbot, themes_of):
    view = TimelineView(themes_of)
    qtbot.addWidget(view)
    view.resize(300, 200)
    spans = [SpanRow(0, "prim::Loop", 0.0, 50_000.0, 0)]
    spans += [SpanRow(n, "aten::neg", n * 2.5, 2.0, 1) for n in range(20_000)]
    view.set_spans(spans)
    colors = {view.grab().toImage().pixelColor(x, 52).name() for x in range(0, 300, 7)}
    assert len(colors) > 1
    # A long bar behind a short one on the same pixel.
    view.set_spans([SpanRow(0, "aten::neg", 0.0, 1.0, 0), SpanRow(1, "aten::abs", 1.5, 9_000.0, 0)])
    assert view.grab().toImage().pixelColor(200, 34) != view.grab().toImage().pixelColor(200, 100)
    view.zoom(10_000.0, 150)
    assert view.span_us < 10
    view.set_spans([])
    assert not view.grab().isNull()


def test_no_span_decides_how_many_rows_are_made(qtbot, themes_of):
    view = TimelineView(themes_of)
    qtbot.addWidget(view)
    view.set_spans([SpanRow(0, "aten::neg", -5.0, 2.0, (1 << 31) - 1), SpanRow(1, "aten::abs", 0.0, 1.0, -7)])
    assert view.sizeHint().height() < 200
    view.set_spans([SpanRow(0, "aten::neg", 1e15, 0.5, 0)])
    view.start_us, view.span_us = 1e15, 0.5
    view.resize(900, 100)
    assert not view.grab().isNull()


def test_labels_show_the_first_outputs_and_notes(window):
    rows = [ValueRow(f"output[{n}]", "Float(1)", "1.0") for n in range(1_000)]
    done = events.RunDone(1, rows, [], [1.0], "cpu", [f"note {n}" for n in range(1_000)], "")
    results = window.run.results
    results.show_runs([done], Turns(window))
    assert results.outputs.text().endswith("and 900 more outputs")
    assert "and 981 more notes" in results.detail.text()
    long = structs.replace(done, outputs=[ValueRow("x" * 20_000, "y" * 20_000, "z" * 20_000)] * 1_000)
    results.show_runs([long], Turns(window))
    assert len(results.outputs.text()) <= BLOCK


@pytest.fixture
def themes_of(window):
    return window._themes


# --- values -------------------------------------------------------------------------------------------


def test_a_value_of_the_run_is_shown_and_paged_through(qtbot, opened, transport):
    run(qtbot, opened)
    page(opened, 3)
    panel = opened.run.value
    assert panel.message.isVisible()
    document(opened).selection.select((11,), "graph")
    qtbot.waitUntil(panel.table.isVisible)
    assert transport.asked(requests.LookAtValue)[-1].node_id == 11
    assert panel.title.text() == "%y  Float(2, 100, 40)"
    assert panel.table.item(0, 0).text() == "0.0.0"
    assert not panel.buttons[0].isEnabled()
    # It fits beside a scroll bar in the narrowest dock: what is wider would be cut.
    assert panel.look.minimumSizeHint().width() <= 260
    QTest.mouseClick(panel.buttons[1], LEFT)
    qtbot.waitUntil(lambda: panel.table.item(0, 0).text() == "0.0.16")
    QTest.mouseClick(panel.buttons[3], LEFT)
    qtbot.waitUntil(lambda: panel.table.item(0, 0).text() == "0.64.16")
    assert panel.table.verticalHeaderItem(0).text() == "64"
    panel.slice.setFocus()
    QTest.keyClick(panel.slice, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: panel.table.item(0, 0).text() == "1.0.0")
    assert len({panel.picture.grab().toImage().pixelColor(x, 40).name() for x in range(0, 120, 9)}) > 3


def test_a_value_is_looked_at_by_its_name(qtbot, opened, transport):
    run(qtbot, opened)
    opened.run.look_at("%x")
    qtbot.waitUntil(lambda: opened.run.value.title.text().startswith("%x"))
    document(opened).apply(events.ValueLooked(1, "%z", 4, 0, None, "This value was dropped."))
    assert opened.run.value.message.text() == "This value was dropped."
    assert not opened.run.value.table.isVisible()


def test_the_options_have_room_for_their_numbers(opened):
    opened.run.raise_()
    for field in (opened.run.form.repeats, opened.run.form.warmup, opened.run.form.seed):
        assert field.lineEdit().width() > 40
    opened.run.form.repeats.setFocus()
    QTest.keyClick(opened.run.form.repeats, Qt.Key.Key_Up)
    assert opened.run.form.repeats.value() == 6


def test_libraries_are_loaded_for_the_document_that_names_them(qtbot, opened, transport):
    field = opened.run.form.libraries
    QTest.keyClicks(field, "mylib.ops")
    run(qtbot, opened)
    assert transport.asked(requests.Run)[-1].libraries == ("import:mylib.ops",)
    count = len(transport.asked(requests.Run))
    QTest.keyClicks(field, ", no name")
    opened.actions_.run.trigger()
    assert len(transport.asked(requests.Run)) == count
    assert "'no name' is no name of a module" in opened.run.form.libraries_problem.text()
    assert document(opened).libraries == "mylib.ops, no name"
    field.setText("")
    opened.run.refresh()
    assert field.text() == "mylib.ops, no name"


def test_many_frames_of_a_failure_are_folded_and_copying_gives_them_all(qtbot, opened):
    document = opened.current_page().document
    frames = [f'  File "net.py", line {n}, in forward\n    f{n}(x)\n    ~~ <--- HERE' for n in range(1, 8)]
    whole = "\n".join(["Traceback of TorchScript (most recent call last):", *frames, "RuntimeError: no"])
    document.apply(events.RunStopped(document.number, "failed", "It failed.", whole, 11))
    opened.run.show()
    opened.run.raise_()
    results = opened.run.results
    qtbot.waitUntil(results.trace_button.isVisible)
    assert not results.frames_button.isVisible()
    results.trace_button.click()
    lines = results.trace.text().splitlines()
    assert "  … and 5 more frames" in lines
    assert "line 1, in forward" in lines[1]
    assert lines[-1] == "RuntimeError: no"
    results.copy_button.click()
    assert QGuiApplication.clipboard().text() == whole
    results.frames_button.click()
    assert results.trace.text() == whole
    results.frames_button.click()
    assert "more frames" in results.trace.text()
    document.apply(events.RunStopped(document.number, "failed", "It failed.", frames[0], 11))
    qtbot.waitUntil(lambda: results.trace.text() == frames[0])
    results.trace_button.click()
    assert results.trace.isVisible()
    assert not results.frames_button.isVisible()
