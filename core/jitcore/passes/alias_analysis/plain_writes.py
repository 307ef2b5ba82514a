"""Whether an object is written to, where its readers alone tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ops.lookup import schema_of
from jitcore.passes.alias_analysis.schema_plan import plan_of
from jitcore.passes.alias_analysis.special_nodes import HANDLERS

if TYPE_CHECKING:
    from jitcore.ir import Value


_NORMALIZATIONS: Final = frozenset(("aten::batch_norm", "aten::instance_norm"))
_STATISTICS: Final = (3, 4)
"""Inputs of a normalization that it may write to."""


def is_plainly_written(made: Value) -> bool | None:
    """Whether something writes to a list or tensor that its node makes; None where it takes an analysis.

    Plain is a reader that writes to the object itself, and one of which all readers neither write to it
    nor keep it under another name.
    """
    is_kept = False
    for user, index in made.use_map:
        if user.kind in _NORMALIZATIONS and index not in _STATISTICS:
            continue
        schema = None if user.kind in HANDLERS or user.blocks else schema_of(user)
        plan = None if schema is None else plan_of(schema)
        if plan is None or plan.is_conservative:
            is_kept = True
            continue
        for place, alias in plan.arguments:
            if place == index:
                if alias.is_write:
                    return True
                is_kept = True
    return None if is_kept else False
