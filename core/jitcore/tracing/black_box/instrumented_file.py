"""Code of a file's functions that tells the black box what it decides, beside the code that they have."""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import NamedTuple

from jitcore.tracing.black_box.facts import Expression, expression_of, span_of
from jitcore.tracing.black_box.program_text import ProgramText, Span, text_of
from jitcore.tracing.black_box.rewriting import Rewriter
from jitcore.tracing.black_box.rewritten_program import MARK
from jitcore.tracing.black_box.sites import Site
from jitcore.tracing.black_box.state_names import StateNames, state_names

_Key = tuple[str, int]
_SAME = (
    "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount", "co_posonlyargcount",
    "co_kwonlyargcount", "co_flags",
)  # fmt: skip
_KEPT = ("co_varnames", "co_freevars", "co_cellvars", "co_argcount", "co_kwonlyargcount", "co_flags")


class Arguments(NamedTuple):
    """What a call is given: by place, by name, and whether a list or dict is taken apart among it."""

    positional: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]
    starred: bool


class InstrumentedFile:
    """A file of the person's.

    `state` are the names of what its functions change beyond a call, `sites` what code tells of, `loops` what
    for statements and comprehensions go through, by their own places. Code is given out only where it was
    made of the very text that a function was compiled from.
    """

    def __init__(self, text: ProgramText) -> None:
        self.text = text
        self.sites: list[Site] = []
        self.loops: dict[Span, Span] = {}
        self._pairs: dict[_Key, list[tuple[CodeType, CodeType]]] = {}
        self._made: set[CodeType] = set()
        self._expressions: dict[Span, ast.expr] = {}
        self._calls: dict[tuple[int, int], ast.Call] = {}
        self._stored: dict[Span, ast.expr] = {}
        self._arguments: dict[ast.Call, Arguments] = {}
        self._facts: dict[ast.expr, Expression] = {}
        self.state = StateNames()
        try:
            tree = ast.parse(text.text, text.path)
        except (SyntaxError, ValueError):
            # What was compiled was another text.
            return
        self._index(tree)
        self.state = state_names(tree)
        self._compile(text, tree)

    def _index(self, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.expr):
                self._expressions.setdefault(span_of(node), node)
                if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
                    self.loops[span_of(node)] = span_of(node.generators[0].iter)
                if isinstance(node, ast.Call):
                    place = span_of(node)
                    self._calls[place.end_line, place.end_column] = node
            elif isinstance(node, ast.For):
                self.loops[span_of(node)] = span_of(node.iter)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Subscript):
                        self._stored[span_of(target)] = node.value

    def _compile(self, text: ProgramText, tree: ast.Module) -> None:
        original = compile(tree, text.path, "exec", dont_inherit=True)
        rewriter = Rewriter(text.path)
        # Parsed once more, since what is found at places must stay as it is written.
        rewritten = ast.fix_missing_locations(rewriter.visit(ast.parse(text.text, text.path)))
        with _no_warnings_of_syntax():
            made = _with_sites(compile(rewritten, text.path, "exec", dont_inherit=True), rewriter.sites)
        self.sites = rewriter.sites
        before, after = _by_key(original), _by_key(made)
        for key, codes in before.items():
            others = after.get(key, [])
            if len(codes) == len(others):
                pairs = [pair for pair in zip(codes, others, strict=True) if _agree(*pair, _KEPT)]
                self._pairs[key] = pairs
                self._made.update(code for _, code in pairs)

    def code_for(self, code: CodeType) -> CodeType | None:
        """The code that tells, for code of a function; None where there is none."""
        for original, made in self._pairs.get((code.co_qualname, code.co_firstlineno), ()):
            if _agree(original, code, _SAME):
                return made
        return None

    def expression_at(self, span: Span) -> Expression | None:
        """The expression that code is running by its place; a call where that says only where it ends."""
        node = self._expressions.get(span)
        if node is None:
            node = self._calls.get((span.end_line, span.end_column))
        if node is None:
            return None
        return self._fact(node)

    def _fact(self, node: ast.expr) -> Expression:
        found = self._facts.get(node)
        if found is None:
            found = self._facts[node] = expression_of(node)
        return found

    def is_target(self, span: Span) -> bool:
        """Whether variables are set there."""
        node = self._expressions.get(span)
        return isinstance(node, ast.Tuple | ast.List | ast.Starred) and isinstance(node.ctx, ast.Store)

    def stored_at(self, span: Span) -> Expression | None:
        """What is assigned to the item that code is setting."""
        value = self._stored.get(span)
        return None if value is None else self._fact(value)

    def paths_at(self, span: Span) -> list[tuple[Span, tuple[str, ...]]]:
        """The variables, and attributes of attributes of them, that an expression reads."""
        node = self._expressions.get(span) or self._calls.get((span.end_line, span.end_column))
        return [] if node is None else _paths(node)

    def arguments_at(self, span: Span) -> Arguments | None:
        """What the call that ends where code is running is given; None where there is no call."""
        call = self._calls.get((span.end_line, span.end_column))
        if call is None:
            return None
        found = self._arguments.get(call)
        if found is None:
            found = self._arguments[call] = Arguments(
                tuple(expression_of(each) for each in call.args),
                tuple((each.arg or "", expression_of(each.value)) for each in call.keywords),
                any(isinstance(each, ast.Starred) for each in call.args)
                or any(each.arg is None for each in call.keywords),
            )
        return found


def _paths(node: ast.expr) -> list[tuple[Span, tuple[str, ...]]]:
    found: list[tuple[Span, tuple[str, ...]]] = []
    for each in ast.walk(node):
        names: list[str] = []
        inner = each
        while isinstance(inner, ast.Attribute):
            names.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and isinstance(each, ast.Name | ast.Attribute):
            found.append((span_of(each), (inner.id, *reversed(names))))
    return found


def _agree(one: CodeType, other: CodeType, names: tuple[str, ...]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _by_key(code: CodeType) -> dict[_Key, list[CodeType]]:
    found: dict[_Key, list[CodeType]] = defaultdict(list)
    waiting = [code]
    while waiting:
        each = waiting.pop()
        found[each.co_qualname, each.co_firstlineno].append(each)
        waiting.extend(part for part in each.co_consts if isinstance(part, CodeType))
    return found


def _with_sites(code: CodeType, sites: list[Site]) -> CodeType:
    """Code in which the constants that stand for sites are the sites."""
    constants: list[object] = []
    for each in code.co_consts:
        if isinstance(each, CodeType):
            constants.append(_with_sites(each, sites))
        elif isinstance(each, str) and each.startswith(MARK):
            constants.append(sites[int(each.removeprefix(MARK))])
        else:
            constants.append(each)
    return code.replace(co_consts=tuple(constants))


@contextmanager
def _no_warnings_of_syntax() -> Generator[None]:
    """Context in which compiling warns of nothing that was warned of when the file was compiled first.

    `warnings.catch_warnings` would have what was warned of once be warned of again.
    """
    ignored = ("ignore", None, SyntaxWarning, None, 0)
    filters: list[object] = warnings.filters  # type: ignore[assignment]  # a list, whatever its stub says
    filters.insert(0, ignored)
    try:
        yield
    finally:
        filters.remove(ignored)


_FILES: dict[str, tuple[ProgramText, InstrumentedFile]] = {}


def instrumented(path: str) -> InstrumentedFile:
    """The code for a file as it is now."""
    text = text_of(str(Path(path)))
    known = _FILES.get(path)
    if known is None or known[0] is not text:
        known = _FILES[path] = text, InstrumentedFile(text)
    return known[1]
