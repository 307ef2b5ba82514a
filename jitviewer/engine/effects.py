"""What a node does to memory and to the world, in words."""

from __future__ import annotations

from jitcore.ir import Node
from jitcore.ops import schema_of
from jitcore.ops.effects import has_side_effects, is_nondeterministic
from jitcore.ops.memory_facts import shared_inputs, written_inputs
from jitviewer.protocol.rows import Fact

_GROUP = "Effects"


def effect_facts(node: Node) -> list[Fact]:
    """Writes, aliases, randomness and side effects; one line that says so if there are none."""
    facts: list[Fact] = []
    schema = schema_of(node)
    writes = set(written_inputs(node))
    facts += [
        Fact(_GROUP, "writes to", f"%{node.inputs[index].name}")
        for index in sorted(writes)
        if index < len(node.inputs)
    ]
    if schema is not None:
        facts += [
            Fact(_GROUP, f"output {number}" if len(schema.returns) > 1 else "output", text)
            for number, text in _aliases(node, writes)
        ]
    if is_nondeterministic(node):
        facts.append(Fact(_GROUP, "random", "two runs on equal inputs may give different results"))
    if has_side_effects(node):
        facts.append(Fact(_GROUP, "side effects", "is kept even if nobody reads its results"))
    return facts or [Fact(_GROUP, "none", "its results are all that it gives")]


def _aliases(node: Node, writes: set[int]) -> list[tuple[int, str]]:
    """For each output that shares memory with inputs, which these are."""
    schema = schema_of(node)
    assert schema is not None
    told: list[tuple[int, str]] = []
    for number in range(len(schema.returns)):
        shared = shared_inputs(node, number)
        if shared:
            names = ", ".join(f"%{node.inputs[index].name}" for index in shared)
            is_same = all(index in writes for index in shared)
            told.append((number, f"is {names} itself" if is_same else f"may share memory with {names}"))
        elif shared is None:
            told.append((number, "may share memory with anything of its type"))
    return told
