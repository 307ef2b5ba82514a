"""What is known of sizes: numbers, symbols, or nothing."""

from __future__ import annotations

from typing import NamedTuple

Sizes = tuple[int, ...]
"""A number for each dimension of a tensor: its size, or below zero its symbol."""


class Dimension(NamedTuple):
    """An element of a list of sizes: a number, a symbol (which stands for a size), or neither is known."""

    number: int | None = None
    symbol: int | None = None


class Given(NamedTuple):
    """An argument of a shape function whose value is known."""

    value: object


class Listed(NamedTuple):
    """An argument of a shape function that is a list, of which nothing is known if that is None."""

    dimensions: tuple[Dimension, ...] | None = None


Argument = Given | Listed


def listed(sizes: Sizes | None) -> Listed:
    """The sizes of a tensor as a list that is given."""
    if sizes is None:
        return Listed()
    return Listed(tuple(Dimension(number=size) if size >= 0 else Dimension(symbol=size) for size in sizes))
