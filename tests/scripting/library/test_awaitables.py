"""Work that is done when it is waited for: what is read of its result, tests of its type, and in and out of Python."""

from typing import Any, Dict, List, NamedTuple, Tuple

import pytest
import torch
from torch import Tensor
from torch._awaits import _Await as Await

import jitcore
from tests.differential.script_modules.comparison import renumbered
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)
X = torch.ones(2)


class Point:
    def __init__(self, a: Tensor):
        self.a = a
        self.n = 3

    def plus(self, k: int) -> int:
        return self.n + k


class Pair(NamedTuple):
    x: Tensor
    k: int


def point(x: Tensor) -> Point:
    return Point(x * 2)


def doubled(x: Tensor) -> Tensor:
    return x * 2


def pair(x: Tensor) -> Pair:
    return Pair(x, 2)


def numbers(x: Tensor) -> List[int]:
    return [1, 2]


def of_an_object(x: Tensor):
    w: Await[Point] = torch.jit._awaitable(point, x)
    return w.a + w.n + w.plus(3)


def of_a_tensor(x: Tensor):
    w = torch.jit._awaitable(doubled, x)
    return w.shape, w.sum(), w.size(0), w.dtype


def of_a_named_tuple(x: Tensor):
    w = torch.jit._awaitable(pair, x)
    return w.x, w.k


def of_a_list(x: Tensor):
    w = torch.jit._awaitable(numbers, x)
    w.append(3)
    return torch.jit._awaitable_wait(w)


def kind(x: Tensor):
    w = torch.jit._awaitable(doubled, x)
    return isinstance(w, torch.jit._Await), isinstance(x, torch.jit._Await), isinstance(w, Tensor)


def kind_of_more(x: Tensor):
    w = torch.jit._awaitable(doubled, x)
    return isinstance(w, torch.jit._Await[Tensor]), isinstance(w, (int, torch.jit._Await))


def refined(x: Tensor):
    w = torch.jit._awaitable(doubled, x)
    if isinstance(w, torch.jit._Await):
        y = torch.jit._awaitable_wait(w)
    else:
        y = x
    return y


def kind_in_a_run(x: Tensor) -> Tuple[bool, bool]:
    things: List[Any] = [torch.jit._awaitable(doubled, x), x]
    return isinstance(things[0], torch.jit._Await), isinstance(things[1], torch.jit._Await)


@pytest.mark.parametrize(
    "function",
    [of_an_object, of_a_tensor, of_a_named_tuple, of_a_list, kind, kind_of_more, refined, kind_in_a_run],
)
def test_programs(function):
    theirs, ours = (jit.script(function) for jit in LIBRARIES)
    assert renumbered(str(ours.graph)) == renumbered(str(theirs.graph))
    assert renumbered(ours.code) == renumbered(theirs.code)
    assert outcome(lambda: ours(X)) == outcome(lambda: theirs(X))
    assert outcome(lambda: ours(X))[0] == "gives"


def of_nothing(x: Tensor):
    w = torch.jit._awaitable(doubled, x)
    return w.nothing


def test_what_the_result_has_not():
    for jit in LIBRARIES:
        with pytest.raises(RuntimeError, match="'Tensor' object has no attribute or method 'nothing'"):
            jit.script(of_nothing)


# --- in and out of Python -------------------------------------------------------------------------


def given_back(x: Tensor) -> Await[Tensor]:
    return torch.jit._awaitable(doubled, x)


def given_back_in_containers(x: Tensor) -> Tuple[List[Await[Tensor]], Dict[str, Await[Tensor]]]:
    return [torch.jit._awaitable(doubled, x)], {"now": torch.jit._awaitable_nowait(x)}


def taken(w: Await[List[int]]):
    return torch.jit._awaitable_wait(w)


def passed_on(w: Await[Tensor]):
    return w


def fails(x: Tensor):
    return torch.jit._awaitable(failing, x)


def failing(x: Tensor) -> Tensor:
    return x @ torch.ones(7)


@pytest.mark.parametrize("jit", LIBRARIES, ids=["torch", "ours"])
def test_results_are_torchs_awaitables(jit):
    work = jit.script(given_back)(X)
    assert isinstance(work, torch._C._Await)
    assert torch.equal(torch.jit._awaitable_wait(work), X * 2)
    listed, named = jit.script(given_back_in_containers)(X)
    assert torch.equal(torch.jit._awaitable_wait(listed[0]), X * 2)
    assert torch.equal(torch.jit._awaitable_wait(named["now"]), X)


@pytest.mark.parametrize("jit", LIBRARIES, ids=["torch", "ours"])
def test_arguments_are_torchs_awaitables(jit):
    assert jit.script(taken)(torch.jit._awaitable_nowait([1, 2])) == [1, 2]
    work = torch.jit._awaitable(doubled, X)
    assert torch.equal(torch.jit._awaitable_wait(jit.script(passed_on)(work)), X * 2)
    with pytest.raises(RuntimeError, match="Cast error details: Unable to cast"):
        jit.script(taken)([1, 2])


def test_work_is_not_done_before_it_is_waited_for():
    theirs, ours = (jit.script(fails)(X) for jit in LIBRARIES)
    expected = outcome(lambda: torch.jit._awaitable_wait(theirs))
    found = outcome(lambda: torch.jit._awaitable_wait(ours))
    assert found == expected
    assert found[0] == "RuntimeError"


def test_work_of_python_that_gives_something_else():
    wrong = torch.jit._awaitable(lambda: "text")
    with pytest.raises(RuntimeError, match="Unable to cast Python instance"):
        jitcore.script(taken_as_a_tensor)(wrong)


def taken_as_a_tensor(w: Await[int]):
    return torch.jit._awaitable_wait(w) + 1
