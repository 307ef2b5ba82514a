"""Operators that compute each element by itself, and operators that broadcast."""

from __future__ import annotations

from typing import Any


def same(given: list[int]) -> list[int]:
    """Sizes like those of the first tensor."""
    sizes: list[int] = []
    for size in given:
        sizes.append(size)
    return sizes


def scalar(given: Any) -> list[int]:
    """No dimensions, whatever is given."""
    sizes: list[int] = []
    return sizes


def broadcast(first: list[int], second: list[int]) -> list[int]:
    """The sizes that two tensors are expanded to."""
    first_rank = len(first)
    second_rank = len(second)
    rank = max(first_rank, second_rank)
    sizes: list[int] = []
    for place in range(rank):
        from_the_end = rank - 1 - place
        first_place = first_rank - 1 - from_the_end
        second_place = second_rank - 1 - from_the_end
        one = first[first_place] if first_place >= 0 else 1
        other = second[second_place] if second_place >= 0 else 1
        if one != other and one != 1 and other != 1:
            raise AssertionError("sizes {} and {} do not fit in dimension {}".format(one, other, place))
        sizes.append(other if one == 1 else one)
    return sizes


def broadcast_three(first: list[int], second: list[int], third: list[int]) -> list[int]:
    """The sizes that three tensors are expanded to."""
    return broadcast(broadcast(first, second), third)


def broadcast_first_and_third(first: list[int], second: Any, third: list[int]) -> list[int]:
    """The sizes that two tensors are expanded to, with a number between them."""
    return broadcast(first, third)


def broadcast_into(written: list[int], other: list[int]) -> list[int]:
    """The sizes of a tensor that another one is expanded to, and written into."""
    rank = len(written)
    other_rank = len(other)
    if other_rank > rank:
        raise AssertionError("{} dimensions do not fit into {}".format(other_rank, rank))
    for place in range(rank):
        other_place = other_rank - rank + place
        here = written[place]
        there = other[other_place] if other_place >= 0 else 1
        if here != there and there != 1:
            raise AssertionError("sizes {} and {} do not fit in dimension {}".format(here, there, place))
    return same(written)
