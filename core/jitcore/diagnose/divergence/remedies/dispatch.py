"""Modules that are chosen by data: all of them are called, and what they give is chosen by an operator."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.conditions import mask_of
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.numbers import only_reads
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_of,
    free_name,
    functions_near,
    is_attribute_of,
    nodes_of,
)

_SUMMARY: Final = "call each of the modules and choose among what they give, which a trace records"


def by_operators_chosen(file: str, text: str, tree: ast.Module, lines: list[int]) -> Iterator[Change]:
    """Calls of `self.parts[index](x)`, and of `self.choose(...)(x)` with a method that gives such a part or
    one of two modules."""
    functions = functions_near(tree, lines)
    edits = Edits(text, tree)
    rewriter = Rewriter(text, tree, _called)
    rewriter.apply(edits, list(functions))
    if not edits.are_none:
        yield Change(_SUMMARY, file, edits.applied())
    for function in functions:
        yield from _choosing(file, text, tree, function)
    edits = Edits(text, tree)
    Rewriter(text, tree, _of_two_arms).apply(edits, list(functions))
    if not edits.are_none:
        yield Change(_SUMMARY, file, edits.applied())


def _called(rewriter: Rewriter, node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Subscript) and node.args:
        given = ", ".join(rewriter.source(each) for each in node.args)
        return _part(rewriter, node.func, given)
    return only_reads(rewriter, node)


def _of_two_arms(rewriter: Rewriter, node: ast.AST) -> str | None:
    """`ARMS[truth](x)` with both arms, and truths as tensors."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Subscript) and node.args:
        arms, truth = rewriter.source(node.func.value), node.func.slice
        if isinstance(truth, ast.Call | ast.Compare | ast.Name):
            given = ", ".join(rewriter.source(each) for each in node.args)
            both = f"{arms}[True]({given}), {arms}[False]({given})"
            return f"torch.where({rewriter.source(truth)}, {both})"
    return only_reads(rewriter, node)


def _part(rewriter: Rewriter, chosen: ast.expr, given: str) -> str | None:
    """What a chosen module gives, of what all give."""
    if not isinstance(chosen, ast.Subscript) or isinstance(chosen.slice, ast.Constant | ast.Slice):
        return None
    if not is_attribute_of(chosen.value, "self"):
        return None
    parts, place = rewriter.source(chosen.value), rewriter.source(chosen.slice)
    return f"torch.stack([each({given}) for each in {parts}])[{place}]"


def _choosing(file: str, text: str, tree: ast.Module, function: ast.FunctionDef) -> Iterator[Change]:
    """A method that gives a module made one that gives what the module gives."""
    holder = class_of(tree, function)
    last = function.body[-1]
    if holder is None or not isinstance(last, ast.Return) or last.value is None:
        return
    calls = [
        call
        for call in nodes_of(ast.Call, holder)
        if isinstance(call.func, ast.Call) and called_name(call.func.func) == f"self.{function.name}"
    ]
    if not calls or any(len(call.args) != 1 or call.keywords for call in calls) or function.args.defaults:
        return
    edits = Edits(text, tree)
    rewriter = Rewriter(text, tree, only_reads)
    given = free_name(edits.source(function), "given")
    if isinstance(last.value, ast.IfExp):
        arms = [edits.source(each) for each in (last.value.body, last.value.orelse)]
        test = mask_of(edits, last.value.test)
        new = f"torch.where({test}, {arms[0]}({given}), {arms[1]}({given}))"
    else:
        new = _part(rewriter, last.value, given) or ""
    if not new:
        return
    rewriter.apply(edits, list(function.body[:-1]))
    edits.replace(last.value, new)
    edits.insert_after(function.args.args[-1], f", {given}")
    if function.returns is not None:
        edits.replace(function.returns, "torch.Tensor")
    for call in calls:
        assert isinstance(call.func, ast.Call)
        parts = [edits.source(each) for each in (*call.func.args, call.args[0])]
        edits.replace(call, f"{edits.source(call.func.func)}({', '.join(parts)})")
    yield Change(_SUMMARY, file, edits.applied())
