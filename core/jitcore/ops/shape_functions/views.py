"""Tensors that look at the elements of others in another way."""

from __future__ import annotations

from typing import Any, Optional

from jitcore.ops.shape_functions.places import elements, wrapped
from jitcore.ops.shape_functions.pointwise import same


def expand(given: list[int], wanted: list[int]) -> list[int]:
    """Sizes of `aten::expand`: sizes of one become what is wanted, -1 leaves a size as it is."""
    assert len(wanted) >= len(given)
    rank = len(wanted)
    given_rank = len(given)
    if rank == 0:
        return same(wanted)
    sizes: list[int] = []
    for place in range(rank):
        from_the_end = rank - 1 - place
        given_place = given_rank - 1 - from_the_end
        size = given[given_place] if given_place >= 0 else 1
        target = wanted[place]
        if target == -1:
            assert given_place >= 0
            target = size
        if size != target:
            assert size == 1
            size = target
        sizes.append(size)
    return sizes


def expand_implicitly(given: list[int], wanted: list[int], implicit: Any) -> list[int]:
    """Sizes of `aten::expand`, however it came about."""
    return expand(given, wanted)


def view(given: list[int], wanted: list[int]) -> list[int]:
    """Sizes of `aten::view`: one that is -1 becomes what the number of elements leaves for it."""
    total = elements(given)
    known = 1
    open_place: Optional[int] = None
    for place in range(len(wanted)):
        if wanted[place] == -1:
            if open_place is not None:
                raise AssertionError("only one size may be left open")
            open_place = place
        elif wanted[place] >= 0:
            known *= wanted[place]
        else:
            raise AssertionError("a size below zero")
    if not (total == known or (open_place is not None and known > 0 and total % known == 0)):
        raise AssertionError("another number of elements")
    sizes = same(wanted)
    if open_place is not None:
        sizes[open_place] = total // known
    return sizes


def unsqueeze(given: list[int], dim: int) -> list[int]:
    """Sizes of `aten::unsqueeze`."""
    place = wrapped(dim, len(given) + 1)
    sizes = same(given)
    sizes.insert(place, 1)
    return sizes


def squeeze_all(given: list[int]) -> list[int]:
    """Sizes of `aten::squeeze`: those that are not one."""
    sizes: list[int] = []
    for place in range(len(given)):
        if given[place] != 1:
            sizes.append(given[place])
    return sizes


def squeeze(given: list[int], dim: int) -> list[int]:
    """Sizes of `aten::squeeze.dim`."""
    sizes: list[int] = []
    squeezed = wrapped(dim, len(given))
    for place in range(len(given)):
        if place == squeezed:
            if given[place] != 1:
                sizes.append(given[place])
        else:
            sizes.append(given[place])
    return sizes


def squeeze_some(given: list[int], dims: list[int]) -> list[int]:
    """Sizes of `aten::squeeze.dims`."""
    if len(dims) == 0:
        return given
    squeezed = same(dims)
    for index in range(len(dims)):
        squeezed[index] = wrapped(squeezed[index], len(given))
    sizes: list[int] = []
    for place in range(len(given)):
        if given[place] == 1:
            if place not in squeezed:
                sizes.append(given[place])
        else:
            sizes.append(given[place])
    return sizes


def transpose_matrix(given: list[int]) -> list[int]:
    """Sizes of `aten::t`."""
    assert len(given) <= 2
    rank = len(given)
    if rank == 0:
        sizes: list[int] = []
        return sizes
    elif rank == 1:
        return [given[0]]
    else:
        return [given[1], given[0]]


def transpose(given: list[int], first: int, second: int) -> list[int]:
    """Sizes of `aten::transpose.int`."""
    rank = len(given)
    first = wrapped(first, rank)
    second = wrapped(second, rank)
    if first == second:
        return same(given)
    sizes: list[int] = []
    for place in range(rank):
        if place == first:
            sizes.append(given[second])
        elif place == second:
            sizes.append(given[first])
        else:
            sizes.append(given[place])
    return sizes


def permute(given: list[int], dims: list[int]) -> list[int]:
    """Sizes of `aten::permute`."""
    assert len(given) == len(dims)
    rank = len(dims)
    taken: list[int] = []
    sizes: list[int] = []
    for index in range(rank):
        place = wrapped(dims[index], rank)
        taken.append(place)
        sizes.append(given[place])
    for index in range(1, rank):
        for earlier in range(index):
            assert taken[index] != taken[earlier]
    return sizes


def move_dimensions(given: list[int], source: list[int], destination: list[int]) -> list[int]:
    """Sizes of `aten::movedim.intlist`."""
    rank = len(given)
    if rank <= 1:
        return given
    sources: list[int] = []
    destinations: list[int] = []
    for index in range(len(source)):
        sources.append(wrapped(source[index], rank))
        destinations.append(wrapped(destination[index], rank))
    order = [-1 for _place in range(rank)]
    free_sources = [place for place in range(rank)]
    free_destinations = [place for place in range(rank)]
    for index in range(len(source)):
        order[destinations[index]] = sources[index]
        free_sources[sources[index]] = -1
        free_destinations[destinations[index]] = -1
    left_sources: list[int] = []
    left_destinations: list[int] = []
    for place in free_sources:
        if place != -1:
            left_sources.append(place)
    for place in free_destinations:
        if place != -1:
            left_destinations.append(place)
    for index in range(rank - len(source)):
        order[left_destinations[index]] = left_sources[index]
    return permute(given, order)


def flatten(given: list[int], start: int, end: int) -> list[int]:
    """Sizes of `aten::flatten.using_ints`."""
    start = wrapped(start, len(given))
    end = wrapped(end, len(given))
    assert start <= end
    if len(given) == 0:
        return [1]
    if start == end:
        return same(given)
    together = 1
    for place in range(start, end + 1):
        together *= given[place]
    sizes: list[int] = []
    for place in range(start):
        sizes.append(given[place])
    sizes.append(together)
    for place in range(end + 1, len(given)):
        sizes.append(given[place])
    return sizes
