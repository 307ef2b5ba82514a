"""Annotations in quotes, of which TorchScript understands less than Python."""

from __future__ import annotations

import ast


def quoted_expression(text: str) -> ast.expr | None:
    """The expression of a type that the text spells; None for what TorchScript does not read in quotes.

    It knows dotted names, and names with other types in brackets: no alternatives with `|`, no None, no dots,
    no quotes within.
    """
    try:
        found = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None
    return found if _is_type(found) else None


def _is_type(node: ast.expr) -> bool:
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return _is_dotted(node.value) and all(_is_type(part) for part in parts)
    return _is_dotted(node)


def _is_dotted(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_dotted(node.value))
