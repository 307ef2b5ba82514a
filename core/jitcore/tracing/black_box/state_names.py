"""Which attributes and variables of a file its functions change, beyond those that make an object."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from jitcore.tracing.black_box.facts import targets_of
from jitcore.tracing.black_box.interesting_names import CHANGING, MAKING


@dataclass(slots=True)
class StateNames:
    """Names of attributes, and of variables of the file, that may have another value in the next call."""

    attributes: set[str] = field(default_factory=set[str])
    variables: set[str] = field(default_factory=set[str])


def state_names(tree: ast.Module) -> StateNames:
    """What functions of a file change."""
    found = StateNames()
    toplevel = {
        name
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        for name in targets_of(target)[0]
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name not in MAKING:
            _function(node, toplevel, found)
    return found


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, toplevel: set[str], found: StateNames) -> None:
    for each in ast.walk(node):
        if isinstance(each, ast.Global | ast.Nonlocal):
            found.variables.update(each.names)
        elif isinstance(each, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete):
            targets = each.targets if isinstance(each, ast.Assign | ast.Delete) else [each.target]
            for target in targets:
                names, attributes = targets_of(target)
                found.attributes.update(attributes)
                if isinstance(target, ast.Subscript):
                    found.variables.update(toplevel.intersection(names))
        elif (
            isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in CHANGING
        ):
            names, attributes = targets_of(each.func.value)
            found.attributes.update(attributes)
            found.variables.update(toplevel.intersection(names))
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in (
            "setattr", "delattr", "next",
        ):  # fmt: skip
            _touched(each, toplevel, found)


def _touched(call: ast.Call, toplevel: set[str], found: StateNames) -> None:
    if call.func.id == "next" and call.args:  # type: ignore[attr-defined]  # the caller has looked
        names, attributes = targets_of(call.args[0])
        found.attributes.update(attributes)
        found.variables.update(toplevel.intersection(names))
    elif len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
        found.attributes.add(str(call.args[1].value))
