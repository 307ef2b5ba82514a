"""Python objects as what an expression can mean."""

from __future__ import annotations

import enum
import inspect
import math
import types
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.frontend import building
from jitcore.frontend.call_notes import note_call, noting_classes
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.builtin import BuiltinFunction
from jitcore.frontend.sugared.calls import FunctionValue, NamedTupleValue
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.frontend.sugared.special import EnumClass, SpecialForm
from jitcore.scripting import markers
from jitcore.scripting.named_tuples import is_named_tuple
from jitcore.scripting.python_types import can_compile_class
from jitcore.scripting.sources import MissingSourceError
from jitcore.scripting.sugared.classes import PythonClass
from jitcore.scripting.sugared.cuda import CudaModule
from jitcore.scripting.sugared.dispatch import BooleanDispatch, OverloadedFunction
from jitcore.scripting.sugared.exceptions import PythonException
from jitcore.scripting.sugared.legacy_tensors import LegacyTensorConstructor, legacy_dtype
from jitcore.scripting.sugared.meanings import compiler_of
from jitcore.scripting.sugared.modules import PythonModule
from jitcore.scripting.sugared.native_classes import native_meaning
from jitcore.scripting.sugared.python_values import PythonValue
from jitcore.scripting.sugared.slices import SliceClass
from jitcore.slots.builtin_table import operator_of
from jitcore.slots.qualified_names import qualified_name
from jitcore.slots.torch_names import TORCH
from jitcore.slots.wrappers import function_of, script_object_of
from jitcore.source import SourceError
from jitcore.types import FLOAT, ClassType

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.source import SourceRange

_FORMS: dict[int, str] = {}


def _forms() -> dict[int, str]:
    if not _FORMS:
        for obj, form in (
            (torch.jit.fork, "prim::fork"), (TORCH.jit._fork, "prim::fork"),
            (torch.jit.annotate, "prim::annotate"), (torch.jit.isinstance, "prim::isinstance"),
            (TORCH.jit._awaitable, "prim::awaitable"),
            (markers.fork, "prim::fork"), (markers.annotate, "prim::annotate"),
            (markers.isinstance, "prim::isinstance"),
        ):  # fmt: skip
            _FORMS[id(obj)] = form
    return _FORMS


def to_sugared(obj: Any, at: SourceRange, lowering: Lowering, is_constant: bool = False) -> SugaredValue:
    """What a Python object means in a program.

    Numbers, texts and their like are only values if they are constants, such as those of a module.
    """
    if is_constant:
        found = constant(obj, at, lowering)
        if found is not None:
            return found
    native = native_meaning(obj)
    if native is not None:
        return native
    if isinstance(obj, torch.jit.ScriptModule) or script_object_of(obj) is not None:
        raise at.error("Cannot call a ScriptModule that is not a submodule of the caller")
    return _callable(obj, at, lowering) or _class(obj, at, lowering) or _function(obj, at, lowering)


def constant(obj: Any, at: SourceRange, lowering: Lowering) -> SugaredValue | None:
    """A number, text, None, device, dtype or tuple of these as a value; None for everything else."""
    known = compiler_of(lowering).constants.simple(obj, at)
    if known is not None:
        place = None if type(obj) is torch.device else at
        return SimpleValue(lowering.constant(known.value, known.type, place))
    if isinstance(obj, tuple):
        parts = [
            to_sugared(part, at, lowering, is_constant=True).as_value(at, lowering)
            for part in cast("tuple[Any, ...]", obj)
        ]
        return SimpleValue(building.make_tuple(lowering.graph, parts))
    return None


def _callable(
    obj: Any,
    at: SourceRange,  # noqa: ARG001  # as all that read values
    lowering: Lowering,
) -> SugaredValue | None:
    if isinstance(obj, types.ModuleType):
        return CudaModule(obj) if obj.__name__ == "torch.cuda" else PythonModule(obj)
    compiled = function_of(obj)
    if compiled is not None:
        return FunctionValue(compiled)
    form = _forms().get(id(obj))
    if form is not None:
        return SpecialForm(form)
    if isinstance(obj, torch.jit.ScriptFunction):
        return FunctionValue(compiler_of(lowering).recompiled(obj))
    dtype = legacy_dtype(obj)
    if dtype is not None:
        return LegacyTensorConstructor(dtype)
    operator = operator_of(obj)
    if operator is None and obj in (markers.is_scripting, markers.wait):
        operator = "aten::is_scripting" if obj is markers.is_scripting else "aten::wait"
    if operator is not None:
        return BuiltinFunction(operator)
    return None


def _class(obj: Any, at: SourceRange, lowering: Lowering) -> SugaredValue | None:
    compiler = compiler_of(lowering)
    if isinstance(obj, enum.Enum):
        member = compiler.constants.enum_member(obj, at)
        return SimpleValue(lowering.constant(member.value, member.type, at))
    if not isinstance(obj, type):
        return None
    if issubclass(obj, Exception):
        return PythonException(qualified_name(obj, is_mangled=False))
    if is_named_tuple(obj):
        return NamedTupleValue(compiler.named_tuple(obj, at, None))
    if issubclass(obj, enum.Enum):
        return EnumClass(compiler.enum_type(obj, at))
    if obj is slice:
        return SliceClass()
    known = compiler.class_of(obj)
    if known is None and can_compile_class(obj):
        with noting_classes(lowering, at):
            known = compiler.compile_class(obj, at)
    if known is None and issubclass(obj, torch.nn.Module):
        # The first module of the class that was compiled: later ones have other names.
        known = compiler.program.named_types.get(qualified_name(obj))
    if isinstance(known, ClassType):
        return PythonClass(known, obj)
    return PythonValue(obj)


def _function(obj: Any, at: SourceRange, lowering: Lowering) -> SugaredValue:
    compiler = compiler_of(lowering)
    if isinstance(obj, types.BuiltinFunctionType | types.BuiltinMethodType):
        raise at.error(f"Python builtin {obj} is currently not supported in Torchscript")
    choice = compiler.boolean_choice(obj)
    if choice is not None:
        return BooleanDispatch(choice)
    if inspect.isfunction(obj):
        overloads = compiler.overloads_of(obj)
        if overloads:
            return OverloadedFunction(overloads)
        if not markers.is_ignored(obj):
            try:
                return FunctionValue(compiler.compile_function(obj))
            except MissingSourceError as error:
                raise at.error(error.message, error.raised_as) from error
            except SourceError as error:
                note_call(error, obj.__name__, lowering, at)
                raise
    if obj is math.inf:
        return SimpleValue(lowering.constant(math.inf, FLOAT, at))
    return PythonValue(obj)
