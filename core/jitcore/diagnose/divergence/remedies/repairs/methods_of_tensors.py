"""Methods of tensors that are written in Python, by the functions that a script compiles."""

from __future__ import annotations

import ast
import re
from typing import Final

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.syntax import nodes_of


def as_functions(change: Change, tree: ast.Module, function: ast.FunctionDef, error: str) -> Edits:
    """`x.unique()` as `torch.unique(x)` where the compiler does not know the method."""
    edits = Edits(change.text, tree)
    missing = _MISSING.search(error)
    if missing is None or not hasattr(torch, missing["name"]) or not hasattr(torch.Tensor, missing["name"]):
        return edits
    name = missing["name"]

    def rule(rewriter: Rewriter, node: ast.AST) -> str | None:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return None
        owner = node.func.value
        if node.func.attr != name or (isinstance(owner, ast.Name) and owner.id == "torch"):
            return None
        given = [rewriter.source(each) for each in (owner, *node.args)]
        given += [f"{each.arg}={rewriter.source(each.value)}" for each in node.keywords]
        return f"torch.{name}({', '.join(given)})"

    if any(each.arg is None for call in nodes_of(ast.Call, function) for each in call.keywords):
        return edits
    Rewriter(change.text, tree, rule).apply(edits, [function])
    return edits


_MISSING: Final = re.compile(r"'Tensor' object has no attribute or method '(?P<name>\w+)'")
