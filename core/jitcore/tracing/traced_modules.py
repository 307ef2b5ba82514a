"""What a module of Python is while it is traced: a class and an object of its own, without methods yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import torch
from torch.nn import Module
from torch.nn.parameter import is_lazy

from jitcore.ir import ScriptObject
from jitcore.scripting.library.copying import deep_copy, shallow_copy
from jitcore.scripting.library.script_module import RecursiveScriptModule
from jitcore.scripting.library.shared import shared_machine
from jitcore.scripting.shared import shared_compiler, shared_module_compiler
from jitcore.slots.native_types import class_named
from jitcore.slots.qualified_names import qualified_name
from jitcore.tracing.exported import has_exports, with_exported_methods
from jitcore.types import BOOL, TENSOR, ClassType, OptionalType, Type

if TYPE_CHECKING:
    from jitcore.scripting.library.machine import Machine
    from jitcore.scripting.library.script_method import ScriptMethod


class TracedModule(RecursiveScriptModule, is_compiled=True):
    """A part of a module that was traced; it has a method for each time that it was called."""

    def __init__(
        self, script_object: ScriptObject, machine: Machine, name: str, children: Mapping[str, Module]
    ) -> None:
        holder = Module()
        for child_name, child in children.items():
            holder.add_module(child_name, child)
        super().__init__(script_object, machine, python=holder)
        self.__dict__["_python_class"] = None
        self.__dict__["_name"] = name
        self.__dict__["_traced_inputs"] = {}

    def keep_inputs(self, inputs: Mapping[str, tuple[Any, ...]]) -> None:
        """Remember what methods were traced with."""
        self.__dict__["_traced_inputs"].update(inputs)

    def _retrieve_traced_inputs(self) -> dict[str, tuple[Any, ...]]:
        """What methods were traced with, by their names, as torch's module of C++ tells it."""
        return dict(self.__dict__["_traced_inputs"])

    @property
    def forward(self) -> Any:  # type: ignore[override]
        """Refuses: how it is called is known to the traced module that it is part of."""
        return _refused

    def _get_name(self) -> str:
        return self.__dict__["_name"]

    def extra_repr(self) -> str:
        """What stands between the parentheses of `repr`."""
        return f"original_name={self.__dict__['_name']}"

    def __copy__(self) -> RecursiveScriptModule:  # type: ignore[override]  # as torch's
        return RecursiveScriptModule(shallow_copy(self._script_object), self._machine)

    def __deepcopy__(self, memo: dict[int, Any]) -> RecursiveScriptModule:  # type: ignore[override]
        return RecursiveScriptModule(deep_copy(self._script_object, memo), self._machine)


class TopLevelTracedModule(TracedModule, is_compiled=True):
    """A module that was traced, with the methods that were asked for."""

    @property
    def forward(self) -> ScriptMethod:  # type: ignore[override]
        """The traced `forward`."""
        return self.__getattr__("forward")


def _refused(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("Trace submodules cannot be called.")


_STAND_IN = "torch.jit._trace.TracedModule.__init__.<locals>.QualnameWrapper"
"""What torch calls the class of a module that is not traced yet, where it refuses one."""

ModuleClass = Callable[[ScriptObject, "Machine", str, Mapping[str, Module]], RecursiveScriptModule]


def module_for_trace(module: Any, made: ModuleClass = TopLevelTracedModule) -> RecursiveScriptModule:
    """The counterpart of a module; one that is compiled already is its own.

    Raises ValueError for a module that cannot be traced. Follows `make_module` and `TracedModule` of
    torch/jit/_trace.py.
    """
    if isinstance(module, RecursiveScriptModule):
        return module
    if isinstance(module, torch.jit.ScriptModule):
        return shared_machine().wrap(shared_module_compiler().compile(module), shared_machine())
    if has_exports(module):
        return with_exported_methods(module)
    _check(module)
    children = {
        name: module_for_trace(child, TracedModule)
        for name, child in module._modules.items()
        if child is not None
    }
    program = shared_compiler().program
    kind = ClassType(program.type_name(qualified_name(type(module))), is_module=True)
    program.named_types[kind.qualified_name] = kind
    script_object = ScriptObject(kind)
    for slots, is_parameter in ((module._parameters, True), (module._buffers, False)):
        for name, tensor in slots.items():
            if tensor is not None:
                kind.add_attribute(name, TENSOR, is_parameter, not is_parameter)
                script_object.attributes[name] = tensor
    _add(script_object, "training", BOOL, module.training)
    _add(script_object, "_is_full_backward_hook", OptionalType(BOOL), None)
    for name, held in vars(module).items():
        if isinstance(held, torch.ScriptObject):
            described: Any = held
            _add(script_object, name, class_named(described._type().qualified_name()), held)
    for name, child in children.items():
        _add(script_object, name, child._script_object.type, child._script_object)
    return made(script_object, shared_machine(), type(module).__name__, children)


def _add(owner: ScriptObject, name: str, kind: Type, value: object) -> None:
    owner.type.add_attribute(name, kind)
    owner.attributes[name] = value


def _check(module: Any) -> None:
    for kind, slots in (("parameters", module._parameters), ("buffers", module._buffers)):
        for name, tensor in slots.items():
            if tensor is not None and is_lazy(tensor):
                raise RuntimeError(
                    f"'{_STAND_IN}' has uninitialized {kind} {name}. Did you forget to run a forward pass?"
                )
    tensors = [each for each in (*module._parameters.values(), *module._buffers.values()) if each is not None]
    if len({id(each) for each in tensors}) != len(tensors):
        raise ValueError("TracedModules don't support parameter sharing between modules")
    if module._backward_hooks:
        raise ValueError(f"Modules that have backward hooks assigned can't be compiled: {module}")


def scope_names(module: Module) -> dict[Any, Any]:
    """The names of scopes by the modules that are called: paths from `__module`, the module itself."""
    names: dict[Any, Any] = {"__module": module}

    def register(parent: Module, prefix: str) -> None:
        for name, child in parent.named_children():
            # Calls of compiled modules are calls of their methods, and no scopes.
            if not isinstance(child, RecursiveScriptModule):
                names[child] = f"{prefix}.{name}"
                register(child, names[child])

    register(module, "__module")
    return names


def compiled_by_torch(module: Module, owner: ScriptObject) -> dict[Any, ScriptObject]:
    """What stands in `owner` for the modules that torch compiled, by torch's objects of them."""
    return {
        each._c: owner.find(path)
        for path, each in module.named_modules(remove_duplicate=False)
        if isinstance(each, torch.jit.ScriptModule)
    }
