"""Short texts of values for a person to read: a type, and what a glance should tell."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.distinct_elements import distinct_elements, first_elements
from jitcore.exec.runtime_types import type_text
from jitcore.ir import EnumValue, ScriptObject
from jitcore.ops.kernels.byte_strings import whole
from jitviewer.protocol.bounds import NAME, cut
from jitviewer.protocol.rows import ValueRow

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ROWS = 100
MOST_SHOWN = 6
MOST_LEVELS = 16
"""Containers in containers that are taken apart."""

_MOST_TEXT = 200
_MOST_KEY = 100
_MOST_COUNTED = 1_000_000
"""Values that are counted where they are not shown; there may be more of them than anyone can count."""


def value_rows(name: str, value: Any) -> list[ValueRow]:
    """One row per value; containers are taken apart, up to `MOST_ROWS` rows."""
    leaves = _leaves(name, value, MOST_LEVELS)
    rows = [ValueRow(at, type_text(item), short_text(item)) for at, item in islice(leaves, MOST_ROWS)]
    hidden = sum(1 for _ in islice(leaves, _MOST_COUNTED))
    if hidden:
        rows.append(ValueRow("...", "", f"{hidden} {'or ' * (hidden == _MOST_COUNTED)}more"))
    return rows


def _leaves(name: str, value: Any, levels: int) -> Iterator[tuple[str, Any]]:
    """The values in containers with their places. A list may hold itself, or another one many times."""
    if levels and isinstance(value, tuple | list) and value and not _is_plain(value):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _leaves(f"{name}[{index}]", item, levels - 1)
    elif levels and isinstance(value, dict) and value:
        for key, item in cast("dict[Any, Any]", value).items():
            yield from _leaves(f"{name}[{_key_text(key)}]", item, levels - 1)
    else:
        yield cut(name, NAME), value


def _key_text(key: Any) -> str:
    if isinstance(key, str):
        return _quoted(key) if len(key) <= _MOST_KEY else cut(_quoted(key[: _MOST_KEY + 1]), _MOST_KEY)
    return repr(key) if isinstance(key, int | float) else "..."


def _quoted(text: str | bytes) -> str:
    """As `repr`; a string in which a character was cut apart shows as the bytes that it is."""
    if isinstance(text, str) and not text.isascii():
        try:
            return repr(whole(text))
        except UnicodeDecodeError:
            return repr(text.encode("utf-8", "surrogateescape"))
    return repr(text)


def _is_plain(value: Any) -> bool:
    return all(isinstance(item, bool | int | float | complex | str) for item in value)


def short_text(value: Any) -> str:
    """At most a line."""
    if isinstance(value, torch.Tensor):
        return tensor_text(value)
    if isinstance(value, ScriptObject):
        return cut(f"object of {value.type.qualified_name}", NAME)
    if isinstance(value, EnumValue):
        return cut(value.name, NAME)
    text = _beginning(value, MOST_LEVELS)
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 3] + "..."


def _beginning(value: Any, levels: int) -> str:
    """As `repr`, as far as anything of it is shown: a list of a million texts is not written out."""
    if isinstance(value, str | bytes):
        return _quoted(value[:_MOST_TEXT])
    if not isinstance(value, list | tuple) or not levels:
        return repr(value) if not isinstance(value, list | tuple | dict) else "..."
    items = [_beginning(item, levels - 1)[:_MOST_TEXT] for item in cast("list[Any]", value[:_MOST_TEXT])]
    if isinstance(value, list):
        return f"[{', '.join(items)}]"
    return f"({', '.join(items)}{',' * (len(items) == 1)})"


def tensor_text(tensor: torch.Tensor) -> str:
    """The first elements, and of a larger tensor the least, mean and greatest."""
    if tensor.layout != torch.strided or tensor.device.type == "meta":
        return f"{str(tensor.layout).removeprefix('torch.')} tensor"
    count = tensor.numel()
    if not count:
        return "no elements"
    dense = tensor.detach()
    shown = ", ".join(_number(item) for item in first_elements(dense, MOST_SHOWN))
    if count <= MOST_SHOWN:
        return shown
    text = f"{shown}, ..."
    distinct = distinct_elements(dense)
    if dense.is_complex() or dense.dtype == torch.bool or distinct is None:
        return text
    # Equally many elements are each of the distinct ones, so their mean is that of all.
    wide = (distinct.dequantize() if distinct.is_quantized else distinct).cpu().to(torch.float64)
    least, mean, most = wide.min().item(), wide.mean().item(), wide.max().item()
    summary = f"min {_number(least)}, mean {_number(mean)}, max {_number(most)}"
    nans = int(torch.isnan(wide).sum()) * (count // wide.numel())
    return f"{summary}{f', {nans} NaN' if nans else ''}: {text}"


def _number(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float | complex) else str(value)
