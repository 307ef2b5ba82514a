"""Comparing: two graphs beside each other at the whole window, and where their values part."""

from __future__ import annotations

from jitviewer.ui.workspaces.workspace import DockPlace, Workspace

WORKSPACE = Workspace(
    name="compare",
    title="Compare",
    keys="Ctrl+4",
    purpose="two graphs beside each other, and where their values part",
    docks=(
        DockPlace("inspectorDock", "right", is_open=False),
        DockPlace("treeDock", "left", is_open=False),
    ),
    left=268,
    right=320,
    views=frozenset({"comparison"}),
    texts_share=50,
)
