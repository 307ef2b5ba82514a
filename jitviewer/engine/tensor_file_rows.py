"""The tree of a file of tensors as rows: what names have in common, tensors and values below it."""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Any, Final

from jitcore.archive import LazyTensor
from jitcore.archive.tensor_files import SavedNote
from jitcore.archive.tensors import LazyStorage
from jitcore.archive.values import Device, SavedDict, SavedList
from jitcore.diagnose.tensor_diff import describe_tensor
from jitcore.ir import collection_paused
from jitviewer.protocol.bounds import LARGEST
from jitviewer.protocol.rows import TreeRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitcore.archive.tensor_files import TensorFile

_LONGEST: Final = 200

_MOST_BRANCHES: Final = 50_000
"""Beginnings of names that become rows of their own; the names after them stay whole. Modules in checkpoints
of the largest models are a tenth of it."""


@collection_paused()
def tensor_file_rows(tensors: TensorFile) -> list[TreeRow]:
    """All rows, parents before children; row ids count from 1 and 0 is no parent."""
    rows: list[TreeRow] = []
    uses: dict[int, int] = {}
    for tensor in tensors.tensors.values():
        if tensor.storage is None:
            continue
        uses[id(tensor.storage)] = uses.get(id(tensor.storage), 0) + 1
    pending: list[tuple[int, _Branch]] = [(0, _branches(tensors, uses))]
    while pending:
        parent, branch = pending.pop()
        number = parent
        if branch.has_value:
            tensor = branch.value if isinstance(branch.value, LazyTensor) else None
            is_shared = tensor is not None and uses.get(id(tensor.storage), 0) > 1
            rows.append(_value_row(len(rows) + 1, parent, branch, is_shared))
        if branch.below or not branch.has_value:
            number = len(rows) + 1
            size, elements = branch.sums()
            detail = _counted(branch.count(), elements)
            size, elements = min(size, LARGEST), min(elements, LARGEST)
            if not parent:
                detail = _root_text(tensors, detail)
            rows.append(
                TreeRow(number, parent, "module", branch.name, branch.path, detail, size, elements=elements)
            )
        pending.extend((number, child) for child in reversed(branch.below.values()))
    for name, text in tensors.metadata.items():
        rows.append(TreeRow(len(rows) + 1, 1, "attribute", name, "", _shortened(text), 0))
    return rows


class _Branch:
    """What names begin with.

    Bytes and elements of tensors that share their storage, `bytes` and `tensors`, are counted once each; of
    the others, nearly all, there are only the sums.
    """

    __slots__ = (
        "below", "bytes", "has_value", "lone_bytes", "lone_count", "lone_elements", "name", "path", "tensors",
        "value",
    )  # fmt: skip

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path
        # Most are leaves, of which there may be hundreds of thousands.
        self.below: dict[str, _Branch] = _NOTHING
        self.bytes: dict[int, int] = _NOTHING
        self.tensors: dict[object, int] = _NOTHING
        self.lone_bytes = self.lone_elements = self.lone_count = 0
        self.value: object = None
        self.has_value = False

    def child(self, part: str) -> _Branch:
        """The branch for the next part of a name, made if there is none."""
        if self.below is _NOTHING:
            self.below = {}
        found = self.below.get(part)
        if found is None:
            found = self.below[part] = _Branch(part, f"{self.path}.{part}" if self.path else part)
        return found

    def sums(self) -> tuple[int, int]:
        """Bytes and elements."""
        return self.lone_bytes + sum(self.bytes.values()), self.lone_elements + sum(self.tensors.values())

    def count(self) -> int:
        """Number of tensors."""
        return self.lone_count + len(self.tensors)


_NOTHING: Final[dict[Any, Any]] = {}


def _branches(tensors: TensorFile, uses: Mapping[int, int]) -> _Branch:
    root = _Branch("(root)", "")
    room = _MOST_BRANCHES
    for entry in tensors.entries:
        branch = root
        is_shared = isinstance(entry.value, LazyTensor) and uses.get(id(entry.value.storage), 2) > 1
        parts = entry.parts
        for number, part in enumerate(parts):
            _count(branch, entry.value, is_shared)
            if number + 1 < len(parts) and part not in branch.below:
                if not room:
                    part = ".".join(parts[number:])
                else:
                    room -= 1
            branch = branch.child(part)
            if branch.path == entry.name:
                break
        branch.value, branch.has_value = entry.value, True
        _count(branch, entry.value, is_shared)
    return root


def _count(branch: _Branch, value: object, is_shared: bool) -> None:
    if isinstance(value, LazyTensor):
        if not is_shared:
            branch.lone_bytes += value.nbytes
            branch.lone_elements += value.numel
            branch.lone_count += 1
            return
        if branch.bytes is _NOTHING:
            branch.bytes, branch.tensors = {}, {}
        storage = value.storage
        key = id(storage) if storage is not None else id(value)
        branch.bytes[key] = max(branch.bytes.get(key, 0), value.nbytes)
        # Weights that are tied are tensors of their own over the same elements.
        same = (key, value.offset, value.shape, value.strides) if storage is not None else key
        branch.tensors[same] = value.numel


def _value_row(number: int, parent: int, branch: _Branch, is_shared: bool) -> TreeRow:
    value = branch.value
    place = branch.path[: -len(branch.name) - 1]
    if not isinstance(value, LazyTensor):
        return TreeRow(number, parent, "attribute", branch.name, place, _value_text(value), 0)
    text = describe_tensor(value) + (", shares its storage" if is_shared else "")
    kind = "parameter" if value.is_parameter else "tensor"
    size, elements = min(value.nbytes, LARGEST), min(value.numel, LARGEST)
    return TreeRow(number, parent, kind, branch.name, place, text, size, elements=elements)


def _root_text(tensors: TensorFile, counted: str) -> str:
    root = tensors.root
    beside = root.beside if isinstance(root, SavedDict) else None
    parts = [tensors.kind, counted or "no tensors"]
    if isinstance(root, SavedDict) and root.type_tag:
        parts.insert(1, root.type_tag)
    if beside is not None:
        parts.append(f"with {', '.join(_shortened(str(key)) for key in list(beside)[:3])}")
    return ", ".join(parts)


def _counted(count: int, elements: int) -> str:
    if not count:
        return ""
    return f"{count:,} tensor{'' if count == 1 else 's'}, {elements:,} element{'' if elements == 1 else 's'}"


def _value_text(value: object) -> str:
    """A value on one line with its type, of a long one its beginning."""
    if isinstance(value, SavedNote):
        return value.text
    if isinstance(value, LazyStorage):
        return f"storage, {value.numel:,} elements of {value.element.name}"
    if isinstance(value, Device):
        return f"device = {value.name}"
    if isinstance(value, SavedDict | SavedList):
        kind = value.type_tag or ("dict" if isinstance(value, SavedDict) else "list")
        if isinstance(value, SavedDict) and value:
            return f"{kind}, {len(value):,} items"
        return f"{kind} = {_REPR.repr(value)}"
    return "None" if value is None else f"{type(value).__name__} = {_REPR.repr(value)}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


class _Repr(reprlib.Repr):
    """Writes containers of pickles as Python writes its own, and of long ones the beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxdict, self.maxlist, self.maxtuple = 3, 5, 20, 20
        self.maxstring = self.maxother = _LONGEST

    def repr1(self, x: object, level: int) -> str:
        if isinstance(x, SavedList):
            return self.repr_list(x, level)
        return self.repr_dict(x, level) if isinstance(x, SavedDict) else super().repr1(x, level)


_REPR: Final = _Repr()
