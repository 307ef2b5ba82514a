"""Strings: length, single characters, slices, and where something is found in them."""

from __future__ import annotations

from jitcore.ops.kernels.byte_strings import bytewise, mended
from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.lists import slice_of
from jitcore.ops.kernels.registry import op


@op("aten::len.str(str s) -> int")
@bytewise
def length(s: str) -> int:
    """Number of bytes."""
    return len(s)


@op("aten::add.str(str a, str b) -> str")
def concatenate(a: str, b: str) -> str:
    """One string after the other."""
    return mended(a + b)


@op("aten::__getitem__.str(str s, int index) -> str", "prim::StringIndex(str string, int index) -> str")
@bytewise
def get_item(s: str, index: int) -> str:
    """The byte at an index, which may count from the end."""
    place = index + len(s) if index < 0 else index
    if not 0 <= place < len(s):
        shown = place & ((1 << 64) - 1)
        raise TorchScriptError(
            f"basic_string::at: __n (which is {shown}) >= this->size() (which is {len(s)})"
        )
    return s[place]


@op("aten::slice.str(str string, int? start=None, int? end=None, int step=1) -> str")
@bytewise
def slice_text(string: str, start: int | None, end: int | None, step: int) -> str:
    """The bytes from `start` to `end`, every `step`-th."""
    return string[slice_of(start, end, step)]


def _bounds(size: int, start: int, end: int) -> tuple[int, int]:
    """Ends counted from the front; -1 as `end` means the whole string, unlike in Python."""
    return max(0, size + start) if start < 0 else start, max(0, size + end + 1) if end < 0 else end


def _part(self: str, start: int, end: int) -> str:
    if start > len(self):
        raise TorchScriptError(
            f"basic_string::substr: __pos (which is {start}) > this->size() (which is {len(self)})"
        )
    return self[start:] if end < start else self[start:end]


@op("aten::startswith(str self, str substr, int start=0, int end=-1) -> bool")
@bytewise
def startswith(self: str, substr: str, start: int, end: int) -> bool:
    """Whether the part from `start` to `end` begins with `substr`."""
    return _part(self, *_bounds(len(self), start, end)).startswith(substr)


@op("aten::endswith(str self, str substr, int start=0, int end=-1) -> bool")
@bytewise
def endswith(self: str, substr: str, start: int, end: int) -> bool:
    """Whether the part from `start` to `end` ends with `substr`."""
    return _part(self, *_bounds(len(self), start, end)).endswith(substr)


def _find(self: str, substr: str, start: int, end: int, last: bool) -> int:
    start, end = _bounds(len(self), start, end)
    part = _part(self, start, end) if end > start else ""
    place = part.rfind(substr) if last else part.find(substr)
    return place if place < 0 else place + start


@op("aten::find(str self, str substr, int start=0, int end=-1) -> int")
@bytewise
def find(self: str, substr: str, start: int, end: int) -> int:
    """Where `substr` begins first, -1 if nowhere."""
    return _find(self, substr, start, end, last=False)


@op("aten::rfind(str self, str substr, int start=0, int end=-1) -> int")
@bytewise
def rfind(self: str, substr: str, start: int, end: int) -> int:
    """Where `substr` begins last, -1 if nowhere."""
    return _find(self, substr, start, end, last=True)


@op("aten::index.str(str self, str substr, int start=0, int end=-1) -> int")
@bytewise
def index_of(self: str, substr: str, start: int, end: int) -> int:
    """Where `substr` begins first; raises if nowhere."""
    return _found(_find(self, substr, start, end, last=False))


@op("aten::rindex(str self, str substr, int start=0, int end=-1) -> int")
@bytewise
def rindex_of(self: str, substr: str, start: int, end: int) -> int:
    """Where `substr` begins last; raises if nowhere."""
    return _found(_find(self, substr, start, end, last=True))


def _found(place: int) -> int:
    if place < 0:
        raise TorchScriptError("ValueError: substring not found")
    return place


@op("aten::count(str self, str substr, int start=0, int end=-1) -> int")
@bytewise
def count(self: str, substr: str, start: int, end: int) -> int:
    """How often `substr` begins between `start` and `end`, without overlap."""
    if start > len(self):
        return 0
    start, end = _bounds(len(self), start, end)
    occurrences = 0
    place = self.find(substr, start)
    while 0 <= place < end:
        occurrences += 1
        place = self.find(substr, place + max(1, len(substr)))
    return occurrences
