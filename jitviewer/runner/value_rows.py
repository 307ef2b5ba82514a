"""Short texts of values for a person to read: a type, and what a glance should tell."""

from __future__ import annotations

from typing import Any, cast

import torch

from jitcore.exec.runtime_types import type_text
from jitcore.ir import EnumValue, ScriptObject
from jitviewer.protocol.rows import ValueRow

MOST_ROWS = 100
MOST_SHOWN = 6
_MOST_TEXT = 200


def value_rows(name: str, value: Any) -> list[ValueRow]:
    """One row per value; containers are taken apart, up to `MOST_ROWS` rows."""
    rows: list[ValueRow] = []
    _collect(name, value, rows)
    if len(rows) > MOST_ROWS:
        hidden = len(rows) - MOST_ROWS
        rows[MOST_ROWS:] = [ValueRow("...", "", f"{hidden} more")]
    return rows


def _collect(name: str, value: Any, rows: list[ValueRow]) -> None:
    if isinstance(value, tuple | list) and value and not _is_plain(value):
        for index, item in enumerate(cast("list[Any]", value)):
            _collect(f"{name}[{index}]", item, rows)
    elif isinstance(value, dict) and value:
        for key, item in cast("dict[Any, Any]", value).items():
            _collect(f"{name}[{key!r}]" if isinstance(key, str | int | float) else f"{name}[...]", item, rows)
    else:
        rows.append(ValueRow(name, type_text(value), short_text(value)))


def _is_plain(value: Any) -> bool:
    return all(isinstance(item, bool | int | float | complex | str) for item in value)


def short_text(value: Any) -> str:
    """At most a line."""
    if isinstance(value, torch.Tensor):
        return tensor_text(value)
    if isinstance(value, ScriptObject):
        return f"object of {value.type.qualified_name}"
    if isinstance(value, EnumValue):
        return value.name
    text = repr(value)
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 3] + "..."


def tensor_text(tensor: torch.Tensor) -> str:
    """The first elements, and of a larger tensor the least, mean and greatest."""
    if tensor.layout != torch.strided or tensor.device.type == "meta":
        return f"{str(tensor.layout).removeprefix('torch.')} tensor"
    dense = tensor.detach()
    dense = (dense.dequantize() if dense.is_quantized else dense).cpu()
    if not dense.numel():
        return "no elements"
    shown = ", ".join(_number(item) for item in dense.reshape(-1)[:MOST_SHOWN].tolist())
    if dense.numel() <= MOST_SHOWN:
        return shown
    text = f"{shown}, ..."
    if dense.is_complex() or dense.dtype == torch.bool:
        return text
    wide = dense.to(torch.float64)
    least, mean, most = wide.min().item(), wide.mean().item(), wide.max().item()
    summary = f"min {_number(least)}, mean {_number(mean)}, max {_number(most)}"
    nans = int(torch.isnan(wide).sum())
    return f"{summary}{f', {nans} NaN' if nans else ''}: {text}"


def _number(value: float | complex) -> str:
    return f"{value:.5g}" if isinstance(value, float | complex) else str(value)
