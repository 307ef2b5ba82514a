"""Modules that compile themselves: subclasses of `ScriptModule`, their methods marked by `script_method`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from torch.nn import Module

from jitcore.scripting.library.defining import caller_of, define_methods, methods_of_text
from jitcore.scripting.library.errors import raised
from jitcore.scripting.modules.origins import twin_of
from jitcore.slots.wrappers import is_typed
from jitcore.source import JitError

_TEXTS = "_methods_of_texts"
"""Attribute of a module that is not compiled yet: the methods that texts define for it."""


class MethodStub:
    """A method that is to be compiled. Attribute: `original_method`."""

    def __init__(self, original_method: Callable[..., Any]) -> None:
        self.original_method = original_method


def script_method(fn: Callable[..., Any]) -> Any:
    """Have a method of a subclass of `ScriptModule` compiled once an object of it is made."""
    return MethodStub(fn)


class _CompiledForward:
    """`forward` of a class whose own one is compiled: that of the compiled module."""

    def __get__(self, owner: Any, kind: type[Any]) -> Any:
        return self if owner is None else owner.__getattr__("forward")


class ScriptModule(Module):
    """What all compiled modules are.

    An object of a subclass is compiled when its constructor is done: from then on its parameters, buffers,
    modules, attributes and marked methods are those of the compiled module.
    """

    _methods: ClassVar[dict[str, MethodStub]] = {}
    forward: Any = _CompiledForward()  # type: ignore[assignment]

    def __init_subclass__(cls, is_compiled: bool = False) -> None:
        super().__init_subclass__()
        if is_compiled:
            return
        marked = {name: value for name, value in vars(cls).items() if isinstance(value, MethodStub)}
        for name in marked:
            delattr(cls, name)
        # Those of an earlier base are before those of later ones, whatever classes Python asks first.
        bases = [getattr(base, "_methods", {}) for base in reversed(cls.__bases__)]
        cls._methods = {name: stub for known in (*bases, marked) for name, stub in known.items()}
        construct: Any = cls.__init__

        @wraps(construct)
        def construct_and_compile(self: ScriptModule, *args: Any, **kwargs: Any) -> None:
            construct(self, *args, **kwargs)
            if type(self) is cls:
                _compile(self)

        cls.__init__ = construct_and_compile

    def define(self, src: str) -> None:
        """Add the methods that a text defines; those of a constructor are compiled with the marked ones."""
        compiled = self.__dict__.get("_compiled_module")
        if compiled is not None:
            define_methods(compiled._script_object, src, caller_of(1))
            return
        try:
            # In torch the parser of these texts knows no file, as that of later ones does.
            made = list(methods_of_text(src, caller_of(1), file=None))
        except JitError as error:
            raise raised(error) from error
        self.__dict__.setdefault(_TEXTS, []).extend(made)

    def __getattr__(self, name: str) -> Any:
        compiled = self.__dict__.get("_compiled_module")
        return super().__getattr__(name) if compiled is None else getattr(compiled, name)

    def __setattr__(self, name: str, value: Any) -> None:
        compiled = self.__dict__.get("_compiled_module")
        if compiled is not None:
            setattr(compiled, name, value)
            return
        if is_typed(value):
            # The value can be used in the constructor, and its class remembers the type.
            kind = type(self)
            if "__annotations__" not in vars(kind):
                kind.__annotations__ = {}
            kind.__annotations__[name] = value.type
            value = value.value
        super().__setattr__(name, value)


class _Given:
    """What `compile_marked_with` was given."""

    compile: ClassVar[Callable[[Module], Any]]


def compile_marked_with(compile: Callable[[Module], Any]) -> None:
    """Say what compiles an object of a subclass once its constructor is done.

    What it gives is a `ScriptModule` too, so who compiles knows this class and is not known to it.
    """
    _Given.compile = staticmethod(compile)


def _compile(module: ScriptModule) -> None:
    state = vars(module)
    texts = state.pop(_TEXTS, ())
    compiled = _Given.compile(twin_of(module, texts))
    for name in ("_parameters", "_buffers", "_modules", *compiled._script_object.type.attributes):
        state.pop(name, None)
    state["_compiled_module"] = compiled
