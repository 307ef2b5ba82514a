"""All that the window can do, as commands that can be searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from jitviewer.protocol.rows import PassRow, PresetRow
from jitviewer.ui.models.pass_specs import name_of
from jitviewer.ui.search.results import Command
from jitviewer.ui.services.document import DocumentState


def action_commands(window: QMainWindow) -> list[Command]:
    """The enabled actions of the menus and of the window itself."""
    found: dict[QAction, str] = {}
    for top in window.menuBar().actions():
        menu = top.menu()
        if isinstance(menu, QMenu):
            found.update(_in_menu(menu, _plain(top.text())))
    for action in window.actions():
        found.setdefault(action, "")
    return [
        Command(_plain(action.text()), _detail(action, where), _keys(action), action.trigger)
        for action, where in found.items()
        if action.isEnabled()
        and action.text()
        and not action.isSeparator()
        and not isinstance(action.menu(), QMenu)
    ]


def pass_commands(
    document: DocumentState | None, catalogue: Iterable[PassRow], presets: Iterable[PresetRow]
) -> list[Command]:
    """Passes to be switched on or off, and presets."""
    if document is None or document.phase != "ready":
        return []
    commands: list[Command] = []
    on = document.passes_on
    for row in catalogue:
        if row.name in map(name_of, on):
            rest = [spec for spec in on if name_of(spec) != row.name]
            title = f"Switch {row.name} off"
            commands.append(Command(title, row.summary, "", partial(document.set_passes, rest)))
        else:
            more = (*on, row.name)
            title = f"Switch {row.name} on"
            commands.append(Command(title, row.summary, "", partial(document.set_passes, more)))
    for preset in presets:
        use = partial(document.set_passes, preset.passes)
        commands.append(Command(f"Passes: {preset.name}", preset.summary, "", use))
    return commands


def file_commands(window: object, paths: Sequence[str]) -> list[Command]:
    """Recent files to be opened by `open_path` of the window."""
    open_path = window.open_path  # type: ignore[attr-defined]
    return [Command(f"Open {Path(path).name}", path, "", lambda path=path: open_path(path)) for path in paths]


def _in_menu(menu: QMenu, where: str) -> Iterator[tuple[QAction, str]]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _in_menu(inner, f"{where} > {_plain(action.text())}")
        else:
            yield action, where


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _detail(action: QAction, where: str) -> str:
    if not action.isCheckable():
        return where
    return f"{where}, {'on' if action.isChecked() else 'off'} now".removeprefix(", ")


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
