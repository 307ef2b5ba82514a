"""Builds graphs of the core from torch's, attribute by attribute, so that printing can be tested alone."""

from jitcore import types
from jitcore.ir import EnumValue, Function, Graph, Node, ScriptObject
from jitcore.types import (
    Argument,
    AwaitType,
    ClassType,
    DictType,
    EnumType,
    FunctionSchema,
    FunctionType,
    FutureType,
    InterfaceType,
    ListType,
    NominalType,
    RRefType,
    TupleType,
    Type,
    make_optional,
    make_union,
)  # fmt: skip
from jitcore.types.parsing import custom_class, parse_type

_SIMPLE = {
    kind.kind: kind
    for kind in vars(types).values()
    if isinstance(kind, types.SimpleType)
}  # fmt: skip
_DTYPES = {shown: dtype for dtype, shown in types.SCALAR_TYPE_NAMES.items()}
_WRAPPERS = {"ListType": ListType, "FutureType": FutureType, "AwaitType": AwaitType, "RRefType": RRefType}


class Converter:
    """Keeps one class per name."""

    def __init__(self) -> None:
        self._named: dict[str, NominalType] = {}

    def type(self, theirs) -> Type:
        kind = theirs.kind()
        if kind in _SIMPLE:
            return _SIMPLE[kind]
        if kind == "TensorType":
            return self._tensor(theirs)
        if kind in _WRAPPERS:
            return _WRAPPERS[kind](self.type(theirs.getElementType()))
        if kind == "OptionalType":
            return make_optional(self.type(theirs.getElementType()))
        if kind == "DictType":
            return DictType(self.type(theirs.getKeyType()), self.type(theirs.getValueType()))
        if kind == "UnionType":
            return make_union([self.type(part) for part in theirs.containedTypes()])
        if kind == "TupleType":
            return self._tuple(theirs)
        return self._nominal(theirs, kind)

    def _tuple(self, theirs) -> Type:
        parts = tuple(self.type(part) for part in theirs.elements())
        if not str(theirs).startswith("NamedTuple") and theirs.annotation_str.startswith(
            ("Tuple[", "Tuple[()]")
        ):
            return TupleType(parts)
        fields = [field.split(" : ")[0] for field in _fields(repr_of(theirs))]
        return TupleType(parts, theirs.annotation_str, tuple(fields))

    def _nominal(self, theirs, kind: str) -> Type:
        name = theirs.annotation_str
        found = self._named.get(name)
        if found is not None:
            return found
        if kind == "EnumType":
            # torch tells Python nothing of the members.
            found = EnumType(name, types.ANY, ())
        elif kind == "InterfaceType":
            found = InterfaceType(name)
        elif kind == "FunctionType":
            schema = FunctionSchema(name, "", (), (), True, True)
            found = FunctionType(name, Function(name, schema, Graph()))
        elif kind == "ClassType" and name.startswith("__torch__.torch.classes."):
            found = custom_class(name)
        elif kind == "ClassType":
            found = ClassType(name)
        else:
            raise NotImplementedError(kind)
        self._named[name] = found
        return found

    def _tensor(self, theirs) -> Type:
        return parse_type(repr_of(theirs), graph_spelling=True)

    def graph(self, theirs) -> Graph:
        """The same graph with the same numbers."""
        graph = Graph()
        values = {}
        self._parameters(theirs.param_node(), graph.block, values)
        self._nodes(theirs, graph.block, values)
        return graph

    def _parameters(self, node, block, values) -> None:
        for value in node.outputs():
            values[value.unique()] = self._name(value, block.add_input(type=self.type(value.type())))

    def _name(self, theirs, mine):
        if theirs.debugName() != str(theirs.unique()):
            mine.set_debug_name(theirs.debugName())
        mine.unique = theirs.unique()
        mine.graph.next_unique = max(mine.graph.next_unique, mine.unique + 1)
        return mine

    def _nodes(self, theirs, block, values) -> None:
        for node in theirs.nodes():
            kind = f"^{node.pyname()}" if node.kind() == "prim::PythonOp" else node.kind()
            mine = block.graph.create(kind, [values[v.unique()] for v in node.inputs()], outputs=0)
            block.append(mine)
            for value in node.outputs():
                values[value.unique()] = self._name(value, mine.add_output(self.type(value.type())))
            if kind.startswith("^"):
                mine.attributes["scalar_args"] = ", ".join(str(a) for a in node.scalar_args())
            for name in node.attributeNames():
                mine.attributes[name] = self._attribute(node, name, mine)
            for inner in node.blocks():
                nested = mine.add_block()
                for value in inner.paramNode().outputs():
                    values[value.unique()] = self._name(value, nested.add_input(type=self.type(value.type())))
                self._nodes(inner, nested, values)
        for value in theirs.outputs():
            block.register_output(values[value.unique()])

    def _attribute(self, node, name: str, mine: Node):
        kind = node.kindOf(name)
        if kind == "ival":
            return self._value(node.ival(name), mine.output.type)
        if not hasattr(node, kind):
            return node.output().toIValue()
        value = getattr(node, kind)(name)
        if kind == "g":
            return self.graph(value)
        if kind == "ty":
            return self.type(value)
        if kind == "tys":
            return [self.type(item) for item in value]
        if kind == "i" and name == "value" and mine.output.type is types.BOOL:
            return bool(value)
        return value

    def _value(self, value, declared: Type):
        if isinstance(declared, EnumType):
            return EnumValue(declared, value.name, value.value)
        if isinstance(declared, ClassType):
            return ScriptObject(declared)
        if isinstance(declared, TupleType):
            return tuple(self._value(item, part) for item, part in zip(value, declared.parts, strict=True))
        return value

    def function(self, theirs, owner: ClassType | None = None) -> Function:
        """A function or method with torch's schema and graph."""
        name = theirs.name
        schema = FunctionSchema(
            name,
            "",
            tuple(self._argument(argument) for argument in theirs.schema.arguments),
            tuple(self._argument(argument) for argument in theirs.schema.returns),
        )
        return Function(name, schema, self.graph(theirs.graph), owner)

    def _argument(self, theirs) -> Argument:
        default = types.NO_DEFAULT
        if theirs.has_default_value():
            default = theirs.default_value
        return Argument(theirs.name, self.type(theirs.type), default, size=theirs.N)


def repr_of(theirs) -> str:
    """A type as `.graph` shows it."""
    import torch

    graph = torch._C.Graph()
    graph.addInput("x").setType(theirs)
    return str(graph).removeprefix("graph(%x : ").partition("):\n")[0]


def _fields(named_tuple: str) -> list[str]:
    """`a : int` and so on of `NamedTuple(a : int, b : (int, str))`."""
    inside = named_tuple[len("NamedTuple(") : -1]
    fields, depth, start = [], 0, 0
    for index, char in enumerate(inside):
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            fields.append(inside[start:index].strip())
            start = index + 1
    return [*fields, inside[start:].strip()]
