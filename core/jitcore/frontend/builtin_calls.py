"""Calls of operators, those that no table knows included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore import ops
from jitcore.frontend import building
from jitcore.ops import builtin_functions
from jitcore.ops.builtins import emit_builtin
from jitcore.types import ANY, TupleType

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.ops.matching import NamedValue
    from jitcore.source import SourceRange


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

    One of a namespace that has no known operator of that name is emitted as it stands and reported:
    the file may come from a machine with an extension that this one has not.
    """
    if (
        not ops.exists(name)
        and not builtin_functions.find(name)
        and not name.startswith(("aten::", "prim::"))
    ):
        return _emit_unknown(lowering, at, name, [*arguments, *keywords], binders)
    return emit_builtin(lowering.graph, at, name, arguments, keywords, self_value)


def _emit_unknown(
    lowering: Lowering, at: SourceRange, name: str, arguments: Sequence[NamedValue], binders: int
) -> Value:
    lowering.resolver.report_unknown(at, name)
    graph = lowering.graph
    node = graph.create(name, [a.to_value(graph) for a in arguments], 0)
    node.source_range = at
    graph.insert(node)
    if binders <= 1:
        return node.add_output(ANY)
    return building.make_tuple(
        graph, [node.add_output(ANY) for _ in range(binders)], TupleType((ANY,) * binders)
    )
