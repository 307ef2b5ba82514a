"""Compiled modules as `torch.nn.Module`s."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, Self

from torch.nn import Module

from jitcore.ir import Function, ScriptObject
from jitcore.scripting.library import object_access
from jitcore.scripting.library.copying import deep_copy, shallow_copy
from jitcore.scripting.library.debug_state import debug_state
from jitcore.scripting.library.defining import caller_of, define_methods
from jitcore.scripting.library.left_to_python import exported_before_module, left_to_python
from jitcore.scripting.library.marked_modules import ScriptModule
from jitcore.scripting.library.module_archives import module_bytes, save_object
from jitcore.scripting.library.script_method import ScriptMethod
from jitcore.scripting.library.slot_views import ModuleSlots, TensorSlots
from jitcore.scripting.library.texts import ConstMap, ScriptGraph

if TYPE_CHECKING:
    from jitcore.scripting.library.debug_state import GraphExecutorState
    from jitcore.scripting.library.machine import Machine
    from jitcore.types import Attribute

_CONTAINERS = "__torch__.torch.nn.modules.container."

_ALLOWED = frozenset((
    "forward", "register_buffer", "register_parameter", "register_module", "add_module", "_apply", "apply",
    "cuda", "cpu", "to", "type", "float", "double", "half", "state_dict", "_save_to_state_dict",
    "load_state_dict", "_load_from_state_dict", "_named_members", "parameters", "named_parameters", "buffers",
    "named_buffers", "children", "named_children", "modules", "named_modules", "zero_grad", "share_memory",
    "_get_name", "extra_repr", "_slow_forward", "_tracing_name", "eval", "train", "get_extra_state",
    "set_extra_state",
))  # fmt: skip
"""Methods of `torch.nn.Module` that compiled modules have too; torch refuses all others."""


class RecursiveScriptModule(ScriptModule, is_compiled=True):
    """A compiled module: its parameters, buffers, attributes, submodules and methods, used as in Python.

    `kept_files` gives the extra files of the archive that it was loaded from, `python` is the module that it
    was compiled from: methods of it that are left to Python are methods of the compiled one too.
    """

    def __init__(
        self,
        script_object: ScriptObject,
        machine: Machine,
        kept_files: Callable[[], Mapping[str, bytes]] | None = None,
        python: Module | None = None,
    ) -> None:
        state = self.__dict__
        state["_initializing"] = True
        super().__init__()
        del state["training"]  # It is an attribute of the module itself.
        kind = script_object.type
        wrapped = {
            name: _wrapped_child(child, machine, getattr(python, name, None))
            for name, child in script_object.submodules().items()
        }
        state["_script_object"] = script_object
        state["_machine"] = machine
        state["_kept_files"] = kept_files
        state["_python_class"] = None if python is None else type(python)
        state["_parameters"] = TensorSlots(script_object, _is_parameter)
        state["_buffers"] = TensorSlots(script_object, _is_buffer)
        state["_modules"] = ModuleSlots(script_object, wrapped)
        for number, name in enumerate(kind.forward_pre_hooks):
            self._forward_pre_hooks[number] = self._hook(name)
        for number, name in enumerate(kind.forward_hooks):
            self._forward_hooks[number] = self._hook(name)
        state["_initializing"] = False
        if python is not None:
            state.update(left_to_python(self, python))
            state.update(exported_before_module(script_object, machine, python))

    def _hook(self, name: str) -> Callable[..., Any]:
        function = self._script_object.type.hooks[name]
        assert isinstance(function, Function)
        method = ScriptMethod(function, self._script_object, self._machine)

        def call_hook(module: Module, *args: Any) -> Any:
            return method(*args)

        return call_hook

    # --- texts ----------------------------------------------------------------------------------

    @property
    def forward(self) -> ScriptMethod:  # type: ignore[override]
        """The compiled `forward`."""
        return self.__getattr__("forward")

    @property
    def graph(self) -> ScriptGraph:
        """The graph of `forward`; RuntimeError if the module has none."""
        if "forward" not in self._script_object.type.methods:
            raise RuntimeError("Method 'forward' is not defined.")
        return self.forward.graph

    @property
    def inlined_graph(self) -> ScriptGraph:
        """The graph of `forward` with all calls inlined."""
        return self.forward.inlined_graph

    @property
    def code(self) -> str:
        """`forward` as Python code."""
        return self.forward.code

    @property
    def code_with_constants(self) -> tuple[str, ConstMap]:
        """`forward` as Python code, and the constants that it refers to."""
        text, constants = self.forward.code_with_constants
        return text, ConstMap(constants)

    @property
    def original_name(self) -> str:
        """The name of the class that was compiled."""
        return self._script_object.type.name

    def get_debug_state(self) -> GraphExecutorState:
        """What the executor has made of `forward`. Raises RuntimeError while nothing is optimized."""
        function = self._script_object.type.methods.get("forward")
        if not isinstance(function, Function):
            raise RuntimeError("Attempted to call get_debug_state on a Module without a compiled forward()")
        return debug_state(self._machine.executors.executor_of(function), self._machine.executors)

    def graph_for(self, *args: Any, **kwargs: Any) -> ScriptGraph | None:
        """The graph of `forward` that is run for such arguments; it is called if it was not often enough."""
        return self.forward.graph_for(self, *args, **kwargs)

    def define(self, src: str) -> None:
        """Add the methods that a text defines; other names in it are what the caller sees."""
        define_methods(self._script_object, src, caller_of(1))

    def extra_repr(self) -> str:
        """What stands between the parentheses of `repr`."""
        return f"original_name={self.original_name}"

    # --- archives -------------------------------------------------------------------------------

    def save(self, f: Any, _extra_files: Mapping[str, Any] | None = None) -> None:
        """Write the module to the file `f`; see `jitcore.save`."""
        save_object(self._script_object, self._machine, str(f), self._files(_extra_files))

    def save_to_buffer(self, _extra_files: Mapping[str, Any] | None = None) -> bytes:
        """The archive that `save` writes."""
        return module_bytes(self._script_object, self._machine, self._files(_extra_files))

    def _files(self, given: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        kept: Callable[[], Mapping[str, bytes]] | None = self.__dict__["_kept_files"]
        return kept() if given is None and kept is not None else given

    # --- attributes -----------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        state = self.__dict__
        if "_initializing" not in state:
            raise RuntimeError("ScriptModule has not been initialized, did you forget to call super's init?")
        if state["_initializing"]:
            return super().__getattr__(name)
        owner, machine = state["_script_object"], state["_machine"]
        if name in state["_modules"]:
            return state["_modules"][name]
        if object_access.has_value(owner, name):
            return object_access.read(owner, name, machine)
        found = object_access.method(owner, name, machine, state["_python_class"])
        if found is not None:
            return found
        getter = object_access.accessor(owner, name, machine)
        if getter is not None:
            return getter()
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        state = self.__dict__
        if state["_initializing"]:
            super().__setattr__(name, value)
            return
        owner = state["_script_object"]
        if name in state["_modules"]:
            state["_modules"][name] = value
        elif object_access.has_value(owner, name):
            object_access.write(owner, name, value, state["_machine"])
        else:
            setter = object_access.accessor(owner, name, state["_machine"], sets=True)
            if setter is not None and not isinstance(state.get(name), property):
                setter(value)
            else:
                super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        kind = self._script_object.type
        return sorted(
            {*super().__dir__(), *kind.attributes, *kind.constants, *kind.methods, *kind.properties}
        )

    # --- copies ---------------------------------------------------------------------------------

    def __copy__(self) -> Self:
        return type(self)(shallow_copy(self._script_object), self._machine, self.__dict__["_kept_files"])

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)(deep_copy(self._script_object, memo), self._machine, self.__dict__["_kept_files"])

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        name = self._script_object.type.qualified_name
        raise RuntimeError(
            f"Tried to serialize object {name} which does not have a __getstate__ method defined!"
        )

    # --- containers -----------------------------------------------------------------------------

    def _items(self) -> dict[str, Any]:
        """The modules of a container; NotImplementedError for what is none."""
        if not self._script_object.type.qualified_name.startswith(_CONTAINERS):
            raise NotImplementedError
        return dict(self._modules)

    def __len__(self) -> int:
        found = object_access.method(self._script_object, "__len__", self._machine)
        return found() if found is not None else len(self._items())

    def __iter__(self) -> Iterator[Any]:
        items = self._items()
        return iter(items if self.original_name == "ModuleDict" else items.values())

    def __contains__(self, key: object) -> bool:
        found = object_access.method(self._script_object, "__contains__", self._machine)
        return found(key) if found is not None else key in self._items()

    def __getitem__(self, key: Any) -> Any:
        found = object_access.method(self._script_object, "__getitem__", self._machine)
        if found is not None:
            return found(key)
        items = self._items()
        if isinstance(key, str):
            return items[key]
        modules = list(items.values())
        if isinstance(key, slice):
            return modules[key]
        if not -len(modules) <= key < len(modules):
            raise IndexError(f"index {key} is out of range")
        return modules[key]

    def __bool__(self) -> bool:
        return True


def _wrapped_child(child: ScriptObject, machine: Machine, python: Any) -> RecursiveScriptModule:
    """A submodule, which may have been compiled, and wrapped, before its parent was."""
    if isinstance(python, RecursiveScriptModule):
        return python
    return RecursiveScriptModule(child, machine, python=python if isinstance(python, Module) else None)


def _is_parameter(slot: Attribute) -> bool:
    return slot.is_parameter


def _is_buffer(slot: Attribute) -> bool:
    return slot.is_buffer


def _refusing(name: str) -> Callable[..., Any]:
    def refuse(self: RecursiveScriptModule, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError(f"{name} is not supported on ScriptModules")

    return refuse


for _name, _ in inspect.getmembers(Module, inspect.isfunction):
    if not (
        _name.startswith("__")
        or _name.endswith("_call_impl")
        or _name in _ALLOWED
        or _name in RecursiveScriptModule.__dict__
    ):
        setattr(RecursiveScriptModule, _name, _refusing(_name))
