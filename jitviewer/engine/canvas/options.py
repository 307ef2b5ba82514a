"""What a person chose to see on the canvas beside what is open."""

from __future__ import annotations

from typing import NamedTuple


class Options(NamedTuple):
    """`shows_constants`: every constant and attribute read has a box. `with_constants`: nodes, by id, whose
    own constants have one. `merges_repeats`: equal parts in a row are shown once; `unrolled` are the
    repeats, by id, that are shown in full nevertheless."""

    shows_constants: bool = False
    with_constants: frozenset[int] = frozenset()
    merges_repeats: bool = False
    unrolled: frozenset[str] = frozenset()
