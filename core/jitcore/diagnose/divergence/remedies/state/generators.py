"""Generators that never end, as objects that keep what the generator kept between two values."""

from __future__ import annotations

import ast
import textwrap

from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    first_line,
    free_name,
    last_line,
    nodes_of,
)


def by_objects(text: str, tree: ast.Module) -> tuple[str, str] | None:
    """The text with the first generator function that loops for ever as a class, and the name of that; None
    where there is none.

        def decay():                 ->  class Decay:
            rate = 1.0                       def __init__(self):
            while True:                          self.rate = 1.0
                yield rate
                rate *= 0.5                  def following(self):
                                                 value = self.rate
                                                 self.rate *= 0.5
                                                 return value
    """
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef) or function.decorator_list:
            continue
        loop = function.body[-1]
        yields = list(nodes_of(ast.Yield, function))
        if not isinstance(loop, ast.While) or not _is_for_ever(loop) or len(yields) != 1 or loop.orelse:
            continue
        place = next(
            (
                at
                for at, each in enumerate(loop.body)
                if isinstance(each, ast.Expr) and each.value is yields[0] and yields[0].value is not None
            ),
            None,
        )
        if place is not None:
            return _as_class(text, tree, function, loop, place)
    return None


def _is_for_ever(loop: ast.While) -> bool:
    return isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def _as_class(
    text: str, tree: ast.Module, function: ast.FunctionDef, loop: ast.While, place: int
) -> tuple[str, str] | None:
    kind = free_name(text, "".join(part.capitalize() for part in function.name.split("_")))
    kept = {each.arg for each in function.args.args} | {
        node.id for node in nodes_of(ast.Name, function) if isinstance(node.ctx, ast.Store)
    }

    def attributes(_: Rewriter, node: ast.AST) -> str | None:
        return f"self.{node.id}" if isinstance(node, ast.Name) and node.id in kept else None

    rewriter = Rewriter(text, tree, attributes)
    before = [_lines(rewriter, each) for each in function.body[:-1] if not _is_text(each)]
    given = loop.body[place]
    value = given.value.value if isinstance(given, ast.Expr) and isinstance(given.value, ast.Yield) else None
    assert value is not None
    taken = text[slice(*_parameters(text, tree, function))]
    code = [f"class {kind}:", f"    def __init__(self{', ' if taken.strip() else ''}{taken}):"]
    code += [f"        self.{each.arg} = {each.arg}" for each in function.args.args]
    code += [textwrap.indent(each, " " * 8) for each in before]
    if len(code) == 2:
        code.append("        pass")
    code += ["", "    def following(self):"]
    code += [textwrap.indent(_lines(rewriter, each), " " * 8) for each in loop.body[:place]]
    code += [f"        value = {rewriter.source(value)}"]
    code += [textwrap.indent(_lines(rewriter, each), " " * 8) for each in loop.body[place + 1 :]]
    code += ["        return value"]
    edits = Edits(text, tree)
    edits.replace_lines(first_line(function), last_line(function), code)
    for call in nodes_of(ast.Call, tree):
        if called_name(call.func) == function.name:
            edits.replace(call.func, kind)
        elif called_name(call.func) == "next" and len(call.args) == 1:
            edits.replace(call, f"{edits.source(call.args[0])}.following()")
    changed = edits.applied_as_python()
    return None if changed is None else (changed, kind)


def _lines(rewriter: Rewriter, node: ast.stmt) -> str:
    """A statement with all its lines at the margin."""
    return rewriter.source(node).replace("\n" + " " * node.col_offset, "\n")


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parameters(text: str, tree: ast.Module, function: ast.FunctionDef) -> tuple[int, int]:
    """Where the text of the parameters begins and ends."""
    edits = Edits(text, tree)
    arguments = [*function.args.args, *function.args.defaults]
    if not arguments:
        return 0, 0
    first = edits.at(function.args.args[0].lineno, function.args.args[0].col_offset)
    return first, max(edits.at(each.end_lineno or 0, each.end_col_offset or 0) for each in arguments)
