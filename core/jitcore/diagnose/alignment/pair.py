"""Two nodes that do the same in two graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["place", "replaced", "dataflow", "order", "operand"]
"""What two nodes were paired by: place in the source and operator; place alone, with another operator;
operator and what flows in or out; operator and order between pairs; or the same operand of a pair."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A node of the left graph and one of the right, by their ids.

    `left_turns` say which turn of each loop around `left` this pair stands for, outermost first, of the loops
    that the right graph does not have; () where it has all of them, and then the pair stands for every turn.
    `right_turns` are the same the other way round.
    """

    left: int
    right: int
    how: How
    left_turns: tuple[int, ...] = ()
    right_turns: tuple[int, ...] = ()
