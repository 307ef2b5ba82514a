"""What a runner does before it meets a file: it takes its pipes and gives up the rest."""

from __future__ import annotations

import os
import socket
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from jitviewer.confinement import Confinement, Role, confine
from jitviewer.confinement.seccomp import end_with_parent
from jitviewer.launching.descriptors import DescriptorStream
from jitviewer.protocol.libraries import MODULE, files_of

if TYPE_CHECKING:
    from typing import Final

_FIRST_OWN: Final = 3
_NOWHERE: Final = "/proc/self"
"""A folder that is there and takes no files."""


def begin(
    role: Role, libraries: tuple[str, ...] = ()
) -> tuple[BinaryIO | DescriptorStream, BinaryIO, Confinement]:
    """The pipes of the protocol, and what keeps this process from having more.

    From then on file descriptor 0 is empty and 1 leads to standard error, whoever writes there: a
    `print` of Python code, or a C++ library. Nothing else that was open when the process began stays open.
    What `libraries` name may be read: they are imported and loaded once this process is confined, and may do
    what the program of an archive may do.
    """
    end_with_parent()
    if role is not Role.PERSON and sys.platform.startswith("linux"):
        os.closerange(_FIRST_OWN, os.sysconf("SC_OPEN_MAX"))
    requests, replies = os.dup(0), os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if any(word.startswith(MODULE) for word in libraries):
        # Behind all else: what lies beside an archive takes the place of nothing.
        sys.path.append(str(Path.cwd()))
    confinement = confine(role, files_of(libraries))
    if confinement.landlock and not confinement.reaches_files:
        # Torch looks for places to keep things in when parts of it are imported, and insists on finding some.
        tempfile.tempdir = _NOWHERE
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = _NOWHERE
    if stat.S_ISSOCK(os.fstat(requests).st_mode):
        return DescriptorStream(socket.socket(fileno=requests)), replies, confinement
    return cast("BinaryIO", os.fdopen(requests, "rb", buffering=0)), replies, confinement
