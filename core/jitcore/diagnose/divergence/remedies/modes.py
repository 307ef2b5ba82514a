"""Programs that are traced in another mode than they run in, or that ask for their mode."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_named,
    functions_around,
    last_line,
    method_of,
    nodes_of,
)

_QUESTIONS: Final = ("is_tracing", "is_scripting", "is_compiling", "_is_tracing")
"""How a program is asked whether it is compiled."""


def in_eval_mode(file: str, text: str, tree: ast.Module, situation: Situation) -> Iterator[Change]:
    """The program put into eval mode where it is made."""
    if situation.cause.kind != "mode" or situation.cause.found.trial.change not in ("mode", "given", "calls"):
        return
    name = situation.made or situation.place[1]
    holder = class_named(tree, name)
    made = None if holder is None else method_of(holder, "__init__")
    if holder is not None and made is not None:
        edits = Edits(text, tree)
        edits.insert_lines(last_line(made.body[-1]), [f"{' ' * made.body[-1].col_offset}self.eval()"])
        yield Change(f"put {name} into eval mode, in which it is run", file, edits.applied(), True)
    for node in tree.body:
        if isinstance(node, ast.Assign) and called_name(node.targets[0]) == name:
            edits = Edits(text, tree)
            edits.insert_after(node.value, ".eval()")
            yield Change(f"put {name} into eval mode, in which it is run", file, edits.applied(), True)


def without_questions(file: str, text: str, tree: ast.Module, line: int) -> Iterator[Change]:
    """A program that does the same whether it is compiled or not."""
    functions = functions_around(tree, line)
    if not functions:
        return
    for test in (each.test for each in nodes_of(ast.If, functions[0]) if each.lineno == line):
        asked = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
        if _asks(asked):
            edits = Edits(text, tree)
            edits.replace(asked, "False")
            yield Change("do the same whether the program is compiled or not", file, edits.applied())
            return
    edits = Edits(text, tree)
    for call in nodes_of(ast.Call, functions[0]):
        if _asks(call):
            edits.replace(call, "False")
    if not edits.are_none:
        yield Change("do the same whether the program is compiled or not", file, edits.applied())


def _asks(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called_name(node.func).rpartition(".")[2] in _QUESTIONS
