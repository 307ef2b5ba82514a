"""A file that was opened: an archive, IR text or tensors, and the functions that can be shown of it."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from jitcore.archive import Archive, OpenedFile
from jitcore.requests.program import Program
from jitcore.requests.text_file import read_text
from jitcore.source import JitError, Source
from jitviewer.launching.surroundings import File, surroundings


class Document(Program):
    """A program that is shown. Its `name` is the path as given, its `title` the last part of that."""

    @classmethod
    def open(cls, file: File) -> Self:
        """Open a file, from whoever may open it; see `Program`."""
        found = file_to_read(file) if isinstance(file, str) else file
        try:
            return super().open(found)
        except BaseException:
            if isinstance(found, OpenedFile):
                found.close()
            raise

    @property
    def title(self) -> str:
        """What the file is called, without its folders."""
        return Path(self.name).name

    @property
    def summary(self) -> str:
        """What kind of file it is, and how large, in a line."""
        if self.tensors is not None:
            count = len(self.tensors.tensors)
            return (
                f"Tensors without a program, written by {self.tensors.kind}, {count:,} "
                f"tensor{'' if count == 1 else 's'}, {self.tensors.size:,} bytes"
            )
        if self.archive is None:
            return "IR text"
        records = list(self.archive.records)
        parts = [
            f"TorchScript archive, format version {self.archive.version}",
            f"{len(records)} records",
            f"{sum(record.size for record in records):,} bytes",
        ]
        if self.archive.producer:
            parts.insert(1, f"written by {self.archive.producer}")
        return ", ".join(parts)

    def close(self) -> None:
        """Give the file up."""
        super().close()
        if isinstance(self.file, OpenedFile):
            self.file.close()


def file_to_read(path: str) -> File:
    """The file, from whoever may open it. Raises `JitError` with one sentence."""
    try:
        return surroundings().open(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise JitError(f"{path} cannot be opened: {reason}") from None


def source_of(document: Document, record: str) -> Source:
    """A record of the archive as text (code as it is, other bytes as a hex dump)."""
    if document.tensors is not None:
        raise JitError(document.tensors.advice)
    if document.archive is None:
        return Source(read_text(document.file), document.name)
    return Source(record_text(document.archive, record), record)


def record_text(archive: Archive, record: str) -> str:
    """A record as text: code as it is, other bytes as a hex dump."""
    data = archive.records.read(record)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return hex_dump(data)


def hex_dump(data: bytes, limit: int = 64 * 1024) -> str:
    """Offset, sixteen bytes in hexadecimal, and their ASCII, a line each; `limit` bytes at most."""
    lines: list[str] = []
    for start in range(0, min(len(data), limit), 16):
        part = data[start : start + 16]
        letters = "".join(chr(b) if 32 <= b < 127 else "." for b in part)
        lines.append(f"{start:08x}  {part.hex(' '):<47}  {letters}")
    if len(data) > limit:
        lines.append(f"... {len(data) - limit:,} more bytes")
    return "\n".join(lines)
