"""The tree and its map of bytes, by clicks and keys."""

import pytest
from PySide6.QtCore import QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from jitviewer.protocol import requests
from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.docks.bytes_map import BytesMap
from jitviewer.ui.models.formatting import count_text
from jitviewer.ui.models.tree_model import TreeModel
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.treemap_layout import tiles

LEFT = Qt.MouseButton.LeftButton
ROWS = [
    TreeRow(1, 0, "module", "(root)", "", "Net", 1000),
    TreeRow(2, 1, "method", "forward", "", "()", 0),
    TreeRow(3, 1, "module", "a", "a", "Block", 700),
    TreeRow(4, 3, "parameter", "weight", "a", "float32[150]", 600),
    TreeRow(5, 3, "buffer", "mean", "a", "float32[25]", 100),
    TreeRow(6, 1, "module", "b", "b", "Block", 300),
    TreeRow(7, 6, "module", "c", "b.c", "Linear", 300),
    TreeRow(8, 7, "parameter", "weight", "b.c", "float32[75]", 300),
    TreeRow(9, 0, "group", "Records", "", "1", 5000),
]


@pytest.mark.parametrize("sizes", [[6, 6, 4, 3, 2, 2, 1], [1], [1000, 1, 1], [1] * 40])
@pytest.mark.parametrize("rect", [QRectF(0, 0, 60, 40), QRectF(5, 7, 30, 200)])
def test_tiles_have_their_areas_and_fill_the_rectangle(sizes, rect):
    found = tiles(sizes, rect)
    whole = rect.width() * rect.height()
    for size, tile in zip(sizes, found, strict=True):
        assert tile.width() * tile.height() == pytest.approx(size / sum(sizes) * whole)
        assert rect.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(tile)
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            shared = one.intersected(other)
            assert shared.width() * shared.height() < 1e-6 * whole


def test_tiles_of_nothing():
    assert tiles([], QRectF(0, 0, 5, 5)) == []
    assert tiles([0, 0], QRectF(0, 0, 5, 5)) == [QRectF(), QRectF()]
    assert tiles([1], QRectF()) == [QRectF()]


@pytest.fixture
def bytes_map(qtbot):
    made = BytesMap(ThemeManager("dark"))
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.set_rows(ROWS)
    made.show()
    return made


def names(bytes_map):
    return [(tile.row.name, tile.depth) for tile in bytes_map.tiles]


def middle(bytes_map, number):
    return next(tile for tile in bytes_map.tiles if tile.row.id == number).rect.center().toPoint()


def test_the_map_shows_two_levels_the_largest_first(bytes_map):
    assert names(bytes_map) == [("a", 0), ("weight", 1), ("mean", 1), ("b", 0), ("c", 1)]
    assert bytes_map.tile_at(QPointF(-5, -5)) is None


def test_clicks_pick_double_clicks_go_in_and_the_title_goes_up(qtbot, bytes_map):
    with qtbot.waitSignal(bytes_map.row_picked) as picked:
        QTest.mouseClick(bytes_map, LEFT, pos=middle(bytes_map, 7))
    assert picked.args[0].path == "b.c"
    QTest.mouseDClick(bytes_map, LEFT, pos=middle(bytes_map, 7))
    assert names(bytes_map) == [("weight", 0)]
    QTest.keyClick(bytes_map, Qt.Key.Key_Backspace)
    assert bytes_map.root.path == "b"
    QTest.mouseClick(bytes_map, LEFT, pos=QPointF(20, 6).toPoint())
    assert bytes_map.root.path == ""


def test_keys_walk_through_the_map(qtbot, bytes_map):
    QTest.keyClick(bytes_map, Qt.Key.Key_Right)
    assert bytes_map.current == 3
    QTest.keyClick(bytes_map, Qt.Key.Key_Right)
    QTest.keyClick(bytes_map, Qt.Key.Key_Left)
    assert bytes_map.current == 3
    QTest.keyClick(bytes_map, Qt.Key.Key_Return)
    assert bytes_map.root.path == "a"


def test_a_row_that_is_not_in_sight_is_gone_to(bytes_map):
    bytes_map.show_row(ROWS[7])
    assert bytes_map.root.path == "b.c"
    assert bytes_map.current == 8


COUNTED = [
    TreeRow(1, 0, "module", "(root)", "", "Net", 1000, elements=225),
    TreeRow(2, 1, "module", "b", "b", "Block", 700, elements=75),
    TreeRow(3, 2, "parameter", "weight", "b", "float32[75]", 600, elements=75),
    TreeRow(4, 1, "module", "A", "A", "Block", 300, elements=150),
    TreeRow(5, 0, "group", "Records", "", "1", 5000),
]


def test_lines_are_sorted_below_each_line_and_stay_what_they_are(qapp):
    model = TreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(COUNTED)
    kept = QPersistentModelIndex(model.index_of(3))

    def below():
        root = model.index_of(1)
        return [model.index(row, 0, root).data() for row in range(model.rowCount(root))]

    assert below() == ["b", "A"]
    model.sort(0, Qt.SortOrder.AscendingOrder)
    assert below() == ["A", "b"]
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert below() == ["b", "A"]
    assert model.index(0, 0).data() == "Records"
    model.sort(3, Qt.SortOrder.DescendingOrder)
    assert below() == ["A", "b"]
    assert kept.data() == "weight"
    assert kept.parent().data() == "b"
    model.show_only({2})
    assert below() == ["b"]
    model.sort(-1)
    model.show_all()
    assert below() == ["b", "A"]
    assert model.index(0, 3).data() == "225"


