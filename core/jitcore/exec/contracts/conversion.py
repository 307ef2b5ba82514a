"""Conversions by the number of an element type, which torch takes for granted."""

from __future__ import annotations

from jitcore.exec.contracts.given import Contract, Given

_MOST_TYPES = 45
"""The highest number of an element type."""


def _typed(given: Given) -> None:
    """Nothing converted is nothing copied either: there must be a type then, or a device."""
    if given["dtype"] is not None:
        given.number_between("dtype", 0, _MOST_TYPES)
    elif not given.has("device") and (given["copy"] or given["non_blocking"]):
        given.refuse("dtype is missing")


CONTRACTS: dict[str, Contract] = dict.fromkeys(("aten::to.prim_dtype", "aten::to.prim_Device"), _typed)
