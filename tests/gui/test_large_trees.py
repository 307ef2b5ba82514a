"""Tens of thousands of lines in the tree: no more are laid out or looked at in one go than is quick."""

import pytest
from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from jitviewer.protocol import requests
from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.docks import bytes_map as bytes_maps
from jitviewer.ui.docks import tree_view
from jitviewer.ui.docks.bytes_map import BytesMap
from jitviewer.ui.models import tree_filter
from jitviewer.ui.models.tree_filter import TreeFilter
from jitviewer.ui.models.tree_model import GROUPED, ROW_ROLE, TreeModel
from jitviewer.ui.theme import ThemeManager

MANY = 4500


def attributes(count: int = MANY) -> list[TreeRow]:
    """A module with so many attributes."""
    root = TreeRow(1, 0, "module", "(root)", "", "M", 0)
    return [root, *(TreeRow(n + 2, 1, "attribute", f"a{n}", "", "int = 1", 0) for n in range(count))]


def children(model, index=QModelIndex()):
    return [model.index(row, 0, index) for row in range(model.rowCount(index))]


def lines_in_view(view) -> int:
    return sum(1 for _ in view.lines(view.isExpanded))


@pytest.fixture
def dock(opened):
    made = opened.tree
    opened.current_page().document.tree = attributes()
    made.refresh()
    return made


def test_many_lines_below_one_stand_in_groups(qapp):
    model = TreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(attributes(2300))
    root = model.index(0, 0)
    groups = children(model, root)
    assert [group.data() for group in groups] == ["a0 … a999", "a1000 … a1999", "a2000 … a2299"]
    assert [model.rowCount(group) for group in groups] == [1000, 1000, 300]
    found = model.index_of(2 + 1234)
    assert found.data() == "a1234"
    assert found.parent() == groups[1]
    assert groups[1].parent() == root
    # The engine's ids are above 0.
    assert all(group.data(ROW_ROLE).id < 0 for group in groups)
    model.set_rows(attributes(GROUPED))
    assert model.rowCount(model.index(0, 0)) == GROUPED


def test_few_lines_are_shown_as_they_are(qapp):
    model = TreeModel()
    rows = attributes(20)
    model.set_rows(rows)
    assert [index.data(ROW_ROLE) for index in children(model, model.index(0, 0))] == rows[1:]


def test_a_filter_looks_at_a_part_of_the_rows_in_one_turn(qtbot, monkeypatch):
    monkeypatch.setattr(tree_filter, "PART", 100)
    model = TreeModel()
    model.set_rows(attributes(450))
    rows = TreeFilter(model)
    finished: list[int] = []
    rows.filtered.connect(lambda: finished.append(len(children(model, model.index(0, 0)))))
    rows.set_text("A44")
    assert finished == []
    assert rows._turns.is_busy
    # What was typed meanwhile is what counts.
    rows.set_text("a449")
    qtbot.waitUntil(lambda: not rows._turns.is_busy)
    assert finished == [1]
    assert children(model, model.index(0, 0))[0].data() == "a449"
    rows.set_text("")
    assert finished == [1, 450]


def test_a_search_in_rows_that_are_gone_ends(qtbot, monkeypatch):
    monkeypatch.setattr(tree_filter, "PART", 100)
    model = TreeModel()
    model.set_rows(attributes(450))
    rows = TreeFilter(model)
    rows.set_text("a44")
    rows.stop()
    model.set_rows(attributes(3))
    qtbot.waitUntil(lambda: not rows._turns.is_busy)
    assert model.rowCount(model.index(0, 0)) == 3


def test_a_large_module_opens_as_its_groups(dock):
    assert lines_in_view(dock.view) == 1 + 5


def test_what_a_filter_finds_is_opened_as_far_as_is_quick(dock, qtbot, monkeypatch):
    monkeypatch.setattr(tree_view, "MOST_OPENED", 1200)
    dock.filter_field.setText("a")
    qtbot.waitUntil(lambda: not dock._typing.isActive() and not dock.filter._turns.is_busy)
    assert dock.model.rowCount(dock.model.index(0, 0)) == 5
    assert 1006 <= lines_in_view(dock.view) <= 1200
    dock.filter_field.setText("a4321")
    qtbot.waitUntil(lambda: lines_in_view(dock.view) == 3)
    names = [index.data() for index in dock.view.lines(dock.view.isExpanded)]
    assert names == ["(root)", "a4000 … a4499", "a4321"]


def test_an_asterisk_opens_as_much_as_is_quick(dock, monkeypatch):
    monkeypatch.setattr(tree_view, "MOST_OPENED", 2100)
    dock.view.setCurrentIndex(dock.model.index(0, 0))
    QTest.keyClick(dock.view, Qt.Key.Key_Asterisk)
    assert lines_in_view(dock.view) == 6 + 2000


def test_modules_that_are_nested_thousands_deep_are_opened_as_far_as_is_quick(opened, qtbot):
    nested = [TreeRow(n + 1, n, "module", f"m{n}", f"m{n}", "M", 0) for n in range(2500)]
    document, dock = opened.current_page().document, opened.tree
    document.tree = nested
    dock.refresh()
    assert lines_in_view(dock.view) == 2
    dock.filter_field.setText("m")
    qtbot.waitUntil(lambda: lines_in_view(dock.view) == tree_view.MOST_OPENED)
    # Of the same document, lines stay open.
    dock.refresh()
    qtbot.waitUntil(lambda: lines_in_view(dock.view) == tree_view.MOST_OPENED)
    dock.view.open_above(dock.model.index_of(2001))
    assert lines_in_view(dock.view) >= 2000


def test_a_line_in_a_closed_group_is_gone_to_and_a_group_is_nobodys_row(dock, transport):
    before = len(transport.asked(requests.InspectTreeRow))
    group = dock.model.index(2, 0, dock.model.index(0, 0))
    dock.view.setCurrentIndex(group)
    assert len(transport.asked(requests.InspectTreeRow)) == before
    line = dock.model.index_of(3)
    assert not dock.view.isExpanded(line.parent())
    dock.go_to(line.data(ROW_ROLE))
    assert dock.view.isExpanded(line.parent())
    assert dock.view.currentIndex() == line
    assert transport.asked(requests.InspectTreeRow)[-1].row == 3


def test_the_map_of_bytes_shows_the_largest_and_leaves_room_for_the_rest(qtbot, monkeypatch):
    made = BytesMap(ThemeManager("dark"))
    qtbot.addWidget(made)
    made.resize(300, 200)
    root = TreeRow(1, 0, "module", "(root)", "", "M", 3000 * 4 + 5000)
    rows = [TreeRow(n + 2, 1, "parameter", f"p{n}", "", "float32[1]", 4) for n in range(3000)]
    made.set_rows([root, *rows, TreeRow(9000, 1, "parameter", "large", "", "float32[1250]", 5000)])
    assert len(made.tiles) == bytes_maps._MOST
    assert made.tiles[0].row.name == "large"
    room = QRectF(8, 22, 284, 170)
    whole = room.width() * room.height()
    large = made.tiles[0].rect
    assert large.width() * large.height() == pytest.approx(5000 / 17000 * whole, rel=0.02)
    shown = sum(tile.rect.width() * tile.rect.height() for tile in made.tiles)
    assert shown < 0.5 * whole
