"""Source texts and half-open character ranges in them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Protocol

from jitcore.source.errors import SourceError

_EXCERPT_SIGNS = 1_000
_EXCERPT_LINES = 200
"""Characters of a line and lines of an excerpt: a generated file may have megabytes in either."""


class OriginMap(Protocol):
    """Finds, for an offset in a generated text, the range of the program it was generated from."""

    def origin_of(self, start: int) -> SourceRange | None:
        """The range of the program that the text at `start` was made from; None if nobody knows."""
        ...

    def place_of(self, start: int) -> tuple[Source, int] | None:
        """Source and offset at which that range starts."""
        ...


class Source:
    """A text with the name and the line it starts at.

    `starting_line` is 0-based and is added to lines when they are reported, so an excerpt of a file
    reports the line numbers of that file. `origins`, if given, maps ranges of this (generated) text
    back to the program that it was serialized from.
    """

    __slots__ = ("_line_starts", "filename", "origins", "starting_line", "text")

    def __init__(
        self, text: str, filename: str | None = None, starting_line: int = 0, origins: OriginMap | None = None
    ) -> None:
        self.text = text
        self.filename = filename
        self.starting_line = starting_line
        self.origins = origins
        self._line_starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offsets at which the lines of the text begin."""
        if self._line_starts is None:
            starts = [0]
            position = self.text.find("\n")
            while position >= 0:
                starts.append(position + 1)
                position = self.text.find("\n", position + 1)
            self._line_starts = starts
        return self._line_starts

    def line_of(self, offset: int) -> int:
        """0-based line of this text in which `offset` lies."""
        return bisect_right(self.line_starts, offset) - 1

    def file_line_col(self, offset: int) -> tuple[str, int, int] | None:
        """File name, 1-based line and 0-based column as TorchScript prints them; None without a file.

        TorchScript's columns count bytes of UTF-8.
        """
        if self.filename is None:
            return None
        starts = self._line_starts or self.line_starts
        line = bisect_right(starts, offset) - 1
        column = offset - starts[line]
        if not self.text.isascii():
            column = len(self.text[starts[line] : offset].encode("utf-8", "surrogatepass"))
        return self.filename, line + self.starting_line + 1, column


class SourceRange:
    """Characters `start` to `end` (exclusive) of a source."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    def origin(self) -> SourceRange:
        """The range this one was generated from, or itself when nothing is known of that."""
        origins = self.source.origins
        if origins is None:
            return self
        return origins.origin_of(self.start) or self

    def file_line_col(self) -> tuple[str, int, int] | None:
        """Where the range starts; see `Source.file_line_col`."""
        return self.source.file_line_col(self.start)

    def origin_line_col(self) -> tuple[str, int, int] | None:
        """The same of the range that this one was generated from."""
        origins = self.source.origins
        place = None if origins is None else origins.place_of(self.start)
        return self.file_line_col() if place is None else place[0].file_line_col(place[1])

    def text(self) -> str:
        """The characters of the range."""
        return self.source.text[self.start : self.end]

    def excerpt(self, context: int = 2) -> str:
        """The lines around the range, its own lines marked below with `~` as TorchScript does."""
        source = self.source
        starts = source.line_starts
        first = source.line_of(self.start)
        last = source.line_of(max(self.start, self.end - 1))
        shown: list[str] = []
        for index in range(max(0, first - context), min(len(starts), last + context + 1)):
            if len(shown) > _EXCERPT_LINES:
                shown.append("...")
                break
            end = starts[index + 1] - 1 if index + 1 < len(starts) else len(source.text)
            # Of a line that no person wrote, the part where the range begins.
            at = starts[index]
            if end - at > _EXCERPT_SIGNS:
                at = max(at, min(self.start, end) - _EXCERPT_SIGNS // 2) if index == first else at
                end = min(end, at + _EXCERPT_SIGNS)
            line = source.text[at:end]
            shown.append(line)
            if first <= index <= last:
                indent = len(line) - len(line.lstrip())
                begin = max(self.start - at, 0) if index == first else indent
                stop = min(self.end - at, len(line))
                shown.append(
                    " " * begin + "~" * max(1, stop - begin) + (" <--- HERE" if index == last else "")
                )
        return "\n".join(shown)

    def error(self, message: str, raised_as: str = "RuntimeError") -> SourceError:
        """A `SourceError` for this place, which callers of the library get as that class."""
        place = self.file_line_col()
        location = f"{place[0]}:{place[1]}:{place[2]}" if place else ""
        return SourceError(message, location, self.excerpt(), raised_as)

    def __repr__(self) -> str:
        return f"SourceRange({self.source.filename!r}, {self.start}, {self.end})"


def error_at(at: SourceRange | None, message: str, raised_as: str = "RuntimeError") -> SourceError:
    """An error at a place that may not be known."""
    return SourceError(message, raised_as=raised_as) if at is None else at.error(message, raised_as)
