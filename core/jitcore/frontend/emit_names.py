"""Variables and attributes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.types import Type


def emit_name(lowering: Lowering, node: ast.Name, binders: int, hint: Type | None) -> SugaredValue:
    """`x`"""
    environment = lowering.environment
    found = environment.find(node.id)
    return found if found is not None else environment.get(node.id, lowering.at(node))


def emit_attribute(lowering: Lowering, node: ast.Attribute, binders: int, hint: Type | None) -> SugaredValue:
    """`x.name`"""
    owner = lowering.sugared(node.value)
    return owner.attribute(lowering.at(node), lowering, node.attr)


EXPRESSIONS = {ast.Name: emit_name, ast.Attribute: emit_attribute}
