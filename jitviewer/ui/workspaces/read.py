"""Reading: the tree with what is known of a line of it, the texts at full height, the canvas beside them."""

from __future__ import annotations

from jitviewer.ui.workspaces.workspace import DockPlace, Workspace

WORKSPACE = Workspace(
    name="read",
    title="Read",
    keys="Ctrl+1",
    purpose="tree, code and graph",
    docks=(DockPlace("treeDock", "left", 68), DockPlace("inspectorDock", "left", 32)),
    left=268,
    right=320,
    views=frozenset({"source", "code", "graph", "canvas"}),
    texts_share=70,
)
