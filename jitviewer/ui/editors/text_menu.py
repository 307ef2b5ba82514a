"""The menu of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from jitviewer.ui.editors.text_keys import copy_selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitviewer.ui.editors.code_editor import CodeEditor


def make_menu(editor: CodeEditor) -> QMenu:
    """What can be done here, with the keys that do the same."""
    menu = QMenu(editor)
    has_value = bool(editor.used_name)
    copy = "Copy" if editor.caret.has_selection else "Copy the line"
    entries: tuple[tuple[str, str, Callable[[], object], bool] | None, ...] = (
        (copy, "Ctrl+C", lambda: copy_selection(editor), True),
        ("Copy the whole text", "Ctrl+Shift+C", editor.copy_all_wanted.emit, bool(editor.view.text)),
        None,
        ("Explain", "Ctrl+I", editor.explain_here, True),
        ("Go to the definition", "F12", editor.go_to_definition, has_value),
        ("Next use", "Shift+F12", lambda: editor.go_to_use(1), has_value),
        None,
        ("Fold", "Ctrl+[", editor.fold_here, True),
        ("Unfold", "Ctrl+]", editor.unfold_here, True),
        ("Fold everything", "Ctrl+Shift+[", editor.fold_all, True),
        ("Unfold everything", "Ctrl+Shift+]", editor.unfold_all, True),
    )  # fmt: skip
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        text, keys, slot, is_enabled = entry
        action = menu.addAction(text)
        action.setShortcut(QKeySequence(keys))
        action.setEnabled(is_enabled)
        action.triggered.connect(lambda _checked=False, slot=slot: slot())
    return menu


def show_menu(editor: CodeEditor, at: QPoint) -> None:
    """Put the caret under the pointer, unless that would lose a selection, and show the menu there."""
    if not editor.caret.has_selection:
        editor.move_caret(editor.place_at(editor.viewport().mapFromGlobal(at).toPointF()))
    make_menu(editor).popup(at)
