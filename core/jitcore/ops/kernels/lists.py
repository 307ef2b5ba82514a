"""Lists: reading, changing, slicing, copying."""

from __future__ import annotations

from typing import Any

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import INT_MAX, INT_MIN, wrap
from jitcore.ops.kernels.registry import op

Values = list[Any]


def place(index: int, size: int) -> int:
    """`index` counted from the front; raises when it is outside of a list of `size`."""
    if index < 0:
        index += size
    if not 0 <= index < size:
        raise TorchScriptError("list index out of range")
    return index


def slice_of(start: int | None, end: int | None, step: int) -> slice:
    """The slice that TorchScript means; the greatest integer stands for an end left out."""
    if step == 0:
        raise TorchScriptError("List slice should have non-zero step")
    if step == INT_MIN:
        raise TorchScriptError("List slice step is out of bounds")
    return slice(None if start == INT_MAX else start, None if end == INT_MAX else end, step)


@op("aten::len.t(t[] a) -> int", "aten::len.any(Any[] a) -> int")
def length(a: Values) -> int:
    """Number of elements."""
    return len(a)


@op("aten::__getitem__.t(t[](a) list, int idx) -> t(*)", "aten::select.t(t[](a) list, int idx) -> t(*)")
def get_item(list: Values, idx: int) -> Any:
    """Element at an index, which may count from the end."""
    try:
        return list[idx]
    except IndexError:
        raise TorchScriptError("list index out of range") from None


@op("aten::_set_item.t(t[](a!) l, int idx, t(b -> *) el) -> t[](a!)")
def set_item(values: Values, idx: int, el: Any) -> Values:
    """Replace an element."""
    values[place(idx, len(values))] = el
    return values


@op("aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)")
def append(self: Values, el: Any) -> Values:
    """Add an element at the end."""
    self.append(el)
    return self


@op("aten::extend.t(t[](a!) self, t[] other) -> ()")
def extend(self: Values, other: Values) -> None:
    """Add the elements of another list."""
    self.extend(other)


@op("aten::insert.t(t[](a!) self, int idx, t(b -> *) el) -> ()")
def insert(self: Values, idx: int, el: Any) -> None:
    """Put an element before the one at an index; outside of the list at its nearer end."""
    self.insert(idx, el)


@op("aten::pop.t(t[](a!) self, int idx=-1) -> t(*)")
def pop(self: Values, idx: int) -> Any:
    """Remove an element and give it."""
    if not self:
        raise TorchScriptError("pop from empty list")
    return self.pop(place(idx, len(self)))


@op("aten::Delete.t(t[](a!) self, int idx) -> ()")
def delete(self: Values, idx: int) -> None:
    """Remove an element."""
    if not self:
        raise TorchScriptError("pop index out of range")
    del self[place(idx, len(self))]


@op("aten::clear.t(t[](a!) self) -> ()")
def clear(self: Values) -> None:
    """Remove all elements."""
    self.clear()


@op("aten::reverse.t(t[](a!) self) -> ()")
def reverse(self: Values) -> None:
    """Turn the order around."""
    self.reverse()


@op("aten::copy.t(t[](a) self) -> t[]", "aten::list.t(t[] l) -> t[]")
def copy(self: Values) -> Values:
    """A new list of the same elements."""
    return list(self)


@op("aten::Size(int[] sizes) -> int[]")
def size(sizes: list[int]) -> list[int]:
    """The list itself; a size is a list of ints."""
    return sizes


@op("aten::add.t(t[] a, t[] b) -> t[]")
def concatenate(a: Values, b: Values) -> Values:
    """A new list: the elements of both."""
    return a + b


@op("aten::add_.t(t[](a!) self, t[] b) -> t[]")
def concatenate_in_place(self: Values, b: Values) -> Values:
    """Add the elements of another list, and give the list."""
    self.extend(b)
    return self


@op("aten::mul.left_t(t[] l, int n) -> t[]")
def repeat(values: Values, n: int) -> Values:
    """A new list: the elements `n` times over."""
    return values * n


@op("aten::mul.right_(int n, t[] l) -> t[]")
def repeated(n: int, values: Values) -> Values:
    """A new list: the elements `n` times over."""
    return values * n


@op("aten::mul_.t(t[](a!) l, int n) -> t[](a!)")
def repeat_in_place(values: Values, n: int) -> Values:
    """Repeat the elements within the list."""
    values *= n
    return values


@op("aten::slice.t(t[] l, int? start=None, int? end=None, int step=1) -> t[]")
def slice_list(values: Values, start: int | None, end: int | None, step: int) -> Values:
    """A new list of the elements from `start` to `end`, every `step`-th."""
    return values[slice_of(start, end, step)]


@op("aten::list(str t) -> str[]")
def list_of_text(t: str) -> list[str]:
    """The bytes of a string, a string each."""
    if t.isascii():
        return list(t)
    return [bytes([byte]).decode("utf-8", "surrogateescape") for byte in t.encode("utf-8", "surrogateescape")]


@op("prim::rangelist(int n) -> int[]")
def range_list(n: int) -> list[int]:
    """The numbers from 0 to n - 1."""
    return list(range(n))


@op("aten::__range_length(int lo, int hi, int step) -> int")
def range_length(lo: int, hi: int, step: int) -> int:
    """How many numbers a range has."""
    if step == 0:
        raise TorchScriptError("range() arg 3 must not be zero")
    # `len` of a Python range refuses what needs more than 63 bits, which wraps around here.
    numbers = range(lo, hi, step)
    return wrap((numbers[-1] - lo) // step + 1) if numbers else 0


@op("aten::__derive_index(int index, int start, int step) -> int")
def derive_index(index: int, start: int, step: int) -> int:
    """Number `index` of a range."""
    return wrap(start + index * step)
