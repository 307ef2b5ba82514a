"""Walks over a message and finds every text and list in it that is longer than its field may be."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from jitviewer.protocol import bounds

TEXTS = {
    # Whole texts of panes.
    ("TextView", "text"): bounds.TEXT,
    ("ParseableGiven", "text"): bounds.TEXT,
    ("ScriptableRendered", "text"): None,
    # Keys, and paths of files.
    ("TreeRow", "path"): bounds.PATH,
    ("Fact", "link"): bounds.PATH,
    ("CanvasItem", "id"): bounds.PATH,
    ("CanvasItem", "parent"): bounds.PATH,
    ("CanvasEdge", "id"): 3 * bounds.PATH,
    ("CanvasEdge", "source"): bounds.PATH,
    ("CanvasEdge", "target"): bounds.PATH,
    ("CanvasChanged", "anchor"): bounds.PATH,
    ("MethodShown", "module_path"): bounds.PATH,
    ("MethodFailed", "module_path"): bounds.PATH,
    ("RunDone", "module_path"): bounds.PATH,
    ("RunStopped", "module_path"): bounds.PATH,
    ("Inspected", "tensor"): bounds.PATH,
    ("TensorLooked", "name"): bounds.PATH,
    ("ProblemRow", "file"): bounds.PATH,
    # Values of inputs.
    ("InputRow", "spec"): bounds.SPEC,
    ("RunDone", "inputs"): bounds.SPEC,
    # Several lines.
    ("Fact", "text"): bounds.BLOCK,
    ("RunStopped", "traceback"): bounds.BLOCK,
    ("RunFailed", "traceback"): bounds.BLOCK,
    ("RunDone", "printed"): bounds.BLOCK,
    ("ProblemRow", "excerpt"): bounds.BLOCK,
    # Of a whole run, with a line that says how much more there was; cut again where it is kept.
    ("RunPrinted", "text"): (1 << 20) + 100,
    # Words of boxes.
    ("CanvasItem", "label"): bounds.LABEL,
    ("CanvasItem", "detail"): bounds.LABEL,
    ("CanvasEdge", "type"): bounds.LABEL,
    # Our own.
    ("PassRow", "description"): None,
}
"""Longest texts of fields by class and field; None where a text is not of the file."""

LISTS = {
    ("MethodShown", "inputs"): bounds.INPUTS,
    ("RunResult", "input_types"): bounds.INPUTS,
    ("StepsChanged", "steps"): bounds.STEPS,
    ("MemoryRow", "points"): 1_000,
    ("RunResult", "times"): bounds.NODES,
    ("RunResult", "spans"): bounds.NODES,
    ("RunDone", "times"): bounds.NODES,
    ("RunFailed", "times"): bounds.NODES,
    ("RunStopped", "times"): bounds.NODES,
    ("RunDone", "spans"): bounds.NODES,
    ("DocumentOpened", "tree"): bounds.TREE_ROWS + 1,
    ("TreeChanged", "tree"): bounds.TREE_ROWS + 1,
    ("ScriptOpened", "scriptables"): bounds.SCRIPTABLES,
    # As long as the graph, or the text, which have bounds of their own and are told by numbers.
    ("TextView", "line_nodes"): None,
    ("TextView", "marks"): None,
    ("TextView", "numbers"): None,
    ("TextView", "scopes"): None,
    ("CanvasView", "items"): bounds.FACTS * 2,
    ("CanvasView", "edges"): bounds.FACTS * 2,
    ("CanvasPart", "items"): bounds.FACTS * 2,
    ("CanvasPart", "edges"): bounds.FACTS * 2,
    ("CanvasItem", "node_ids"): None,
    ("ValuesObserved", "types"): None,
    ("StepRow", "matched"): None,
    ("StepRow", "made"): None,
    ("StepRow", "removed"): None,
    ("StepRow", "changed"): None,
    ("PassDiffShown", "groups"): None,
    ("FlowHighlighted", "items"): None,
    ("FlowHighlighted", "edges"): None,
}
"""Longest lists of fields; None where a list is as long as a graph that has its own bound."""


def too_large(message: msgspec.Struct) -> list[str]:
    """What of a message is larger than it may be: `RunStopped.sentence has 10,000 characters`."""
    return list(_walk(message, (type(message).__name__, "")))


def _walk(value: object, field: tuple[str, str]) -> Iterator[str]:
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _walk(getattr(value, name), (type(value).__name__, name))
    elif isinstance(value, str):
        most = TEXTS.get(field, bounds.DETAIL)
        if most is not None and len(value) > most:
            yield f"{'.'.join(field)} has {len(value):,} characters"
    elif isinstance(value, list | tuple | dict):
        most = LISTS.get(field, bounds.FACTS)
        if most is not None and len(value) > most:
            yield f"{'.'.join(field)} has {len(value):,} entries"
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            if not isinstance(item, int):
                yield from _walk(item, field)
