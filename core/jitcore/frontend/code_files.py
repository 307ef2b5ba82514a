"""The syntax of an archive's code files, in which what is written alike is parsed once.

An archive has a class for every set of attribute types, so the hundred convolutions of a network are
as many files with the same bodies, and around them only the numbers in the names of classes differ.
So a file is parsed as an outline with `pass` for each body and zeros for these numbers, and bodies
are parsed by themselves.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Final
from weakref import WeakValueDictionary

from jitcore.frontend.annotations import MANGLING
from jitcore.frontend.parsing import parse, parse_text, refuse_endless, without_version
from jitcore.frontend.positions import ArchivePositions
from jitcore.frontend.straight_lines import Statement, parse_lines
from jitcore.source import Source, SourceRange

_FUNCTION: Final = re.compile(
    # A header ends at the first line that ends in a colon; one of more lines stays with its body.
    r"^( *)def (?:[^\n]*\n\1 ){0,63}?[^\n]*:\n(?P<body>(?:\1 [^\n]*+\n|\n)++)",
    re.MULTILINE,
)
_IRREGULAR: Final = ("\t", "\r", "\f", "#", "\\", "'''", '"""')
"""What lines may not be told by: other blanks than spaces, comments, strings of several lines."""

_MANGLED: Final = re.compile(r"\." + MANGLING + r"\d+(?:\.\w++)++")
"""Names from the first number in them on; names of classes where a sign of `_AFTER_NAMES` follows."""

_NUMBER: Final = re.compile(r"\." + MANGLING + r"(\d+)(?=\.)")
_AFTER_NAMES: Final = ("\n", ",", ":", "]", ")")


class _Block:
    """The statements of a body, as long as a function needs them, and line and column of the end."""

    __slots__ = ("__weakref__", "column", "line", "statements")

    def __init__(self, text: str) -> None:
        self.statements, self.line, self.column = parse_lines(text)


class Body:
    """The statements of one function, which others may share, and where in its file they stand."""

    __slots__ = ("block", "positions", "statements")

    def __init__(
        self, statements: Sequence[Statement], positions: ArchivePositions, block: _Block | None = None
    ) -> None:
        self.statements = statements
        self.positions = positions
        self.block = block


class CodeFile:
    """A parsed file: its `definitions`, and their `positions`, bodies excepted."""

    __slots__ = ("_bodies", "definitions", "positions")

    def __init__(
        self,
        definitions: Sequence[ast.stmt],
        positions: ArchivePositions,
        bodies: dict[ast.FunctionDef, Body],
    ) -> None:
        self.definitions = definitions
        self.positions = positions
        self._bodies = bodies

    def body_of(self, function: ast.FunctionDef) -> Body:
        """The body of a function or method of the file."""
        return self._bodies.get(function) or Body(function.body, self.positions)

    def range_of(self, function: ast.FunctionDef) -> SourceRange:
        """The range of a function or method with its body."""
        at = self.positions.of(function)
        body = self._bodies.get(function)
        if body is not None and body.block is not None:
            at.end = body.positions.line_start(body.block.line) + body.block.column
        return at


class SyntaxCache:
    """The outlines and bodies of one archive by their text."""

    def __init__(self) -> None:
        self._outlines: dict[str, ast.Module] = {}
        self._bodies: WeakValueDictionary[str, _Block] = WeakValueDictionary()

    def parse(self, source: Source) -> CodeFile:
        """The file's syntax; raises `SourceError` for what is not code."""
        refuse_endless(source)
        return self._outlined(source) or CodeFile(parse(source).body, ArchivePositions(source), {})

    def _outlined(self, source: Source) -> CodeFile | None:
        """The same by way of the outline; None if the file is laid out otherwise, or is not code."""
        text = without_version(source.text)
        if not text.isascii() or any(sign in text for sign in _IRREGULAR):
            return None
        outline, texts = _outline(text if text.endswith("\n") else text + "\n")
        bodies: dict[ast.FunctionDef, Body] = {}
        try:
            module = self._outlines.get(outline)
            if module is None:
                module = self._outlines[outline] = parse_text(outline)
            for function in _functions_of(module):
                line = function.body[0].lineno
                if line in texts:
                    if len(function.body) > 1:
                        return None
                    bodies[function] = self._body(line, texts.pop(line), source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            # Parsed as a whole it is told what is wrong.
            return None
        return None if texts else CodeFile(module.body, ArchivePositions(source), bodies)

    def _body(self, line: int, text: str, source: Source) -> Body:
        block = self._bodies.get(text)
        if block is None:
            block = self._bodies[text] = _Block(text)
        # Lines of a block are counted from that before it.
        positions = ArchivePositions(source, line - 2, text.count("\n") + 1)
        return Body(block.statements, positions, block)


def _outline(text: str) -> tuple[str, dict[int, str]]:
    """The outline of `text`, everything in its line and column, and the bodies by their first line."""
    pieces: list[str] = []
    bodies: dict[int, str] = {}
    line, end = 1, 0
    for match in _FUNCTION.finditer(text):
        body = match["body"]
        start = match.start("body")
        before = text[end:start]
        pieces += (before, match[1] + " ", "pass", "\n" * body.count("\n"))
        line += before.count("\n")
        bodies[line] = body
        line += body.count("\n")
        end = match.end()
    pieces.append(text[end:])
    return _without_numbers("".join(pieces)), bodies


def _without_numbers(text: str) -> str:
    """`text` with zeros for the numbers in names of classes, each place of it looked at once."""
    looked_at = 0
    has_quotes = False

    def replaced(found: re.Match[str]) -> str:
        nonlocal looked_at, has_quotes
        start, end = found.span()
        line = text.rfind("\n", looked_at, start) + 1
        if line:
            looked_at, has_quotes = line, False
        has_quotes = has_quotes or any(text.find(mark, looked_at, start) >= 0 for mark in ('"', "'"))
        looked_at = start
        if has_quotes or not text.startswith(_AFTER_NAMES, end):
            # Between quotation marks it may stand in a text, which has to be kept.
            return found[0]
        return _NUMBER.sub(_without_number, found[0])

    return _MANGLED.sub(replaced, text)


def _without_number(found: re.Match[str]) -> str:
    return f".{MANGLING}{'0' * len(found[1])}"


def _functions_of(module: ast.Module) -> list[ast.FunctionDef]:
    nodes = [*module.body]
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            nodes += node.body
    return [node for node in nodes if isinstance(node, ast.FunctionDef)]
