"""The surroundings of a confined process that may never need more than the files it was granted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from jitviewer.confinement.confining import limit_memory

if TYPE_CHECKING:
    import socket
    from contextlib import AbstractContextManager

    from jitviewer.confinement import Confinement, Role
    from jitviewer.launching.processes import RunnerProcess
    from jitviewer.launching.supervised_surroundings import SupervisedSurroundings
    from jitviewer.launching.surroundings import File


class ConfinedSurroundings:
    """The `Surroundings` of a process that may read `granted` paths itself and asks for all else."""

    def __init__(self, link: socket.socket, confinement: Confinement, granted: frozenset[str]) -> None:
        self.confinement = confinement
        self._link = link
        self._granted = granted

    @cached_property
    def _asking(self) -> SupervisedSurroundings:
        # Messages take time to import, and most commands send none.
        from jitviewer.launching.supervised_surroundings import SupervisedSurroundings

        return SupervisedSurroundings(self._link, self.confinement)

    def start(self, role: Role, document: int = 0, libraries: tuple[str, ...] = ()) -> RunnerProcess:
        """See `Surroundings`."""
        return self._asking.start(role, document, libraries)

    def open(self, path: str) -> File:
        """See `Surroundings`."""
        return path if path in self._granted else self._asking.open(path)

    def scratch(self, name: str) -> File:
        """See `Surroundings`."""
        return self._asking.scratch(name)

    def limit_memory(self, documents: int) -> None:
        """See `Surroundings`."""
        limit_memory(documents)

    def output(self, path: str) -> AbstractContextManager[BinaryIO]:
        """See `Surroundings`."""
        return self._asking.output(path)
