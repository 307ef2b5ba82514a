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
def shape_function_text() -> str:
    """All functions as one text, without what only Python needs around them."""
    texts: list[str] = []
    for path in sorted(_FOLDER.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        segments = (
            ast.get_source_segment(text, node)
            for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef)
        )
        texts += [segment for segment in segments if segment is not None]
    return "\n\n".join(texts)
