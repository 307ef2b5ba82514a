"""Numbers that Python reads from tensors and sizes, kept as what a trace records."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.numpy_names import MATH_NAMES, full_name
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter, Rule
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    functions_near,
    nodes_of,
    statement_holding,
)
from jitcore.diagnose.divergence.remedies.writes import arrays_as_tensors

_TENSOR: Final = "keep the value a tensor, which a trace records"
_SIZE: Final = "compute with the size itself, which a trace records"


def kept_as_tensors(file: str, text: str, tree: ast.Module, lines: list[int], kind: str) -> Iterator[Change]:
    """Reads of numbers left out: at the first line, in its function, in all functions around the lines."""
    functions = functions_near(tree, lines)
    if not functions:
        return
    statement = statement_holding(functions[0], lines[0])
    parts: list[list[ast.AST]] = [[functions[0]], list(functions)]
    if statement is not None and not isinstance(statement, ast.FunctionDef):
        head = _head(statement)
        parts.insert(0, head)
    rules = _rules()
    if kind in ("shape", "loop-count"):
        rules = (rules[1], rules[0], *rules[2:])
    for held in parts:
        for rule, summary in rules:
            edits = Edits(text, tree)
            Rewriter(text, tree, rule).apply(edits, held)
            if not edits.are_none:
                yield Change(summary, file, edits.applied())


def read_as_tensors(
    file: str, text: str, tree: ast.Module, functions: list[ast.FunctionDef]
) -> Iterator[Change]:
    """Reads of numbers left out in some functions and in those of the file that these call."""
    called = {called_name(call.func).rpartition(".")[2] for call in nodes_of(ast.Call, *functions)}
    others = [
        each for each in nodes_of(ast.FunctionDef, tree) if each.name in called and each not in functions
    ]
    for rule, summary in _rules():
        edits = Edits(text, tree)
        Rewriter(text, tree, rule).apply(edits, [*functions, *others])
        if not edits.are_none:
            yield Change(summary, file, edits.applied())


def _rules() -> tuple[tuple[Rule, str], ...]:
    return (
        (only_reads, _TENSOR), (_sizes_kept, _SIZE), (_with_mathematics, _TENSOR), (_with_tensors, _TENSOR),
        (_with_comparisons, _TENSOR),
    )  # fmt: skip


def _head(statement: ast.stmt) -> list[ast.AST]:
    """What of a statement stands at its own lines: all but the statements in it."""
    return [
        each
        for each in ast.iter_child_nodes(statement)
        if not isinstance(each, ast.stmt)
    ] if hasattr(statement, "body") else [statement]  # fmt: skip


def _sizes_kept(rewriter: Rewriter, node: ast.AST) -> str | None:
    """`int(n)`, `len(x)`, `math.floor(a / b)` of sizes, with operators that work on traced sizes too."""
    if not isinstance(node, ast.Call):
        return None
    name = full_name(called_name(node.func))
    if name == "int" and len(node.args) == 1:
        return _floor(rewriter, node.args[0]) or _grouped(rewriter, node.args[0])
    if name == "float" and len(node.args) == 1:
        return f"({rewriter.source(node.args[0])} * 1.0)"
    if name == "len" and len(node.args) == 1:
        return f"{rewriter.source(node.args[0])}.shape[0]"
    if name == "math.floor" and node.args:
        return _floor(rewriter, node.args[0])
    if name == "math.ceil" and node.args and isinstance(node.args[0], ast.BinOp):
        quotient = node.args[0]
        if isinstance(quotient.op, ast.Div):
            one, other = _grouped(rewriter, quotient.left), _grouped(rewriter, quotient.right)
            return f"-(-{one} // {other})"
    if name == "math.sqrt" and node.args:
        return f"{_grouped(rewriter, node.args[0])} ** 0.5"
    if isinstance(node.func, ast.Attribute) and not node.args and node.func.attr in _WHOLE:
        return rewriter.source(node.func.value)
    if name in ("numpy.prod", "math.prod") and node.args and isinstance(node.args[0], ast.Subscript):
        # A tensor's sizes behind the first so many: their product is the last size of it flattened.
        sizes = node.args[0]
        shape, place = sizes.value, sizes.slice
        first = place.lower if isinstance(place, ast.Slice) and place.upper is None else None
        if isinstance(shape, ast.Attribute) and shape.attr == "shape" and first is not None:
            return f"{rewriter.source(shape.value)}.flatten({rewriter.source(first)}).shape[-1]"
    return None


_WHOLE: Final = ("__int__", "__index__", "item")


def _floor(rewriter: Rewriter, node: ast.expr) -> str | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return f"({_grouped(rewriter, node.left)} // {_grouped(rewriter, node.right)})"
    return None


def _grouped(rewriter: Rewriter, node: ast.expr) -> str:
    text = rewriter.source(node)
    simple = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
    return text if simple else f"({text})"


def only_reads(rewriter: Rewriter, node: ast.AST) -> str | None:
    """`x.item()`, `float(x)`, `int(x)`, `x.tolist()` as `x`."""
    if not isinstance(node, ast.Call):
        return None
    if called_name(node.func) in ("float", "int", "bool") and len(node.args) == 1:
        return _grouped(rewriter, node.args[0])
    if isinstance(node.func, ast.Attribute) and not node.args and node.func.attr in _READS:
        return rewriter.source(node.func.value)
    is_mapped = called_name(node.func) == "map" and len(node.args) == 2
    if is_mapped and called_name(node.args[0]) in ("float", "int", "bool"):
        return rewriter.source(node.args[1])
    return None


_READS: Final = ("item", "tolist", "__int__", "__float__", "__bool__", "__index__")


def _with_mathematics(rewriter: Rewriter, node: ast.AST) -> str | None:
    """The same, with what Python computes with them by operators of torch."""
    found = only_reads(rewriter, node)
    if found is not None or not isinstance(node, ast.Call):
        return found
    name = full_name(called_name(node.func))
    short = name.removeprefix("math.")
    if short != name and short in MATH_NAMES:
        return f"torch.{MATH_NAMES[short]}({', '.join(rewriter.source(each) for each in node.args)})"
    if name in ("max", "min") and len(node.args) == 2:
        return _bounded(rewriter, name, node.args)
    if name == "round" and len(node.args) == 1:
        return f"{_grouped(rewriter, node.args[0])}.round()"
    if name == "round" and len(node.args) == 2:
        return f"torch.round({rewriter.source(node.args[0])}, decimals={rewriter.source(node.args[1])})"
    if (
        name in ("sum", "max", "min")
        and len(node.args) == 1
        and not isinstance(node.args[0], ast.GeneratorExp)
    ):
        operator = {"sum": "sum", "max": "amax", "min": "amin"}[name]
        return f"{_grouped(rewriter, node.args[0])}.{operator}()"
    return None


def _bounded(rewriter: Rewriter, name: str, parts: list[ast.expr]) -> str:
    side = "min" if name == "max" else "max"
    for one, other in (parts, parts[::-1]):
        if _has_read(one) and not _has_read(other):
            return f"{_grouped(rewriter, one)}.clamp({side}={rewriter.source(other)})"
    return f"torch.{name}imum({rewriter.source(parts[0])}, {rewriter.source(parts[1])})"


def _has_read(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Call)
        and (
            called_name(each.func) in ("float", "int", "bool")
            or (isinstance(each.func, ast.Attribute) and each.func.attr in _READS)
        )
        for each in ast.walk(node)
    )


def _with_tensors(rewriter: Rewriter, node: ast.AST) -> str | None:
    """The same, with tensors that are made of such numbers stacked, and numpy's functions by torch's."""
    if isinstance(node, ast.Call):
        name = full_name(called_name(node.func))
        if name in ("torch.tensor", "torch.as_tensor") and node.args:
            held = node.args[0]
            dtype = next(
                (f".to({rewriter.source(each.value)})" for each in node.keywords if each.arg == "dtype"), ""
            )
            if isinstance(held, ast.List | ast.Tuple):
                items = [_as_tensor(rewriter, each) for each in held.elts]
                return f"torch.stack([{', '.join(items)}]){dtype}"
            if isinstance(held, ast.ListComp):
                return f"torch.stack({rewriter.source(held)}){dtype}"
            return f"{_grouped(rewriter, held)}{dtype}"
        if name in ("numpy.percentile", "numpy.quantile") and len(node.args) == 2:
            share = rewriter.source(node.args[1])
            if isinstance(node.args[1], ast.List | ast.Tuple):
                share = f"torch.tensor({share})"
            part = f"{share} / 100" if name.endswith("percentile") else share
            return f"torch.quantile({rewriter.source(node.args[0])}, {part})"
        if name == "sorted" and len(node.args) == 1 and len(node.keywords) == 1:
            return _places_by_key(rewriter, node.args[0], node.keywords[0])
        if name == "sorted" and len(node.args) == 1 and not node.keywords:
            return f"{_grouped(rewriter, node.args[0])}.sort().values"
        if name == "torch.full" and len(node.args) == 2 and not node.keywords:
            size, value = (rewriter.source(each) for each in node.args)
            return f"({value}).expand({size})"
    return _with_mathematics(rewriter, node) or arrays_as_tensors(rewriter, node)


def _with_comparisons(rewriter: Rewriter, node: ast.AST) -> str | None:
    """The same, with `max` and `min` that treat NaN as Python does."""
    if isinstance(node, ast.Call) and len(node.args) == 2:
        chosen = larger_or_smaller(rewriter, node)
        if chosen is not None:
            return chosen
    return _with_tensors(rewriter, node)


def larger_or_smaller(rewriter: Rewriter, node: ast.Call) -> str | None:
    """`max(a, b)` and `min(a, b)` as in Python: the first one, unless the second one is beyond it."""
    name = called_name(node.func)
    if name not in ("max", "min") or len(node.args) != 2:
        return None
    one, other = (rewriter.source(each) for each in node.args)
    return f"torch.where({other} {'>' if name == 'max' else '<'} {one}, {other}, {one})"


def _places_by_key(rewriter: Rewriter, items: ast.expr, keyword: ast.keyword) -> str | None:
    """`sorted(range(n), key=lambda at: x[at])` as the order of `x`."""
    key = keyword.value
    if not _is_range(items) or not isinstance(key, ast.Lambda) or len(key.args.args) != 1:
        return None
    sign, found = "", key.body
    if isinstance(found, ast.UnaryOp) and isinstance(found.op, ast.USub):
        sign, found = "-", found.operand
    while isinstance(found, ast.Call):
        if called_name(found.func) in ("float", "int") and found.args:
            found = found.args[0]
        elif isinstance(found.func, ast.Attribute) and found.func.attr in _READS:
            found = found.func.value
        else:
            return None
    if isinstance(found, ast.Subscript) and called_name(found.slice) == key.args.args[0].arg:
        return f"({sign}{rewriter.source(found.value)}).argsort()"
    return None


def _is_range(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called_name(node.func) == "range" and len(node.args) == 1


def _as_tensor(rewriter: Rewriter, node: ast.expr) -> str:
    text = rewriter.source(node)
    return f"torch.tensor({text})" if isinstance(node, ast.Constant) else text
