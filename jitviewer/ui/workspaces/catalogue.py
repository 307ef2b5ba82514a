"""All workspaces, in the order of the switch: each is a file of this folder, and its line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from jitviewer.ui.workspaces.workspace import Workspace

_FILES = (
    "read",
    "rewrite",
    "run",
    "compare",
)


@cache
def workspaces() -> tuple[Workspace, ...]:
    """The workspaces; the first is the one of a window that nobody has used yet."""
    found = [import_module(f"{__package__}.{name}").WORKSPACE for name in _FILES]
    assert all(isinstance(workspace, Workspace) for workspace in found)
    return tuple(found)


def workspace_named(name: str) -> Workspace:
    """A workspace by its name. Raises `KeyError` for one that there is not."""
    return {workspace.name: workspace for workspace in workspaces()}[name]
