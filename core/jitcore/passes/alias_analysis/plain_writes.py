"""Whether an object is written to, where its readers alone tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.lookup import schema_of
from jitcore.ops.memory_facts import RUNNING_STATISTICS, SPECIAL_NODES, MemoryRule, plan_of

if TYPE_CHECKING:
    from jitcore.ir import Value


def is_plainly_written(made: Value) -> bool | None:
    """Whether something writes to a list or tensor that its node makes; None where it takes an analysis.

    Plain is a reader that writes to the object itself, and one of which all readers neither write to it
    nor keep it under another name.
    """
    is_kept = False
    for user, index in made.use_map:
        rule = SPECIAL_NODES.get(user.kind)
        if rule is MemoryRule.NORMALIZES and index not in RUNNING_STATISTICS:
            continue
        schema = None if rule is not None or user.blocks else schema_of(user)
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
