"""A file that holds tensors and plain values by their names, and no program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.archive.errors import ArchiveError
from jitcore.archive.nesting import check_nesting
from jitcore.archive.tensor_files.numpy_values import NumpyArray, NumpyType
from jitcore.archive.tensor_files.saved_note import SavedNote
from jitcore.archive.tensors import LazyStorage, LazyTensor
from jitcore.archive.values import SavedDict, SavedList, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_NOTES: Final = frozenset((SavedNote, NumpyType, NumpyArray, LazyStorage))

_MOST_PARTS: Final = 64
"""Parts that a key is taken apart into at its dots; no module is nested so deep."""

_LONGEST_KEY: Final = 1_000
"""Characters of a key that is taken apart, and of one that is written out."""

_MOST_ITEMS: Final = 1_000
"""Items of a dict without tensors that are told one by one; those of a larger one are counted."""

_MOST_ENTRIES: Final = 500_000
"""Tensors and plain values of a file; the largest checkpoints have a tenth of it."""

_MOST_NAMED: Final = 1 << 26
"""Characters that all names together may have; parts that are shared are named once for each place."""


class Entry(NamedTuple):
    """A tensor or a plain value: the parts of its name, which `name` joins with dots, and itself."""

    parts: tuple[str, ...]
    value: object

    @property
    def name(self) -> str:
        """As in a state_dict: `layer1.0.weight`; `optimizer.state.0.exp_avg` in a dict of dicts."""
        return ".".join(self.parts)


class TensorFile:
    """What torch.save or safetensors wrote of tensors, each still in the file.

    Attributes: `file` is the path; `kind` what wrote it, as `safetensors`; `root` the value that was saved;
    `advice` says that there is no program, and what to do; `size` is that of the file in bytes; `entries` are
    all tensors and plain values in their order, names unlike; `tensors` those of them that are tensors, by
    name; `metadata` are texts beside them. Raises `ArchiveError` for a value that contains itself.
    """

    def __init__(
        self,
        file: str,
        kind: str,
        root: object,
        advice: str,
        size: int,
        close: Callable[[], None],
        verify: Callable[[], None] | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        self.file = file
        self.kind = kind
        self.advice = f"{file} {advice}"
        self.size = size
        self.metadata = dict(metadata or {})
        self._close = close
        self._verify = verify
        check_nesting(root, f"{file}: the pickle in it", _NOTES)  # pyright: ignore[reportArgumentType]
        self.root = root
        self.entries = tuple(_named(root, file))
        self.tensors = {entry.name: value for entry in self.entries if (value := _tensor(entry.value))}

    def close(self) -> None:
        """Give the file up; tensors whose bytes were taken keep it mapped."""
        self._close()

    def verify(self) -> None:
        """Check every checksum that the file has; raises `ArchiveError` for the first that does not match."""
        if self._verify is not None:
            self._verify()


def _tensor(value: object) -> LazyTensor | None:
    return value if isinstance(value, LazyTensor) else None


def _named(root: object, file: str) -> Iterator[Entry]:
    """Every tensor and plain value below `root`, those of one name told apart by a number."""
    known: set[str] = set()
    room = _MOST_NAMED
    for parts, value in _walk(root):
        entry = Entry(parts, value)
        name = entry.name
        number = 1
        while name in known:
            number += 1
            entry = Entry((*parts[:-1], f"{parts[-1]} ({number})"), value)
            name = entry.name
        known.add(name)
        room -= len(name)
        if room < 0 or len(known) > _MOST_ENTRIES:
            raise ArchiveError(
                f"{file} holds more than {_MOST_ENTRIES:,} values, or has longer names than are kept, "
                "as no saved model does"
            )
        yield entry


def _walk(root: object) -> Iterator[tuple[tuple[str, ...], object]]:
    holders: dict[int, bool] = {}
    pending: list[tuple[tuple[str, ...], object]] = [((), root)]
    while pending:
        parts, value = pending.pop()
        below = _below(value, holders)
        if below:
            pending.extend((parts + names, part) for names, part in reversed(below))
        else:
            yield parts or ("(value)",), value


def _below(value: object, holders: dict[int, bool]) -> list[tuple[tuple[str, ...], object]]:
    """What a container holds, by the parts of its names; nothing of one that is told in a line."""
    if isinstance(value, SavedDict) and (len(value) <= _MOST_ITEMS or _holds_tensors(value, holders)):
        return [(_key_parts(key), part) for key, part in value.items()]
    if isinstance(value, tuple | SavedList) and _holds_tensors(value, holders):
        return [((str(index),), part) for index, part in enumerate(value)]
    return []


def _holds_tensors(value: Value, known: dict[int, bool]) -> bool:
    """Whether there is a tensor or a dict in a list, a tensor in a dict; `known` are those looked through.

    Recursive, as deep as `check_nesting` lets values be.
    """
    if isinstance(value, LazyTensor):
        return True
    if not isinstance(value, tuple | SavedList | SavedDict):
        return False
    if id(value) not in known:
        if isinstance(value, SavedDict):
            known[id(value)] = any(_holds_tensors(part, known) for part in value.values())
        else:
            known[id(value)] = any(
                isinstance(part, SavedDict) or _holds_tensors(part, known) for part in value
            )
    return known[id(value)]


def _key_parts(key: object) -> tuple[str, ...]:
    if not isinstance(key, str):
        text = repr(key)
        return (text if len(text) <= _LONGEST_KEY else f"{text[:_LONGEST_KEY]}…",)
    if len(key) > _LONGEST_KEY:
        return (f"{key[:_LONGEST_KEY]}…",)
    return tuple(key.split(".", _MOST_PARTS - 1)) if key else ("(empty)",)
