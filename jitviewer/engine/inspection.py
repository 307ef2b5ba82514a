"""Facts for the inspector: on a node of the shown graph, and on a line of the tree."""

from __future__ import annotations

from jitcore.archive import LazyTensor
from jitcore.ir import Graph, Node, ScriptObject
from jitcore.ops import schema_of, schema_text
from jitcore.types import ir_text
from jitviewer.engine.canvas.folding import attribute_path
from jitviewer.engine.document import Document
from jitviewer.engine.schema_text import signature
from jitviewer.engine.tree_rows import tensor_text, value_text
from jitviewer.protocol.rows import Fact, TreeRow


def node_facts(node: Node, document: Document) -> list[Fact]:
    """What is known of a node, heading by heading."""
    facts = [Fact("Operator", "kind", node.kind), Fact("Operator", "text", repr(node))]
    schema = schema_of(node)
    if schema is not None:
        facts.append(Fact("Operator", "schema", schema_text(schema)))
    for name, value in node.attributes.items():
        facts.append(Fact("Attributes", name, value_text(value, 400)))
    names = [a.name for a in schema.arguments] if schema is not None else []
    for index, value in enumerate(node.inputs):
        label = names[index] if index < len(names) else str(index)
        facts.append(
            Fact("Inputs", label, f"%{value.name} : {ir_text(value.type)}{_origin(value.node, document)}")
        )
    for value in node.outputs:
        users = ", ".join(f"{user.kind} #{user.id}" for user, _ in value.uses[:8])
        more = f" and {value.use_count - 8} more" if value.use_count > 8 else ""
        facts.append(Fact("Outputs", f"%{value.name}", ir_text(value.type)))
        facts.append(Fact("Outputs", "used by", (users + more) or "nobody"))
    facts.extend(_place_facts(node))
    return facts


def _origin(node: Node, document: Document) -> str:
    """What a constant or an attribute read stands for."""
    if node.kind == "prim::Constant":
        return f" = {value_text(node.attributes.get('value'))}"
    path = attribute_path(node.outputs[0]) if node.kind == "prim::GetAttr" else ""
    if not path:
        return f" from {node.kind}" if node.kind != "prim::Param" else ""
    value = _attribute(document, path)
    return f" = {path}" + (f", {tensor_text(value)}" if isinstance(value, LazyTensor) else "")


def _attribute(document: Document, path: str) -> object:
    value: object = document.module
    for part in path.split("."):
        if not isinstance(value, ScriptObject):
            return None
        value = value.attributes.get(part)
    return value


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


def row_facts(row: TreeRow, document: Document) -> list[Fact]:
    """What is known of a line of the tree."""
    facts = [Fact("Item", "kind", row.kind), Fact("Item", "name", row.name)]
    if row.path:
        facts.append(Fact("Item", "path", row.path))
    if row.detail:
        facts.append(Fact("Item", "detail", row.detail))
    if row.bytes:
        facts.append(Fact("Item", "bytes", f"{row.bytes:,}"))
    if document.module is None or row.kind in ("record", "extra", "group"):
        return facts
    if row.kind == "module":
        facts.extend(_module_facts(document.find_module(row.path)))
    elif row.kind == "method":
        facts.append(Fact("Method", "signature", signature(document.function(row.path, row.name))))
    elif row.kind in ("parameter", "buffer", "attribute") and not row.name.startswith("CONSTANTS."):
        value = document.find_module(row.path).attributes.get(row.name)
        if isinstance(value, LazyTensor):
            facts.extend(_tensor_facts(value))
        else:
            facts.append(Fact("Value", "", value_text(value, 4000)))
    return facts


def _module_facts(module: ScriptObject) -> list[Fact]:
    tensors: dict[int, tuple[int, int]] = {}
    for _, child in module.named_modules():
        for name, value in child.attributes.items():
            attribute = child.type.attributes.get(name)
            if isinstance(value, LazyTensor) and attribute is not None and attribute.is_parameter:
                tensors[id(value)] = (value.numel, value.nbytes)
    count = sum(numel for numel, _ in tensors.values())
    return [
        Fact("Module", "class", module.type.qualified_name),
        Fact("Module", "submodules", str(len(module.submodules()))),
        Fact("Module", "parameters", f"{count:,} in {len(tensors):,} tensors"),
        Fact("Module", "parameter bytes", f"{sum(size for _, size in tensors.values()):,}"),
        Fact("Module", "methods", ", ".join(module.type.methods) or "none"),
    ]


def _tensor_facts(tensor: LazyTensor) -> list[Fact]:
    facts = [
        Fact("Tensor", "dtype", tensor.dtype),
        Fact("Tensor", "shape", str(list(tensor.shape))),
        Fact("Tensor", "strides", str(list(tensor.strides))),
        Fact("Tensor", "elements", f"{tensor.numel:,}"),
        Fact("Tensor", "requires grad", str(tensor.requires_grad)),
        Fact("Tensor", "device", tensor.device),
    ]
    if tensor.storage is not None:
        facts.append(Fact("Tensor", "record", tensor.storage.record))
        facts.append(
            Fact("Tensor", "storage", f"{tensor.storage.numel:,} elements, offset {tensor.offset:,}")
        )
    return facts
