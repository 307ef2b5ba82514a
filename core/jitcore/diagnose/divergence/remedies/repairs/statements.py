"""Statements that a script does not know, by those that it knows."""

from __future__ import annotations

import ast

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    first_line,
    free_name,
    last_line,
    nodes_of,
    statement_holding,
)


def without_stars(change: Change, tree: ast.Module, function: ast.FunctionDef, line: int) -> Edits:
    """`first, *others = rows` by places."""
    edits = Edits(change.text, tree)
    statement = statement_holding(function, line)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Tuple):
        return edits
    targets = statement.targets[0].elts
    starred = [at for at, each in enumerate(targets) if isinstance(each, ast.Starred)]
    if starred != [len(targets) - 1]:
        return edits
    value = edits.source(statement.value)
    parts = [*(f"{value}[{at}]" for at in range(len(targets) - 1)), f"{value}[{len(targets) - 1} :]"]
    names = [edits.source(each).lstrip("*") for each in targets]
    edits.replace(statement, f"{', '.join(names)} = {', '.join(parts)}")
    return edits


def without_continue(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """What a loop leaves out by `continue`, below a condition."""
    edits = Edits(change.text, tree)
    lines = change.text.split("\n")
    for loop in (node for node in nodes_of(ast.For, function)):
        for at, each in enumerate(loop.body):
            rest = loop.body[at + 1 :]
            is_left = isinstance(each, ast.If) and len(each.body) == 1 and not each.orelse
            if not isinstance(each, ast.If) or not is_left or not isinstance(each.body[0], ast.Continue):
                continue
            if not rest:
                continue
            indent = " " * each.col_offset
            first, last = first_line(rest[0]), last_line(rest[-1])
            code = [f"    {line}" if line.strip() else line for line in lines[first - 1 : last]]
            edits.replace_lines(each.lineno, last, [f"{indent}if not ({edits.source(each.test)}):", *code])
            return edits
    return edits


def without_break(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """A loop that a `break` at its level ends, as one whose other steps do nothing."""
    edits = Edits(change.text, tree)
    lines = change.text.split("\n")
    for loop in nodes_of(ast.For, function):
        at = next((at for at, each in enumerate(loop.body) if _only_breaks(each)), None)
        if at is None or loop.orelse:
            continue
        ended = free_name(edits.source(function), "is_over")
        indent = " " * loop.col_offset
        first, last = loop.body[0], loop.body[-1]
        decides = loop.body[at]
        assert isinstance(decides, ast.If)
        code = [f"{indent}{ended} = False", *lines[first_line(loop) - 1 : first_line(first) - 1]]
        inner = indent + "    "
        code.append(f"{inner}if not {ended}:")
        deeper = [f"    {line}" if line.strip() else line for line in lines]
        code += deeper[first_line(first) - 1 : first_line(decides) - 1]
        code.append(f"{inner}    {ended} = bool({edits.source(decides.test)})")
        if decides is not last:
            rest = [f"    {line}" if line.strip() else line for line in deeper]
            code.append(f"{inner}    if not {ended}:")
            code += rest[first_line(loop.body[at + 1]) - 1 : last_line(last)]
        edits.replace_lines(first_line(loop), last_line(last), code)
        return edits
    return edits


def _only_breaks(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.If)
        and not statement.orelse
        and len(statement.body) == 1
        and isinstance(statement.body[0], ast.Break)
    )


def without_match(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`match` over values as `if` and `elif`."""
    edits = Edits(change.text, tree)
    for node in nodes_of(ast.Match, function):
        indent = " " * node.col_offset
        subject = edits.source(node.subject)
        code: list[str] = []
        if not isinstance(node.subject, ast.Name):
            name = free_name(edits.source(function), "matched")
            code.append(f"{indent}{name} = {subject}")
            subject = name
        for at, case in enumerate(node.cases):
            test = _asked(edits, case.pattern, subject)
            if test is None or case.guard is not None:
                return Edits(change.text, tree)
            head = "else" if not test else f"{'elif' if at else 'if'} {test}"
            code.append(f"{indent}{head}:")
            lines = change.text.split("\n")[case.body[0].lineno - 1 : last_line(case.body[-1])]
            shift = case.body[0].col_offset - node.col_offset - 4
            code += [line[shift:] if line.strip() else line for line in lines]
        edits.replace_lines(node.lineno, node.end_lineno or node.lineno, code)
        return edits
    return edits


def _asked(edits: Edits, pattern: ast.pattern, subject: str) -> str | None:
    """The condition under which a pattern fits; empty where it always does, None for what is no value."""
    match pattern:
        case ast.MatchAs(pattern=None, name=None):
            return ""
        case ast.MatchValue(value=value):
            return f"{subject} == {edits.source(value)}"
        case ast.MatchSingleton(value=value):
            return f"{subject} is {value}" if value is None else f"{subject} == {value}"
        case ast.MatchOr(patterns=patterns):
            parts = [_asked(edits, each, subject) for each in patterns]
            return None if not all(parts) else " or ".join(map(str, parts))
        case ast.MatchSequence(patterns=patterns):
            parts = [_asked(edits, each, f"{subject}[{at}]") for at, each in enumerate(patterns)]
            return None if None in parts else " and ".join(filter(None, map(str, parts)))
        case _:
            return None


def plainly_updated(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`a //= b` as `a = a // b`."""
    edits = Edits(change.text, tree)
    for node in nodes_of(ast.AugAssign, function):
        target, value = edits.source(node.target), edits.source(node.value)
        first = edits.at(node.target.end_lineno or 0, node.target.end_col_offset or 0)
        sign = edits.text[first : edits.at(node.value.lineno, node.value.col_offset)].strip().rstrip("=")
        simple = isinstance(node.value, ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript)
        edits.replace(node, f"{target} = {target} {sign} {value if simple else f'({value})'}")
    return edits


def without_walrus(change: Change, tree: ast.Module, function: ast.FunctionDef, line: int) -> Edits:
    """What a condition gives a name, given before it."""
    edits = Edits(change.text, tree)
    statement = statement_holding(function, line)
    if not isinstance(statement, ast.If | ast.Assign | ast.Return | ast.Assert):
        return edits
    head = statement.test if isinstance(statement, ast.If | ast.Assert) else statement.value
    for node in nodes_of(ast.NamedExpr, head) if head is not None else ():
        indent = " " * statement.col_offset
        edits.insert_lines(statement.lineno - 1, [f"{indent}{node.target.id} = {edits.source(node.value)}"])
        edits.replace(node, node.target.id)
        break
    return edits


def without_yield(change: Change, tree: ast.Module, line: int) -> Edits:
    """A function that yields, as one that gives a list of all that it yields."""
    edits = Edits(change.text, tree)
    functions = [
        node
        for node in nodes_of(ast.FunctionDef, tree)
        if first_line(node) <= line <= last_line(node) and any(True for _ in nodes_of(ast.Yield, node))
    ]
    if not functions:
        return edits
    function = max(functions, key=lambda node: node.lineno)
    if any(True for _ in nodes_of(ast.Return, function)) or any(
        True for _ in nodes_of(ast.YieldFrom, function)
    ):
        return edits
    found = free_name(edits.source(function), "found")
    for statement in nodes_of(ast.Expr, function):
        if isinstance(statement.value, ast.Yield) and statement.value.value is not None:
            given = edits.source(statement.value.value)
            is_pair = isinstance(statement.value.value, ast.Tuple) and not given.startswith("(")
            edits.replace(statement, f"{found}.append({f'({given})' if is_pair else given})")
    indent = " " * function.body[0].col_offset
    edits.insert_lines(first_line(function.body[0]) - 1, [f"{indent}{found}: list[torch.Tensor] = []"])
    edits.insert_lines(last_line(function), [f"{indent}return {found}"])
    if isinstance(function.returns, ast.Subscript):
        kinds = function.returns.slice
        kind = edits.source(kinds.elts[0] if isinstance(kinds, ast.Tuple) else kinds)
        edits.replace(function.returns, f"list[{kind}]")
    return edits
