"""Expressions that mean something else in a script than in Python, written so that they mean the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter, Rule
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    free_name,
    functions_around,
    last_line,
    nodes_of,
    statement_holding,
)


def same_meaning(file: str, text: str, tree: ast.Module, lines: list[int]) -> Iterator[Change]:
    """Expressions at the lines of a cause and its callers, and in their functions, with one meaning."""
    for line in lines:
        functions = functions_around(tree, line)
        if not functions:
            continue
        statement = statement_holding(functions[0], line)
        for rule, summary in _RULES:
            for held in (statement, functions[0]):
                if held is None:
                    continue
                edits = Edits(text, tree)
                Rewriter(text, tree, rule).apply(edits, [held])
                if not edits.are_none:
                    yield Change(summary, file, edits.applied())
        yield from _chained(file, text, tree, functions[0])
        yield from _walked(file, text, tree, functions[0])
        yield from _popped(file, text, tree, functions[0])
        yield from _typed_factories(file, text, tree, functions[0])


def _compared(rewriter: Rewriter, node: ast.AST) -> str | None:
    """`a is b` as `a == b`, where neither is None, True or False."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return None
    sides = [node.left, node.comparators[0]]
    if any(isinstance(each, ast.Constant) and each.value is None for each in sides):
        return None
    if not isinstance(node.ops[0], ast.Is | ast.IsNot):
        return None
    sign = "==" if isinstance(node.ops[0], ast.Is) else "!="
    return f"{rewriter.source(sides[0])} {sign} {rewriter.source(sides[1])}"


def _rounded(rewriter: Rewriter, node: ast.AST) -> str | None:
    """`round(x)` is an int in Python."""
    if isinstance(node, ast.Call) and called_name(node.func) == "round" and len(node.args) == 1:
        return f"int({rewriter.inside(node)})"
    return None


def _powered(rewriter: Rewriter, node: ast.AST) -> str | None:
    """A power of ints is an int in Python."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return f"int({rewriter.inside(node)})"
    return None


def _floored(rewriter: Rewriter, node: ast.AST) -> str | None:
    """A floor division of floats is exact in Python."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        one, other = (_grouped(rewriter, each) for each in (node.left, node.right))
        return f"float(round(({one} - {one} % {other}) / {other}))"
    return None


def _exchanged(rewriter: Rewriter, node: ast.AST) -> str | None:
    """`max` and `min` of floats keep their first argument in Python where one is no number."""
    if isinstance(node, ast.Call) and called_name(node.func) in ("max", "min") and len(node.args) == 2:
        one, other = (rewriter.source(each) for each in node.args)
        sign = ">" if called_name(node.func) == "max" else "<"
        return f"({other} if {other} {sign} {one} else {one})"
    return None


def _divided(rewriter: Rewriter, node: ast.AST) -> str | None:
    """`int(a / b)` by a floor division, which needs no float."""
    if isinstance(node, ast.Call) and called_name(node.func) == "int" and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            return f"{_grouped(rewriter, inner.left)} // {_grouped(rewriter, inner.right)}"
    return None


def _flags(rewriter: Rewriter, node: ast.AST) -> str | None:
    """A bool is an int in Python."""
    is_asked = isinstance(node, ast.Call) and called_name(node.func) == "isinstance" and len(node.args) == 2
    if isinstance(node, ast.Call) and is_asked and called_name(node.args[1]) == "int":
        return f"isinstance({rewriter.source(node.args[0])}, (int, bool))"
    return None


def _grouped(rewriter: Rewriter, node: ast.expr) -> str:
    text = rewriter.source(node)
    simple = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
    return text if simple else f"({text})"


_RULES: Final[tuple[tuple[Rule, str], ...]] = (
    (_compared, "compare by ==: a script has its own notion of what is the same object"),
    (_rounded, "make it an int: round gives a float in a script"),
    (_powered, "make it an int: a power of ints is a float in a script"),
    (_floored, "take the floor by the remainder: a script rounds the quotient of floats first"),
    (_exchanged, "compare: a script's max and min treat NaN otherwise"),
    (_flags, "ask for bool too: a bool is no int in a script"),
    (_divided, "divide by //, which is exact"),
)


def _chained(file: str, text: str, tree: ast.Module, function: ast.FunctionDef) -> Iterator[Change]:
    """What stands in the middle of a chain of comparisons, computed once before it."""
    for node in nodes_of(ast.Compare, function):
        statement = statement_holding(function, node.lineno)
        middle = node.comparators[0]
        is_head = isinstance(statement, ast.If | ast.Assign | ast.Return | ast.Assert | ast.Expr)
        if len(node.ops) < 2 or not isinstance(middle, ast.Call) or statement is None or not is_head:
            continue
        edits = Edits(text, tree)
        name = free_name(edits.source(function), "middle")
        edits.insert_lines(
            statement.lineno - 1, [f"{' ' * statement.col_offset}{name} = {edits.source(middle)}"]
        )
        edits.replace(middle, name)
        yield Change("compute it once: a script computes the middle of a chain twice", file, edits.applied())


def _walked(file: str, text: str, tree: ast.Module, function: ast.FunctionDef) -> Iterator[Change]:
    """A list that grows while it is walked, walked by place."""
    for loop in nodes_of(ast.For, function):
        if not isinstance(loop.iter, ast.Name) or not isinstance(loop.target, ast.Name) or loop.orelse:
            continue
        edits = Edits(text, tree)
        name = edits.source(loop.iter)
        indent, inner = " " * loop.col_offset, " " * loop.body[0].col_offset
        if any(isinstance(each, ast.Continue) for each in nodes_of(ast.stmt, loop)):
            continue
        edits.replace_lines(
            loop.lineno, loop.body[0].lineno - 1,
            [f"{indent}at = 0", f"{indent}while at < len({name}):", f"{inner}{loop.target.id} = {name}[at]",
             f"{inner}at += 1"],
        )  # fmt: skip
        yield Change(f"ask for the length of {name} in each turn: a script asks once", file, edits.applied())


def _popped(file: str, text: str, tree: ast.Module, function: ast.FunctionDef) -> Iterator[Change]:
    """The newest entry of a dict, by its key."""
    for node in nodes_of(ast.Assign, function):
        call = node.value
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "popitem"
        ):
            edits = Edits(text, tree)
            name, indent = edits.source(call.func.value), " " * node.col_offset
            target = node.targets[0]
            if not isinstance(target, ast.Tuple) or len(target.elts) != 2:
                continue
            key, value = (edits.source(each) for each in target.elts)
            code = [f"{indent}{key} = list({name}.keys())[-1]", f"{indent}{value} = {name}.pop({key})"]
            edits.replace_lines(node.lineno, last_line(node), code)
            yield Change("pop the newest entry by its key: a script pops the oldest", file, edits.applied())


def _typed_factories(file: str, text: str, tree: ast.Module, function: ast.FunctionDef) -> Iterator[Change]:
    """Tensors made of numbers, with their type said."""
    for kind in ("torch.float32", "torch.int64", "torch.get_default_dtype()"):
        edits = Edits(text, tree)
        for call in nodes_of(ast.Call, function):
            name = called_name(call.func)
            is_made = name in ("torch.tensor", "torch.full", "torch.arange", "torch.as_tensor")
            if is_made and call.args and all(each.arg != "dtype" for each in call.keywords):
                last = call.keywords[-1].value if call.keywords else call.args[-1]
                edits.insert_after(last, f", dtype={kind}")
        if not edits.are_none:
            yield Change("say the type: a script and Python choose others", file, edits.applied())
