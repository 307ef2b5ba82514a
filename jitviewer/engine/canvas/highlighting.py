"""Which boxes and edges of the canvas a flow of data passes, and a sentence that says so."""

from __future__ import annotations

from dataclasses import dataclass

from jitcore.ir import Value
from jitviewer.engine.canvas.assembly import edge_id
from jitviewer.engine.canvas.connections import EXIT, Connections
from jitviewer.engine.canvas.containers import Container, ContainerTree
from jitviewer.engine.canvas.drawing import Canvas
from jitviewer.engine.canvas.flow import Flow, Reach, Stop

USERS, PRODUCERS, PATH = "users", "producers", "path"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is highlighted: the `kind` of flow and the items where it starts (and, for a path, ends)."""

    kind: str
    item: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A sentence, and ids of the items and edges that are shown and belong to the flow."""

    sentence: str
    items: list[str]
    edges: list[str]


def highlight(canvas: Canvas, asked: Asked) -> Highlight | None:
    """The highlight on the canvas as it is open now; None if the items are not there any more."""
    tree = canvas.tree
    starts = stops_of(tree, asked.item) if tree is not None else []
    if tree is None or not starts:
        return None
    flow = Flow(tree.graph)
    if asked.kind != PATH:
        is_down = asked.kind == USERS
        reach = flow.downstream(starts) if is_down else flow.upstream(starts)
        return _shown(canvas, tree, reach, _sentence(tree, asked.item, starts, reach, is_down))
    ends = stops_of(tree, asked.other)
    if not ends:
        return None
    first, last = name_of(tree, asked.item), name_of(tree, asked.other)
    found = flow.path(starts, ends)
    if found is None:
        first, last = last, first
        found = flow.path(ends, starts)
    if found is None:
        return Highlight(f"No value flows from {last} to {first}, nor back.", [], [])
    steps = max(1, sum(node in tree.home for node in found.nodes) - 1)
    sentence = f"{first} reaches {last} in {steps} step{'s' if steps != 1 else ''}."
    return _shown(canvas, tree, found, sentence)


def stops_of(tree: ContainerTree, item: str) -> list[Stop]:
    """The nodes, or the input, that an item of the canvas stands for; none if there is no such item."""
    if item == f"root:{EXIT}":
        return [_origin(value) for value in tree.graph.outputs]
    container = tree.by_id.get(item)
    if container is not None:
        inside = set(container.node_ids)
        return [node for node in tree.home if node.id in inside]
    if item.startswith("in") and item[2:].isdigit():
        inputs = tree.graph.inputs
        return [inputs[int(item[2:])]] if int(item[2:]) < len(inputs) else []
    return [node for node in tree.home if f"n{node.id}" == item]


def name_of(tree: ContainerTree, item: str) -> str:
    """What a sentence calls an item."""
    container = tree.by_id.get(item)
    if container is not None:
        return container.label or item
    if item == f"root:{EXIT}":
        return "the result"
    stop = next(iter(stops_of(tree, item)), None)
    if stop is None:
        return item
    if isinstance(stop, Value):
        return f"%{stop.name}"
    label, _ = tree.words_of(stop)
    return f"{label} (%{stop.outputs[0].name})" if stop.outputs else label


def _origin(value: Value) -> Stop:
    return value if value.node.kind == "prim::Param" else value.node


def _sentence(tree: ContainerTree, item: str, starts: list[Stop], reach: Reach, is_down: bool) -> str:
    name = name_of(tree, item)
    known = set(starts)
    others = sum(node in tree.home and node not in known for node in reach.nodes)
    total = len(tree.home)
    if is_down:
        verb = "depends" if others == 1 else "depend"
        return f"{others:,} of {total:,} nodes {verb} on {name}."
    return f"{name} depends on {others:,} of {total:,} nodes."


def _shown(canvas: Canvas, tree: ContainerTree, reach: Reach, sentence: str) -> Highlight:
    items = {canvas.shown_item(node): None for node in reach.nodes if node in tree.home}
    items.update({f"in{v.offset}": None for v in reach.values if v in tree.graph.inputs})
    if reach.reaches_result:
        items[f"root:{EXIT}"] = None
    edges: list[str] = []
    links = Connections(tree, reach.passes)
    for identity, between in links.by_container.items():
        container = tree.by_id.get(identity)
        if container is None or not _is_drawn(canvas, container):
            continue
        for link in between.values():
            edges.append(edge_id(container, link))
            # The ports that the flow goes through belong to it.
            items.update({end: None for end in (link.source, link.target) if ":" in end})
    return Highlight(sentence, list(items), edges)


def _is_drawn(canvas: Canvas, container: Container) -> bool:
    return all(canvas.is_open(outer) for outer in container.chain())
