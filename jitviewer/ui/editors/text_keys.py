"""What keys do in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence

from jitviewer.ui.editors.text_lines import Place

if TYPE_CHECKING:
    from jitviewer.ui.editors.code_editor import CodeEditor

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_WORDS = re.compile(r"[\w.%]+|[^\w.%\s]+")


def press_key(editor: CodeEditor, event: QKeyEvent) -> bool:
    """Do what a key means; whether it means anything here."""
    key, modifiers = event.key(), event.modifiers()
    if event.matches(QKeySequence.StandardKey.Copy):
        copy_selection(editor)
    elif key == Qt.Key.Key_C and modifiers == _CONTROL | _SHIFT:
        editor.copy_all_wanted.emit()
    elif event.matches(QKeySequence.StandardKey.SelectAll):
        last = len(editor.lines.lines) - 1
        editor.move_caret(Place(0, 0))
        editor.move_caret(Place(last, len(editor.lines.lines[last])), keeps_anchor=True)
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        editor.line_activated.emit(editor.nodes_of(editor.caret.place.line))
    elif key == Qt.Key.Key_I and modifiers == _CONTROL:
        editor.explain_here()
    elif key == Qt.Key.Key_F12:
        _follow(editor, bool(modifiers & _SHIFT))
    elif key == Qt.Key.Key_Escape and (editor.caret.has_selection or editor.used_name):
        editor.clear_marks()
    elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BraceLeft) and modifiers & _CONTROL:
        editor.fold_all() if modifiers & _SHIFT else editor.fold_here()
    elif key in (Qt.Key.Key_BracketRight, Qt.Key.Key_BraceRight) and modifiers & _CONTROL:
        editor.unfold_all() if modifiers & _SHIFT else editor.unfold_here()
    else:
        place = _target(editor, key, bool(modifiers & _CONTROL))
        if place is None or modifiers & Qt.KeyboardModifier.AltModifier:
            return False
        keeps = bool(modifiers & _SHIFT)
        walks = not modifiers & (_SHIFT | _CONTROL) and key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        editor.move_caret(place, keeps)
        editor.show_caret()
        if walks:
            editor.nodes_picked.emit(editor.nodes_of(editor.caret.place.line))
    return True


def copy_selection(editor: CodeEditor) -> None:
    """Put what is selected, else the caret's line, on the clipboard."""
    text = editor.selected_text() or editor.lines.lines[editor.caret.place.line] + "\n"
    QGuiApplication.clipboard().setText(text)


def _follow(editor: CodeEditor, is_use: bool) -> None:
    if is_use:
        editor.go_to_use(1)
    else:
        editor.go_to_definition()


def _target(editor: CodeEditor, key: int, by_words: bool) -> Place | None:
    """Where a key leads from the caret, None if it leads nowhere."""
    lines, (line, column) = editor.lines, editor.caret.place
    text = lines.lines[line]
    row, last = lines.row_of_line(line), lines.row_count - 1

    def in_row(wanted: int) -> Place:
        return lines.clamp(lines.line_of_row(max(0, min(wanted, last))), column)

    page = max(1, editor.rows_in_sight() - 1)
    match key:
        case Qt.Key.Key_Up:
            return in_row(row - 1)
        case Qt.Key.Key_Down:
            return in_row(row + 1)
        case Qt.Key.Key_PageUp:
            return in_row(row - page)
        case Qt.Key.Key_PageDown:
            return in_row(row + page)
        case Qt.Key.Key_Home:
            return Place(0, 0) if by_words else Place(line, 0)
        case Qt.Key.Key_End:
            end = lines.line_of_row(last) if by_words else line
            return Place(end, len(lines.lines[end]))
        case Qt.Key.Key_Left:
            if by_words:
                starts = [m.start() for m in _WORDS.finditer(text) if m.start() < column]
                return Place(line, starts[-1] if starts else 0)
            return (
                Place(line, column - 1) if column else in_row(row - 1)._replace(column=1 << 30 if row else 0)
            )
        case Qt.Key.Key_Right:
            if by_words:
                ends = (m.end() for m in _WORDS.finditer(text) if m.end() > column)
                return Place(line, next(ends, len(text)))
            return Place(line, column + 1) if column < len(text) else in_row(row + 1)._replace(column=0)
        case _:
            return None
