"""Operations, bytes and memory of a run in the window."""

import json

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from jitviewer.protocol.rows import NodeTime
from jitviewer.protocol.run_rows import MachineRow, MemoryPointRow, MemoryRow
from jitviewer.ui.canvas.exports.json_text import json_text
from jitviewer.ui.docks.inspector_dock import cost_facts
from jitviewer.ui.docks.memory_line import MemoryLine
from jitviewer.ui.docks.roofline_view import RooflineView
from jitviewer.ui.models.live_model import LiveModel
from jitviewer.ui.models.time_groups import BY_MODULE, BY_NODE, group_times
from jitviewer.ui.models.time_model import ABSENT, COLUMNS, PEAK_COLUMN, TimeModel
from jitviewer.ui.theme import ThemeManager
from tests.gui.test_run_dock import cells, document, run

LEFT = Qt.MouseButton.LeftButton
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
MACHINE = MachineRow(100e9, 10e9, 2)


def node(number, module, us, flops=-1, moved=-1, allocated=0):
    return NodeTime(
        number, "aten::mm", us, us, us, 0.0, 1, ["Float(2)"], 0, module, "net.py:1", flops=flops, moved=moved,
        allocated=allocated,
    )  # fmt: skip


TIMES = [
    node(1, "a", 100.0, 5_000_000, 100_000, 64),
    node(2, "a.b", 100.0, -1, 800_000, 32),
    node(3, "c", 10.0),
]


@pytest.fixture
def roofline(qtbot):
    view = RooflineView(ThemeManager())
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_groups(group_times([*TIMES, node(4, "d", 1000.0, 100, 100_000)], BY_NODE), MACHINE)
    view.show()
    return view


def column(name):
    return COLUMNS.index(name)


def test_the_table_tells_work_and_a_dash_for_what_is_not_counted(qapp):
    model = TimeModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_times(TIMES, machine=MACHINE)
    model.sort(column("FLOPs"), Qt.SortOrder.DescendingOrder)
    assert cells(model, column("FLOPs")) == ["5.0 M", ABSENT, ABSENT]
    assert sorted(cells(model, column("Moved"))) == sorted(["97.7 KB", "781 KB", ABSENT])
    model.sort(PEAK_COLUMN, Qt.SortOrder.DescendingOrder)
    # 8 GB a second of 10, 50 GFLOP a second of 100.
    assert cells(model, PEAK_COLUMN) == ["80% memory", "50% compute", ABSENT]
    assert model.lines()[1][6:11] == ["", "800000", "0.800000", "memory", "32"]


def test_work_of_a_module_is_that_of_everything_below():
    work = {group.key: group for group in group_times(TIMES, BY_MODULE)}
    assert (work["a"].work.flops, work["a"].work.moved, work["a"].allocated) == (5_000_000, 900_000, 96)
    assert (work["c"].work.flops, work["c"].work.moved) == (-1, -1)


def test_the_roofline_shows_what_has_operations_and_bytes(roofline, qtbot):
    assert roofline.point_of(2) is roofline.point_of(3) is None
    near, far = roofline.point_of(1), roofline.point_of(4)
    # More operations a byte are further right, more a second further up.
    assert near.x() > far.x()
    assert near.y() < far.y()
    assert roofline.rect().contains(near.toPoint())
    assert roofline.rect().contains(far.toPoint())
    with qtbot.waitSignal(roofline.nodes_picked) as picked:
        QTest.mouseClick(roofline, LEFT, pos=near.toPoint())
    assert picked.args == [(1,)]
    assert "50% of this machine's peak (compute)" in roofline.words_about(roofline.group_at(near))
    assert roofline.group_at(QPointF(1, 1)) is None
    image = roofline.grab().toImage()
    heat = ThemeManager().theme.color("heat")
    assert abs(image.pixelColor(near.toPoint()).hue() - heat.hue()) < 12


def test_points_are_reached_by_keys(roofline, qtbot):
    roofline.setFocus()
    QTest.keyClick(roofline, Qt.Key.Key_Right)
    QTest.keyClick(roofline, Qt.Key.Key_Right)
    with qtbot.waitSignal(roofline.nodes_picked) as picked:
        QTest.keyClick(roofline, Qt.Key.Key_Return)
    assert picked.args == [(1,)]


def test_a_roofline_without_points_or_machine_says_so(qtbot):
    view = RooflineView(ThemeManager())
    qtbot.addWidget(view)
    view.resize(300, 200)
    for groups in (group_times(TIMES[2:], BY_NODE), group_times(TIMES, BY_NODE)):
        view.show_groups(groups, MachineRow())
        assert not view.grab().isNull()


