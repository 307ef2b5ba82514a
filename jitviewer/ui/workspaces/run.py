"""Measuring: inputs and results, and the canvas with the times at nearly the whole window."""

from __future__ import annotations

from jitviewer.ui.workspaces.workspace import DockPlace, Workspace

WORKSPACE = Workspace(
    name="run",
    title="Run",
    keys="Ctrl+3",
    purpose="inputs, results, and the canvas with times",
    docks=(
        DockPlace("runDock", "right"),
        DockPlace("inspectorDock", "left", is_open=False),
        DockPlace("treeDock", "left", is_open=False),
    ),
    left=268,
    right=360,
    views=frozenset({"canvas"}),
    texts_share=46,
)
