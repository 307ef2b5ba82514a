"""Dimensions counted from the front or the back, and how many elements sizes make."""

from __future__ import annotations


def wrapped(dim: int, rank: int) -> int:
    """A dimension counted from the front; a tensor without dimensions is taken for one that has one."""
    if rank <= 0:
        rank = 1
    lowest = -rank
    highest = rank - 1
    assert not (dim < lowest or dim > highest)
    if dim < 0:
        dim += rank
    return dim


def elements(sizes: list[int]) -> int:
    """How many elements a tensor of these sizes has."""
    product = 1
    for size in sizes:
        product *= size
    return product
