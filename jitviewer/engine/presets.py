"""Pipelines to start from: that of every document, and those with a name."""

from __future__ import annotations

from jitcore.passes import catalogue
from jitviewer.protocol.rows import PresetRow

DEFAULT_PASSES = ("inline",)
"""What a document is opened with: module scopes are only seen once calls are inlined."""

_PRESETS = (
    ("As saved", "The graph as torch prints it, with its calls", ()),
    ("Inlined", "Calls replaced by the bodies of what they call", DEFAULT_PASSES),
    (
        "Tidied",
        "Inlined, without what nobody reads or what is computed twice",
        ("inline", "dce", "cse", "constant-pooling"),
    ),
    (
        "Optimized",
        "What torch does before it runs a graph: constants folded, small patterns replaced",
        ("inline", "peephole", "constant-propagation", "constant-pooling", "cse", "dce"),
    ),
)


def preset_rows() -> list[PresetRow]:
    """The presets, and one with every pass there is."""
    known = catalogue()
    rows = [
        PresetRow(name, summary, [pass_name for pass_name in passes if pass_name in known])
        for name, summary, passes in _PRESETS
    ]
    return [*rows, PresetRow("Everything", "All passes in the order of the catalogue", list(known))]
