"""Types and texts as they are spelled in older code: `typing`, strings, layouts that no formatter leaves."""

import typing
import typing as t
from typing import *
from typing import Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor
from torch.nn.common_types import _size_2_t

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)
Vector = List[float]
Scalar = Union[int, float]


@programs.script(({"a": [1.0]},))
def whole_strings(d: "Dict[str, List[float]]") -> "List[float]":
    return d["a"]


@programs.script((3,))
def strings_inside(n: "int") -> List["int"]:
    xs: "List[int]" = []
    xs.append(n)
    return xs


@programs.script(([1.0],))
def alias(v: Vector) -> Vector:
    return v


@programs.script((1,), (1.5,))
def union_alias(s: Scalar) -> bool:
    return isinstance(s, int)


@programs.script((X,))
def dotted(x: torch.Tensor) -> t.List[torch.Tensor]:
    y: typing.Optional[torch.Tensor] = None
    if y is None:
        y = x
    return [x, y]


@programs.script((3,), (None,))
def new_and_old(n: Optional[int] = 3) -> typing.Dict[str, List[Tuple[int, int]]]:
    if n is None:
        n = 0
    return {"a": [(n, n)]}


@programs.script(((1, 2),))
def broadcasting(size: _size_2_t) -> List[int]:
    return size


@programs.script((X,))
def far_left_comments(x: Tensor) -> Tensor:
    y = x
# far left
    return y + 1  # type: ignore


@programs.script((X,))
def backslashes(x: Tensor) -> Tensor:
    y = x + \
        1
    z = (x
         + y) * \
      2
    return z


@programs.script((X,))
def semicolons(x: Tensor) -> Tensor:
    y = x; y = y + 1; return y


@programs.script((3,))
def blocks_in_a_line(n: int) -> int:
    if n > 2: n = 1
    for i in range(3): n += i
    while n < 10: n += 3
    return n


@programs.script((X,))
def tabs(x: Tensor) -> Tensor:
	if x.dim() == 2:
		x = x + 1
	return x


@programs.script((3,))
def odd_spacing(n : int)->int :
    m=n+1 ;  k = ( n )*( m )
    return(k)


@programs.script((2,))
def double_negation(n: int) -> Tuple[int, int, bool]:
    return --n, - - -n, not not n > 1


@programs.script((X,))
def useless_statements(x: Tensor) -> Tensor:
    x.add(1)
    1
    "text"
    x.shape
    x
    (x, 1)
    [x]
    return x


@programs.script()
def formatted_plain() -> str:
    return f"plain" "joined" f" {1}"


@programs.script((3,))
def parentheses(n: int) -> int:
    a = (n)
    b = ((a + 1))
    (c) = (b) * (a)
    return (((c)))


@programs.script((X,))
def long_signature(
    x: Tensor,
    n: int = 1,
    *,
    flag: bool = True,
    ) -> Tensor:
    return x * n if flag else x


@programs.script((X,))
def unicode_text(x: Tensor) -> Tuple[Tensor, str]:
    s = "é ü 漢字"; y = x + 1
    return y, s + "ä"


@programs.script(([1, 2, 3],))
def old_list_calls(xs: List[int]) -> List[int]:
    ys = list([1, 2])
    return list(x for x in xs) + ys


class Pair(NamedTuple):
    a: "int"
    b: "Tensor"


@programs.script((X,))
def quoted_named_tuple(x: Tensor) -> Tensor:
    p = Pair(1, x)
    return p.b * p.a


@programs.script((3,))
def unused_unpacking(n: int) -> int:
    a, b = n, n
    _, c = (n, a)
    return c


def decorated_twice(f):
    return f


@programs.script((X,))
@decorated_twice
@decorated_twice
def decorated(x: Tensor) -> Tensor:
    return x + 1


class Methods:
    @staticmethod
    def of_class(x: Tensor) -> Tensor:
        return x * 3

    def indented(x: Tensor) -> Tensor:
        """Indented text
        of several lines."""
        y = """more
    text"""
        return x + len(y)


programs.script((X,))(Methods.of_class)
programs.script((X,))(Methods.indented)


if True:
    @programs.script((X,))
    def deep(x: Tensor) -> Tensor:
            # oddly indented
            if x.dim() == 2:
                  return x
            else: return x + 1
