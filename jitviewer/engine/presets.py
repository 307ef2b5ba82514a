"""Pipelines to start from: that of every document, and those with a name."""

from __future__ import annotations

from jitviewer.engine.input_proposals.types_for_passes import ASKING
from jitviewer.protocol.rows import PresetRow

DEFAULT_PASSES = ("inline",)
"""What a document is opened with: module scopes are only seen once calls are inlined."""

_PRESETS = (
    ("As saved", "The graph as torch prints it, with its calls", ()),
    ("Inlined", "Calls replaced by the bodies of what they call", DEFAULT_PASSES),
    (
        "Clean",
        "Inlined, without what nobody reads or what is computed twice",
        ("inline", "dce", "cse", "constant-pooling"),
    ),
    (
        "torch.jit's default",
        "What torch's executor does to a graph, each pass once; Stages of a run show what it makes of inputs",
        (
            "inline", "remove-expands", "canonicalize-graph-fuser-ops", "constant-propagation", "cse",
            "constant-pooling", "peephole", "lower-simple-tuples", "loop-unrolling", "batch-mm", "dce",
        ),
    ),
    (
        "Freeze",
        "What torch.jit.freeze makes of the module: attributes are constants",
        ("inline", "freeze"),
    ),
    (
        "Inference",
        "What torch.jit.optimize_for_inference makes of it: convolutions by oneDNN, weights transposed",
        ("inline", "freeze", "optimize-for-inference"),
    ),
    (
        "Inference with fusion",
        "The frozen graph with operators fused for the inputs that are proposed, or were run with last",
        (
            "inline", "freeze", "remove-mutation", ASKING, "propagate-shapes-on-graph", "propagate-dtype",
            "propagate-device", "fuse-tensorexprs{assume_contiguous=true}", "transpose-frozen-linear",
        ),
    ),
    (
        "Everything",
        "All passes that leave a graph smaller and what it gives as it is, tuples taken apart last",
        (
            "inline", "dce", "cse", "constant-propagation", "constant-pooling", "peephole",
            "lower-all-tuples",
        ),
    ),
)  # fmt: skip


def preset_rows() -> list[PresetRow]:
    """The presets."""
    return [PresetRow(name, summary, list(passes)) for name, summary, passes in _PRESETS]
