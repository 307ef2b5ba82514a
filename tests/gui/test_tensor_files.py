"""A file of tensors in the window: tree and inspector show them, the middle says that there is no code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from jitviewer.ui.app import make_window
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.settings import Settings

SECONDS = 60_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    value = {"model": {"layer.w": torch.arange(12.0).reshape(3, 4), "layer.b": torch.ones(3)}, "epoch": 3}
    torch.save(value, tmp_path / "state.pth")
    return tmp_path / "state.pth"


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path, path: Path) -> Iterator[MainWindow]:
    """The window with the file, as a real engine read it."""
    client = EngineClient()
    client.start()
    window = make_window(client, settings=Settings(tmp_path / "settings.ini"), theme="dark")
    qtbot.addWidget(window)
    window.resize(1400, 900)
    window.show()
    qtbot.waitExposed(window)
    window.open_path(str(path))
    page = window.current_page()
    assert page is not None
    qtbot.waitUntil(lambda: page.document.phase == "ready", timeout=SECONDS)
    yield window
    client.stop()


def select(window: MainWindow, name: str) -> None:
    index = window.tree.model.find(("tensor", "module"), "model.layer", name)
    assert index.isValid()
    window.tree.view.open_above(index)
    window.tree.view.setCurrentIndex(index)


def test_the_middle_says_that_there_is_no_code_and_where_the_tensors_are(qtbot, shown, path, monkeypatch):
    space = shown.current_page().view
    assert space.empty.isVisible()
    assert not space.canvas.isVisible()
    assert not space.code.isVisible()
    assert not space.graph.isVisible()
    assert space.empty.heading.text() == "There is no code in this file"
    sentence = space.empty.sentence.text()
    assert sentence.startswith(f"{path} was written by torch.save and holds tensors but no code")
    assert sentence.endswith("The tensors are listed in the tree; select one there to look at its numbers.")
    asked: list[object] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *words: asked.append(words) or ([], ""))
    qtbot.mouseClick(space.empty.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert len(asked) == 1


def test_the_inspector_shows_a_tensor_of_the_tree(qtbot, shown):
    document = shown.current_page().document
    select(shown, "w")
    qtbot.waitUntil(lambda: document.tensor is not None, timeout=SECONDS)
    inspector = shown.inspector
    assert inspector.look.isVisible()
    assert document.tensor.look.cells[1] == ["4", "5", "6", "7"]
    assert sum(document.tensor.look.histogram) == 12
    assert document.tensor.look.picture_width == 4
    assert "float32" in inspector.view.toPlainText()


def test_a_line_of_what_names_have_in_common_asks_for_no_method(qtbot, shown):
    document = shown.current_page().document
    select(shown, "layer")
    qtbot.waitUntil(lambda: document.inspection is not None, timeout=SECONDS)
    shown.tree.view.activated.emit(shown.tree.view.currentIndex())
    qtbot.wait(50)
    assert not document.awaits_method
    assert shown.current_page().view.banner.isHidden()


def test_the_keyboard_walks_over_what_is_shown_and_commands_of_code_do_no_harm(qtbot, shown):
    page = shown.current_page()
    assert page.parts() == (page.view.empty,)
    page.take_focus()
    for command in (shown.fit_canvas, shown.export_canvas, shown.arrange_canvas, shown.toggle_run):
        command()
    shown.step_part(1)
    shown.step(1)
    shown.find_text()
    assert page.view.banner.sentence.text() == page.document.why_no_program
    assert page.document.phase == "ready"
    assert not page.document.is_running


def test_a_file_that_becomes_an_archive_is_shown_as_one(qtbot, shown, path):
    document = shown.current_page().document
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), path)
    document.reload()
    qtbot.waitUntil(lambda: document.canvas is not None, timeout=SECONDS)
    space = shown.current_page().view
    assert space.empty.isHidden()
    assert space.canvas.isVisible()
    assert space.graph.isVisible()
