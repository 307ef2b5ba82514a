"""The item models hold Qt's rules and say what the rows say."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from jitviewer.protocol.rows import NodeTime, PassReportRow
from jitviewer.ui.models.formatting import bytes_text, share_text, time_text
from jitviewer.ui.models.nested_times import outermost_us
from jitviewer.ui.models.pass_model import REPORT_ROLE, PassModel
from jitviewer.ui.models.step_model import POSITION_ROLE, STEP_ROLE, StepModel
from jitviewer.ui.models.time_groups import BY_OPERATOR, group_times
from jitviewer.ui.models.time_model import TimeModel
from jitviewer.ui.models.tree_filter import TreeFilter
from jitviewer.ui.models.tree_model import ROW_ROLE, TreeModel
from tests.gui.fake_engine import PASSES, STEPS, TREE

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
REPORTS = [
    PassReportRow("inline", False, 0, 0, 5, 5, 0.0, ""),
    PassReportRow("dce", True, 0, 2, 5, 3, 0.0, ""),
]
TIMES = [
    NodeTime(1, "aten::relu", 10.0, 10.0, 9.0, 1.0, 1, ["Float(2)"]),
    NodeTime(2, "aten::conv2d", 30.0, 30.0, 9.0, 1.0, 1, []),
    NodeTime(3, "prim::If", 0.0, 40.0, 9.0, 1.0, 2, []),
]


def timed(node, us, parent=-1):
    return NodeTime(node, "prim::If", us / 10, us, us, 0.0, 1, [], parent=parent)


def test_what_is_nested_counts_once():
    rows = [timed(1, 90.0), timed(2, 50.0, 1), timed(3, 40.0, 2), timed(4, 5.0), timed(5, 3.0, 4)]
    times = {row.node_id: row for row in rows}
    assert outermost_us(rows, times) == 95.0
    # The node between them is not one of these, and the innermost stands in the outermost all the same.
    assert outermost_us([rows[0], rows[2]], times) == 90.0
    assert outermost_us([rows[2], rows[4]], times) == 43.0
    assert outermost_us([rows[1]], times) == 50.0
    (group,) = group_times(rows, BY_OPERATOR)
    assert group.total_us == 95.0


def texts(model, column=0, parent=QModelIndex()):
    return [model.index(row, column, parent).data() for row in range(model.rowCount(parent))]


def test_tree_model_nests_rows_and_finds_methods(qapp):
    model = TreeModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_rows(TREE)
    assert texts(model) == ["(root)", "Records"]
    root = model.index(0, 0)
    assert texts(model, 0, root) == ["forward", "warm"]
    warm = model.index(1, 0, root)
    assert texts(model, 1, warm) == ["(input: Tensor) -> Tensor", "float32[4, 8]"]
    found = model.find(("method",), "warm", "forward")
    assert found.parent() == warm
    assert found.data(ROW_ROLE).id == 4
    assert not model.find(("method",), "cold", "forward").isValid()
    model.set_rows([])
    assert model.rowCount() == 0


def test_tree_filter_keeps_what_is_above_a_match(qapp):
    model = TreeModel()
    QAbstractItemModelTester(model, FATAL)
    rows = TreeFilter(model)
    model.set_rows(TREE)
    rows.set_text("WEIGHT float32")
    assert texts(model) == ["(root)"]
    root = model.index(0, 0)
    assert texts(model, 0, root) == ["warm"]
    assert texts(model, 0, model.index(0, 0, root)) == ["weight"]
    assert not model.index_of(2).isValid()
    rows.set_text("")
    assert texts(model) == ["(root)", "Records"]
    assert model.index_of(2).isValid()


def test_pass_model_switches_and_moves(qapp, qtbot):
    model = PassModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_catalogue(PASSES)
    assert texts(model) == ["inline", "dce", "cse"]
    with qtbot.waitSignal(model.pipeline_changed) as switched:
        assert model.setData(model.index(1), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert switched.args == [("dce",)]
    with qtbot.waitSignal(model.pipeline_changed) as switched:
        model.switch_all(True)
    assert switched.args == [("inline", "dce", "cse")]
    with qtbot.waitSignal(model.pipeline_changed) as switched:
        assert model.move(2, 0)
    assert switched.args == [("cse", "inline", "dce")]
    assert not model.move(0, 3)
    assert not model.move(0, -1)


def test_pass_model_takes_the_pipeline_of_a_document_without_answering(qapp, qtbot):
    model = PassModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_catalogue(PASSES)
    with qtbot.assertNotEmitted(model.pipeline_changed):
        model.set_pipeline(("cse", "inline"))
        model.set_reports(REPORTS)
    assert model.pipeline() == ("cse", "inline")
    assert texts(model) == ["cse", "dce", "inline"]
    assert model.index(2).data(REPORT_ROLE).name == "inline"
    # dce is off, so what it once did is not shown.
    assert model.index(1).data(REPORT_ROLE) is None


def test_pass_model_moves_by_drag_and_drop(qapp):
    model = PassModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_catalogue(PASSES)
    dragged = model.mimeData([model.index(0)])
    model.dropMimeData(dragged, Qt.DropAction.MoveAction, 2, 0, QModelIndex())
    assert texts(model) == ["dce", "inline", "cse"]
    model.dropMimeData(model.mimeData([model.index(2)]), Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert texts(model) == ["cse", "dce", "inline"]


def test_step_model_groups_rewrites_by_pass(qapp):
    model = StepModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_steps(REPORTS, STEPS, 2)
    assert texts(model) == ["inline  ·  0 rewrites", "dce  ·  2 rewrites"]
    dce = model.index(1, 0)
    assert texts(model, 0, dce) == ["1  nobody reads %7", "2  nobody reads %8"]
    second = model.index_of_step(1)
    assert second.parent() == dce
    assert second.data(STEP_ROLE) is STEPS[1]
    assert second.data(POSITION_ROLE) == 2
    assert model.is_applied(second)
    model.set_position(1)
    assert not model.is_applied(second)
    assert not model.index_of_step(5).isValid()


def test_time_model_is_sorted_by_self_time_until_asked_otherwise(qapp):
    model = TimeModel()
    QAbstractItemModelTester(model, FATAL)
    model.set_times(TIMES)
    assert texts(model) == ["conv2d", "relu", "prim::If"]
    assert texts(model, 2) == ["75%", "25%", "0%"]
    model.sort(3, Qt.SortOrder.DescendingOrder)
    assert texts(model) == ["prim::If", "conv2d", "relu"]
    assert model.row_of_node(2) == 1
    assert model.row_of_node(99) == -1


def test_numbers_are_readable():
    assert [bytes_text(n) for n in (0, 900, 3719, 46_892_377, 5 << 40)] == [
        "",
        "900 B",
        "3.6 KB",
        "44.7 MB",
        "5.0 TB",
    ]
    assert [time_text(t) for t in (3.214, 14_100, 2_050_000)] == ["3.21 µs", "14.1 ms", "2.05 s"]
    assert [share_text(s) for s in (0.34, 0.004, 0.0001, 0)] == ["34%", "0.4%", "<0.1%", "0%"]
