"""Colours source files that people wrote, where strings may span lines, with Pygments, a little at a time."""

from __future__ import annotations

from collections.abc import Iterator

from jitviewer.ui.editors.lexers import Token

_LINES_A_TURN = 200


class SourceTokens:
    """The coloured parts of each line of a Python source file, found from the top as far as asked for."""

    def __init__(self, text: str) -> None:
        self._lines: list[list[Token]] = [[]]
        self._work = _lex(text, self._lines)
        self.is_complete = False

    def of(self, line: int) -> list[Token] | None:
        """The parts of a line, None if they are not known yet."""
        # The last line that was begun may have more parts.
        if line < len(self._lines) - (0 if self.is_complete else 1):
            return self._lines[line]
        return [] if self.is_complete else None

    def advance(self) -> None:
        """Find the parts of some more lines."""
        until = len(self._lines) + _LINES_A_TURN
        for _ in self._work:
            if len(self._lines) >= until:
                return
        self.is_complete = True


def _lex(text: str, lines: list[list[Token]]) -> Iterator[None]:
    # Pygments takes a while to import and most sessions never show a source file.
    from pygments.lexers.python import PythonLexer
    from pygments.token import Token as Kind

    kinds = (
        (Kind.Comment, "comment"), (Kind.Literal.String, "string"), (Kind.Literal.Number, "number"),
        (Kind.Keyword, "keyword"), (Kind.Operator.Word, "keyword"), (Kind.Name.Builtin, "builtin"),
        (Kind.Name.Function, "function"), (Kind.Name.Class, "type"), (Kind.Name.Decorator, "attribute"),
    )  # fmt: skip
    column = 0
    for token, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        kind = next((name for base, name in kinds if token in base), "")
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
                column = 0
            if kind and part.strip():
                lines[-1].append(Token(column, len(part), kind))
            column += len(part)
        yield
