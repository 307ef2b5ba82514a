"""Changes a person's file by a unified diff, if it still holds what the diff was made from."""

from __future__ import annotations

import os
import re

from jitviewer.plain_files import reason_of
from jitviewer.protocol.diagnosis_rows import DiagnosisRow
from jitviewer.trusted_source import read_source, trusted_content
from jitviewer.ui.services.exported_files import write_exported

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")


class RemedyError(Exception):
    """A sentence on why a file is as it was."""


class AppliedRemedy:
    """A remedy that was written to its file, and can be taken back.

    Making one writes the file. Raises `RemedyError` where that cannot be; the file is as it was then.
    """

    def __init__(self, row: DiagnosisRow) -> None:
        remedy = row.remedy
        if remedy is None or not remedy.patch:
            raise RemedyError("There is no patch to apply.")
        if os.path.realpath(remedy.file) != row.content.path:
            raise RemedyError(f"{remedy.file} is not the file that was compared: apply the patch by hand.")
        self._path = row.content.path
        self._before = _read(self._path, row.content.digest)
        after = patched(self._before, remedy.patch, self._path)
        self._digest = trusted_content(self._path, after).digest
        _write(self._path, after)

    def undo(self) -> None:
        """Put back what the file held. Raises `RemedyError` if it was changed since."""
        _read(self._path, self._digest)
        _write(self._path, self._before)


def patched(content: bytes, patch: str, path: str) -> bytes:
    """The content of a file with a unified diff applied, at exactly its lines. Raises `RemedyError`."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RemedyError(f"{path} is no UTF-8 text: apply the patch by hand.") from error
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(ending)
    made: list[str] = []
    at = left = 0
    # Two lines name the file; the last ends with a line feed.
    for line in patch.removesuffix("\n").split("\n")[2:]:
        sign, rest = line[:1], line[1:]
        hunk = _HUNK.match(line)
        if hunk is not None and not left:
            left = int(hunk[2] if hunk[2] is not None else 1)
            begin = int(hunk[1]) - bool(left)
            if not at <= begin <= len(lines):
                raise _unfit(path)
            made += lines[at:begin]
            at = begin
        elif sign == "+":
            made.append(rest)
        elif sign in (" ", "-") and left and lines[at : at + 1] == [rest]:
            made += [rest] if sign == " " else []
            at, left = at + 1, left - 1
        else:
            raise _unfit(path)
    if left:
        raise _unfit(path)
    return ending.join([*made, *lines[at:]]).encode("utf-8")


def _unfit(path: str) -> RemedyError:
    return RemedyError(f"The patch does not fit {path}: apply it by hand.")


def _read(path: str, digest: str) -> bytes:
    try:
        content, found = read_source(path)
    except OSError as error:
        raise RemedyError(f"{path} cannot be read: {reason_of(error)}.") from error
    if found.digest != digest:
        raise RemedyError(f"{path} has changed since, and is left as it is: compare again.")
    return content


def _write(path: str, content: bytes) -> None:
    why_not = write_exported(path, content)
    if why_not:
        raise RemedyError(f"{path} cannot be written: {why_not}.")