def test_a_click_on_a_column_sorts_and_a_third_gives_the_order_back(qtbot, opened):
    header = opened.tree.view.header()
    model = opened.tree.model

    def top():
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    before = top()
    name = QPointF(header.sectionViewportPosition(0) + 40, header.height() / 2).toPoint()
    seen: list[list[str]] = []
    for _ in range(3):
        QTest.mouseClick(header.viewport(), LEFT, pos=name)
        seen.append(top())
    assert sorted(seen[0], reverse=True) in seen[:2]
    assert seen[2] == before


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, ""), (864, "864"), (1000, "1.0 K"), (11_689_512, "11.7 M"), (999_700, "1.0 M"), (150_000, "150 K")],
)
def test_counts_are_short(count, text):
    assert count_text(count) == text


def test_the_tree_and_the_map_follow_each_other(qtbot, opened, transport):
    dock = opened.tree
    qtbot.waitUntil(dock.map.isVisible)
    tile = next(tile for tile in dock.map.tiles if tile.row.name == "warm")
    QTest.mouseClick(dock.map, LEFT, pos=tile.rect.topLeft().toPoint() + QPointF(6, 6).toPoint())
    assert dock.view.currentIndex().data() == "warm"
    assert transport.asked(requests.InspectTreeRow)[-1].row == 3
    dock.view.setCurrentIndex(dock.model.index_of(5))
    assert dock.map.current == 5
    QTest.mouseClick(dock.map_button, LEFT)
    assert not dock.map.isVisible()


def test_a_double_click_on_a_class_shows_it_in_its_file(qtbot, opened, transport):
    rows = [*opened.current_page().document.tree]
    # The fake engine knows as many lines as its tree has.
    rows[6] = TreeRow(7, 0, "class", "Gate", "code/gate.py", "Gate", 0)
    opened.current_page().document.tree = rows
    opened.tree.refresh()
    rect = opened.tree.view.visualRect(opened.tree.model.index_of(7))
    QTest.mouseClick(opened.tree.view.viewport(), LEFT, pos=rect.center())
    QTest.mouseDClick(opened.tree.view.viewport(), LEFT, pos=rect.center())
    asked = transport.asked(requests.ShowRecord)[-1]
    assert (asked.record, asked.name) == ("code/gate.py", "Gate")
    qtbot.waitUntil(opened.current_page().view.record.isVisible)


@pytest.mark.parametrize("kind", ["pre-hook", "hook"])
def test_a_double_click_on_a_hook_shows_it(opened, transport, kind):
    rows = [*opened.current_page().document.tree]
    rows[6] = TreeRow(7, 3, kind, "scale_after", "warm", "()", 0)
    opened.current_page().document.tree = rows
    opened.tree.refresh()
    opened.tree.view.expandAll()
    rect = opened.tree.view.visualRect(opened.tree.model.index_of(7))
    assert opened.tree.model.index_of(7).data(Qt.ItemDataRole.DecorationRole)
    QTest.mouseClick(opened.tree.view.viewport(), LEFT, pos=rect.center())
    QTest.mouseDClick(opened.tree.view.viewport(), LEFT, pos=rect.center())
    asked = transport.asked(requests.ShowMethod)[-1]
    assert (asked.module_path, asked.method) == ("warm", "scale_after")


@pytest.fixture
def nested(opened):
    """The tree with twenty modules, one in another, and a weight in each."""
    rows, path = [TreeRow(1, 0, "module", "(root)", "", "Net", 1000)], ""
    for depth in range(20):
        path = f"{path}.{depth}".strip(".")
        rows.append(TreeRow(len(rows) + 1, max(1, 2 * depth), "module", str(depth), path, "Block", 100))
        rows.append(TreeRow(len(rows) + 1, len(rows), "parameter", "weight", path, "float32[16, 16]", 100))
    opened.current_page().document.tree = rows
    opened.tree.refresh()
    return opened.tree


@pytest.mark.parametrize("text", ["0.1.2.3", "0.1.2.3.weight", "3.WEIGHT"])
def test_a_dotted_path_finds_its_line(qtbot, nested, text):
    nested.filter_field.setText(text)
    qtbot.waitUntil(lambda: not nested._typing.isActive() and not nested.filter._turns.is_busy)
    shown = [index.data() for index in nested.view.lines(lambda _: True)]
    assert shown[:5] == ["(root)", "0", "1", "2", "3"]
    assert "weight" in shown


def test_names_of_deep_lines_have_room(qtbot, nested):
    # As wide as it is in a window of 1280 pixels; other tests may have left it wider.
    nested.parent().resizeDocks([nested], [300], Qt.Orientation.Horizontal)
    least = nested.view.fontMetrics().horizontalAdvance("weight")
    deepest = nested.model.index_of(len(nested.model.rows))
    wide = nested.view.indentation()
    nested.view.open_above(deepest)
    qtbot.waitUntil(lambda: nested.view.indentation() < wide)
    icon = nested.view.iconSize().width()
    assert nested.view.visualRect(deepest).width() - icon - 12 >= least
    # Twenty levels are scrolled through sideways; few are not.
    qtbot.waitUntil(lambda: nested.view.horizontalScrollBar().maximum() > 0)
    nested.view.collapseAll()
    qtbot.waitUntil(lambda: nested.view.indentation() == wide)
    qtbot.waitUntil(lambda: nested.view.horizontalScrollBar().maximum() == 0)
