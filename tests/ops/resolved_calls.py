"""One call of an operator, resolved by torch and by the core, as expressions that can be compared."""

import re

from jitcore import ops
from jitcore.ir import Graph
from jitcore.passes.normalize_ops import ALIASES
from jitcore.source import JitError, Source, SourceRange
from jitcore.types.parsing import parse_type

_WRAPPERS = (
    (re.compile(r"List\[([^\[\]]*(?:\[\])*)\]"), r"\1<>"),
    (re.compile(r"Optional\[([^\[\]]*)\]"), r"\1?"),
    (re.compile(r"Tuple\[([^\[\]]*)\]"), r"(\1)"),
)


def from_annotation(annotation):
    """The type of a Python annotation."""
    while "[" in annotation:
        for pattern, replacement in _WRAPPERS:
            annotation = pattern.sub(replacement, annotation)
    return parse_type(annotation.replace("<>", "[]"))


class Call:
    """`name(arguments)` with parameters of given annotations; `keywords` are None where positional.

    `prefix` is where the operator is looked up: `torch` or `torch.ops.aten`.
    """

    def __init__(self, name, annotations, keywords, prefix="torch"):
        declared = ", ".join(f"a{i}: {annotation}" for i, annotation in enumerate(annotations))
        passed = ", ".join(f"{k}=a{i}" if k else f"a{i}" for i, k in enumerate(keywords))
        self.name, self.annotations, self.keywords = name, annotations, keywords
        self.callee = f"{prefix}.{name}"
        self.text = f"def f({declared}):\n  return {self.callee}({passed})\n"

    def by_torch(self):
        """(expression, None), or (None, message) if torch refuses."""
        import torch

        try:
            graph = torch.jit.CompilationUnit(self.text).f.graph
        except RuntimeError as error:
            return None, str(error).strip().partition(":\n  File")[0].strip()
        return torch_tree(next(graph.outputs())), None

    def by_core(self):
        """(expression, None), or (None, message) if the core refuses."""
        graph = Graph()
        values = [graph.add_input(f"a{i}", from_annotation(a)) for i, a in enumerate(self.annotations)]
        pairs = list(zip(values, self.keywords, strict=True))
        start = self.text.index(self.callee)
        at = SourceRange(Source(self.text, "<string>"), start, start + len(self.callee))
        arguments = [ops.NamedValue(v) for v, k in pairs if k is None]
        named = [ops.NamedValue(v, k) for v, k in pairs if k is not None]
        try:
            result = ops.emit_builtin(graph, at, f"aten::{self.name}", arguments, named)
        except JitError as error:
            return None, error.message.strip()
        return our_tree(result), None


def torch_tree(value):
    """The expression that a value of a torch graph is."""
    node = value.node()
    if node.kind() == "prim::Param":
        return value.debugName().partition(".")[0]
    if node.kind() == "prim::Constant":
        return value.type().annotation_str, value.toIValue()
    outputs = [o.type().annotation_str for o in node.outputs()]
    return node.kind(), [torch_tree(i) for i in node.inputs()], outputs


def our_tree(value):
    """The expression that a value is, with the usual names of operators, which torch has given already."""
    node = value.node
    if node.kind == "prim::Param":
        return value.name.partition(".")[0]
    if node.kind == "prim::Constant":
        return value.type.annotation(), node.attributes.get("value")
    if node.kind == "prim::TupleConstruct" and not node.inputs:
        return "Tuple[()]", ()
    outputs = [o.type.annotation() for o in node.outputs]
    return ALIASES.get(node.kind, node.kind), [our_tree(i) for i in node.inputs], outputs