def test_the_memory_line_follows_the_timeline(qtbot):
    line = MemoryLine(ThemeManager())
    qtbot.addWidget(line)
    line.resize(324, line.height())
    points = [MemoryPointRow(10.0, 100, 1), MemoryPointRow(30.0, 400, 2), MemoryPointRow(40.0, 200, -1)]
    line.set_memory(MemoryRow(points, 400, 2))
    line.show_range(0.0, 40.0)
    # 300 pixels for 40 microseconds, 12 before them.
    assert [line.point_at(QPointF(12 + x * 7.5, 5)).bytes for x in (5, 20, 29, 35)] == [100, 400, 400, 200]
    with qtbot.waitSignal(line.node_picked) as picked:
        QTest.mouseClick(line, LEFT, pos=QPointF(12 + 20 * 7.5, 60).toPoint())
    assert picked.args == [2]
    with qtbot.assertNotEmitted(line.node_picked):
        QTest.mouseClick(line, LEFT, pos=QPointF(12 + 35 * 7.5, 60).toPoint())
    line.show_range(20.0, 10.0)
    assert {line.point_at(QPointF(x, 5)).bytes for x in (20, 160, 300)} == {400}


def test_what_is_alive_is_listed_with_its_maker(qapp):
    model = LiveModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_memory(MemoryRow(), {})
    assert model.rowCount() == 0


def test_the_canvas_is_coloured_by_what_is_chosen(qtbot, opened, transport):
    run(qtbot, opened)
    canvas = opened.current_page().view.canvas
    picture = canvas.view.graph.picture
    time = dict(picture.heat)
    assert "time" in canvas.legend.accessibleName()
    flops = next(action for action in canvas.costs.actions() if action.text() == "FLOPs")
    flops.trigger()
    assert picture.heat != time
    assert picture.most == picture.total == 4_000_000
    assert "FLOPs" in canvas.legend.accessibleName()
    next(action for action in canvas.costs.actions() if action.text() == "Memory allocated").trigger()
    assert picture.total == 128
    assert "memory allocated" in canvas.legend.accessibleName()
    told = json.loads(json_text(picture, {}, document(opened).times, "t"))["boxes"]
    (box,) = [box for box in told if box["nodes"][:1] == [12] and box["kind"] == "node"]
    assert (box["flops"], box["moved_bytes"], box["allocated_bytes"]) == (4_000_000, 400_000, 64)
    (other,) = [box for box in told if box["nodes"][:1] == [11] and box["kind"] == "node"]
    assert "flops" not in other


def test_the_inspector_tells_what_a_node_cost(qtbot, opened, transport):
    run(qtbot, opened)
    facts = {fact.name: fact.text for fact in cost_facts(document(opened).times[12])}
    assert facts == {"FLOPs": "4.0 M", "moved": "391 KB", "allocated": "64 B", "memory meanwhile": "256 B"}
    facts = {fact.name: fact.text for fact in cost_facts(document(opened).times[11])}
    assert facts["FLOPs"] == "not counted"


def test_memory_of_a_run_stands_below_its_timeline(qtbot, opened, transport):
    run(qtbot, opened)
    dock = opened.run
    QTest.mouseClick(dock.pages.button(2), LEFT)
    assert dock.memory.isVisible()
    assert cells(dock.memory.model, 0) == ["input", "relu  #11", "mul  #12"]
    assert cells(dock.memory.model, 2) == ["128 B", "64 B", "64 B"]
    assert "peak of 256 B while mul #12 ran" in dock.memory.summary.text()
    assert "1000 B of weights" in dock.memory.summary.text()
    index = dock.memory.model.index(1, 0)
    QTest.mouseClick(dock.memory.table.viewport(), LEFT, pos=dock.memory.table.visualRect(index).center())
    assert document(opened).selection.nodes == (11,)
    dock.timeline.zoom(4.0)
    assert dock.memory.line.point_at(QPointF(50, 50)) is not None


def test_the_roofline_takes_the_place_of_the_table(qtbot, opened, transport):
    run(qtbot, opened)
    results = opened.run.results
    assert results.table.isVisible()
    QTest.mouseClick(results.roofline_button, LEFT)
    assert results.roofline.isVisible()
    assert not results.table.isVisible()
    place = results.roofline.point_of(12)
    assert place is not None
    QTest.mouseClick(results.roofline, LEFT, pos=place.toPoint())
    assert document(opened).selection.nodes == (12,)
    QTest.mouseClick(results.roofline_button, LEFT)
    assert results.table.isVisible()
