"""The menu of pipelines with a name, and the field that saves the present one under a new name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QToolButton, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import PassRow, PresetRow
from jitviewer.ui.models.formatting import plural
from jitviewer.ui.models.pass_specs import split_specs
from jitviewer.ui.services.preset_files import (
    LONGEST_NAME,
    PresetFileError,
    read_presets,
    write_presets,
)
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.widgets.plain import menu_text, set_tip

_KEY = "passes/presets"
_FILE, _KIND = "passes.json", "Presets of passes (*.json)"


def saved_presets(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The pipelines that the person saved, by name."""
    found: dict[str, tuple[str, ...]] = {}
    for line in settings.words(_KEY):
        name, _, passes = line.partition("\t")
        if name and len(name) <= LONGEST_NAME:
            found[name] = split_specs(passes)
    return found


def _free_name(name: str, passes: tuple[str, ...], saved: Mapping[str, tuple[str, ...]]) -> str:
    """The name under which passes are saved already, or the first one like it that nothing else has."""
    number, found = 1, name
    while saved.get(found, passes) != passes:
        number += 1
        ending = f" ({number})"
        found = name[: LONGEST_NAME - len(ending)] + ending
    return found


class PresetButton(QToolButton):
    """Offers the presets of the engine and those of the person, which can be written to a file and read.

    Signals: chosen(tuple of pass names), save_wanted(), told(sentence): what became of a file
    """

    chosen = Signal(object)
    save_wanted = Signal()
    told = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._rows: Sequence[PresetRow] = ()
        self._catalogue: Sequence[PassRow] = ()
        self.setText("Presets")
        self.setToolTip("Pipelines to start from")
        self.setAccessibleName("Presets of passes")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.fill)
        self.setMenu(menu)

    def set_presets(self, rows: Sequence[PresetRow], catalogue: Sequence[PassRow] = ()) -> None:
        """Offer these; files may name the passes of the catalogue."""
        self._rows, self._catalogue = rows, catalogue
        self.fill()

    def save(self, name: str, passes: Sequence[str]) -> None:
        """Keep a pipeline under a name, in the place of an older one of that name."""
        saved = saved_presets(self._settings)
        saved[name] = tuple(passes)
        self._store(saved)

    def fill(self) -> None:
        """Build the menu anew."""
        menu = self.menu()
        menu.clear()
        for row in self._rows:
            self._add(menu, row.name, tuple(row.passes), row.summary)
        saved = saved_presets(self._settings)
        if saved:
            menu.addSection("Saved")
        for name, passes in saved.items():
            self._add(menu, name, passes, "")
        menu.addSeparator()
        menu.addAction("Save these passes…").triggered.connect(self.save_wanted)
        menu.addAction("Add from a file…").triggered.connect(self._ask_and_read)
        if saved:
            menu.addAction("Share in a file…").triggered.connect(self._ask_and_write)
        if saved:
            forget = menu.addMenu("Forget")
            for name in saved:
                action = forget.addAction(menu_text(name))
                action.triggered.connect(lambda _checked=False, name=name: self._forget(name))

    def _add(self, menu: QMenu, name: str, passes: tuple[str, ...], summary: str) -> None:
        action = menu.addAction(menu_text(name))
        listed = ", ".join(passes) or "no passes"
        set_tip(action, f"{summary}\n{listed}".strip())
        action.triggered.connect(lambda _checked=False: self.chosen.emit(passes))

    def read_file(self, path: str) -> None:
        """Add the presets of a file; one with the name of another saved one gets a name of its own."""
        try:
            found = read_presets(path, self._catalogue)
        except PresetFileError as error:
            self.told.emit(str(error))
            return
        saved = saved_presets(self._settings)
        added = 0
        for name, passes in found.items():
            free = _free_name(name, passes, saved)
            added += free not in saved
            saved[free] = passes
        self._store(saved)
        known = f", {len(found) - added} saved already" if added < len(found) else ""
        self.told.emit(f"{plural(added, 'preset')} added from {plain_line(Path(path).name)}{known}.")

    def write_file(self, path: str) -> None:
        """Write the saved presets to a file that others can add."""
        saved = saved_presets(self._settings)
        problem = write_presets(path, saved)
        count = plural(len(saved), "preset")
        self.told.emit(problem or f"{count} written to {plain_line(Path(path).name)}.")

    def _ask_and_read(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Add presets", "", _KIND)
        if path:
            self.read_file(path)

    def _ask_and_write(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Share presets", _FILE, _KIND)
        if path:
            self.write_file(path)

    def _forget(self, name: str) -> None:
        saved = saved_presets(self._settings)
        saved.pop(name, None)
        self._store(saved)

    def _store(self, saved: dict[str, tuple[str, ...]]) -> None:
        self._settings.set_words(_KEY, [f"{name}\t{','.join(passes)}" for name, passes in saved.items()])


class NameField(QLineEdit):
    """A field for a name that goes away with Escape, and after Enter.

    Signals: named(str)
    """

    named = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Name of these passes, then Enter")
        self.setAccessibleName("Name of the preset")
        self.setMaxLength(LONGEST_NAME)
        self.returnPressed.connect(self._on_entered)
        self.hide()

    def ask(self) -> None:
        """Come up, empty."""
        self.clear()
        self.show()
        self.setFocus()

    def _on_entered(self) -> None:
        name = " ".join(self.text().split())
        if name:
            self.hide()
            self.named.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)
