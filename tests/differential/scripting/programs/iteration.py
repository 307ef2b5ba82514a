"""Loops over everything that can be iterated."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


@programs.script((X,))
def over_tensor(x: Tensor) -> Tensor:
    total = torch.zeros(3)
    for row in x:
        total = total + row
    return total


@programs.script(([1, 2, 3],))
def over_list(xs: List[int]) -> int:
    total = 0
    for x in xs:
        total += x
    return total


@programs.script(("abc",))
def over_string(s: str) -> List[str]:
    return [c for c in s]


@programs.script(({"a": 1, "b": 2},))
def over_dict(d: Dict[str, int]) -> int:
    total = 0
    for k in d:
        total += d[k]
    for k, v in d.items():
        total += v + len(k)
    for v in d.values():
        total += v
    return total


@programs.script(((1, 2.5, "a"),))
def over_tuple(t: Tuple[int, float, str]) -> str:
    s = ""
    for e in t:
        s += str(e)
    return s


@programs.script(([1, 2], [3.0, 4.0]))
def over_zip(xs: List[int], ys: List[float]) -> float:
    total = 0.0
    for x, y in zip(xs, ys):
        total += x * y
    return total


@programs.script((["a", "b"],))
def over_enumerate(xs: List[str]) -> List[Tuple[int, str]]:
    made: List[Tuple[int, str]] = []
    for i, x in enumerate(xs):
        made.append((i, x))
    for i, x in enumerate(xs, 5):
        made.append((i, x))
    return made


@programs.script(([1, 2], ["a", "b"]))
def over_enumerate_zip(xs: List[int], ys: List[str]) -> int:
    total = 0
    for i, (x, y) in enumerate(zip(xs, ys)):
        total += i * x + len(y)
    return total


@programs.script((10,))
def over_ranges(n: int) -> int:
    total = 0
    for i in range(n):
        total += i
    for i in range(2, n):
        total += i
    for i in range(n, 0, -2):
        total += i
    return total


@programs.script(([[1, 2], [3]],))
def nested_loops(xs: List[List[int]]) -> int:
    total = 0
    for row in xs:
        for x in row:
            if x == 2:
                continue
            total += x
    return total


@programs.script(([3, 1, 2],))
def over_reversed_and_sorted(xs: List[int]) -> List[int]:
    made: List[int] = []
    for x in sorted(xs):
        made.append(x)
    xs.reverse()
    for x in xs[::-1]:
        made.append(x)
    return made


@programs.script((10,))
def while_with_conditions(n: int) -> int:
    i = 0
    while i < n and i != 7:
        i += 1
        if i == 3:
            continue
        if i > 8 or n == 0:
            break
    return i


@programs.script((X,))
def list_of_tensor_shape(x: Tensor) -> List[int]:
    return [d for d in x.shape]


@programs.script(([1, 2, 3],))
def list_and_tuple_calls(xs: List[int]) -> Tuple[List[int], List[str], int]:
    a = list(xs)
    b = list("ab")
    c = tuple((1, 2))
    return a, b, c[1]


@programs.script(({"a": 1},))
def dict_calls(d: Dict[str, int]) -> Tuple[Dict[str, int], int]:
    e = dict(d)
    e.update({"b": 2})
    f = dict([("x", 1)])
    g = dict(k=3)
    return e, f["x"] + g["k"] + d.get("z", 7) + d.setdefault("y", 8) + e.pop("a")


@programs.script()
def unrolled_tuple_literal() -> int:
    total = 0
    for i in (1, 2, 3):
        total += i
    return total


@programs.script()
def list_literal_loop() -> int:
    total = 0
    for i in [1, 2, 3]:
        total += i
    return total


@programs.script(([1, 2, 3],))
def slices_in_loop(xs: List[int]) -> List[int]:
    for i in range(len(xs)):
        xs[i] = xs[i] * 2
    return xs


@programs.script((X,))
def comprehension_over_tensor(x: Tensor) -> List[Tensor]:
    return [row.sum() for row in x]


@programs.script(([1, 2],))
def comprehension_in_call(xs: List[int]) -> int:
    return sum([x + 1 for x in xs]) + len([x for x in xs])


@programs.script(([1, 2], [3, 4]))
def comprehension_over_zip(xs: List[int], ys: List[int]) -> List[int]:
    return [x * y for x, y in zip(xs, ys)]


@programs.script(({"a": 1},))
def dict_comprehension_over_items(d: Dict[str, int]) -> Dict[str, int]:
    return {k: v + 1 for k, v in d.items()}
