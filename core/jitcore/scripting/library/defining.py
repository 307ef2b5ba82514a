"""Functions and methods that are defined by a text instead of by Python's own definitions."""

from __future__ import annotations

import ast
import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

from jitcore.scripting.functions import FunctionDefinition
from jitcore.scripting.library.errors import raised
from jitcore.scripting.modules.methods import MethodOfText
from jitcore.scripting.modules.resolver import ModuleResolver
from jitcore.scripting.names import CallbackNames, FrameNames, Names, NamesBefore
from jitcore.scripting.resolver import PythonResolver
from jitcore.scripting.shared import shared_compiler, shared_module_compiler
from jitcore.scripting.signatures import Declaration
from jitcore.scripting.sources import ParsedFunction
from jitcore.scripting.text_grammar import TextGrammar
from jitcore.scripting.text_positions import TextPositions
from jitcore.scripting.text_syntax import own_lines
from jitcore.source import JitError, Source, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from jitcore.ir import Function, ScriptObject
    from jitcore.types import ClassType

_FILE = "<string>"


def caller_of(levels_up: int) -> FrameType:
    """The frame that many calls further out than the function that asks."""
    frame = inspect.currentframe()
    for _ in range(levels_up + 1):
        frame = None if frame is None else frame.f_back
    if frame is None:
        raise RuntimeError("this Python does not tell who called")
    return frame


def define_methods(owner: ScriptObject, text: str, frame: FrameType) -> None:
    """Add the methods that a text defines, which may call each other, to the class of a module.

    Other names are those that the frame sees. Raises what torch raises.
    """
    kind = owner.type
    declared: list[Function] = []
    try:
        for method in methods_of_text(text, frame, _FILE):
            if method.name in kind.methods:
                raise JitError(f"Can't redefine method: {method.name} on class: {kind.qualified_name}")
            made = kind.methods[method.name] = method.declare(kind)
            declared.append(made)
        _compile(declared)
    except JitError as error:
        raise raised(error) from error


def methods_of_text(text: str, frame: FrameType, file: str | None) -> Iterator[MethodOfText]:
    """The methods that a text defines for a module, whose other names are those that a frame sees.

    `file` is what places in the text name; with None they name no place. Raises `JitError`.
    """
    names = FrameNames(dict(frame.f_locals), frame.f_globals)
    for definition in _definitions(text, file):
        yield MethodOfText(definition.node.name, partial(_declared, definition, names))


def _declared(definition: ParsedFunction, names: Names, kind: ClassType) -> Function:
    compiler = shared_module_compiler()
    full_name = f"{kind.qualified_name}.{definition.node.name}"
    resolver = ModuleResolver(compiler, names)
    return FunctionDefinition(definition, None).declare(
        compiler.scripts, full_name, resolver, kind, _defaults(definition)
    )


def define_functions(text: str, names: Names, taken: set[str]) -> dict[str, Function]:
    """The functions that a text defines, which may call each other; all other names are those of `names`.

    What those lead to is compiled with everything else that the process compiles. `taken` are the names that
    cannot be defined again, to which those of the text are added. Raises `JitError`.
    """
    declared: dict[str, Function] = {}
    compiler = shared_compiler()
    for definition in _definitions(text):
        name = definition.node.name
        if name in taken:
            raise JitError(f"method '{name}' already defined.")
        taken.add(name)
        resolver = PythonResolver(compiler, NamesBefore(declared, names))
        FunctionDefinition(definition, None).declare(
            compiler, name, resolver, defaults=_defaults(definition), functions=declared
        )
    _compile(declared.values())
    return declared


def names_of(rcb: Callable[[str], Any] | None, frame: FrameType) -> Names:
    """The names that a caller's function resolves, or if there is none those that a frame sees."""
    return FrameNames(dict(frame.f_locals), frame.f_globals) if rcb is None else CallbackNames(rcb)


def _compile(declared: Iterable[Function]) -> None:
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
        yield ParsedFunction(None, statement, positions, own_lines(text, statement))


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
