"""Argument lists: positional with stars, and keywords."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.ops.matching import NamedValue

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value


def values_of(lowering: Lowering, nodes: Sequence[ast.expr]) -> list[Value]:
    """Values of expressions in order; a starred one is unpacked."""
    values: list[Value] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            at = lowering.at(node)
            parts = lowering.sugared(node.value).as_tuple(at, lowering)
            values.extend(part.as_value(at, lowering) for part in parts)
        else:
            values.append(lowering.value(node))
    return values


def named_values_of(lowering: Lowering, nodes: Sequence[ast.expr]) -> list[NamedValue]:
    """The same, as arguments."""
    return [NamedValue(value) for value in values_of(lowering, nodes)]


def keywords_of(lowering: Lowering, nodes: Sequence[ast.keyword]) -> list[NamedValue]:
    """Values of keyword arguments in order."""
    keywords: list[NamedValue] = []
    for node in nodes:
        if node.arg is None:
            raise lowering.at(node).error("** in a call is not supported")
        keywords.append(NamedValue(lowering.value(node.value), node.arg, lowering.at(node)))
    return keywords
