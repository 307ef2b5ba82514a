"""What TorchScript's own parser takes for a text that defines functions.

Texts are compiled from Python's syntax tree; what that parser refuses, or says of what Python refuses, is
found out here. There is no tree, only the places of what is assigned to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.scripting.text_tokens import (
    DEDENT,
    EOF,
    IDENT,
    INDENT,
    NEWLINE,
    NUMBER,
    STRING,
    TYPE_COMMENT,
    TextTokens,
)
from jitcore.source import SourceError, SourceRange

if TYPE_CHECKING:
    from jitcore.source import Source

_UNARY: Final = {"not": 3, "~": 3, "-": 10, "*": 10}
_BINARY: Final = {
    "if": 1, "for": 1, "and": 2, "or": 2, "in": 4, "not in": 4, "<": 4, ">": 4, "is": 4, "is not": 4, "eq": 4,
    "le": 4, "ge": 4, "ne": 4, "|": 5, "^": 6, "&": 7, "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10,
    "floordiv": 10, "%": 10, "@": 10, "pow operator": 11,
}  # fmt: skip
"""How strongly operators bind."""
_TO_THE_RIGHT: Final = ("if", "pow operator")
_AUGMENTED: Final = ("+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>=", "**=")
_AFTER_TUPLE: Final = (*_AUGMENTED, NEWLINE, "=", ")")
_TARGETS: Final = ("name", "tuple", "attribute", "item")
_WRONG_TARGET: Final = "unexpected expression on left-hand side of {}assignment"
_WRONG_PART: Final = "lhs of assignment must be a variable, subscript, or starred expression"


class _Expression(NamedTuple):
    """What an expression is, where it stands, and the parts of a tuple."""

    kind: str
    start: int
    end: int
    parts: tuple[_Expression, ...] = ()

    def over(self, *others: _Expression) -> _Expression:
        """The expression, widened by others."""
        every = (self, *others)
        return self._replace(start=min(e.start for e in every), end=max(e.end for e in every))


class TextGrammar:
    """Reads a text as TorchScript does. `wrong_targets` are places that are assigned to and cannot be."""

    def __init__(self, source: Source) -> None:
        self.wrong_targets: list[SourceError] = []
        self._source = source
        self._tokens = TextTokens(source)

    def check(self) -> None:
        """Raise `SourceError` in TorchScript's words for a text that does not only define functions."""
        while self._tokens.current.kind != EOF:
            self._function()

    # --- statements -----------------------------------------------------------------------------

    def _function(self) -> None:
        tokens = self._tokens
        tokens.expect("def")
        tokens.expect(IDENT)
        self._sequence("(", ",", ")", self._parameter)
        if tokens.next_if("arrow"):
            self._expression()
        tokens.expect(":")
        is_block = tokens.next_if(INDENT)
        if tokens.current.kind == TYPE_COMMENT:
            self._type_comment()
            if is_block:
                tokens.expect(NEWLINE)
        if is_block:
            self._statements()
        else:
            self._statement()

    def _parameter(self) -> None:
        tokens = self._tokens
        if tokens.next_if("*"):
            # Another star is taken for the name that is missing.
            if tokens.current.kind not in (",", ")"):
                tokens.expect(")")
            return
        tokens.expect(IDENT)
        if tokens.next_if(":"):
            self._expression()
        if tokens.next_if("="):
            self._expression()

    def _type_comment(self) -> None:
        self._tokens.next()
        self._sequence("(", ",", ")", self._expression)
        if self._tokens.next_if("arrow"):
            self._expression()

    def _block(self) -> None:
        self._tokens.expect(INDENT)
        self._statements()

    def _statements(self) -> None:
        self._statement()
        while not self._tokens.next_if(DEDENT):
            self._statement()

    def _statement(self) -> None:
        kind = self._tokens.current.kind
        if kind == "def":
            self._function()
        elif kind in ("if", "while", "for", "with"):
            self._tokens.next()
            self._compound(kind)
        elif kind in ("global", "return", "raise", "assert", "break", "continue", "pass", "del"):
            self._tokens.next()
            self._simple(kind)
            self._tokens.expect(NEWLINE)
        else:
            self._assignment()

    def _simple(self, kind: str) -> None:
        match kind:
            case "global":
                self._sequence("", ",", "", lambda: self._tokens.expect(IDENT))
            case "return":
                if self._tokens.current.kind != NEWLINE:
                    self._expressions()
            case "raise":
                self._expression()
            case "assert":
                self._expression()
                if self._tokens.next_if(","):
                    self._expression()
            case "del":
                self._sequence("", ",", "", self._expression)
            case _:
                return

    def _compound(self, kind: str) -> None:
        match kind:
            case "for":
                self._sequence("", ",", "in", lambda: self._check_part(self._expression(4)))
                self._sequence("", ",", ":", self._expression)
                self._block()
            case "with":
                self._sequence("", ",", ":", self._context)
                self._block()
            case "while":
                self._expression()
                self._tokens.expect(":")
                self._block()
            case _:
                self._branch()

    def _branch(self) -> None:
        self._expression()
        self._tokens.expect(":")
        self._block()
        if self._tokens.next_if("else"):
            self._tokens.expect(":")
            self._block()
        elif self._tokens.next_if("elif"):
            self._branch()

    def _context(self) -> None:
        self._expression()
        if self._tokens.next_if("as"):
            self._tokens.expect(IDENT)

    def _assignment(self) -> None:
        tokens = self._tokens
        target = self._expressions()
        if tokens.next_if(NEWLINE):
            return
        annotation = self._expression() if tokens.next_if(":") else None
        operator = tokens.current
        if operator.kind == "=":
            targets = [target]
            while tokens.next_if("="):
                targets.append(self._expressions())
            if annotation is not None and len(targets) > 2:
                raise self._at(annotation).error("Annotated multiple assignment is not supported in python")
            tokens.expect(NEWLINE)
            for each in targets[:-1]:
                self._check_target(each)
        elif operator.kind in _AUGMENTED:
            tokens.next()
            self._expressions()
            tokens.expect(NEWLINE)
            if target.kind == "tuple":
                raise self._at(target).error(" augmented assignment can only have one LHS expression")
            if target.kind not in _TARGETS:
                self.wrong_targets.append(self._at(target).error(_WRONG_TARGET.format("augmented ")))
        else:
            # Of two expressions side by side torch says nothing but that its own parser did not expect it.
            tokens.expect(NEWLINE)

    def _check_target(self, target: _Expression) -> None:
        if target.kind not in _TARGETS:
            self.wrong_targets.append(self._at(target).error(_WRONG_TARGET.format("")))
        for part in target.parts:
            self._check_part(part)

    def _check_part(self, part: _Expression) -> None:
        if part.kind not in (*_TARGETS, "starred"):
            self.wrong_targets.append(self._at(part).error(_WRONG_PART))
        for inner in part.parts:
            self._check_part(inner)

    def _at(self, expression: _Expression) -> SourceRange:
        return SourceRange(self._source, expression.start, expression.end)

    # --- expressions ----------------------------------------------------------------------------

    def _sequence(self, first: str, separator: str, last: str, read: Callable[[], object]) -> None:
        """Things between separators; "" for a first or last sign that is not there."""
        tokens = self._tokens
        if first:
            tokens.expect(first)
        while tokens.current.kind != last:
            read()
            if not tokens.next_if(separator):
                if last:
                    tokens.expect(last)
                return
        tokens.expect(last)

    def _expressions(self) -> _Expression:
        """An expression, or a tuple without parentheses."""
        first = self._expression()
        parts = [first]
        is_tuple = False
        while self._tokens.next_if(","):
            is_tuple = True
            if self._tokens.current.kind in _AFTER_TUPLE:
                break
            parts.append(self._expression())
        return _Expression("tuple", first.start, first.end, tuple(parts)).over(*parts) if is_tuple else first

    def _expression(self, strength: int = 0) -> _Expression:
        """An expression of operators that bind more strongly than `strength`."""
        tokens = self._tokens
        token = tokens.current
        if token.kind in _UNARY:
            tokens.next()
            operand = self._expression(_UNARY[token.kind])
            if token.kind == "-" and operand.kind == "number":
                found = operand
            else:
                kind = "starred" if token.kind == "*" else "operation"
                found = _Expression(kind, token.start, token.end).over(operand)
        else:
            found = self._operand()
        while True:
            operator = tokens.current
            own = _BINARY.get(operator.kind, 0)
            if own <= strength:
                return found
            tokens.next()
            found = self._operation(operator.kind, own - (operator.kind in _TO_THE_RIGHT), found)

    def _operation(self, kind: str, strength: int, left: _Expression) -> _Expression:
        if kind == "for":
            self._check_part(self._expression(4))
            self._tokens.expect("in")
            return left._replace(kind="comprehension", parts=()).over(self._expression())
        if kind == "if":
            self._expression()
            self._tokens.expect("else")
        return left._replace(kind="operation", parts=()).over(self._expression(strength))

    def _operand(self) -> _Expression:
        tokens = self._tokens
        start, kind = tokens.current, tokens.current.kind
        if kind == "(":
            found = self._parenthesized()
        elif kind == "[":
            found = self._list()
        elif kind == "{":
            found = self._dict()
        elif kind == STRING:
            while tokens.current.kind == STRING:
                tokens.next()
            found = _Expression("text", start.start, start.end)
        elif kind in (NUMBER, "True", "False", "None", "NoneType", "Ellipsis", "dots"):
            tokens.next()
            found = _Expression("number" if kind == NUMBER else "constant", start.start, start.end)
        else:
            name = tokens.expect(IDENT)
            found = _Expression("name", name.start, name.end)
        return self._trailers(found)

    def _trailers(self, found: _Expression) -> _Expression:
        """What stands behind an operand: attributes, calls and indices."""
        tokens = self._tokens
        while True:
            token = tokens.current
            if tokens.next_if("."):
                name = tokens.expect(IDENT)
                found = _Expression("attribute", found.start, name.end)
            elif token.kind == "(":
                arguments: list[_Expression] = []
                self._sequence("(", ",", ")", lambda given=arguments: given.append(self._argument()))
                found = _Expression("call", found.start, token.end).over(*arguments, found)
            elif token.kind == "[":
                self._sequence("[", ",", "]", self._index)
                found = _Expression("item", found.start, tokens.current.start)
            else:
                return found

    def _argument(self) -> _Expression:
        tokens = self._tokens
        if tokens.current.kind == IDENT and tokens.following.kind == "=":
            tokens.next()
            tokens.next()
        return self._expression()

    def _index(self) -> None:
        tokens = self._tokens
        if tokens.current.kind != ":":
            self._expression()
        if tokens.next_if(":"):
            if tokens.current.kind not in (",", "]", ":"):
                self._expression()
            if tokens.next_if(":") and tokens.current.kind not in (",", "]"):
                self._expression()

    def _parenthesized(self) -> _Expression:
        self._tokens.next()
        if self._tokens.next_if(")"):
            after = self._tokens.current
            return _Expression("tuple", after.start, after.end)
        found = self._expressions()
        self._tokens.expect(")")
        return found

    def _list(self) -> _Expression:
        bracket = self._tokens.current
        items: list[_Expression] = []
        self._sequence("[", ",", "]", lambda: items.append(self._expression()))
        found = _Expression("list", bracket.start, bracket.end).over(*items)
        if len(items) > 1 and any(item.kind == "comprehension" for item in items):
            raise self._at(found).error(" expected a single list comprehension within '[' , ']'")
        return found

    def _dict(self) -> _Expression:
        tokens = self._tokens
        bracket = tokens.next()
        found = _Expression("dict", bracket.start, bracket.end)
        if tokens.current.kind != "}":
            found = self._pair(found)
            while tokens.next_if(","):
                found = self._pair(found)
        tokens.expect("}")
        return found

    def _pair(self, found: _Expression) -> _Expression:
        key = self._expression()
        self._tokens.expect(":")
        return found.over(key, self._expression())
