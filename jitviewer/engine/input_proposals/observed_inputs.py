"""What a module was given in a run of the whole, as a proposal for running it by itself."""

from __future__ import annotations

import re

from msgspec.structs import replace

from jitcore.ir import Graph, Node, Value
from jitviewer.engine.observed_types import ObservedTypes
from jitviewer.protocol.rows import InputRow

_TENSOR = re.compile(r"(Float|Double|Half|BFloat16|Long|Int)\(([\d, ]*)")
_DTYPES = {
    "Float": "float32", "Double": "float64", "Half": "float16", "BFloat16": "bfloat16", "Long": "int64",
    "Int": "int32",
}  # fmt: skip
_MADE_ANYWHERE = ("prim::GetAttr", "prim::Constant")

Path = tuple[str, ...]


def inputs_of_modules(graph: Graph, observed: ObservedTypes) -> dict[str, str]:
    """The observed type of the tensor that each module was given, by the module's path.

    Only of modules into which tensors of one type go: the graph does not tell which argument each was.
    """
    given: dict[Path, dict[Value, None]] = {}
    for node in graph.all_nodes():
        path = _path(node)
        for value in node.inputs if path else ():
            maker = value.node
            if maker.kind in _MADE_ANYWHERE or _is_of_inner_block(maker):
                continue
            shared = _shared(path, _path(maker))
            for depth in range(shared + 1, len(path) + 1):
                given.setdefault(path[:depth], {})[value] = None
    found: dict[str, str] = {}
    for path, values in given.items():
        types = {text for text in map(observed.type_of, values) if _TENSOR.match(text)}
        if len(types) == 1:
            found[".".join(path)] = types.pop()
    return found


def as_observed(rows: list[InputRow], observed: str) -> list[InputRow]:
    """The rows with what was observed for the one tensor among them; as they are if there are more."""
    match = _TENSOR.match(observed)
    tensors = [at for at, row in enumerate(rows) if row.type == "Tensor"]
    if match is None or len(tensors) != 1:
        return rows
    row = rows[tensors[0]]
    dtype, shape = _DTYPES[match[1]], match[2].replace(" ", "").rstrip(",")
    limits = row.spec[row.spec.index("]") + 1 :] if row.spec.startswith(f"{dtype}[") else ""
    told = replace(
        row, spec=f"{dtype}[{shape}]{limits}", reason="what it was given in the last run of the whole"
    )
    return [*rows[: tensors[0]], told, *rows[tensors[0] + 1 :]]


def _path(node: Node) -> Path:
    return node.callstack.module_path() if node.callstack is not None else ()


def _shared(one: Path, other: Path) -> int:
    """How many names both begin with."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def _is_of_inner_block(node: Node) -> bool:
    return node.kind == "prim::Param" and node.block is not None and node.block.owner is not None
