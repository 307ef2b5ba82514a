"""Types of parameters without annotations, from calls with examples of arguments.

The calls are made while Python tells of every function of a person's own that they lead to, so that what is
called has types as well. torch leaves that to MonkeyType, and its rules hold: a parameter that had values of
several types is `Any`, or an Optional if the other one was None.
"""

from __future__ import annotations

import inspect
import sys
import sysconfig
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import torch

from jitcore.slots.inferred_types import InferenceError, inferred_type
from jitcore.source import JitError
from jitcore.types import ANY, NONE, DictType, ListType, TupleType, Type, make_optional, make_union

if TYPE_CHECKING:
    from types import CodeType, FrameType

    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.slots.compiles import KnownClasses

_LIBRARIES: Final = tuple(
    Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
"""Where functions lie that are not a person's own."""


@contextmanager
def typed_by_examples(thing: Any, examples: Any, compiler: ScriptCompiler) -> Generator[None]:
    """Context in which what `compiler` compiles has the types that it had in calls with the examples.

    `examples` are tuples of arguments of a function or of a module's `forward`, or by modules and methods
    those of each of them. Raises `JitError` for a value without a type, and what the calls raise.
    """
    named: Mapping[Any, Any] = examples if isinstance(examples, Mapping) else {thing: examples}
    calls: dict[Any, list[tuple[Any, ...]]] = {called: list(given) for called, given in named.items()}
    seen: dict[CodeType, dict[str, list[Type]]] = {}
    for called, given in calls.items():
        _check(called, given, compiler)
        with _watching(seen, compiler):
            for example in given:
                called(*example)
    types = compiler.program.example_types
    for code, parameters in seen.items():
        types[code] = {name: _one_type(kinds) for name, kinds in parameters.items()}
    try:
        yield
    finally:
        types.clear()


def _check(called: Any, given: Iterable[tuple[Any, ...]], known: KnownClasses) -> None:
    function = called.forward if isinstance(called, torch.nn.Module) else called
    signature = inspect.signature(function)
    for example in given:
        for name, value in signature.bind(*example).arguments.items():
            try:
                _type_of(value, known)
            except InferenceError as error:
                raise JitError(f"The type of an example of '{name}' cannot be told: {error}") from None


@contextmanager
def _watching(seen: dict[CodeType, dict[str, list[Type]]], known: KnownClasses) -> Generator[None]:
    """Context in which types of the arguments of all calls are added to `seen`."""
    outer = sys.getprofile()
    own: dict[CodeType, bool] = {}

    def look(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not own.setdefault(code, _is_own(code)):
            return
        parameters = seen.setdefault(code, {})
        for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
            try:
                kind = _type_of(frame.f_locals[name], known)
            except InferenceError:
                # A module, as `self` is: no parameter of compiled code has its type.
                continue
            kinds = parameters.setdefault(name, [])
            if kind not in kinds:
                kinds.append(kind)

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(outer)


def _is_own(code: CodeType) -> bool:
    if code.co_filename.startswith("<"):
        return False
    place = Path(code.co_filename).resolve()
    return not any(place.is_relative_to(library) for library in _LIBRARIES)


def _one_type(kinds: list[Type]) -> Type:
    if len(kinds) == 1:
        return kinds[0]
    others = [kind for kind in kinds if kind is not NONE]
    return make_optional(others[0]) if len(others) == 1 else ANY


def _type_of(value: Any, known: KnownClasses) -> Type:
    """The type of an example: what is in a list or dict may be of several types, or of any if nothing is."""
    if isinstance(value, tuple):
        return TupleType(tuple(_type_of(item, known) for item in cast("tuple[Any, ...]", value)))
    if isinstance(value, list):
        return ListType(_union_of(cast("list[Any]", value), known))
    if isinstance(value, dict):
        items = cast("dict[Any, Any]", value)
        return DictType(_union_of(items, known), _union_of(items.values(), known))
    return inferred_type(value, known)


def _union_of(items: Iterable[Any], known: KnownClasses) -> Type:
    kinds = list(dict.fromkeys(_type_of(item, known) for item in items))
    return ANY if not kinds else kinds[0] if len(kinds) == 1 else make_union(kinds)
