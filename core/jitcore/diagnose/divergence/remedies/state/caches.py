"""Results that a library keeps for arguments that were seen before, computed in each call."""

from __future__ import annotations

import ast
from typing import Final

from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import called_name, last_line, nodes_of

_CACHES: Final = ("lru_cache", "cache", "cached", "memoize")


def without_caches(text: str, tree: ast.Module) -> str:
    """The text without decorators that keep results: a trace asks for each only once."""
    edits = Edits(text, tree)
    for function in nodes_of(ast.FunctionDef, tree):
        for each in function.decorator_list:
            name = called_name(each.func if isinstance(each, ast.Call) else each)
            if name.rpartition(".")[2] in _CACHES:
                edits.replace_lines(each.lineno, last_line(each), [])
    return edits.applied()
