"""Calls of operators, those that no table knows included."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from jitcore import ops
from jitcore.ops import builtin_functions
from jitcore.ops.builtins import emit_builtin, emit_builtin_of_values
from jitcore.ops.matching import NamedValue

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.source import SourceRange

_LOST_IN_SAVING: Final = frozenset(("prim::ConstantMKLDNNTensor", "prim::BroadcastMKLDNNTensors"))
"""Operators of graphs optimized for inference whose results and attributes saved code does not say."""


def emit_builtin_call(
    lowering: Lowering,
    at: SourceRange,
    name: str,
    arguments: Sequence[NamedValue],
    keywords: Sequence[NamedValue],
    self_value: NamedValue | None,
    binders: int,
) -> Value:
    """Call an operator.

    One that no table knows is emitted as it stands if the resolver accepts that: an archive may come
    from a machine with an extension that this one has not.
    """
    upgrading = lowering.upgrading
    if upgrading is not None and name in upgrading.operators:
        return upgrading.emit(lowering.graph, at, name, arguments, keywords, self_value, lowering.historic)
    if not _is_known(name) and lowering.resolver.accept_unknown(at, name):
        return _emit_unknown(lowering, name, at, [*arguments, *keywords], binders)
    return emit_builtin(lowering.graph, at, name, arguments, keywords, self_value)


def emit_builtin_call_of_values(
    lowering: Lowering, at: SourceRange, name: str, values: list[Value], binders: int
) -> Value:
    """Call an operator with nothing but positional values: what nearly all calls in an archive are."""
    upgrading = lowering.upgrading
    if (upgrading is None or name not in upgrading.operators) and _is_known(name):
        return emit_builtin_of_values(lowering.graph, at, name, values)
    arguments = [NamedValue(value) for value in values]
    return emit_builtin_call(lowering, at, name, arguments, (), None, binders)


@cache
def _is_known(name: str) -> bool:
    return name not in _LOST_IN_SAVING and (ops.exists(name) or bool(builtin_functions.find(name)))


def _emit_unknown(
    lowering: Lowering, name: str, at: SourceRange, arguments: Sequence[NamedValue], binders: int
) -> Value:
    graph = lowering.graph
    node = graph.create(name, [a.to_value(graph) for a in arguments], 0)
    node.source_range = at
    graph.insert(node)
    return lowering.guessed(node, binders)
