"""Script classes: a Python class with its methods and properties."""

from __future__ import annotations

import ast
import inspect
import weakref
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from jitcore.frontend.call_notes import add_note, label
from jitcore.ir import Function
from jitcore.scripting import markers
from jitcore.scripting.dataclass_methods import synthesized
from jitcore.scripting.functions import FunctionDefinition
from jitcore.scripting.given_types import annotate_parameters
from jitcore.scripting.names import ClassNames, FrameNames, Names
from jitcore.scripting.resolver import PythonResolver
from jitcore.scripting.signatures import defaults_of
from jitcore.scripting.sources import ParsedFunction, parse_class, parse_function
from jitcore.slots.qualified_names import qualified_name
from jitcore.source import JitError, SourceError
from jitcore.types import ClassType

if TYPE_CHECKING:
    from types import FrameType

    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.source import SourceRange


_DECLARED: weakref.WeakKeyDictionary[type, Names] = weakref.WeakKeyDictionary()


def note_names(cls: type, caller: FrameType) -> None:
    """Remember what is visible where a class is given to `script`: its comments may name local variables."""
    _DECLARED[cls] = FrameNames(dict(caller.f_locals), caller.f_globals)


def compile_class(
    compiler: ScriptCompiler, cls: type, at: SourceRange | None = None, names: Names | None = None
) -> ClassType:
    """A script class and its methods.

    `at` is where it is named, which an error in it tells. `names` are those that are visible where the class
    is compiled; without them those that were noted, or those of its methods.
    Raises `SourceError` for a class that cannot be compiled.
    """
    kind = ClassType(compiler.program.type_name(qualified_name(cls)))
    resolver_names = names or _DECLARED.get(cls) or ClassNames(cls)
    parsed = parse_class(cls)
    methods = list(_methods(cls, parsed.node))
    kind.class_attributes = frozenset(_assigned(parsed.node))
    compiler.program.register_class(cls, kind)
    try:
        _define(compiler, cls, kind, resolver_names, methods, at)
    except JitError:
        compiler.program.forget_class(cls, kind)
        raise
    return kind


def _define(
    compiler: ScriptCompiler,
    cls: type,
    kind: ClassType,
    names: Names,
    methods: list[tuple[str, ParsedFunction, Callable[..., Any] | None]],
    at: SourceRange | None,
) -> None:
    defined: list[Function] = []

    def define(name: str, parsed: ParsedFunction, function: Callable[..., Any] | None) -> Function:
        resolver = PythonResolver(compiler, names, kind, cls.__name__)
        if function is not None:
            annotate_parameters(parsed.node, function, compiler.program)
        definition = FunctionDefinition(parsed, function, name)
        # Accessors of properties have no defaults, whatever Python gives them.
        is_accessor = function is not None and not hasattr(cls, name)
        defaults = {} if is_accessor else defaults_of(getattr(cls, name) if function is None else function)
        made = definition.declare(compiler, f"{kind.qualified_name}.{name}", resolver, kind, defaults)
        kind.methods[name] = made
        return made

    # A property's accessors are methods, and come first.
    for name, accessor in _properties(cls):
        getter = f"__{name}_getter"
        defined.append(define(getter, _named(parse_function(accessor.fget), getter), accessor.fget))  # type: ignore[arg-type]
        setter: str | None = None
        if accessor.fset is not None:
            setter = f"__{name}_setter"
            defined.append(define(setter, _named(parse_function(accessor.fset), setter), accessor.fset))
        kind.properties[name] = (getter, setter)
    for name, parsed, function in methods:
        defined.append(define(name, parsed, function))
    # Methods that are compiled together do not know the defaults of each other.
    with compiler.program.defaults_held_back(defined):
        # __init__ declares the attributes, so it is compiled before all others.
        for function in sorted(defined, key=lambda f: f.name != "__init__"):
            if not function.is_compiling:
                _compile(function, kind, at)


def _compile(function: Function, kind: ClassType, at: SourceRange | None) -> None:
    try:
        function.graph  # noqa: B018
    except SourceError as error:
        if at is not None:
            add_note(error, label(function), kind.qualified_name, at)
            error.callee = kind.qualified_name
        raise


def _named(parsed: ParsedFunction, name: str) -> ParsedFunction:
    parsed.positions.function_name = name
    return parsed


def _assigned(node: ast.ClassDef) -> Iterator[str]:
    """The names that the body of a class gives a value."""
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def _methods(cls: type, node: Any) -> Iterator[tuple[str, ParsedFunction, Callable[..., Any] | None]]:
    is_dataclass = hasattr(cls, "__dataclass_fields__")
    overridden = {statement.name for statement in node.body if hasattr(statement, "name")}
    for name, method in inspect.getmembers(cls, lambda m: inspect.isfunction(m) or inspect.ismethod(m)):
        own = cls.__dict__.get(method.__name__)
        if own is None or isinstance(own, staticmethod) or markers.modifier_of(method) == "_drop":
            continue
        if is_dataclass and name not in overridden:
            made = synthesized(cls, name)
            if made is not None:
                yield name, made, None
                continue
        parsed = parse_function(method)
        if inspect.ismethod(method):
            _name_class(parsed, cls)
        yield name, parsed, method


def _name_class(parsed: ParsedFunction, cls: type) -> None:
    """Let the first parameter of a class method, which is an object to TorchScript, stand for the class."""
    definition = parsed.node
    if definition.args.args:
        definition.body.insert(0, ast.parse(f"{definition.args.args[0].arg} = {cls.__name__}").body[0])


def _properties(cls: type) -> Iterator[tuple[str, property]]:
    unused = getattr(cls, "__jit_unused_properties__", ())
    for name, found in inspect.getmembers(cls, lambda m: isinstance(m, property)):
        if name not in unused and found.fget is not None and not markers.is_dropped(found.fget):
            yield name, found
