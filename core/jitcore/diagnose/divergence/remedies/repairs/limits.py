"""What `torch.finfo` and `torch.iinfo` say, by functions that a script compiles."""

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
    """What `torch.finfo` and `torch.iinfo` say of an element type, by functions that a script compiles."""
    edits = Edits(change.text, tree)
    wanted: set[tuple[str, str]] = set()
    for node in nodes_of(ast.Attribute, function):
        asked = node.value
        if not isinstance(asked, ast.Call):
            continue
        what = called_name(asked.func).removeprefix("torch.")
        # Without an argument it is asked about the type that is the default then, which no text says.
        is_known = node.attr in _LIMITS.get(what, ()) and len(asked.args) == 1 and not asked.keywords
        if is_known and called_name(asked.func) == f"torch.{what}":
            wanted.add((what, node.attr))
            edits.replace(node, f"_{what}_{node.attr}({edits.source(asked.args[0])})")
    holder = top_of(tree, function.lineno)
    for what, name in sorted(wanted):
        if holder is not None and f"def _{what}_{name}(" not in change.text:
            edits.insert_lines(first_line(holder) - 1, _code(what, name))
    return edits


def _code(what: str, name: str) -> list[str]:
    """The lines of the function that says one thing of each type."""
    known: list[tuple[torch.dtype, float | int]]
    if what == "finfo":
        known = [(kind, float(getattr(torch.finfo(kind), name))) for kind in _FRACTIONS]
    else:
        known = [(kind, int(getattr(torch.iinfo(kind), name))) for kind in _WHOLE]
    returned = "float" if what == "finfo" else "int"
    code = [f"def _{what}_{name}(dtype: torch.dtype) -> {returned}:"]
    for kind, value in known[:-1]:
        code += [f"    if dtype == {kind}:", f"        return {value!r}"]
    # The smallest whole number is none that can be written: the sign is an operator on one too large.
    last = known[-1][1]
    said = f"{last + 1!r} - 1" if what == "iinfo" and last < 0 else repr(last)
    return [*code, f"    return {said}", "", ""]


_FRACTIONS: Final = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_WHOLE: Final = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
_LIMITS: Final = {"finfo": ("min", "max", "eps", "tiny"), "iinfo": ("min", "max", "bits")}
