"""Python's types and annotations as TorchScript types."""

from __future__ import annotations

import enum
import inspect
import types
import typing
from typing import TYPE_CHECKING, Any

import torch

from jitcore.frontend.annotations import TENSORS_OF_A_DTYPE
from jitcore.scripting.named_tuples import is_named_tuple
from jitcore.slots.native_types import native_class
from jitcore.slots.qualified_names import qualified_name
from jitcore.slots.torch_names import TORCH
from jitcore.source import error_at
from jitcore.types import (
    ANY,
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    GENERATOR,
    INFERRED_TENSOR,
    INT,
    NONE,
    NUMBER,
    STREAM,
    STRING,
    TENSOR,
    AwaitType,
    DictType,
    FutureType,
    ListType,
    RRefType,
    TupleType,
    Type,
    make_optional,
    make_union,
    why_no_key,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.scripting.names import Names
    from jitcore.source import SourceRange

_SIMPLE: dict[Any, Type] = {
    float: FLOAT, complex: COMPLEX, int: INT, torch.SymInt: INT, str: STRING, bool: BOOL, Any: ANY,
    type(None): NONE, torch.device: DEVICE, torch.Generator: GENERATOR, torch.Stream: STREAM,
    torch.dtype: INT, torch.qscheme: INT, inspect.Signature.empty: INFERRED_TENSOR,
    torch.Tensor: TENSOR, torch.nn.Parameter: TENSOR, TORCH.jit._Await: AwaitType(ANY),
}  # fmt: skip
_TENSOR_CLASSES = tuple(getattr(torch, name) for name in TENSORS_OF_A_DTYPE)
_EXAMPLES = {
    "Tuple": "Tuple[int]", "List": "List[int]", "Dict": "Dict[int, int]",
    "Union": "Union[int, None]", "Optional": "Optional[int]", "Future": "Future[int]",
}  # fmt: skip
_BARE: dict[Any, str] = {
    **{getattr(typing, name): name for name in ("Tuple", "List", "Dict", "Union", "Optional")},
    torch.jit.Future: "Future",
}


class PythonTypes:
    """Reads Python objects as types; classes that are met are compiled by `compiler`."""

    def __init__(self, compiler: ScriptCompiler) -> None:
        self._compiler = compiler
        self._known: dict[Any, Type] = dict(_SIMPLE)

    def type_of(self, annotation: Any, at: SourceRange | None, names: Names | None = None) -> Type:
        """The type that an annotation stands for; raises `SourceError` if it is none."""
        found = self.try_type_of(annotation, at, names)
        if found is None:
            raise error_at(at, f"Unknown type annotation: '{annotation}'", "ValueError")
        return found

    def try_type_of(self, annotation: Any, at: SourceRange | None, names: Names | None = None) -> Type | None:
        """The same; None for what is no type."""
        if annotation is None:
            return NONE
        kind = type(annotation)
        if kind in _NO_TYPES:
            return None
        try:
            known = self._known.get(annotation)
        except TypeError:
            return None
        if known is not None:
            return known
        return self._read(annotation, at, names)

    def _read(self, annotation: Any, at: SourceRange | None, names: Names | None) -> Type | None:
        if annotation in _BARE:
            name = _BARE[annotation]
            words = "contained types. Please add" if name == "Dict" else "a contained type. Please add a"
            raise error_at(
                at, f"Attempted to use {name} without {words} contained type, e.g. {_EXAMPLES[name]}"
            )
        if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
            return self._class(annotation, at, names)
        native = native_class(annotation)
        if native is not None:
            return native
        origin: Any = typing.get_origin(annotation)
        return self._generic(annotation, origin, typing.get_args(annotation), at)

    def _generic(
        self, annotation: Any, origin: Any, arguments: tuple[Any, ...], at: SourceRange | None
    ) -> Type | None:
        if origin is tuple:
            if arguments == ((),):
                arguments = ()
            return TupleType(tuple(self._only_part(a, at, "tuple") for a in arguments))
        if origin is list:
            element = self.try_type_of(arguments[0], at)
            return None if element is None else ListType(element)
        if origin is dict:
            key = self.type_of(arguments[0], at)
            why = why_no_key(key)
            if why is not None:
                raise error_at(at, why)
            return DictType(key, self.type_of(arguments[1], at))
        if origin in (typing.Union, types.UnionType):
            return self._union(annotation, arguments, at)
        if origin is torch.jit.Future:
            return FutureType(self._only_part(arguments[0], at, "FutureType"))
        if origin is TORCH.jit._Await:
            return AwaitType(self._only_part(arguments[0], at, "AwaitType"))
        if TORCH.distributed.rpc.is_available() and origin is TORCH.distributed.rpc.RRef:
            return RRefType(self._only_part(arguments[0], at, "RRefType"))
        return None

    def _union(self, annotation: Any, arguments: tuple[Any, ...], at: SourceRange | None) -> Type:
        if len(arguments) == 2 and type(None) in arguments:
            other = arguments[0] if arguments[1] is type(None) else arguments[1]
            return make_optional(self._part(annotation, other, at))
        if set(arguments) == {int, float, complex}:
            return NUMBER
        return make_union([self._part(annotation, a, at) for a in arguments])

    def _part(self, annotation: Any, part: Any, at: SourceRange | None) -> Type:
        found = self.try_type_of(part, at)
        if found is None:
            raise error_at(
                at,
                f"Unsupported annotation {annotation!r} could not be resolved because {part!r} could not be "
                "resolved",
                "AssertionError",
            )
        return found

    def _only_part(self, part: Any, at: SourceRange | None, whole: str) -> Type:
        found = self.try_type_of(part, at)
        if found is None:
            raise error_at(at, f"Can not create {whole} with None type: {part!r} is no type of TorchScript")
        return found

    def _class(self, cls: type, at: SourceRange | None, names: Names | None) -> Type | None:
        if issubclass(cls, torch.Tensor) or issubclass(cls, _TENSOR_CLASSES):
            return TENSOR
        interface = self._compiler.interface_of(cls)
        if interface is not None:
            return interface
        if issubclass(cls, torch.nn.Module):
            # The first module of the class that was compiled: later ones have other names.
            return self._compiler.program.named_types.get(qualified_name(cls))
        if issubclass(cls, enum.Enum):
            return self._compiler.enum_type(cls, at)
        compiled = self._compiler.class_of(cls)
        if compiled is not None:
            return compiled
        if is_named_tuple(cls):
            return self._compiler.named_tuple(cls, at, names)
        if can_compile_class(cls):
            return self._compiler.compile_class(cls, at)
        return None


_NO_TYPES = frozenset(
    (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType, int, float, bool, str,
     dict, list, set, torch.Tensor, torch.dtype, torch.jit.ScriptFunction)
)  # fmt: skip
"""Kinds of objects that are met as values often, and are never types."""


def can_compile_class(cls: type) -> bool:
    """Whether every routine of the class was written in Python, so that it can be a script class."""
    if issubclass(cls, torch.nn.Module | tuple | list | Exception) or cls.__module__ == "builtins":
        return False
    modifier = getattr(cls, "_torchscript_modifier", None)
    if modifier is not None and not str(modifier).startswith(("default", "export")):
        return False
    routines = [getattr(cls, name, None) for name in cls.__dict__]
    return all(hasattr(routine, "__code__") for routine in routines if inspect.isroutine(routine))
