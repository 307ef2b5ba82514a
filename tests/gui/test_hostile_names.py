"""A window that shows an archive whose every text is made to be taken for more than text."""

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QHelpEvent, QPainter
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QTabBar,
    QToolTip,
    QWidget,
)

from jitviewer.plain_text import CELL, plain_lines
from jitviewer.ui.app import make_window
from jitviewer.ui.editors import line_layouts
from jitviewer.ui.editors.code_editor import CodeEditor
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.settings import Settings
from tests.cli.hostile_names import HIDDEN, write_hostile_names

IN_OPEN = 0x20
SECONDS = 60_000
TEXT_ROLES = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole, Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)  # fmt: skip


class Watch:
    """Tells whether anybody opened a file."""

    def __init__(self, path: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._file = self._libc.inotify_init1(os.O_NONBLOCK)
        assert self._libc.inotify_add_watch(self._file, bytes(path), IN_OPEN) > 0

    def was_opened(self) -> bool:
        try:
            return bool(os.read(self._file, 4096))
        except BlockingIOError:
            return False


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The picture that the names ask for, by its path and from the working folder."""
    path = tmp_path / "planted.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def hostile_file(tmp_path: Path, planted: Path) -> Path:
    folder = tmp_path / "<img src='planted.png'>"
    folder.mkdir()
    return write_hostile_names(folder / "a&b[*]\x1b[31m\u202e.pt", str(planted))


@pytest.fixture
def shown(qtbot, tmp_path: Path, hostile_file: Path) -> Iterator[MainWindow]:
    """The window with the archive, as a real engine read it."""
    client = EngineClient()
    client.start()
    window = make_window(client, settings=Settings(tmp_path / "settings.ini"), theme="dark")
    qtbot.addWidget(window)
    window.resize(1400, 900)
    window.show()
    qtbot.waitExposed(window)
    window.open_path(str(hostile_file))
    page = window.current_page()
    assert page is not None
    qtbot.waitUntil(lambda: page.document.canvas is not None, timeout=SECONDS)
    yield window
    client.stop()


def is_plain(text: str) -> bool:
    return text == plain_lines(text)


def is_plain_tip(text: str) -> bool:
    """Whether a tool tip is shown letter for letter: no markup, or ours around escaped words."""
    inner = text.removeprefix('<p style="white-space:pre-wrap">').removesuffix("</p>")
    return is_plain(text) and not (GuiQt.mightBeRichText(text) and (inner == text or "<" in inner))


def indexes(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[QModelIndex]:
    above = parent or QModelIndex()
    for row in range(model.rowCount(above)):
        # Lists of one column hide how many they have.
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(above)):
            index = model.index(row, column, above)
            yield index
            if column == 0:
                yield from indexes(model, index)


def texts_of_models(window: QWidget) -> Iterator[tuple[str, str]]:
    """Each text of each role of what views and lists of choices show, with whether it is a tip."""
    models = [view.model() for view in window.findChildren(QAbstractItemView)]
    models += [box.model() for box in window.findChildren(QComboBox)]
    for model in filter(None, models):
        for index in indexes(model):
            for role in TEXT_ROLES:
                words = index.data(role)
                if isinstance(words, str):
                    yield ("tip" if role == Qt.ItemDataRole.ToolTipRole else "text"), words
        for column in range(0 if isinstance(model, QAbstractListModel) else model.columnCount()):
            for role in TEXT_ROLES:
                words = model.headerData(column, Qt.Orientation.Horizontal, role)
                if isinstance(words, str):
                    yield ("tip" if role == Qt.ItemDataRole.ToolTipRole else "text"), words


def texts_of_widgets(window: QWidget) -> Iterator[tuple[str, str]]:
    widgets = [window, *window.findChildren(QWidget)]
    for widget in widgets:
        yield "tip", widget.toolTip()
        for words in (
            widget.windowTitle(), widget.statusTip(), widget.whatsThis(), widget.accessibleName(),
            widget.accessibleDescription(),
        ):  # fmt: skip
            yield "text", words
        # Qt's own label of tool tips reads markup; what it is given is held by `is_plain_tip`.
        if isinstance(widget, QLabel) and widget.objectName() != "qtooltip_label":
            assert widget.textFormat() == Qt.TextFormat.PlainText, widget
            yield "text", widget.text()
        if isinstance(widget, QAbstractButton):
            yield "text", widget.text()
        if isinstance(widget, QTabBar):
            for at in range(widget.count()):
                yield "text", widget.tabText(at)
                yield "tip", widget.tabToolTip(at)
    for action in window.findChildren(QAction):
        yield "text", action.text()
        yield "text", action.statusTip()
        yield "tip", action.toolTip()


def check(found: Iterator[tuple[str, str]]) -> int:
    """Hold all texts to be plain; how many there are."""
    texts = list(found)
    for kind, words in texts:
        assert is_plain_tip(words) if kind == "tip" else is_plain(words), words
    return len(texts)


def ask_for_tips(qtbot, window: MainWindow) -> list[str]:
    """Let the pointer rest on each line of each view and on each widget; the tips that come up."""
    found: list[str] = []

    def rest(widget: QWidget, at: QPoint) -> None:
        place = widget.mapToGlobal(at)
        QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, place))
        QApplication.processEvents()
        if QToolTip.isVisible():
            found.append(QToolTip.text())
            QToolTip.hideText()

    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            rest(widget, widget.rect().center())
    for view in window.findChildren(QAbstractItemView):
        for index in indexes(view.model()) if view.model() is not None else ():
            view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
            rest(view.viewport(), view.visualRect(index).center())
    for area in (*window.findChildren(QAbstractScrollArea), window.tree.map, window.run.timeline):
        surface = area.viewport() if isinstance(area, QAbstractScrollArea) else area
        for x in range(4, surface.width(), 60):
            for y in range(4, surface.height(), 40):
                rest(surface, QPoint(x, y))
    return found


def test_names_of_a_hostile_file_are_text_everywhere(qtbot, shown, planted, monkeypatch):
    painted: list[str] = []
    draw = QPainter.drawText

    def spy(painter: QPainter, *words: object) -> object:
        painted.extend(word for word in words if isinstance(word, str))
        return draw(painter, *words)

    class Layout(line_layouts.QTextLayout):
        def __init__(self, text: str, *rest: object) -> None:
            painted.append(text)
            super().__init__(text, *rest)

    monkeypatch.setattr(QPainter, "drawText", spy)
    monkeypatch.setattr(line_layouts, "QTextLayout", Layout)
    watch = Watch(planted)
    page = shown.current_page()
    assert page is not None
    document = page.document
    document.set_all_items(is_open=True)
    shown.tree.view.expandAll()
    for dock in shown.docks():
        dock.show()
        dock.raise_()
        for row in document.tree if dock is shown.inspector else ():
            document.inspect_row(row.id)
            if row.kind in ("record", "extra", "class"):
                document.show_record(row.path or row.name)
            qtbot.wait(20)
            check(texts_of_widgets(shown))
            shown.grab()
        shown.grab()
    for theme in ("light", "dark"):
        shown._themes.choose(theme)
        shown.grab()
    tips = ask_for_tips(qtbot, shown)
    assert any("<img" in tip or "&lt;img" in tip for tip in tips)
    assert all(is_plain_tip(tip) or "<div" in tip for tip in tips)
    shown.actions_._fill_recent()
    shown.search_everywhere("")
    shown.search.palette.field.setText("img")
    qtbot.waitUntil(lambda: shown.search.palette.model.rowCount() > 0)
    shown.grab()
    assert check(texts_of_models(shown)) > 100
    assert check(texts_of_widgets(shown)) > 500
    assert any("<img" in words for words in painted)
    assert [words for words in painted if not is_plain(words)] == []
    assert not watch.was_opened()


def test_a_failing_run_says_so_in_plain_text(qtbot, shown, planted):
    watch = Watch(planted)
    page = shown.current_page()
    assert page is not None
    document = page.document
    document.show_method("", "fail")
    qtbot.waitUntil(lambda: document.method == "fail", timeout=SECONDS)
    document.run(["float32[2]"], "cpu", 1, 0, 0, False, -1)
    qtbot.waitUntil(lambda: document.stopped is not None, timeout=SECONDS)
    shown.run.show()
    shown.run.raise_()
    shown.run.results.trace_button.setChecked(True)
    shown.grab()
    assert "failed <img" in shown.run.results.banner.sentence.text()
    assert HIDDEN[:4] not in shown.run.results.trace.text()
    check(texts_of_widgets(shown))
    document.show_method("", "run")
    qtbot.waitUntil(lambda: document.method == "run", timeout=SECONDS)
    document.run(["float32[2]"], "cpu", 1, 0, 0, False, -1)
    qtbot.waitUntil(lambda: document.result is not None, timeout=SECONDS)
    qtbot.waitUntil(lambda: "Printed: printed <img" in shown.run.results.detail.text())
    check(texts_of_widgets(shown))
    check(texts_of_models(shown))
    assert not watch.was_opened()


def test_tabs_menus_and_titles_keep_their_signs(qtbot, shown, hostile_file):
    shown.actions_._fill_recent()
    action = next(a for a in shown.actions_._recent.actions() if "31m" in a.text())
    assert action.text() == r"a&&b[*]\x1b[31m\u202e.pt"
    assert shown.tabs.tabText(0) == r"a&&b[*]\x1b[31m\u202e.pt"
    assert shown.windowTitle() == r"a&b[*][*]\x1b[31m\u202e.pt - jitviewer"
    shown.copy_path()
    assert QGuiApplication.clipboard().text() == str(hostile_file)


def test_a_text_is_painted_visibly_and_copied_as_it_is(qtbot, shown):
    page = shown.current_page()
    assert page is not None
    document = page.document
    document.show_record("code/__torch__.py")
    editor: CodeEditor = page.view.record.editor
    qtbot.waitUntil(lambda: "a comment" in editor.toPlainText(), timeout=SECONDS)
    number = next(at for at, line in enumerate(editor.lines.lines) if "a comment" in line)
    line = editor.lines.lines[number]
    assert line.endswith("# a comment \x1b[31m\u202e")
    painted = editor.layouts.of(number).text()
    assert painted.endswith(f"# a comment {CELL}[31m{CELL}")
    assert len(painted) == len(line)
    editor.pick_line(number)
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_End)
    assert editor.caret.place.column == len(line)
    qtbot.keyClick(editor, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == line + "\n"
