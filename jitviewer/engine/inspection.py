"""Facts for the inspector: on a node of the shown graph, and on a line of the tree."""

from __future__ import annotations

from jitcore.archive import LazyTensor
from jitcore.ir import Graph, Node, ScriptObject, Value
from jitcore.ops import operator_key, schema_of, schema_text
from jitcore.types import ir_text
from jitviewer.engine.canvas.folding import attribute_path
from jitviewer.engine.document import Document
from jitviewer.engine.effects import effect_facts
from jitviewer.engine.operator_notes import note_of
from jitviewer.engine.schema_text import signature
from jitviewer.engine.tensor_names import TensorNames, joined
from jitviewer.engine.tree_rows import tensor_text, value_text
from jitviewer.protocol.rows import Fact, TreeRow

MOST_USERS = 12

_SET_BY_PROGRAM = "The program sets it itself, in __setstate__, when torch loads it; that is not run here."


def node_facts(node: Node, names: TensorNames, module_path: str = "") -> list[Fact]:
    """What is known of a node of a method of the module at a path, heading by heading."""
    facts: list[Fact] = []
    note = note_of(node.kind)
    if note:
        facts.append(Fact("", "", note))
    schema = schema_of(node)
    arguments = [a.name for a in schema.arguments] if schema is not None else []
    for index, value in enumerate(node.inputs):
        label = arguments[index] if index < len(arguments) else str(index)
        facts.append(_input_fact(label, value, names, module_path))
    for value in node.outputs:
        facts += _output_facts(value)
    for name, value in node.attributes.items():
        link = f"tensor:#{node.id}" if isinstance(value, LazyTensor) else ""
        facts.append(Fact("Attributes", name, value_text(value, 400), link))
    key = operator_key(node)
    if schema is not None and key is not None:
        facts.append(Fact("Operator", "overload", key))
        facts.append(Fact("Operator", "schema", schema_text(schema)))
    facts.append(Fact("Operator", "text", repr(node)))
    facts += effect_facts(node)
    facts += _place_facts(node)
    return facts


def _input_fact(label: str, value: Value, names: TensorNames, module_path: str) -> Fact:
    """An input, with where it comes from: a constant, an attribute, another node."""
    node = value.node
    text = f"%{value.name} : {ir_text(value.type)}"
    if node.kind == "prim::Constant":
        constant = node.attributes.get("value")
        link = f"tensor:#{node.id}" if isinstance(constant, LazyTensor) else f"node:{node.id}"
        return Fact("Inputs", label, f"{text} = {value_text(constant)}", link)
    path = attribute_path(value) if node.kind == "prim::GetAttr" else ""
    if path:
        name = joined(module_path, path)
        if names.has(name):
            return Fact(
                "Inputs", label, f"{text} = {name}, {tensor_text(names.find(name))}", f"tensor:{name}"
            )
        return Fact("Inputs", label, f"{text} = {name}", f"node:{node.id}")
    if node.kind == "prim::Param":
        return Fact("Inputs", label, text)
    return Fact("Inputs", label, f"{text} from {node.kind}", f"node:{node.id}")


def _output_facts(value: Value) -> list[Fact]:
    facts = [Fact("Outputs", f"%{value.name}", ir_text(value.type))]
    for user, _ in value.uses[:MOST_USERS]:
        # The node that ends the graph or a block stands in no line of its own.
        link = "" if user.kind == "prim::Return" else f"node:{user.id}"
        text = "is returned" if user.kind == "prim::Return" else f"{user.kind} #{user.id}"
        facts.append(Fact("Outputs", "used by", text, link))
    if value.use_count > MOST_USERS:
        facts.append(Fact("Outputs", "", f"and {value.use_count - MOST_USERS:,} more"))
    if not value.use_count:
        facts.append(Fact("Outputs", "used by", "nobody"))
    return facts


def _place_facts(node: Node) -> list[Fact]:
    facts: list[Fact] = []
    if node.callstack is not None:
        path = ".".join(node.callstack.module_path())
        if path:
            facts.append(Fact("Place", "module", path))
        calls = " > ".join(frame.callee.rpartition("__torch__.")[2] for frame in node.callstack.frames())
        facts.append(Fact("Place", "inlined from", calls))
    where = node.source_range
    if where is not None:
        origin = where.origin()
        for label, place in (("source", origin), ("archive code", where)):
            at = place.file_line_col()
            if at is not None and (label == "source" or origin is not where):
                facts.append(Fact("Place", label, f"{at[0]}:{at[1]}:{at[2]}"))
        facts.append(Fact("Source", "", origin.excerpt()))
    return facts


def find_node(graph: Graph, node_id: int) -> Node | None:
    """The node with this id, None if it is not in the graph now."""
    return next((node for node in graph.all_nodes() if node.id == node_id), None)


def tensor_of_row(row: TreeRow, names: TensorNames) -> str:
    """The name of the tensor that a line of the tree stands for, "" if it stands for something else."""
    if row.kind not in ("parameter", "buffer", "attribute", "constant", "tensor"):
        return ""
    name = joined(row.path, row.name)
    return name if names.has(name) else ""


def row_facts(row: TreeRow, document: Document | None) -> list[Fact]:
    """What is known of a line of the tree, tensors apart; without a document only what the line says."""
    facts = [Fact("Item", "kind", row.kind)]
    if row.path:
        facts.append(Fact("Item", "path", row.path))
    if row.detail:
        facts.append(Fact("Item", "detail", row.detail))
    if row.bytes:
        facts.append(Fact("Item", "bytes", f"{row.bytes:,}"))
    if row.elements and document is not None and document.tensors is not None:
        facts.append(Fact("Item", "elements", f"{row.elements:,}"))
    if document is None or document.module is None or row.kind in ("record", "extra", "group", "more"):
        return facts
    if row.kind == "module":
        facts.extend(_module_facts(document.find_module(row.path)))
    elif row.kind in ("method", "pre-hook", "hook"):
        facts.append(Fact("Method", "signature", signature(document.find(row.path, row.name).function)))
    elif row.kind in ("parameter", "buffer", "attribute") and not row.name.startswith("CONSTANTS."):
        owner = document.find_module(row.path)
        if row.name in owner.attributes:
            facts.append(Fact("Value", "", value_text(owner.attributes[row.name], 4000)))
        elif "__setstate__" in owner.type.methods:
            facts.append(Fact("Value", "", _SET_BY_PROGRAM))
    return facts


def _hook_facts(module: ScriptObject) -> list[Fact]:
    kind = module.type
    called = (("pre-hooks, before forward", kind.forward_pre_hooks), ("hooks, after it", kind.forward_hooks))
    return [Fact("Module", key, ", ".join(names)) for key, names in called if names]


def _module_facts(module: ScriptObject) -> list[Fact]:
    tensors: dict[int, tuple[int, int]] = {}
    for _, child in module.named_modules():
        for name, value in child.attributes.items():
            attribute = child.type.attributes.get(name)
            if isinstance(value, LazyTensor) and attribute is not None and attribute.is_parameter:
                tensors[id(value)] = (value.numel, value.nbytes)
    count = sum(numel for numel, _ in tensors.values())
    return [
        Fact("Module", "parameters", f"{count:,} in {len(tensors):,} tensors"),
        Fact("Module", "parameter bytes", f"{sum(size for _, size in tensors.values()):,}"),
        Fact("Module", "submodules", str(len(module.submodules()))),
        Fact("Module", "methods", ", ".join(module.type.methods) or "none"),
        *_hook_facts(module),
        Fact("Module", "class", module.type.qualified_name),
    ]
