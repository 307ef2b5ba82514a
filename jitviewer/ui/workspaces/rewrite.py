"""Rewriting: the passes with their single rewrites, the text of the graph and its picture."""

from __future__ import annotations

from jitviewer.ui.workspaces.workspace import DockPlace, Workspace

WORKSPACE = Workspace(
    name="rewrite",
    title="Rewrite",
    keys="Ctrl+2",
    purpose="passes, what each changed, graph and canvas",
    docks=(
        DockPlace("passesDock", "right", 58),
        DockPlace("stepsDock", "right", 42),
        DockPlace("inspectorDock", "left", is_open=False),
        DockPlace("treeDock", "left", is_open=False),
    ),
    left=268,
    right=320,
    views=frozenset({"graph", "canvas", "scrubber"}),
    texts_share=46,
)
