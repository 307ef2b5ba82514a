"""Modules to objects of the IR: concrete types, their classes, slots and compiled methods."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import Module

from jitcore.ir import Function, ScriptObject
from jitcore.scripting.functions import FunctionDefinition
from jitcore.scripting.given_types import annotate_parameters
from jitcore.scripting.markers import modifier_of
from jitcore.scripting.modules import class_attributes, container_methods
from jitcore.scripting.modules.hooks import compile_hooks
from jitcore.scripting.modules.method_schemas import derive_state
from jitcore.scripting.modules.methods import (
    MethodOfText,
    MethodToCompile,
    check_initialized,
    methods_to_compile,
    overloaded_methods,
    properties_to_compile,
)
from jitcore.scripting.modules.origins import origin_of
from jitcore.scripting.modules.resolver import ModuleResolver
from jitcore.scripting.modules.torch_modules import import_module, take_state
from jitcore.scripting.names import ClosureNames
from jitcore.scripting.signatures import Declaration, defaults_of
from jitcore.scripting.sources import parse_function
from jitcore.slots.attribute_types import AttributeTypes
from jitcore.slots.concrete_type import ConcreteType
from jitcore.slots.inference import ModuleInference, container_kind
from jitcore.slots.module_objects import class_of_module, object_of_module
from jitcore.slots.qualified_names import qualified_name
from jitcore.slots.wrappers import script_object_of
from jitcore.source import JitError
from jitcore.types import ClassType

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Value
    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.source import SourceRange


class ModuleCompiler:
    """Compiles modules into one program; modules of equal concrete types share their class and code.

    `scripts` compiles the functions and classes that they use.
    """

    def __init__(self, scripts: ScriptCompiler) -> None:
        self.scripts = scripts
        self._program = scripts.program
        self._inference = ModuleInference(scripts, AttributeTypes(scripts), self.concrete_type)
        self._imported: weakref.WeakKeyDictionary[Any, ScriptObject] = weakref.WeakKeyDictionary()
        self._known: weakref.WeakKeyDictionary[type[Any], list[ConcreteType]] = weakref.WeakKeyDictionary()
        self._new: list[ConcreteType] = []
        self._of_class: dict[ClassType, ConcreteType] = {}
        self._is_exporting = False

    def compile(self, module: Module) -> ScriptObject:
        """The compiled module; raises `JitError` for what TorchScript does not have.

        It is compiled as it is: what it wants compiled instead is `prepared`'s part.
        """
        try:
            return self._create(module, self.concrete_type(module))
        finally:
            # What could not be compiled is in the way of another attempt, and so is what holds it.
            for concrete in self._new:
                if not concrete.is_compiled:
                    self._forget(concrete)
            self._new.clear()

    def compile_exported(self, module: Module) -> ScriptObject:
        """A module with only those methods compiled that are marked to be exported, and what they call.

        It, and each module in it, has a class of its own, which can be given other methods.
        """
        self._is_exporting = True
        try:
            return self.compile(module)
        finally:
            self._is_exporting = False

    # --- types ----------------------------------------------------------------------------------

    def concrete_type(self, module: Any) -> ConcreteType:
        """The concrete type of a module, with its class; the same one for equal modules."""
        scripted = self._compiled_before(module)
        if scripted is not None:
            return self.type_of_class(scripted.type)
        check_initialized(module)
        found = self._inference.infer(module)
        # What examples say is true of one module, and not of those that are equal otherwise.
        is_of_its_own = self._program.example_types or self._is_exporting
        known = [] if is_of_its_own else self._known.setdefault(type(module), [])
        for each in known:
            if each.equals(found):
                return each
        found.type = self._class_of(found)
        self._of_class[found.type] = found
        known.append(found)
        self._new.append(found)
        return found

    def type_of_class(self, kind: ClassType) -> ConcreteType:
        """What is known of a module class."""
        known = self._of_class.get(kind)
        if known is None:
            known = self._of_class[kind] = ConcreteType.of_type(kind)
        return known

    def _compiled_before(self, module: Any) -> ScriptObject | None:
        """The object of a module that we, or torch, compiled; None for a module of Python."""
        found = script_object_of(module)
        if found is not None or not isinstance(module, torch.jit.ScriptModule):
            return found
        found = self._imported.get(module)
        if found is None:
            found = self._from_origin(module)
        if found is None:
            found = import_module(module, self.scripts)
            owners = dict(module.named_modules(remove_duplicate=False))
            for path, each in found.named_modules():
                self._take_over(each.type, owners.get(path))
        self._imported[module] = found
        return found

    def _from_origin(self, module: Any) -> ScriptObject | None:
        """What torch compiled, compiled from the same module of Python; None if that is not known."""
        origin = origin_of(module)
        if origin is None:
            return None
        made = self._create(origin, self.concrete_type(origin))
        take_state(made, module, self.scripts)
        return made

    def _take_over(self, kind: ClassType, module: Any) -> None:
        """Give a class that was compiled elsewhere a name of its own here."""
        if kind in self._of_class:
            return
        kind.qualified_name = self._program.type_name(kind.qualified_name)
        self._program.named_types[kind.qualified_name] = kind
        concrete = self.type_of_class(kind)
        cls = getattr(getattr(module, "_concrete_type", None), "py_class", None)
        if isinstance(cls, type):
            concrete.container = container_kind(cls)

    def _class_of(self, concrete: ConcreteType) -> ClassType:
        assert concrete.python_class is not None
        name = self._program.type_name(qualified_name(concrete.python_class))
        kind = class_of_module(concrete, name, self.scripts)
        self._program.named_types[name] = kind
        return kind

    def _forget(self, concrete: ConcreteType) -> None:
        """Take back a class."""
        kind = concrete.class_type
        self._program.named_types.pop(kind.qualified_name, None)
        self._of_class.pop(kind, None)
        if concrete.python_class is not None:
            known = self._known.get(concrete.python_class, [])
            known[:] = [each for each in known if each is not concrete]

    # --- instances ------------------------------------------------------------------------------

    def _create(self, module: Any, concrete: ConcreteType) -> ScriptObject:
        scripted = self._compiled_before(module)
        if scripted is not None:
            return scripted
        made = object_of_module(module, concrete, self.scripts, self._child)
        if not concrete.is_compiled:
            self._compile_methods(module, concrete)
            concrete.is_compiled = True
        return made

    def _child(self, module: Any, declared: ConcreteType) -> ScriptObject:
        """The object of a submodule, whose own type is only looked for where an interface is declared."""
        is_own = isinstance(declared.type, ClassType)
        return self._create(module, declared if is_own else self.concrete_type(module))

    # --- methods --------------------------------------------------------------------------------

    def _compile_methods(self, module: Module, concrete: ConcreteType) -> None:
        kind = concrete.class_type
        declared: list[Function] = []
        for prop in properties_to_compile(module):
            getter = self._declare_accessor(concrete, f"__{prop.name}_getter", prop.getter)
            declared.append(getter)
            setter: Function | None = None
            if prop.setter is not None:
                setter = self._declare_accessor(concrete, f"__{prop.name}_setter", prop.setter)
                declared.append(setter)
            kind.properties[prop.name] = getter.name, None if setter is None else setter.name
        methods = methods_to_compile(module, overloaded_methods(module))
        if self._is_exporting:
            methods = [each for each in methods if modifier_of(getattr(module, each.name, None)) == "export"]
        declared.extend(self._declare(concrete, method) for method in methods)
        # Methods that are compiled together do not know the defaults of each other, but those of texts.
        of_texts = {method.name for method in methods if isinstance(method, MethodOfText)}
        with self._program.defaults_held_back([each for each in declared if each.name not in of_texts]):
            for function in declared:
                if function.name == "__setstate__":
                    derive_state(function, kind)
                if not function.is_compiling:
                    function.graph  # noqa: B018  # compiled in the order of the declarations
        compile_hooks(self, concrete)
        container_methods.add(concrete, module)

    def _declare_accessor(self, concrete: ConcreteType, name: str, function: Callable[..., Any]) -> Function:
        made = self.declare(concrete, name, function, function, has_defaults=False)
        concrete.class_type.methods[name] = made
        return made

    def _declare(self, concrete: ConcreteType, method: MethodToCompile | MethodOfText) -> Function:
        if isinstance(method, MethodOfText):
            made = method.declare(concrete.class_type)
        else:
            made = self.declare(concrete, method.name, method.body, method.signature)
        concrete.class_type.methods[method.name] = made
        return made

    def declare(
        self,
        concrete: ConcreteType,
        name: str,
        body: Callable[..., Any],
        signature: Callable[..., Any],
        has_defaults: bool = True,
    ) -> Function:
        """A function whose first parameter is the module, not compiled yet and not among the methods.

        Accessors of properties have no defaults, whatever Python gives them.
        """
        kind = concrete.class_type
        parsed = parse_function(body)
        parsed.positions.function_name = name
        annotate_parameters(parsed.node, body, self._program)
        definition = FunctionDefinition(parsed, body, name)
        declaration: Declaration | None = None
        if signature != body:
            other = parse_function(signature)
            declaration = Declaration(other.node, other.positions, other.text)
            if not declaration.says_types:
                raise JitError(
                    "Must explicitly add type annotations to overloaded functions: "
                    f"{qualified_name(signature)}"
                )
        resolver = ModuleResolver(self, ClosureNames(body))
        defaults = defaults_of(signature) if has_defaults else {}
        full_name = f"{kind.qualified_name}.{name}"
        return definition.declare(self.scripts, full_name, resolver, kind, defaults, declaration)

    def compile_method(self, concrete: ConcreteType, function: Callable[..., Any]) -> None:
        """Add a method to a class that has its other ones: something that is compiled calls it."""
        name = function.__name__
        self._declare(concrete, MethodToCompile(name, function, function)).graph  # noqa: B018

    # --- what module values ask for -------------------------------------------------------------

    def class_attribute(
        self, at: SourceRange, lowering: Lowering, concrete: ConcreteType, owner: Value, name: str
    ) -> SugaredValue | None:
        """See `MethodSource`."""
        return class_attributes.find(self, at, lowering, concrete, owner, name)
