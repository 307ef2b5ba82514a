"""Functions that change variables of the function that made them, as objects with attributes for these."""

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
from jitcore.diagnose.divergence.remedies.uses import has_plain_parameters


def by_modules(text: str, tree: ast.Module) -> tuple[str, str] | None:
    """The text with the first function that gives a function with variables of its own as a module of that
    purpose, and the name of its class; None where there is none.

        def counter(start):          ->  class Count(torch.nn.Module):
            left = start                     def __init__(self, start):
                                                 super().__init__()
            def count():                         self.start = start
                nonlocal left                    self.left = start
                left -= 1
                return left                  def forward(self):
                                                 self.left -= 1
            return count                         return self.left
    """
    for maker in tree.body:
        if not isinstance(maker, ast.FunctionDef) or maker.decorator_list:
            continue
        inner = [each for each in maker.body if isinstance(each, ast.FunctionDef)]
        last = maker.body[-1]
        is_given = isinstance(last, ast.Return) and last.value is not None and len(inner) == 1
        if not is_given or called_name(last.value) != inner[0].name or inner[0].decorator_list:  # type: ignore[arg-type, union-attr]
            continue
        local = {each.arg for each in maker.args.args} | {
            node.id
            for each in maker.body
            if not isinstance(each, ast.FunctionDef)
            for node in nodes_of(ast.Name, each)
            if isinstance(node.ctx, ast.Store)
        }
        own = {each.arg for each in inner[0].args.args}
        stated = {name for node in nodes_of(ast.Nonlocal, inner[0]) for name in node.names}
        own |= {node.id for node in nodes_of(ast.Name, inner[0]) if isinstance(node.ctx, ast.Store)} - stated
        shared = {node.id for node in nodes_of(ast.Name, inner[0])} & (local - own)
        if shared:
            return _as_module(text, tree, maker, inner[0], shared)
    return None


def _as_module(
    text: str, tree: ast.Module, maker: ast.FunctionDef, inner: ast.FunctionDef, shared: set[str]
) -> tuple[str, str] | None:
    if not (has_plain_parameters(maker) and has_plain_parameters(inner)):
        return None
    kind = free_name(text, "".join(part.capitalize() for part in inner.name.split("_")))

    def attributes(_: Rewriter, node: ast.AST) -> str | None:
        return f"self.{node.id}" if isinstance(node, ast.Name) and node.id in shared else None

    rewriter = Rewriter(text, tree, attributes)
    edits = Edits(text, tree)
    code = [f"class {kind}(torch.nn.Module):", f"    def __init__({_signature(edits, maker)}):"]
    code.append("        super().__init__()")
    code += [f"        self.{each.arg} = {each.arg}" for each in maker.args.args if each.arg in shared]
    for each in maker.body[:-1]:
        is_text = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        if each is not inner and not is_text:
            code.append(textwrap.indent(_lines(rewriter, each), " " * 8))
    code += ["", f"    def forward({_signature(edits, inner)}):"]
    for each in inner.body:
        if not isinstance(each, ast.Nonlocal):
            code.append(textwrap.indent(_lines(rewriter, each), " " * 8))
    edits.replace_lines(first_line(maker), last_line(maker), code)
    for call in nodes_of(ast.Call, tree):
        if called_name(call.func) == maker.name:
            edits.replace(call.func, kind)
    changed = edits.applied_as_python()
    return None if changed is None else (changed, kind)


def _signature(edits: Edits, function: ast.FunctionDef) -> str:
    """The parameters of a method that takes what a function takes."""
    arguments = function.args
    taken = [edits.source(each) for each in arguments.args]
    bare = len(arguments.args) - len(arguments.defaults)
    for place, default in enumerate(arguments.defaults):
        taken[bare + place] += f"={edits.source(default)}"
    return ", ".join(["self", *taken])


def _lines(rewriter: Rewriter, node: ast.stmt) -> str:
    """A statement with all its lines at the margin."""
    return rewriter.source(node).replace("\n" + " " * node.col_offset, "\n")
