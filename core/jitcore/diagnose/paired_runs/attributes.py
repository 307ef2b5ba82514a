"""Which parameters, buffers and other attributes are not the same on both sides before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jitcore.diagnose.paired_runs.comparing_values import compare_values, shown
from jitcore.diagnose.paired_runs.run_comparison import Departure
from jitcore.ir import ScriptObject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jitcore.diagnose.alignment import Alignment
    from jitcore.diagnose.paired_runs.runnable import Runnable
    from jitcore.diagnose.paired_runs.tolerance import Tolerance
    from jitcore.ir import Graph, Node, Value

_NOTHING: Final = object()


def attribute_departures(
    left: Runnable, right: Runnable, alignment: Alignment, tolerance: Tolerance
) -> Iterator[tuple[Node, Departure]]:
    """The attributes that paired nodes read and that differ, each with the node of the left graph."""
    nodes = _reads(left.graph), _reads(right.graph)
    told: set[tuple[str, ...]] = set()
    for index, pair in enumerate(alignment.pairs):
        if pair.how != "operand" or pair.left not in nodes[0] or pair.right not in nodes[1]:
            continue
        node, other = nodes[0][pair.left], nodes[1][pair.right]
        path = _path(node.outputs[0])
        if path in told:
            continue
        told.add(path)
        one, two = _value(node, path, left.arguments), _value(other, path, right.arguments)
        if one is _NOTHING or two is _NOTHING or isinstance(one, ScriptObject):
            continue
        found = compare_values(one, two, tolerance)
        if found.agreement != "identical":
            apart = f"{found.figures.max:.6g} at most" if found.figures is not None else found.what
            yield (
                node,
                Departure(
                    "attribute", "left", node.id, other.id, shown(two), shown(one), "", 0, index,
                    ".".join(path), apart,
                ),
            )  # fmt: skip


def _reads(graph: Graph) -> Mapping[int, Node]:
    return {node.id: node for node in graph.all_nodes() if node.kind == "prim::GetAttr"}


def _path(value: Value) -> tuple[str, ...]:
    path: list[str] = []
    while value.node.kind == "prim::GetAttr":
        path.append(str(value.node.attributes["name"]))
        value = value.node.inputs[0]
    return tuple(reversed(path))


def _value(node: Node, path: tuple[str, ...], arguments: Sequence[Any]) -> Any:
    """What the path leads to from the first input; `_NOTHING` where it does not start there."""
    source = node.outputs[0]
    while source.node.kind == "prim::GetAttr":
        source = source.node.inputs[0]
    inputs = node.graph.inputs
    if not inputs or source is not inputs[0] or not arguments:
        return _NOTHING
    found: Any = arguments[0]
    for name in path:
        if not isinstance(found, ScriptObject) or name not in found.attributes:
            return _NOTHING
        found = found.attributes[name]
    return found
