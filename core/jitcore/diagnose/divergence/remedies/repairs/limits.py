"""What `torch.finfo` says, by a function that a script compiles."""

from __future__ import annotations

import ast
from typing import Final

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    first_line,
    nodes_of,
    top_of,
)


def with_limits(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """What `torch.finfo` says of an element type, by a function that a script compiles."""
    edits = Edits(change.text, tree)
    wanted: set[str] = set()
    for node in nodes_of(ast.Attribute, function):
        asked = node.value
        if node.attr not in _LIMITS or not isinstance(asked, ast.Call):
            continue
        # Without an argument it is asked about the type that is the default then, which no text says.
        if called_name(asked.func) == "torch.finfo" and len(asked.args) == 1 and not asked.keywords:
            wanted.add(node.attr)
            edits.replace(node, f"_finfo_{node.attr}({edits.source(asked.args[0])})")
    holder = top_of(tree, function.lineno)
    for name in sorted(wanted):
        if holder is None or f"def _finfo_{name}(" in change.text:
            continue
        code = [f"def _finfo_{name}(dtype: torch.dtype) -> float:"]
        for kind in (torch.float16, torch.bfloat16, torch.float32):
            code += [
                f"    if dtype == {kind}:",
                f"        return {float(getattr(torch.finfo(kind), name))!r}",
            ]
        code += [f"    return {float(getattr(torch.finfo(torch.float64), name))!r}", "", ""]
        edits.insert_lines(first_line(holder) - 1, code)
    return edits


_LIMITS: Final = ("min", "max", "eps", "tiny")
