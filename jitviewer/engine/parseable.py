"""The shown graph as text that torch's own parser of graphs takes."""

from __future__ import annotations

import re

from jitcore.archive import LazyTensor
from jitcore.ir import Function, Graph, Node, Value
from jitcore.passes import inlined_graph
from jitcore.printing import print_graph
from jitcore.types import ClassType


def parseable_text(graph: Graph, function: Function) -> tuple[str, str]:
    """The text without places, and a sentence on what was changed for the parser or it cannot take.

    The parser knows no classes: attributes that the graph reads, and tensors that it holds, become its
    inputs. A graph that calls methods is taken inlined.
    """
    calls = any(node.kind in ("prim::CallMethod", "prim::CallFunction") for node in graph.all_nodes())
    changed = inlined_graph(function) if calls else graph.copy()
    lifted = _lift_attributes(changed)
    # torch prints a sign of equality after no value, and does not parse it.
    text = re.sub(r"(?m)^(\s+) = (?=\w+::)", r"\1", print_graph(changed, locations=False).text)
    told: list[str] = []
    if calls:
        told.append("calls are inlined")
    if lifted:
        told.append(f"{lifted:,} attributes and tensors became inputs")
    if "__torch__." in text:
        told.append("classes remain, which torch's parser does not know")
    return text, "; ".join(told)


def _lift_attributes(graph: Graph) -> int:
    """Make an input of every attribute that is no object and of every tensor; how many there were."""
    lifted: dict[str, Value] = {}
    reads = [node for node in graph.all_nodes() if node.kind == "prim::GetAttr"]
    for node in reads:
        value = node.outputs[0]
        if isinstance(value.type, ClassType):
            continue
        path = _path(node)
        known = lifted.get(path)
        if known is None:
            known = lifted[path] = graph.add_input("", value.type)
        value.replace_all_uses_with(known)
    for node in graph.all_nodes():
        # Of tensors that are constants the text holds no elements, or not all that the parser wants.
        if node.kind == "prim::Constant" and isinstance(node.attributes.get("value"), LazyTensor):
            value = node.outputs[0]
            lifted[f"#{node.id}"] = given = graph.add_input("", value.type)
            value.replace_all_uses_with(given)
    for node in reversed(reads):
        if not any(output.has_uses() for output in node.outputs):
            node.destroy()
    for node in reversed(graph.all_nodes()):
        # Functions that inlining has used up are constants of a type that the parser does not know.
        if node.kind == "prim::Constant" and not node.outputs[0].has_uses():
            node.destroy()
    for at in reversed(range(len(graph.inputs))):
        if isinstance(graph.inputs[at].type, ClassType) and not graph.inputs[at].has_uses():
            graph.block.erase_input(at)
    return len(lifted)


def _path(node: Node) -> str:
    """What the attribute is called from the outermost object on."""
    names: list[str] = []
    at = node
    while at.kind == "prim::GetAttr":
        names.append(str(at.attributes["name"]))
        at = at.inputs[0].node
    return ".".join([f"%{at.id}", *reversed(names)])
