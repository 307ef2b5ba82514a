"""What compiled code gives back: tuples that operators name, enums that no module names."""

import enum
from typing import Dict, List, NamedTuple, Optional, Tuple

import pytest
import torch
from torch import Tensor, nn

import jitcore
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)


def both(action):
    """Fail unless the action has the same outcome with both libraries."""
    theirs, ours = (outcome(lambda jit=jit: action(jit)) for jit in LIBRARIES)
    assert ours == theirs
    assert theirs[0] == "gives"


# --- tuples whose fields operators name -----------------------------------------------------------


class Pair(NamedTuple):
    first: Tensor
    second: int


def largest(x):
    return torch.max(x, 0)


def sorted_in_a_list(x):
    found = [torch.sort(x)]
    found.append(x.sort(1))
    return found


def smallest_in_a_dict(x):
    return {"rows": x.min(0), "columns": x.min(1)}


def many(x):
    return torch.linalg.slogdet(x), torch.linalg.svd(x), torch.frexp(x), x.kthvalue(1), x.topk(1), x.mode(0)


def decomposed(x):
    return torch.linalg.eigh(x), torch.linalg.lu_factor(x), torch.linalg.qr(x), x.cummax(0), x.median(0)


def taken_apart_and_whole(x):
    best = x.max(0)
    return best.values, best[1], best


def chosen(x):
    best = x.max(0) if x.sum() > 0 else x.min(0)
    return best


def perhaps(x) -> Optional[Tuple[Tensor, Tensor]]:
    return x.max(0)


def beside_a_named_one(x):
    return Pair(x, 1), x.max(0)


@pytest.mark.parametrize(
    "function",
    [
        largest, sorted_in_a_list, smallest_in_a_dict, many, decomposed, taken_apart_and_whole, chosen, perhaps,
        beside_a_named_one,
    ],
)  # fmt: skip
def test_what_operators_name_is_a_plain_tuple(function):
    both(lambda jit: jit.script(function)(torch.eye(2)))


class Best(nn.Module):
    def __init__(self):
        super().__init__()
        self.known = torch.eye(2).max(0)

    def forward(self, x):
        return self.known, x.max(0), [x.sort()]


def test_modules_give_plain_tuples_too(tmp_path):
    both(lambda jit: jit.script(Best())(torch.eye(2)))
    both(lambda jit: jit.script(Best()).known)

    def saved_and_loaded(jit):
        jit.script(Best()).save(tmp_path / "best.pt")
        return jit.load(tmp_path / "best.pt")(torch.eye(2))

    both(saved_and_loaded)


# --- enums that no module names -------------------------------------------------------------------


def shades():
    class Shade(enum.Enum):
        LIGHT = 1
        DARK = 2

    global Tone  # noqa: PLW0603  # what annotations name has to be in reach of the functions
    Tone = Shade

    def choose(x: int):
        return Shade.DARK if x > 1 else Shade.LIGHT

    def listed(x: int) -> List[Tone]:
        return [Shade.LIGHT, Shade.DARK]

    def by_name(x: int) -> Dict[str, Tone]:
        return {"light": Shade.LIGHT}

    def passed(x: int, shade: Optional[Tone] = None) -> Tuple[Optional[Tone], int]:
        return shade, x

    return Shade, choose, listed, by_name, passed


@pytest.mark.parametrize("place", [1, 2, 3])
def test_an_enum_of_a_function_comes_back(place):
    Shade, *functions = shades()
    found = jitcore.script(functions[place - 1])(2)
    assert found == [Shade.DARK, [Shade.LIGHT, Shade.DARK], {"light": Shade.LIGHT}][place - 1]


def test_an_enum_of_a_function_goes_through():
    Shade, *_, passed = shades()
    assert jitcore.script(passed)(3, Shade.DARK) == (Shade.DARK, 3)
    assert jitcore.script(passed)(3) == (None, 3)


def test_an_enum_of_a_function_is_an_attribute():
    Shade, *_ = shades()

    class Painted(nn.Module):
        def __init__(self):
            super().__init__()
            self.shade = Shade.DARK
            self.shades = [Shade.LIGHT]

        def forward(self, x: int):
            return self.shade, self.shades

    compiled = jitcore.script(Painted())
    assert compiled(1) == (Shade.DARK, [Shade.LIGHT])
    assert compiled.shade is Shade.DARK


def test_a_loaded_enum_that_is_not_here_has_a_stand_in(tmp_path):
    Shade, *_ = shades()

    class Painted(nn.Module):
        def __init__(self):
            super().__init__()
            self.shade = Shade.DARK

        def forward(self, x: int):
            return self.shade, [self.shade]

    jitcore.script(Painted()).save(tmp_path / "painted.pt")
    loaded = jitcore.load(tmp_path / "painted.pt")
    shade, listed = loaded(1)
    assert (shade.name, shade.value) == ("DARK", 2)
    assert listed == [shade]
    assert loaded.shade is shade
