"""Colours source files that people wrote, where strings may span lines, with Pygments."""

from __future__ import annotations

from jitviewer.ui.editors.lexers import Token

MAX_CHARACTERS = 400_000
"""Longer texts stay plain: colouring them would hold up the window."""


def source_tokens(text: str) -> list[list[Token]]:
    """The coloured parts of each line of a Python source file; empty for a text that is too long."""
    if len(text) > MAX_CHARACTERS:
        return []
    # Pygments takes a while to import and most sessions never show a source file.
    from pygments.lexers.python import PythonLexer
    from pygments.token import Token as Kind

    kinds = (
        (Kind.Comment, "comment"), (Kind.Literal.String, "string"), (Kind.Literal.Number, "number"),
        (Kind.Keyword, "keyword"), (Kind.Operator.Word, "keyword"), (Kind.Name.Builtin, "builtin"),
        (Kind.Name.Function, "function"), (Kind.Name.Class, "type"), (Kind.Name.Decorator, "attribute"),
    )  # fmt: skip
    lines: list[list[Token]] = [[]]
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
    return lines
