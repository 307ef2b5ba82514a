"""The words of a text that defines functions, as TorchScript's own lexer tells them apart.

It differs from Python's: `1_000` is two words, `x is nothing` has the word `is not`, and a letter that
is not ASCII is none at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.source import SourceError, SourceRange

if TYPE_CHECKING:
    from jitcore.source import Source

EOF, NEWLINE, INDENT, DEDENT = "eof", "newline", "indent", "dedent"
IDENT, NUMBER, STRING, TYPE_COMMENT = "ident", "number", "string_literal", "type comment"

_SPELLED: Final = {
    "<=>": "equivalent", "!=": "ne", "==": "eq", "<=": "le", ">=": "ge", "//": "floordiv",
    "**": "pow operator", "->": "arrow", "...": "dots", "# type:": TYPE_COMMENT,
}  # fmt: skip
"""What words are called in errors that are not called as they are spelled."""

_WORDS: Final = (
    *"+-*/%@()[]:,={}><.?!&^|~", *_SPELLED, "def", "if", "else", "elif", "while", "return", "is", "is not",
    "True", "False", "None", "and", "or", "not", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=",
    "<<=", ">>=", "**=", "global", "for", "in", "not in", "raise", "assert", "break", "continue", "del",
    "pass", "class", "import", "with", "as", "Ellipsis", "NoneType",
)  # fmt: skip
_WORD: Final = re.compile("|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True)))
_IDENT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER: Final = re.compile(
    r"(0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][-+]?\d+)?"
    r"|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)j?"
)
_STRING: Final = re.compile(
    r"'''(?:[^'\\]|\\.|'[^'\\]|'\\.|''[^'\\]|''\\.)*+'''"
    r'|"""(?:[^"\\]|\\.|"[^"\\]|"\\.|""[^"\\]|""\\.)*+"""',
    re.DOTALL,
)
"""Without a look ahead: Python before 3.11.5 repeats none possessively (CPython's gh-106052)."""
_SHORT_STRING: Final = re.compile(r"'(?:\\.|[^'\\\n])*+'|\"(?:\\.|[^\"\\\n])*+\"", re.DOTALL)
_BLANKS: Final = " \t\r\f\v"


class Token(NamedTuple):
    """A word: what it is called and where it stands."""

    kind: str
    start: int
    end: int


class TextSyntaxError(SourceError):
    """What is no text of TorchScript. `is_marked` is False where there is nothing to mark in the excerpt."""

    def __init__(self, message: str, location: str, excerpt: str, is_marked: bool) -> None:
        super().__init__(message, location, excerpt)
        self.is_marked = is_marked


class TextTokens:
    """The words of a text one after the other. Attribute: `current`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._text = source.text
        self._position = 0
        self._nesting = 0
        first = self._read(wants_blanks=True)
        self._indents = [first.end - first.start]
        self._queue: list[Token] = []
        self._fill()

    @property
    def current(self) -> Token:
        """The word that is looked at."""
        return self._queue[0]

    @property
    def following(self) -> Token:
        """The word behind it."""
        if len(self._queue) < 2:
            self._fill()
        return self._queue[1]

    def next(self) -> Token:
        """The current word, behind which the next becomes current."""
        token = self._queue.pop(0)
        if not self._queue:
            self._fill()
        return token

    def next_if(self, kind: str) -> bool:
        """Whether the current word is called so; it is then passed."""
        if self.current.kind != kind:
            return False
        self.next()
        return True

    def expect(self, kind: str) -> Token:
        """The current word, which is passed; raises `TextSyntaxError` if it is not called so."""
        if self.current.kind != kind:
            raise self._error(f"expected {kind} but found '{self.current.kind}' here", self.current)
        return self.next()

    def _fill(self) -> None:
        """Read on: a word, or what the indentation of a line means."""
        token = self._read()
        if token.kind in ("(", "[", "{"):
            self._nesting += 1
        elif token.kind in (")", "]", "}"):
            self._nesting -= 1
        elif token.kind == INDENT:
            self._indent(token)
            return
        self._queue.append(token)

    def _indent(self, token: Token) -> None:
        # Whatever stands on the last line, the text ends where it began.
        depth = self._indents[0] if token.end == len(self._text) else token.end - token.start
        if depth > self._indents[-1]:
            self._indents.append(depth)
            self._queue.append(token)
            return
        self._queue.append(token._replace(kind=NEWLINE))
        while self._indents[-1] != depth:
            self._indents.pop()
            self._queue.append(token._replace(kind=DEDENT))
            if not self._indents:
                raise self._error(f"invalid indent level {depth}", token)

    def _read(self, wants_blanks: bool = False) -> Token:
        """The next word; behind the end of a line, outside of brackets, the blanks that follow."""
        text = self._text
        position = start = self._position
        while True:
            while position < len(text) and text[position] in _BLANKS:
                position += 1
            if text.startswith("#", position) and not text.startswith("# type:", position):
                end = text.find("\n", position)
                start = position = len(text) if end < 0 else end
            elif text.startswith("\\\n", position) and not wants_blanks:
                start = position = position + 2
            elif text.startswith("\n", position):
                start = position = position + 1
                wants_blanks = self._nesting == 0
            else:
                break
        if wants_blanks:
            found = Token(INDENT, start, position)
        elif position == len(text):
            found = Token(EOF, position, position)
        else:
            found = self._word(position)
        self._position = found.end
        return found

    def _word(self, start: int) -> Token:
        text = self._text
        number = _NUMBER.match(text, start)
        if number is not None:
            return Token(NUMBER, start, number.end())
        is_long = text.startswith(("'''", '"""'), start)
        string = (_STRING if is_long else _SHORT_STRING).match(text, start)
        if string is not None:
            return Token(STRING, start, string.end())
        word, ident = _WORD.match(text, start), _IDENT.match(text, start)
        if word is not None and (ident is None or word.end() >= ident.end()):
            return Token(_SPELLED.get(word[0], word[0]), start, word.end())
        if ident is not None:
            return Token(IDENT, start, ident.end())
        before = self._text[self._position]
        raise self._error(f"expected a valid token but found '{before}' here", Token("", start, start + 1))

    def _error(self, message: str, at: Token) -> TextSyntaxError:
        where = SourceRange(self.source, at.start, at.end)
        error = where.error(message)
        is_marked = bool(where.text().strip())
        return TextSyntaxError(
            error.message, error.location, error.excerpt if is_marked else self._unmarked(at), is_marked
        )

    def _unmarked(self, at: Token) -> str:
        starts = [*self.source.line_starts, len(self._text)]
        line = self.source.line_of(at.start)
        return self._text[starts[max(line - 2, 0)] : starts[min(line + 3, len(starts) - 1)]]
