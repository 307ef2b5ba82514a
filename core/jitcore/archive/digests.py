"""Digests of all tensors of an archive, each storage's worth of bytes read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.archive.errors import ArchiveError
from jitcore.archive.walking import walk_tensors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.archive.container import Archive
    from jitcore.archive.tensors import LazyTensor

_FREE: Final = 1 << 30
"""Bytes that all tensors together may have whatever the size of the file."""

_MOST_VIEWS: Final = 64
"""Times the size of the file that they may have beyond that; views of one storage share its bytes."""


def most_viewed(held: int) -> int:
    """Bytes that views of the tensors of a file may have before reading them all would not end."""
    return _FREE + _MOST_VIEWS * held


def tensor_digests(archive: Archive) -> list[tuple[str, str]]:
    """Path and SHA-256 of every tensor: of the module tree, then of the constants (`CONSTANTS[0]`).

    Raises `ArchiveError` if a small file claims views of so many bytes that reading them would not end.
    """
    tensors = list(walk_tensors(archive.root))
    tensors += [(f"CONSTANTS{name}", tensor) for name, tensor in walk_tensors(archive.constants)]
    return named_digests(tensors, sum(record.size for record in archive.records), archive.records.file)


def named_digests(tensors: Sequence[tuple[str, LazyTensor]], held: int, file: str) -> list[tuple[str, str]]:
    """The same of these tensors of a file that holds so many bytes; "" of one on the meta device."""
    distinct = {id(tensor): tensor for _, tensor in tensors}
    total = sum(tensor.nbytes for tensor in distinct.values() if tensor.device != "meta")
    if total > most_viewed(held):
        raise ArchiveError(
            f"the tensors of {file} cannot all be digested: they are views of {total:,} bytes, and the file "
            f"holds {held:,}; save them as clones, or list them without their digests"
        )
    known: dict[int, str] = {}
    return [(path, _digest(tensor, known)) for path, tensor in tensors]


def _digest(tensor: LazyTensor, known: dict[int, str]) -> str:
    found = known.get(id(tensor))
    if found is None:
        found = known[id(tensor)] = tensor.sha256() if tensor.device != "meta" else ""
    return found
