"""Functions and methods that are defined by a text instead of by Python's own definitions."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING, Any

from jitcore.scripting.functions import FunctionDefinition
from jitcore.scripting.library.errors import explained
from jitcore.scripting.modules import compiler_of
from jitcore.scripting.modules.resolver import ModuleResolver
from jitcore.scripting.names import FrameNames
from jitcore.scripting.resolver import PythonResolver
from jitcore.scripting.signatures import Declaration
from jitcore.scripting.sources import ParsedFunction
from jitcore.scripting.text_grammar import TextGrammar
from jitcore.scripting.text_positions import TextPositions
from jitcore.source import JitError, Source, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from jitcore.ir import Function, ScriptObject
    from jitcore.scripting.unit import CompilationUnit
    from jitcore.types import ClassType

_FILE = "<string>"


class _UnitNames(FrameNames):
    """The functions of a unit, then what the caller of `define` sees."""

    __slots__ = ("_functions",)

    def __init__(self, unit: CompilationUnit, frame: FrameType) -> None:
        super().__init__(dict(frame.f_locals), frame.f_globals)
        self._functions = unit.functions

    def find(self, name: str) -> Any:
        """The object that a plain name stands for."""
        return self._functions.get(name) or super().find(name)


def caller_of(levels_up: int) -> FrameType:
    """The frame that many calls further out than the function that asks."""
    frame = inspect.currentframe()
    for _ in range(levels_up + 1):
        frame = None if frame is None else frame.f_back
    if frame is None:
        raise RuntimeError("this Python does not tell who called")
    return frame


def define_methods(
    owner: ScriptObject, texts: Iterable[tuple[str, FrameType]], file: str | None = _FILE
) -> None:
    """Add the methods that texts define, which may call each other, to the class of a module.

    Other names are those that the frame beside each text sees. `file` is what places in the texts name; with
    None they name no place. Raises RuntimeError.
    """
    try:
        _compile([made for text, frame in texts for made in _declared_methods(owner.type, text, frame, file)])
    except JitError as error:
        raise RuntimeError(explained(error)) from error


def _declared_methods(kind: ClassType, text: str, frame: FrameType, file: str | None) -> Iterator[Function]:
    compiler = compiler_of()
    resolver = ModuleResolver(compiler, FrameNames(dict(frame.f_locals), frame.f_globals))
    for definition in _definitions(text, file):
        name = definition.node.name
        if name in kind.methods:
            raise JitError(f"Can't redefine method: {name} on class: {kind.qualified_name}")
        made = FunctionDefinition(definition, None).declare(
            compiler.unit, f"{kind.qualified_name}.{name}", resolver, kind, _defaults(definition)
        )
        kind.methods[name] = made
        yield made


def define_functions(unit: CompilationUnit, text: str, frame: FrameType) -> None:
    """Add the functions that a text defines, which may call each other, to a unit."""
    declared: list[Function] = []
    for definition in _definitions(text):
        resolver = PythonResolver(unit, _UnitNames(unit, frame))
        name = definition.node.name
        made = FunctionDefinition(definition, None).declare(
            unit, name, resolver, defaults=_defaults(definition)
        )
        declared.append(made)
    _compile(declared)


def _compile(declared: list[Function]) -> None:
    for function in declared:
        if not function.is_compiling:
            function.graph  # noqa: B018  # what is defined is compiled at once


def _defaults(definition: ParsedFunction) -> dict[str, Any]:
    """The defaults of parameters, which have to be literals: a text has nothing that could be evaluated."""
    given = definition.node.args
    pairs = list(zip(reversed(given.args), reversed(given.defaults), strict=False))
    pairs += [(name, value) for name, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value]
    found: dict[str, Any] = {}
    declares_types = Declaration(definition.node, definition.positions, definition.text).comment is not None
    for parameter, value in pairs:
        if parameter.annotation is None and not declares_types:
            raise definition.positions.between(parameter, value).error(
                "Keyword arguments with defaults need to be type-hinted (TorchScript C++ frontend)"
            )
        try:
            found[parameter.arg] = ast.literal_eval(value)
        except ValueError:
            raise definition.positions.of(value).error(
                "the default of a parameter must be a literal"
            ) from None
    return found


def _definitions(text: str, file: str | None = _FILE) -> Iterator[ParsedFunction]:
    source = Source(text, file)
    positions = TextPositions(source)
    grammar = TextGrammar(source)
    grammar.check()
    for statement in _statements(text, grammar):
        if not isinstance(statement, ast.FunctionDef):
            raise SourceError("only functions can be defined", f"{_FILE}:{statement.lineno}")
        _refuse_lists_of_iterables(statement, positions)
        positions.function_name = statement.name
        own = "".join(text.splitlines(keepends=True)[statement.lineno - 1 : statement.end_lineno])
        yield ParsedFunction(None, statement, positions, own)


def _refuse_lists_of_iterables(definition: ast.FunctionDef, positions: TextPositions) -> None:
    """Raise `SourceError` for `for x in a, b`, which the parser of texts takes for something else."""
    for node in ast.walk(definition):
        if (
            isinstance(node, ast.For)
            and isinstance(node.iter, ast.Tuple)
            and not positions.is_parenthesized_tuple(node.iter)
        ):
            raise positions.of(node).error(
                "List of iterables is not supported currently: put the iterables into parentheses"
            )


def _statements(text: str, grammar: TextGrammar) -> list[ast.stmt]:
    """The statements of a text that may be indented as a whole; their lines are those of the text."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    is_indented = first[:1].isspace()
    try:
        module = ast.parse(f"if True:\n{text}" if is_indented else text)
    except SyntaxError as error:
        if grammar.wrong_targets:
            raise grammar.wrong_targets[0] from None
        line = (error.lineno or 1) - is_indented
        raise SourceError(f"this is no Python: {error.msg}", f"{_FILE}:{line}") from None
    if not is_indented:
        return module.body
    ast.increment_lineno(module, -1)
    return [statement for block in module.body for statement in getattr(block, "body", [block])]
