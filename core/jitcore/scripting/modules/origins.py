"""The modules of Python from which torch compiled its own: what torch forgets is compiled anew from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import Module

if TYPE_CHECKING:
    from jitcore.scripting.modules.methods import MethodOfText

_ORIGINS: dict[str, list[tuple[Any, Module]]] = {}
_LIBRARIES = ("torch.jit.", "jitcore.")
_LEFT_OUT = ("__dict__", "__weakref__", "__init__", "_methods", "_constants_set")
_TWINS: dict[type[Any], type[Module]] = {}


def remember_origin(compiled: torch.jit.ScriptModule, module: Module) -> None:
    """Note that torch compiled `module`, and what is in it, to `compiled`.

    Copies of what was compiled are of the same type, by which they are recognised. A module of a class whose
    methods torch's `script_method` marked is noted as it is now: torch is about to take it apart. One that
    got methods by `define` is not noted, so that it is read from its archive.
    """
    named: Any = compiled.named_modules(remove_duplicate=False)
    for path, each in named:
        origin = _at(module, path)
        if origin is not None and origin_of(each) is None and not _has_methods_of_texts(origin):
            kind = each._c._type()
            twin = twin_of(origin) if isinstance(origin, torch.jit.ScriptModule) else origin
            _ORIGINS.setdefault(kind.qualified_name(), []).append((kind, twin))


def origin_of(compiled: Any) -> Module | None:
    """The module that torch compiled; None if nobody saw it do so, or if it was traced or loaded."""
    kind = compiled._c._type()
    found = _ORIGINS.get(kind.qualified_name(), ())
    # A module that was loaded may have the same name.
    return next((module for known, module in found if known == kind), None)


def _at(module: Module, path: str) -> Module | None:
    """The submodule at a path if it is one of Python, or the module itself."""
    for part in path.split(".") if path else ():
        found = getattr(module, part, None)
        if not isinstance(found, Module) or isinstance(found, torch.jit.ScriptModule):
            return None
        module = found
    return module


def twin_of(module: Any, texts: Iterable[MethodOfText] = ()) -> Module:
    """A module of a plain class with the contents and the marked methods of one with marked methods.

    `texts` are methods that texts define for this module, which then shares its class with no other.
    """
    cls = type(module)
    defined = {method.name: method for method in texts}
    if not defined and cls not in _TWINS:
        _TWINS[cls] = _twin_class(cls, {})
    made = object.__new__(_twin_class(cls, defined) if defined else _TWINS[cls])
    for name, value in vars(module).items():
        made.__dict__[name] = dict(value) if name in ("_parameters", "_buffers", "_modules") else value
    return made


def _twin_class(cls: type[Any], defined: Mapping[str, MethodOfText]) -> type[Module]:
    """A class of modules with the methods that `script_method` marked, as far as Python knows it.

    `defined` are more methods, by their names.
    """
    marked = {name: stub.original_method for name, stub in sorted(cls._methods.items())}
    # torch's class of such modules has annotations of its own, which hide those of `Module`.
    kept: dict[str, Any] = {"__annotations__": {"forward": Module.__annotations__["forward"]}}
    kept |= {
        name: value
        for base in reversed(cls.__mro__)
        if base not in (object, Module) and not base.__module__.startswith(_LIBRARIES)
        for name, value in vars(base).items()
        if name not in _LEFT_OUT and (name != "__annotations__" or value)
    }
    kept |= marked
    kept["__script_methods__"] = tuple(defined.get(name, name) for name in sorted({*marked, *defined}))
    return type(cls.__name__, (Module,), kept)


def _has_methods_of_texts(module: Module) -> bool:
    """Whether torch was given methods as text, which it does not keep."""
    stubs: dict[str, Any] = getattr(type(module), "_methods", {})
    return any(stub.original_method is None for stub in stubs.values())
