"""Where definitions stand: with comments for types, under decorators, further right, with nothing returned."""

from collections.abc import Callable
from typing import Dict, List, NamedTuple, Optional, Tuple, TypeVar

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)
F = TypeVar("F", bound=Callable)


def plain(function: F) -> F:
    return function


@programs.script((X, 3))
@plain
def decorated_with_comment(x, n):
    # type: (Tensor, int) -> None
    y = x * n


if True:

    @programs.script((1,))
    @plain
    def further_right_with_comment(n):
        # type: (int) -> None
        m = n + 1

    @programs.script((1, [2]))
    @plain
    def further_right_with_comments(
        n,  # type: int
        ns,  # type: List[int]
    ):
        # type: (...) -> None
        m = n + ns[0]

    if True:

        @programs.script((1,))
        @plain
        def far_right_with_comment(n):
            # type:     (int) -> None
            m = n + 1

        @programs.script((1,))
        @plain
        def far_right(n: int) -> None:
            m = n + 1


class Spelled(NamedTuple):
    xs: "List[float]"
    n: "Optional[int]"
    pair: "Tuple[int, str]"


class WithDefaults(NamedTuple):
    names: List[str] = ["a", "b"]
    sizes: Dict[str, float] = {"x": 0.5, "y": 1e16}
    pair: Tuple[int] = (1,)
    turn: complex = 1.5 - 2j


@programs.script((X,))
def fields_spelled_in_quotes(x: Tensor) -> float:
    made = Spelled([1.0, x.sum().item()], None, (1, "a"))
    return made.xs[0] + made.pair[0]


@programs.script()
def defaults_of_containers() -> List[WithDefaults]:
    return [WithDefaults(), WithDefaults(["c"])]


@programs.script()
def number_of_none() -> bool:
    return id(None) == 0
