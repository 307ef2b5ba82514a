"""A cursor over a graph's text, shared by the parsers of its parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jitcore.source import JitError, Source, SourceError, SourceRange
from jitcore.types.parsing import TypeParser

if TYPE_CHECKING:
    from jitcore.printing.placeholders import Placeholders
    from jitcore.types import Type

_MAY_BE_SKIPPED = frozenset(" \t\r\n#")
_SKIPPED = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
# A type that ends where one of these stands is spelled the same wherever it stands, so it is read once.
_SHORT_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*(?:\[\]|\?)*(?=[,) \n])(?!\()")


class Scanner:
    """Text, position and the types read so far. Errors carry the line and column of the position."""

    __slots__ = ("_short_types", "_type_parser", "placeholders", "position", "source", "text")

    def __init__(self, source: Source, placeholders: Placeholders) -> None:
        self.source = source
        self.text = source.text
        self.position = 0
        self.placeholders = placeholders
        self._type_parser = TypeParser(source.text, 0, placeholders.type, graph_spelling=True)
        self._short_types: dict[str, Type] = {}

    def skip(self) -> None:
        """Move behind blanks, line ends and comments."""
        if self.text[self.position : self.position + 1] not in _MAY_BE_SKIPPED:
            return
        match = _SKIPPED.match(self.text, self.position)
        if match is not None:
            self.position = match.end()

    def at(self, token: str) -> bool:
        """Whether `token` comes next."""
        self.skip()
        return self.text.startswith(token, self.position)

    def accept(self, token: str) -> bool:
        """Move behind `token` if it comes next."""
        if self.at(token):
            self.position += len(token)
            return True
        return False

    def expect(self, token: str) -> None:
        """Move behind `token`, which must come next."""
        if not self.accept(token):
            raise self.error(f"expected {token!r}")

    def take(self, pattern: re.Pattern[str], what: str) -> re.Match[str]:
        """Match `pattern` here and move behind it; `what` names it in the error."""
        self.skip()
        match = pattern.match(self.text, self.position)
        if match is None:
            raise self.error(f"expected {what}")
        self.position = match.end()
        return match

    def parse_type(self) -> Type:
        """The type that starts here, in the spelling of graphs."""
        self.skip()
        short = _SHORT_TYPE.match(self.text, self.position)
        if short is not None:
            found = self._short_types.get(short.group())
            if found is not None:
                self.position = short.end()
                return found
        if (
            self.text.startswith("Function", self.position)
            and short is not None
            and short.group() == "Function"
        ):
            raise self.error("a function type without its constant")
        parser = self._type_parser
        parser.position = self.position
        try:
            parsed = parser.parse_type()
        except JitError as error:
            self.position = min(parser.position, len(self.text))
            raise self.error(_reason(error)) from error
        self.position = parser.position
        if short is not None and short.end() == parser.position:
            self._short_types[short.group()] = parsed
        return parsed

    def error(self, message: str) -> SourceError:
        """An error that shows what stands at the position."""
        start = min(self.position, len(self.text))
        line_end = self.text.find("\n", start)
        rest = self.text[start : line_end if line_end >= 0 else len(self.text)].strip()
        found = f"found {rest[:40]!r}" if rest else "found the end of the line"
        place = SourceRange(self.source, start, min(start + 1, len(self.text)))
        return place.error(f"{message}, {found}")


def _reason(error: JitError) -> str:
    """A type parser's message without the text it was read from, which may be the whole file."""
    message = str(error)
    return message.partition(" at column ")[0]
