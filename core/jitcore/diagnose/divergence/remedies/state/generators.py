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
    is_attribute_of,
    last_line,
    nodes_of,
)
from jitcore.diagnose.divergence.remedies.uses import (
    has_plain_parameters,
    is_asked_by_text,
    is_only_called,
    shares_lines,
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
        if place is not None and _is_closed(function, loop) and is_only_called(tree, function.name):
            return _as_class(text, tree, function, loop, place)
    return None


def _is_for_ever(loop: ast.While) -> bool:
    return isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def _is_closed(function: ast.FunctionDef, loop: ast.While) -> bool:
    """Whether a generator is no more than what is kept and the loop, so that its statements mean the same in
    methods."""
    leaving = any(True for _ in nodes_of(ast.Return | ast.Break | ast.Continue, loop))  # type: ignore[arg-type]
    scopes = (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.comprehension, ast.Global, ast.Nonlocal)
    inner = any(isinstance(node, scopes) for node in ast.walk(function) if node is not function)
    returns = any(True for _ in nodes_of(ast.Return, function))
    takes_name = any(node.id == "following" for node in nodes_of(ast.Name, function))
    return has_plain_parameters(function) and not (leaving or inner or returns or takes_name)


def _asking(tree: ast.Module, function: ast.FunctionDef) -> list[ast.Call] | None:
    """The calls that ask generators of a function for the next value; None where one is used otherwise."""
    made = [call for call in nodes_of(ast.Call, tree) if called_name(call.func) == function.name]
    targets = [
        node.targets[0]
        for node in nodes_of(ast.Assign, tree)
        if len(node.targets) == 1 and any(node.value is call for call in made)
    ]
    if len(targets) < len(made):
        return None
    asking: list[ast.Call] = []
    for target in targets:
        is_named = isinstance(target, ast.Name)
        is_kept = isinstance(target, ast.Attribute) and is_attribute_of(target, "self")
        if not is_named and not is_kept:
            return None
        name = target.id if isinstance(target, ast.Name) else target.attr  # type: ignore[union-attr]
        asked = [
            call
            for call in nodes_of(ast.Call, tree)
            if called_name(call.func) == "next"
            and len(call.args) == 1
            and not call.keywords
            and _is_named(call.args[0], name)
        ]
        known = {id(each) for each in targets} | {id(call.args[0]) for call in asked}
        others = any(_is_named(node, name) and id(node) not in known for node in ast.walk(tree))
        taken = any(node.arg == name for node in nodes_of(ast.arg, tree))
        if others or taken or is_asked_by_text(tree, name):
            return None
        asking += [call for call in asked if call not in asking]
    return asking


def _is_named(node: ast.AST, name: str) -> bool:
    """Whether a node is a variable or an attribute of a name."""
    return (isinstance(node, ast.Name) and node.id == name) or (
        isinstance(node, ast.Attribute) and node.attr == name
    )


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
    held = free_name(text, "value")
    code += [f"        {held} = {rewriter.source(value)}"]
    code += [textwrap.indent(_lines(rewriter, each), " " * 8) for each in loop.body[place + 1 :]]
    code += [f"        return {held}"]
    asking = _asking(tree, function)
    if asking is None or shares_lines(tree, function):
        return None
    edits = Edits(text, tree)
    edits.replace_lines(first_line(function), last_line(function), code)
    for call in nodes_of(ast.Call, tree):
        if called_name(call.func) == function.name:
            edits.replace(call.func, kind)
    for call in asking:
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
