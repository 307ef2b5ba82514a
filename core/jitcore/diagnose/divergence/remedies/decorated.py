"""Functions that are compiled while they are traced, so that they decide anew in each call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import functions_around

SCRIPTED = "@torch.jit.script_if_tracing"
"""Leaves a function alone where nothing is traced."""


def decorated(file: str, text: str, tree: ast.Module, line: int) -> Iterator[Change]:
    """The functions around a line, each compiled while it is traced."""
    for function in functions_around(tree, line):
        if function not in tree.body or function.decorator_list:
            continue
        edits = Edits(text, tree)
        edits.insert_lines(function.lineno - 1, [SCRIPTED])
        summary = f"compile {function.name} while it is traced, so that it decides in each call"
        yield Change(summary, file, edits.applied())
