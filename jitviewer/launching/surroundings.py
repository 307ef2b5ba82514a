"""What a process may have of the machine: by itself, or from the process that supervises it."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, BinaryIO, Protocol

from jitcore.archive.opened_file import OpenedFile
from jitviewer.confinement.confining import Confinement, offered

if TYPE_CHECKING:
    from collections.abc import Generator

    from jitviewer.confinement.policy import Role
    from jitviewer.launching.processes import RunnerProcess

File = str | OpenedFile
"""A path to open, or a file that is open."""


class Surroundings(Protocol):
    """What a process may have. Attributes: `confinement`, what keeps it from having more."""

    confinement: Confinement

    def start(self, role: Role, document: int = 0, libraries: tuple[str, ...] = ()) -> RunnerProcess:
        """Start a runner, which loads `libraries`; one for a person's Python is of a document.

        Raises `OSError`.
        """
        ...

    def open(self, path: str) -> File:
        """A file that the person named, to be read. Raises `OSError` if it cannot be opened."""
        ...

    def scratch(self, name: str) -> File:
        """A file to write to and read from, which is gone with this process. Raises `OSError`."""
        ...

    def limit_memory(self, documents: int) -> None:
        """Bound this process's memory by what so many open documents may take."""
        ...

    def output(self, path: str) -> AbstractContextManager[BinaryIO]:
        """A stream to a file that the person named; what was written takes its place at the end.

        Unless something fails before that. Raises `OSError`.
        """
        ...


class OwnSurroundings:
    """The `Surroundings` of a process that nobody confined: it does everything itself."""

    def __init__(self) -> None:
        self.confinement = offered()

    def start(self, role: Role, document: int = 0, libraries: tuple[str, ...] = ()) -> RunnerProcess:
        """See `Surroundings`."""
        # Texts of archives come without messages to other processes, which take time to import.
        from jitviewer.launching.processes import start_own

        return start_own(role, libraries)

    def open(self, path: str) -> File:
        """See `Surroundings`. Whoever reads it opens it."""
        return path

    def scratch(self, name: str) -> File:
        """See `Surroundings`."""
        # As above: most commands leave nothing anywhere.
        from jitviewer.launching.processes import can_hand_files
        from jitviewer.launching.scratch import named_scratch, nameless_scratch

        if can_hand_files():
            return OpenedFile(name, nameless_scratch())
        return named_scratch(name)

    def limit_memory(self, documents: int) -> None:
        """See `Surroundings`. A process that nobody confined is not bounded."""

    @contextmanager
    def output(self, path: str) -> Generator[BinaryIO]:
        """See `Surroundings`."""
        # Few commands write a file.
        from jitcore.whole_file import WholeFile

        made = WholeFile(path)
        try:
            with open(made.descriptor, "wb", closefd=False) as stream:  # a descriptor
                yield stream
        except BaseException:
            made.drop()
            raise
        made.keep()


class _Place:
    """Holds the surroundings of this process: which they are is a property of it, as its user is."""

    found: Surroundings | None = None


def surroundings() -> Surroundings:
    """Those of this process."""
    if _Place.found is None:
        _Place.found = OwnSurroundings()
    return _Place.found


def live_in(found: Surroundings) -> None:
    """Say which they are, once, when the process begins."""
    _Place.found = found
