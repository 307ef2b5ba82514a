"""Iterators that are asked for the next one in each call, as numbers that count."""

from __future__ import annotations

import ast

from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import called_name, free_name, last_line, nodes_of


def by_counting(text: str, tree: ast.Module) -> str | None:
    """The text in which `itertools.count`, `itertools.cycle` and `iter` are a number that counts up, and a
    tensor of the elements where there are some; None where nothing is asked for the next one.

        self.rates = itertools.cycle([0.1, 0.5])    ->  self.rates = 0
                                                        self.rates_all = torch.tensor([0.1, 0.5])
        return x * next(self.rates)                     rates_now = self.rates_all[self.rates % 2]
                                                        self.rates += 1
                                                        return x * rates_now
    """
    edits = Edits(text, tree)
    for node in nodes_of(ast.Assign, tree):
        made = _made(edits, node.value)
        if made is None or len(node.targets) != 1:
            continue
        target = edits.source(node.targets[0])
        asking = [
            call
            for call in nodes_of(ast.Call, tree)
            if called_name(call.func) == "next" and call.args and edits.source(call.args[0]) == target
        ]
        used = sum(
            isinstance(each, ast.Name | ast.Attribute) and edits.source(each) == target
            for each in ast.walk(tree)
        )
        if not asking or used != len(asking) + 1:
            continue
        _count(edits, tree, node, target, made, asking)
    return None if edits.are_none else edits.applied_as_python()


def _made(edits: Edits, node: ast.expr) -> tuple[str, str, str, bool] | None:
    """What an iterator counts from, by how much, of which elements, and whether it begins again."""
    if not isinstance(node, ast.Call):
        return None
    name = called_name(node.func).rpartition(".")[2]
    parts = [edits.source(each) for each in node.args]
    if name == "count":
        named = {each.arg: edits.source(each.value) for each in node.keywords}
        start = parts[0] if parts else named.get("start", "0")
        return start, parts[1] if len(parts) > 1 else named.get("step", "1"), "", False
    if name in ("cycle", "iter") and len(parts) == 1:
        return "0", "1", parts[0], name == "cycle"
    return None


def _count(
    edits: Edits,
    tree: ast.Module,
    node: ast.Assign,
    target: str,
    made: tuple[str, str, str, bool],
    asking: list[ast.Call],
) -> None:
    start, step, elements, is_cyclic = made
    indent = " " * node.col_offset
    code = [f"{indent}{target} = {start}"]
    if elements:
        code.append(f"{indent}{target}_all = torch.tensor(list({elements}))")
    edits.replace_lines(node.lineno, last_line(node), code)
    for call in asking:
        statement = _statement(tree, call)
        if statement is None:
            continue
        now = free_name(edits.text, f"{target.rpartition('.')[2].strip('_').lower()}_now")
        place = f"{target} % len({target}_all)" if is_cyclic else target
        value = f"{target}_all[{place}]" if elements else target
        indent = " " * statement.col_offset
        before = [f"{indent}{now} = {value}", f"{indent}{target} += {step}"]
        _state_global(edits, tree, call, target)
        edits.insert_lines(statement.lineno - 1, before)
        edits.replace(call, now)


def _statement(tree: ast.Module, call: ast.Call) -> ast.stmt | None:
    """The innermost statement that has a call in what it evaluates once."""
    holding = [
        node
        for node in nodes_of(ast.stmt, tree)
        if any(each is call for each in ast.walk(node))
        and not isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    found = holding[-1] if holding else None
    return None if isinstance(found, ast.While) else found


def _state_global(edits: Edits, tree: ast.Module, call: ast.Call, target: str) -> None:
    """A name of the file is said to be one where a function changes it."""
    if "." in target:
        return
    functions = [
        node for node in nodes_of(ast.FunctionDef, tree) if any(each is call for each in ast.walk(node))
    ]
    if functions:
        first = functions[-1].body[0]
        edits.insert_lines(first.lineno - 1, [f"{' ' * first.col_offset}global {target}"])
