"""Variables and attributes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.frontend.sugared.special import EnumClass

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.types import Type


def emit_name(lowering: Lowering, node: ast.Name, binders: int, hint: Type | None) -> SugaredValue:
    """`x`"""
    name = node.id
    found = lowering.environment.find(name)
    if found is None:
        found = lowering.free_names.get(name)
        if found is None:
            found = lowering.environment.free(name, lowering.at(node))
            if not isinstance(found, SimpleValue | EnumClass):
                # A value is emitted anew each time, and an enum's type is another; all else stays the same.
                lowering.free_names[name] = found
    return found


def emit_attribute(lowering: Lowering, node: ast.Attribute, binders: int, hint: Type | None) -> SugaredValue:
    """`x.name`"""
    owner = lowering.sugared(node.value)
    found = owner.member(node.attr)
    return owner.attribute(lowering.at(node), lowering, node.attr) if found is None else found


EXPRESSIONS = {ast.Name: emit_name, ast.Attribute: emit_attribute}
