"""Which function of `shape_functions` tells the sizes of what an operator gives.

The table is what torch/csrc/jit/runtime/symbolic_shape_registry.cpp has registered, variants that write in
place among them; a test asks libtorch.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).with_name("shape_functions.txt")
_FOLDER: Final = Path(__file__).with_name("shape_functions")


@cache
def shape_functions() -> dict[str, str]:
    """Key of an overload (`aten::add.Tensor`) -> name of its function."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ") for line in lines)


@cache
def shape_function_texts() -> dict[str, str]:
    """File (`views`) -> its functions at their places, without what only Python needs around them."""
    return {path.stem: _functions_alone(path.read_text(encoding="utf-8")) for path in _FOLDER.glob("*.py")}


@cache
def file_of_function() -> dict[str, str]:
    """Name of a function -> the file that it stands in."""
    return {
        node.name: file
        for file, text in shape_function_texts().items()
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


def _functions_alone(text: str) -> str:
    lines = text.splitlines()
    kept = [""] * len(lines)
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            place = slice(node.lineno - 1, node.end_lineno)
            kept[place] = lines[place]
    return "\n".join(kept) + "\n"
