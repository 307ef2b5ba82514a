"""Writes that go around the operators of a tensor, and copies by other libraries, as operators."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.numpy_names import TORCH_NAMES, full_name
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.syntax import called_name, functions_near

_SUMMARY: Final = "use the tensor itself and its operators, which a trace records"
_SAME: Final = (
    "numpy.asarray", "numpy.array", "torch.from_numpy", "torch.from_dlpack", "torch.as_tensor",
    "torch.asarray",
    "torch.utils.dlpack.from_dlpack", "torch.utils.dlpack.to_dlpack", "numpy.ascontiguousarray",
    "numpy.from_dlpack",
)  # fmt: skip
"""Functions that give the tensor that they are given, or its memory, as something else."""

_METHODS: Final = ("numpy", "untyped_storage", "storage", "__array__", "cpu")
"""Methods that do so."""


def by_operators(file: str, text: str, tree: ast.Module, lines: list[int]) -> Iterator[Change]:
    """Functions around some lines, with writes by operators: in the first one, then in all of them."""
    functions = functions_near(tree, lines)
    for held in dict.fromkeys((tuple(functions[:1]), tuple(functions))):
        for rule in (_data_alone, arrays_as_tensors, _data_exchanged):
            edits = Edits(text, tree)
            Rewriter(text, tree, rule).apply(edits, list(held))
            if not edits.are_none:
                yield Change(_SUMMARY, file, edits.applied())


def _data_alone(rewriter: Rewriter, node: ast.AST) -> str | None:
    """`.data` as `.detach()`, and what is assigned to it copied."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Attribute) and target.attr == "data":
            return f"{rewriter.source(target.value)}.detach().copy_({rewriter.source(node.value)})"
    if isinstance(node, ast.Attribute) and node.attr == "data" and isinstance(node.ctx, ast.Load):
        return f"{rewriter.source(node.value)}.detach()"
    return None


def _data_exchanged(rewriter: Rewriter, node: ast.AST) -> str | None:
    """What is assigned to `.data` made what the tensor holds, of whichever size."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Attribute) and target.attr == "data":
            return f"{rewriter.source(target.value)}.set_({rewriter.source(node.value)})"
    return _data_alone(rewriter, node)


def arrays_as_tensors(rewriter: Rewriter, node: ast.AST) -> str | None:
    """Arrays of numpy and memory of tensors as the tensors that they are, and functions of numpy as those of
    torch."""
    found = _data_alone(rewriter, node) or _sorted_in_place(rewriter, node)
    if found is not None or not isinstance(node, ast.Call):
        return found
    name = full_name(called_name(node.func))
    if name in _SAME and node.args:
        return rewriter.source(node.args[0])
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if node.func.attr in _METHODS and not node.args:
            return rewriter.source(owner)
        if node.func.attr == "copy" and not node.args and called_name(owner) not in ("copy", "np", "numpy"):
            return f"{rewriter.source(owner)}.clone()"
        if node.func.attr == "fill" and node.args:
            return f"{rewriter.source(owner)}.fill_({rewriter.source(node.args[0])})"
        if node.func.attr == "astype" and node.args:
            return f"{rewriter.source(owner)}{_cast(rewriter.source(node.args[0]))}"
    if name == "numpy.copyto" and len(node.args) > 1:
        return f"{rewriter.source(node.args[0])}.copy_({rewriter.source(node.args[1])})"
    if name in _OF_ONE and len(node.args) == 1 and not node.keywords:
        return _OF_ONE[name].format(rewriter.source(node.args[0]))
    short = name.removeprefix("numpy.")
    if short == name or short not in TORCH_NAMES:
        return None
    parts = [rewriter.source(each) for each in node.args]
    named = {each.arg: rewriter.source(each.value) for each in node.keywords}
    if "axis" in named:
        named["dim"] = named.pop("axis")
    if short == "argsort":
        # Numpy's own choice may order equal ones in any way.
        kind = named.pop("kind", "")
        named |= {"stable": "True"} if kind.strip("'\"") in ("stable", "mergesort") else {}
    if "k" in named:
        named["diagonal"] = named.pop("k")
    if short == "meshgrid":
        # The order of axes that is numpy's own.
        named.setdefault("indexing", '"xy"')
    if parts and named.get("out") == parts[0]:
        rest = [*parts[1:], *(f"{key}={value}" for key, value in named.items() if key != "out")]
        return f"{parts[0]}.{TORCH_NAMES[short]}_({', '.join(rest)})"
    given = ", ".join([*parts, *(f"{key}={value}" for key, value in named.items())])
    return f"torch.{TORCH_NAMES[short]}({given})"


_OF_ONE: Final = {
    "numpy.flatnonzero": "torch.nonzero(torch.flatten({}))[:, 0]",
    "numpy.sort": "torch.sort({})[0]",
    "numpy.unique": "torch.unique({})",
    "numpy.ravel": "torch.flatten({})",
    "numpy.squeeze": "torch.squeeze({})",
    "numpy.transpose": "({}).T",
}
"""Functions of numpy of one array, and what torch does with one tensor."""


def _sorted_in_place(rewriter: Rewriter, node: ast.AST) -> str | None:
    """What is sorted where it stands, as an array is, written by an operator. A list has none such, so that
    a change of one raises, and is not offered."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=held, attr="sort"), args=[], keywords=[])):
            source = rewriter.source(held)
            return f"{source}.copy_(torch.sort({source})[0])"
        case _:
            return None


def _cast(kind: str) -> str:
    named = {"bool": ".bool()", "int": ".long()", "float": ".double()"}
    return named.get(kind, f".to(torch.{kind.rpartition('.')[2].strip(chr(34))})")
