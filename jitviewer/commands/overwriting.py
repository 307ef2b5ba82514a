"""What a command writes is none of the files that it reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jitcore.requests.program_name import ProgramName
from jitcore.source import JitError
from jitviewer.commands.named_archives import READ, WRITTEN
from jitviewer.protocol.libraries import FILE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def check_written(options: argparse.Namespace) -> None:
    """Raise `JitError` if a file that `options` name is to be written twice, or while it is read.

    A file is the same whatever leads to it: another spelling, a link of either kind.
    """
    written = [path for name in WRITTEN if (path := getattr(options, name, ""))]
    for at, path in enumerate(written):
        if any(is_same_file(path, other) for other in written[:at]):
            raise JitError(f"{path} cannot hold both the result and the trace; name two files")
    if not written:
        return
    read = list(_read(options))
    for path in written:
        if any(is_same_file(path, other) for other in read):
            command: str = options.command
            what = "the run" if command == "run" else f"'{command}'"
            raise JitError(f"{path} is what {what} reads; write to another file")


def _read(options: argparse.Namespace) -> Iterator[str]:
    from jitviewer.protocol.input_spec import files_in

    for name in READ:
        path: str = getattr(options, name, "")
        if path:
            yield ProgramName.read(path).path
    for text in (*getattr(options, "input", ()), *getattr(options, "against", ())):
        yield from files_in(text)
    for word in getattr(options, "libraries", ()):
        if word.startswith(FILE):
            yield word.removeprefix(FILE)


def is_same_file(one: str, other: str) -> bool:
    """Whether two paths lead to one file, be it there or not."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    try:
        return os.path.samefile(one, other)  # noqa: PTH121  # texts that may be no paths
    except (OSError, ValueError):
        return False
