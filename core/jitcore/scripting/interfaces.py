"""Interfaces: classes that only declare methods."""

from __future__ import annotations

import inspect
import weakref
from typing import TYPE_CHECKING, Any, TypeVar, cast

import torch

from jitcore.scripting.names import ClassNames, FrameNames, Names
from jitcore.scripting.python_annotations import PythonAnnotations
from jitcore.scripting.resolver import PythonResolver
from jitcore.scripting.signatures import Declaration
from jitcore.scripting.sources import parse_function
from jitcore.slots.qualified_names import qualified_name
from jitcore.types import InterfaceType

if TYPE_CHECKING:
    from jitcore.scripting.compiler import ScriptCompiler

_T = TypeVar("_T")
_DECLARED: weakref.WeakKeyDictionary[type, Names] = weakref.WeakKeyDictionary()
_MARK = "__torch_script_interface__"


def interface(obj: _T) -> _T:
    """Declare a class to be an interface: a type for everything that has its methods.

    It is read when a program first uses it. RuntimeError for what is no class, or inherits.
    """
    cls = obj
    if not isinstance(cls, type):
        raise RuntimeError("interface must be applied to a class")
    is_module = issubclass(cls, torch.nn.Module) and len(cls.mro()) == 3
    if not is_module and len(cls.mro()) > 2:
        raise RuntimeError(
            "TorchScript interface does not support inheritance yet. Please directly inherit from 'object' "
            "or 'nn.Module'."
        )
    frame = inspect.currentframe()
    caller = None if frame is None else frame.f_back
    if caller is not None:
        _DECLARED[cls] = FrameNames(dict(caller.f_locals), caller.f_globals)
    return cast("_T", cls)


def is_interface(cls: type) -> bool:
    """Whether a class was declared to be an interface, here or with torch."""
    return cls in _DECLARED or _MARK in cls.__dict__


def interface_of(compiler: ScriptCompiler, cls: type) -> InterfaceType | None:
    """The interface that a class was declared to be, here or with torch; None if it was not."""
    names = _DECLARED.get(cls)
    if names is None:
        if _MARK not in cls.__dict__:
            return None
        names = ClassNames(cls)
    is_module = issubclass(cls, torch.nn.Module)
    made = InterfaceType(compiler.program.type_name(qualified_name(cls)), is_module)
    compiler.program.register_interface(cls, made)
    methods = inspect.getmembers(cls, inspect.isfunction)
    for name, method in methods:
        if name in cls.__dict__:
            _declare(compiler, cls, made, names, name, method)
    return made


def _declare(
    compiler: ScriptCompiler, cls: type, made: InterfaceType, names: Names, name: str, method: Any
) -> None:
    parsed = parse_function(method)
    resolver = PythonResolver(compiler, names, made, cls.__name__)
    if parsed.node.returns is None and "# type:" not in parsed.text:
        raise parsed.positions.of(parsed.node).error(
            "interface declarations must have a return type annotated: say what the method returns"
        )
    declaration = Declaration(parsed.node, parsed.positions, parsed.text)
    annotations = PythonAnnotations(resolver, parsed.positions)
    made.methods[name] = declaration.schema(name, resolver, annotations, made)
