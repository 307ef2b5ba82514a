"""The saved text of what does not compile, with the line that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jitcore.source import SourceError

if TYPE_CHECKING:
    from jitviewer.engine.document import Document


class Fault(NamedTuple):
    """Where code of an archive does not compile: its record, the line and column, both from 0."""

    record: str
    line: int
    column: int


def fault_of(document: Document, error: BaseException) -> Fault | None:
    """The place of an error in the code of the archive; None if it is of something else."""
    if document.archive is None or not isinstance(error, SourceError):
        return None
    rest, _, column = error.location.rpartition(":")
    record, _, line = rest.rpartition(":")
    if not (line.isdecimal() and column.isdecimal()) or record not in document.archive.records:
        return None
    return Fault(record, int(line) - 1, int(column))


def marked_definition(text: str, fault: Fault) -> str:
    """The definition around the line as it was saved, with a mark below the line."""
    lines = text.split("\n")
    if not 0 <= fault.line < len(lines):
        return text
    first = fault.line
    while first > 0 and not lines[first].lstrip().startswith("def "):
        first -= 1
    indent = _indent(lines[first])
    last = fault.line + 1
    while last < len(lines) and (not lines[last].strip() or _indent(lines[last]) > indent):
        last += 1
    mark = " " * fault.column + "^ this does not compile"
    shown = [*lines[first : fault.line + 1], mark, *lines[fault.line + 1 : last]]
    return "\n".join(line[indent:] for line in shown).rstrip() + "\n"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
