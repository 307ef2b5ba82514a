"""A copy of a module that freezing may change: objects and classes of its own over the same values.

As `Module::clone(inplace=true)` of libtorch (torch/csrc/jit/api/module.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import Function, Graph, ScriptObject
from jitcore.passes.freezing.class_names import ClassNames
from jitcore.passes.functional_graphs.merging import recording_inside
from jitcore.types import ClassType, FunctionSchema, InterfaceType
from jitcore.types.relations import rebuilt
from jitcore.types.schema import Argument

if TYPE_CHECKING:
    from jitcore.types import Type


class ModuleCopy:
    """The copy `root` of a module, and `classes`, which maps the classes of its modules to those of the copy.

    Values of attributes that are no modules are shared. Submodules that are shared in the original are
    copied once for each place. With `evaluating` no module of the copy trains, whatever the original does.
    With `keeps_identity` classes keep their names, and what is shared stays so, as if nothing was copied.
    Methods are copied when somebody asks for their graphs; hooks are not methods, and have no copies.
    """

    def __init__(
        self, original: ScriptObject, evaluating: bool = False, keeps_identity: bool = False
    ) -> None:
        self._evaluating = evaluating
        taken = {module.type.qualified_name for _, module in original.named_modules()}
        self._names = None if keeps_identity else ClassNames(taken)
        self._made: dict[int, ScriptObject] = {}
        self.classes: dict[Type, ClassType] = {}
        self._copies: list[tuple[Function, Function]] = []
        self.root = self._copy(original)
        self._fill_classes()

    def type_of_copy(self, t: Type) -> Type:
        """What `t` is in graphs of the copy."""
        found = self.classes.get(t)
        if found is not None:
            return found
        if not t.parts:
            return t
        parts = tuple(self.type_of_copy(part) for part in t.parts)
        return t if all(a is b for a, b in zip(parts, t.parts, strict=True)) else rebuilt(t, parts)

    def original_of(self, copy: Function) -> Function:
        """The method that a method of the copy is a copy of."""
        return next(original for original, made in self._copies if made is copy)

    def method_of_copy(self, method: Function) -> Function | None:
        """The copy of a method."""
        return next((copy for original, copy in self._copies if original is method), None)

    def _copy(self, original: ScriptObject) -> ScriptObject:
        if self._names is None and id(original) in self._made:
            return self._made[id(original)]
        known = self.classes.get(original.type)
        kind = known if known is not None else self._new_class(original.type)
        copy = self._made[id(original)] = ScriptObject(kind)
        copy.has_state, copy.state = original.has_state, original.state
        for name, attribute in original.type.attributes.items():
            if name not in original.attributes:
                continue
            value = original.attributes[name]
            declared: Type = attribute.type
            if isinstance(value, ScriptObject) and _is_module_type(declared):
                value = copy.attributes[name] = self._copy(value)
                if isinstance(declared, ClassType):
                    declared = value.type
            else:
                is_training = self._evaluating and name == "training" and value is True
                copy.attributes[name] = False if is_training else value
            if known is None:
                kind.add_attribute(name, declared, attribute.is_parameter, attribute.is_buffer)
        return copy

    def _new_class(self, original: ClassType) -> ClassType:
        name = original.qualified_name
        made = ClassType(name if self._names is None else self._names.of_copy(name), is_module=True)
        self.classes[original] = made
        return made

    def _fill_classes(self) -> None:
        for original, made in self.classes.items():
            assert isinstance(original, ClassType)
            for name, value in original.constants.items():
                made.add_constant(name, value, original.constant_types[name])
            for name, method in original.methods.items():
                if isinstance(method, Function):
                    copy = self._method(method, made)
                    made.methods[name] = copy
                    self._copies.append((method, copy))
                else:
                    made.methods[name] = method

    def _method(self, original: Function, owner: ClassType) -> Function:
        return Function(
            f"{owner.qualified_name}.{original.name}",
            self._schema(original.schema),
            lambda _: self.graph_of_copy(original.graph.copy()),
            owner,
            original.source_range,
        )

    def graph_of_copy(self, graph: Graph) -> Graph:
        """The graph, in which modules have the types of the copy from now on."""
        for value in [*graph.inputs, *(value for node in graph.all_nodes() for value in node.outputs)]:
            value.set_type(self.type_of_copy(value.type))
        for node in graph.all_nodes():
            for block in node.blocks:
                for value in block.inputs:
                    value.set_type(self.type_of_copy(value.type))
            subgraph = node.attributes.get("Subgraph")
            if isinstance(subgraph, Graph):
                with recording_inside(graph, subgraph):
                    self.graph_of_copy(subgraph)
        return graph

    def _schema(self, schema: FunctionSchema) -> FunctionSchema:
        arguments = tuple(self._argument(argument) for argument in schema.arguments)
        returns = tuple(self._argument(argument) for argument in schema.returns)
        return FunctionSchema(
            schema.name, schema.overload, arguments, returns, schema.is_vararg, schema.is_varret
        )

    def _argument(self, argument: Argument) -> Argument:
        kind = self.type_of_copy(argument.type)
        if kind is argument.type:
            return argument
        return Argument(
            argument.name, kind, argument.default, argument.kwarg_only, argument.size, argument.alias
        )


def _is_module_type(t: Type) -> bool:
    return isinstance(t, ClassType | InterfaceType) and t.is_module
