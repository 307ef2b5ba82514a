"""Classes that a script makes objects of, or holds."""

from __future__ import annotations

import ast
import re
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_named,
    first_line,
    last_line,
    method_of,
    nodes_of,
)


def with_final(change: Change, tree: ast.Module, error: str) -> Edits:
    """A constant of a class, which a script sees if it is said to be final."""
    edits = Edits(change.text, tree)
    missing = _MISSING.search(error)
    if missing is None:
        return edits
    for holder in nodes_of(ast.ClassDef, tree):
        for node in holder.body:
            if isinstance(node, ast.AnnAssign) and called_name(node.target) == missing["name"]:
                if isinstance(node.value, ast.Constant) and not _is_set(tree, missing["name"]):
                    kind = type(node.value.value).__name__
                    edits.replace(node.annotation, f"torch.jit.Final[{kind}]")
                continue
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                value = node.value
                if not isinstance(target, ast.Name) or not isinstance(value, ast.Constant):
                    continue
                if target.id == missing["name"] and len(node.targets) == 1:
                    kind = type(value.value).__name__
                    edits.insert_after(target, f": torch.jit.Final[{kind}]")
    return edits


def _is_set(tree: ast.Module, name: str) -> bool:
    """Whether an attribute of a name gets a value somewhere."""
    return any(
        node.attr == name and isinstance(node.ctx, ast.Store) for node in nodes_of(ast.Attribute, tree)
    )


_MISSING: Final = re.compile(r"has no attribute '(?P<name>\w+)'")


def initialised(change: Change, tree: ast.Module, error: str) -> Edits:
    """A class of which a script makes an object has an `__init__`."""
    edits = Edits(change.text, tree)
    named = _WITHOUT_INIT.search(error)
    holder = None if named is None else class_named(tree, named["name"])
    if holder is not None:
        indent = " " * holder.body[0].col_offset
        edits.insert_lines(
            first_line(holder.body[0]) - 1, [f"{indent}def __init__(self):", f"{indent}    pass", ""]
        )
    return edits


_WITHOUT_INIT: Final = re.compile(r"Class (?P<name>\w+) does not have an __init__")


def as_module(change: Change, tree: ast.Module, error: str) -> Edits:
    """A class of which a module holds an object, as a module: a script takes no other objects along."""
    edits = Edits(change.text, tree)
    named = _NOT_CONVERTED.search(error)
    holder = None if named is None else class_named(tree, named["name"])
    made = None if holder is None else method_of(holder, "__init__")
    if holder is None or holder.bases or holder.keywords or holder.decorator_list:
        return edits
    at = edits.text.index(holder.name, edits.at(holder.lineno, holder.col_offset)) + len(holder.name)
    edits.replace_range(at, edits.text.index(":", at), "(torch.nn.Module)")
    if made is not None:
        indent = " " * made.body[0].col_offset
        edits.insert_lines(made.body[0].lineno - 1, [f"{indent}super().__init__()"])
    return edits


_NOT_CONVERTED: Final = re.compile(
    r"(?:failed to convert Python type: '|Could not cast attribute '\w+' to type )(?:\w+\.)*(?P<name>\w+)"
)


def with_own_attributes(change: Change, tree: ast.Module, error: str) -> Edits:
    """A constant of a class that is no module, as an attribute of its objects."""
    edits = Edits(change.text, tree)
    found = _CLASS_ATTRIBUTE.search(error)
    if found is None:
        return edits
    for holder in nodes_of(ast.ClassDef, tree):
        made = method_of(holder, "__init__")
        for node in holder.body:
            is_it = isinstance(node, ast.Assign) and called_name(node.targets[0]) == found["name"]
            if not is_it or not isinstance(node, ast.Assign) or len(holder.body) < 2:
                continue
            indent = " " * node.col_offset
            line = f"{indent}    self.{found['name']} = {edits.source(node.value)}"
            if made is None:
                edits.replace_lines(node.lineno, last_line(node), [f"{indent}def __init__(self):", line, ""])
            else:
                edits.replace_lines(node.lineno, last_line(node), [])
                edits.insert_lines(made.body[0].lineno - 1, [line])
    return edits


_CLASS_ATTRIBUTE: Final = re.compile(r"'(?P<name>\w+)' is defined as a class attribute")
