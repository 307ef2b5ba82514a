"""The menus of the canvas: of a box, of an edge, of the background, and of what the view shows."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.actions import CanvasActions


def item_menu(actions: CanvasActions, item: CanvasItem, parent: QWidget) -> QMenu:
    """What can be done with a box or a frame, under its name."""
    menu = QMenu(parent)
    menu.setAccessibleName(plain_line(f"Menu of {item.label or item.kind}"))
    if item.is_open is not None:
        actions.open.setText("&Close" if item.is_open else "&Open")
        menu.addAction(actions.open)
    if item.kind == "repeat":
        menu.addAction(actions.unroll)
    if item.kind == "node":
        menu.addAction(actions.own_constants)
    menu.addSeparator()
    menu.addActions([actions.producer, actions.user, actions.edge])
    menu.addSeparator()
    menu.addActions([actions.users, actions.producers, actions.path])
    menu.addSeparator()
    menu.addActions([actions.fit_selection, actions.clear])
    return menu


def view_menu(actions: CanvasActions, parent: QWidget) -> QMenu:
    """What the canvas shows, and how."""
    menu = QMenu(parent)
    menu.setAccessibleName("What the canvas shows")
    menu.addActions([actions.constants, actions.repeats, actions.types, actions.map])
    return menu


def background_menu(actions: CanvasActions, parent: QWidget) -> QMenu:
    """What can be done where there is no box."""
    menu = view_menu(actions, parent)
    menu.setAccessibleName("Menu of the canvas")
    menu.addSeparator()
    menu.addActions([actions.fit, actions.open_all, actions.close_all])
    menu.addSeparator()
    menu.addActions([actions.export, actions.clear])
    return menu
