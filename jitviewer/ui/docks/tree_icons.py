"""The drawings of what an archive holds, by kind of row."""

from __future__ import annotations

TREE_ICONS = {
    "module": "module", "method": "method", "pre-hook": "method", "hook": "method",
    "function": "method", "class": "class", "parameter": "tensor", "tensor": "tensor",
    "buffer": "buffer", "attribute": "attribute", "constant": "constant", "extra": "record",
    "record": "record", "group": "group", "scriptable": "class",
}  # fmt: skip
