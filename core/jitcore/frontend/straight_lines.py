"""Runs of lines that only call operators, which are recognised without Python's parser.

    x1 = torch.mul(x0, y0)
    y1 = torch.tanh(torch.relu(torch.neg(x1)))

A flat graph is saved as thousands of them, and a tree of Python objects for each costs more than
emitting its nodes. `emit_straight_lines` does for such a run what the emitters do for its syntax.
"""

from __future__ import annotations

import ast
import keyword
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jitcore.frontend.building import NOWHERE
from jitcore.frontend.builtin_calls import emit_builtin_call_of_values
from jitcore.frontend.parsing import parse_text
from jitcore.frontend.positions import ArchivePositions
from jitcore.frontend.sugared.builtin import BuiltinFunction
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.source import SourceRange
from jitcore.types import BOOL, NONE

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value

_FEWEST_LINES: Final = 8
_MOST_RUNS: Final = 64
_DEEPEST: Final = 4

_NAME: Final = rf"(?!(?:{'|'.join(keyword.kwlist)}|torch)\b)[A-Za-z_]\w*"
_LITERALS: Final = {"True": (True, BOOL), "False": (False, BOOL), "None": (None, NONE)}
_TOKEN: Final = re.compile(r"torch\.\w+\(|\w+|\)|, ")
_CALLED: Final = re.compile(r"torch\.\w+\(")


class StraightLines:
    """A statement that stands for many: the lines in `text`, the first being line `lineno` of its tree."""

    __slots__ = ("lineno", "text")

    def __init__(self, text: str, lineno: int) -> None:
        self.text = text
        self.lineno = lineno

    def syntax(self) -> list[ast.stmt]:
        """The same as Python's parser sees it."""
        return parse_block(self.text, self.lineno, None).body


Statement = ast.stmt | StraightLines


def parse_block(text: str, lineno: int, indentation: int | None) -> ast.If:
    """The lines of `text` as the block of a statement on line `lineno - 1`.

    Raises `SyntaxError` if they are indented otherwise than by `indentation`.
    """
    block = parse_text("\n" * (lineno - 2) + "if 1:\n" + text).body[0]
    assert isinstance(block, ast.If)
    if indentation is not None and block.body[0].col_offset != indentation:
        raise IndentationError
    return block


def parse_lines(text: str) -> tuple[list[Statement], int, int]:
    """The statements of a block whose first line is line 2, and line and column at which it ends.

    Raises what Python's parser does, and may do so for a block that has no error as a whole.
    """
    statements: list[Statement] = []
    indentation = len(text) - len(text.lstrip(" "))
    runs = list(_runs(indentation).finditer(text))
    if len(runs) > _MOST_RUNS:
        runs = []
    lineno, end = 2, 0
    last = (0, 0)
    for run in runs:
        if run.start() > end:
            statements += parse_block(text[end : run.start()], lineno, indentation).body
            lineno += text.count("\n", end, run.start())
        lines = run[0]
        statements.append(StraightLines(lines, lineno))
        lineno += lines.count("\n")
        end = run.end()
        last = (lineno - 1, end - 1 - (text.rfind("\n", 0, end - 1) + 1))
    if end < len(text):
        block = parse_block(text[end:], lineno, indentation)
        statements += block.body
        last = (block.end_lineno or 0, block.end_col_offset or 0)
    return statements, last[0], last[1]


@lru_cache(maxsize=8)
def _runs(indentation: int) -> re.Pattern[str]:
    """Finds runs of lines of that indentation that are worth it."""
    operand = rf"(?:{_NAME}|True\b|False\b|None\b|(?:0|[1-9][0-9]{{0,18}})\b)"
    call = ""
    argument = operand
    for _ in range(_DEEPEST):
        call = rf"torch\.{_NAME}\({argument}(?>(?:, {argument})*)\)"
        argument = rf"(?:{call}|{operand})"
    # Atomic groups: Python before 3.11.5 repeats none possessively that looks ahead (CPython's gh-106052).
    return re.compile(rf"^(?>(?: {{{indentation}}}{_NAME} = {call}\n){{{_FEWEST_LINES},}})", re.MULTILINE)


def emit_straight_lines(lowering: Lowering, lines: StraightLines) -> None:
    """Emit what the lines call, as their syntax would be."""
    operators = _operators(lowering, set(_CALLED.findall(lines.text)))
    if operators is None:
        lowering.statements(lines.syntax())
        return
    positions = lowering.positions
    assert isinstance(positions, ArchivePositions)
    source = positions.source
    environment = lowering.environment
    find = environment.find
    start = positions.line_start(lines.lineno)
    for line in lines.text.splitlines():
        target, equals, expression = line.partition(" = ")
        place = start + len(target) + len(equals)
        # Calls that are not complete, with their operators' places, and the arguments so far of each.
        called: list[tuple[str, SourceRange]] = []
        arguments: list[list[Value]] = [[]]
        for token in _TOKEN.findall(expression):
            width = len(token)
            operator = operators.get(token)
            if operator is not None:
                called.append((operator, SourceRange(source, place, place + width - 1)))
                arguments.append([])
            elif token == ")":
                operator, at = called.pop()
                given = arguments.pop()
                arguments[-1].append(emit_builtin_call_of_values(lowering, at, operator, given, 1))
            elif token != ", ":
                found = find(token)
                if type(found) is SimpleValue:
                    arguments[-1].append(found.value)
                else:
                    arguments[-1].append(_operand(lowering, token, SourceRange(source, place, place + width)))
            place += width
        name, value = target.lstrip(" "), arguments[0][0]
        if not environment.set_plain(name, value):
            at = SourceRange(source, start + len(target) - len(name), start + len(target))
            environment.set(at, name, SimpleValue(value))
        start += len(line) + 1


def _operators(lowering: Lowering, called: set[str]) -> dict[str, str] | None:
    """The operator of each `torch.name(`; None if something else is called, or `torch` is a variable."""
    torch = lowering.resolver.resolve_value("torch", NOWHERE, lowering)
    if torch is None or lowering.environment.defines("torch"):
        return None
    operators: dict[str, str] = {}
    for token in called:
        function = torch.member(token[6:-1])
        if type(function) is not BuiltinFunction or function.self_value is not None:
            return None
        operators[token] = function.name
    return operators


def _operand(lowering: Lowering, token: str, at: SourceRange) -> Value:
    """A literal, or a name that is no variable."""
    literal = _LITERALS.get(token)
    if literal is not None:
        return lowering.constant(*literal, at)
    if token.isdigit():
        return lowering.number(int(token), at)
    return lowering.environment.get(token, at).as_value(at, lowering)


STATEMENTS = {StraightLines: emit_straight_lines}
