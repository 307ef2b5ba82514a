"""What an operator does beside giving its results: side effects and randomness (writes: `memory_facts`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jitcore.ops.lookup import key_of_schema, schema_of
from jitcore.ops.releases import table_of

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.types import FunctionSchema

TRAITS = "traits.txt"
CONSERVATIVE = "conservative"
NONDETERMINISTIC = "nondeterministic"

_WITH_SIDE_EFFECTS = frozenset({
    "prim::PythonOp", "prim::IgnoredPythonOp", "prim::Print", "prim::RaiseException", "aten::warn",
    "aten::save", "aten::manual_seed", "prim::AddStatValue", "prim::TimePoint", "prim::CallFunction",
    "prim::CallMethod", "prim::BailoutTemplate", "prim::BailOut", "prim::rpc_async", "prim::rpc_sync",
    "prim::rpc_remote", "aten::wait", "cuda::set_stream", "cuda::_set_device", "cuda::_current_device",
    "cuda::synchronize", "prim::Enter", "prim::Exit",
})  # fmt: skip

# By schema, which is one object for an overload: asked for every node of every pass.
_conservative: dict[FunctionSchema, bool] = {}


@cache
def traits() -> dict[str, frozenset[str]]:
    """Keys of the overloads that have a trait, by trait, as generated from torch with the schema table."""
    found: dict[str, set[str]] = {CONSERVATIVE: set(), NONDETERMINISTIC: set()}
    for line in table_of(TRAITS).read_text(encoding="utf-8").splitlines():
        key, _, trait = line.partition(" ")
        found[trait].add(key)
    return {trait: frozenset(keys) for trait, keys in found.items()}


def has_side_effects(node: Node) -> bool:
    """Whether the node must be kept although nobody reads its results, writes to its inputs apart.

    Nested blocks are not looked into. An operator that nobody registered is taken to have none if it
    is a `prim::`, and to have some otherwise.
    """
    kind = node.kind
    if kind in _WITH_SIDE_EFFECTS:
        return True
    if kind == "prim::Constant":
        return False
    schema = schema_of(node)
    if schema is None:
        return not kind.startswith("prim::")
    known = _conservative.get(schema)
    if known is None:
        known = _conservative[schema] = key_of_schema(schema) in traits()[CONSERVATIVE]
    return known


def is_nondeterministic(node: Node) -> bool:
    """Whether two runs on equal inputs may give different results (random numbers)."""
    if not node.kind.startswith("aten::"):
        return False
    schema = schema_of(node)
    if schema is None or key_of_schema(schema) not in traits()[NONDETERMINISTIC]:
        return False
    if schema.name == "aten::dropout":
        training = node.inputs[2].node
        return not (training.is_constant and training.attributes.get("value") is False)
    return True
