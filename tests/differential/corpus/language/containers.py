"""Lists, tuples, dicts, named tuples, comprehensions and slices of them."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


@programs.script(([3, 1, 2],))
def list_methods(xs: list[int]) -> tuple[list[int], int, int]:
    xs.append(9)
    xs.insert(0, 7)
    xs.extend([5, 5])
    xs.remove(5)
    last = xs.pop()
    first = xs.pop(0)
    xs.sort()
    xs.reverse()
    return xs + [last] * 2, first, xs.index(3) + xs.count(9)


@programs.script(([1, 2, 3, 4, 5, 6],))
def list_slices(xs: list[int]) -> list[list[int]]:
    return [xs[1:], xs[:-1], xs[::2], xs[-3:-1], xs[4:1], xs[1:100], xs[:], xs[-1:], xs[1:5:3]]


@programs.script(([1, 2, 3, 4],))
def list_item_assignment(xs: list[int]) -> list[int]:
    xs[0] = 10
    xs[-1] += 5
    xs[1] *= 3
    del xs[2]
    return xs


@programs.script(([1, 2, 3, 4], [1.5, 0.5], ["b", "a"]))
def list_builtins(
    xs: list[int], ys: list[float], zs: list[str]
) -> tuple[int, int, int, float, float, float, int]:
    return len(xs), min(xs), max(xs), sum(ys), min(ys), max(ys), len(zs)


@programs.script((["b", "a", "c"], [0.5, -1.0]))
def sorted_copies(zs: list[str], ys: list[float]) -> tuple[list[str], list[float], list[str]]:
    zs.sort(reverse=True)
    return sorted(zs), sorted(ys), zs


@programs.script((3,))
def nested_lists(n: int) -> list[list[int]]:
    rows: List[List[int]] = []
    for i in range(n):
        rows.append([i] * n)
    rows[0][1] = 7
    rows[1] = rows[0]
    rows[1][2] = 8
    return rows


@programs.script((X,))
def list_of_tensors(x: Tensor) -> tuple[Tensor, list[Tensor]]:
    parts = list(x.unbind(0))
    parts.append(parts[0] + 1)
    parts[0] = parts[0] * 2
    return torch.stack(parts), parts[1:]


@programs.script((4,))
def comprehensions(n: int) -> tuple[list[int], list[float], list[list[int]], dict[int, int]]:
    squares = [i * i for i in range(n)]
    halves = [i / 2 for i in squares]
    table = [[i * j for j in range(2)] for i in squares]
    lookup = {i: i * i for i in squares}
    return squares, halves, table, lookup


@programs.script((["x", "yy"],))
def comprehension_of_strings(names: list[str]) -> list[int]:
    return [len(name) + index for index, name in enumerate(names)]


@programs.script(([1, 2], [3, 4]))
def comprehension_over_zip(a: list[int], b: list[int]) -> list[int]:
    return [x * y for x, y in zip(a, b)]


@programs.script((1, 2.5))
def tuples(n: int, y: float) -> tuple[tuple[int, float], int, float, tuple[str, int], int]:
    pair = (n, y)
    first, second = pair
    nested = (pair, ("a", n))
    (a, b), (c, d) = nested
    return pair, a + d, b * second, nested[1], first + len(pair)


@programs.script((1,))
def tuple_slices(n: int) -> tuple[int, tuple[int, str], tuple[float], tuple[str, float]]:
    mixed = (n, "a", 2.5)
    return mixed[0], mixed[:2], mixed[2:], mixed[-2:]


@programs.script((1,))
def tuple_comparison(n: int) -> tuple[bool, tuple[int, int, int]]:
    return (n, 2) == (1, 2), (n,) + (2, 3)


@programs.script((2,))
def tuple_of_one_and_none(n: int) -> tuple[tuple[int], tuple[()]]:
    return (n,), ()


@programs.script((2,))
def homogeneous_tuple_index(n: int) -> int:
    choices = (5, 6, 7)
    return choices[n] + choices[-1]


@programs.script(({"a": 1},))
def dict_methods(table: dict[str, int]) -> tuple[int, int, bool, list[str], list[int], int]:
    table["b"] = 2
    table.update({"c": 3})
    missing = table.get("z", -1)
    popped = table.pop("a")
    kept = table.setdefault("d", 4)
    del table["b"]
    return missing, popped + kept, "c" in table, list(table.keys()), list(table.values()), len(table)


@programs.script(({"a": 1},), ({"b": 1},))
def dict_get_optional(table: dict[str, int]) -> int:
    found = table.get("a")
    if found is not None:
        return found
    return -1


@programs.script()
def dict_literals() -> tuple[dict[str, int], dict[int, list[float]], dict[str, Tensor]]:
    empty: Dict[int, List[float]] = {}
    empty[3] = [1.0]
    empty[3].append(2.0)
    return {"x": 1, "y": 2}, empty, {"t": torch.ones(2)}


@programs.script(({"a": [1]},))
def dict_of_lists(table: dict[str, list[int]]) -> dict[str, list[int]]:
    table["a"].append(2)
    table["b"] = table["a"]
    table["b"].append(3)
    return table


@programs.script()
def dict_of_int_and_float_keys() -> tuple[dict[int, str], dict[float, str], dict[bool, int]]:
    return {3: "three", 1: "one"}, {0.5: "half"}, {True: 1, False: 0}


@programs.script()
def dict_constructors() -> tuple[dict[str, int], dict[str, int], int]:
    made = dict([("a", 1), ("b", 2)])
    copied = made.copy()
    copied["a"] = 5
    made.clear()
    return made, copied, len(copied)


@programs.script(({"a": 1, "b": 2},))
def dict_items_in_order(table: dict[str, int]) -> list[tuple[str, int]]:
    table["A"] = 0
    return list(table.items())


@programs.script(({"k": X},))
def dict_of_tensors(table: dict[str, Tensor]) -> dict[str, Tensor]:
    for key in list(table.keys()):
        table[key + "2"] = table[key] * 2
    return table


@programs.script(([1, 2],))
def membership(xs: list[int]) -> tuple[bool, bool, bool, bool]:
    return 1 in xs, 5 not in xs, "a" in ["a", "b"], 2.0 in [1.0]


@programs.script(([1, 2], [1, 2]))
def list_equality(a: list[int], b: list[int]) -> tuple[bool, bool, bool]:
    return a == b, a != b, a is b


class Pair(NamedTuple):
    left: Tensor
    right: int


class Defaults(NamedTuple):
    name: str
    scale: float = 2.0
    size: Optional[int] = None


class Deep(NamedTuple):
    pair: Pair
    rest: List[Tuple[int, str]]


@programs.script((X,))
def named_tuple(x: Tensor) -> Pair:
    pair = Pair(x, 3)
    other = Pair(right=pair.right + 1, left=pair[0] * 2)
    left, right = other
    return Pair(left + pair.left, right)


@programs.script(("n",))
def named_tuple_with_defaults(name: str) -> tuple[Defaults, Defaults]:
    return Defaults(name), Defaults(name, size=3)


@programs.script((X,))
def nested_named_tuple(x: Tensor) -> Deep:
    deep = Deep(Pair(x, 1), [(1, "a")])
    deep.rest.append((deep.pair.right, "b"))
    return deep


@programs.script((Pair(X, 2), [Pair(X, 3)]))
def named_tuple_arguments(pair: Pair, pairs: list[Pair]) -> Tensor:
    total = pair.left * pair.right
    for each in pairs:
        total = total + each.left * each.right
    return total


@programs.script((X,))
def optional_lists(x: Tensor) -> tuple[list[Optional[int]], Optional[list[int]], list[Optional[Tensor]]]:
    a: List[Optional[int]] = [1, None, 3]
    b: Optional[List[int]] = None
    c: List[Optional[Tensor]] = [x, None]
    return a, b, c


@programs.script((3,))
def list_multiplication(n: int) -> tuple[list[int], list[bool], list[str]]:
    return [0] * n, [True, False] * 2, ["a"] + ["b"] * n


@programs.script(([1, 2, 3],))
def list_copy_and_clear(xs: list[int]) -> tuple[list[int], list[int]]:
    ys = xs.copy()
    zs = list(xs)
    xs.clear()
    zs[0] = 10
    return xs + ys, zs


@programs.script((X,))
def unpacking(x: Tensor) -> tuple[Tensor, Tensor]:
    a, b = x[0], x[1]
    c = x.unbind(1)[-1]
    return a + b, c


@programs.script((X,))
def starred_in_the_middle(x: Tensor) -> tuple[int, list[int], int]:
    first, *middle, last = (1, 2, 3, 4)
    total = 0
    for each in middle:
        total += each
    return first, [total], last


@programs.script(([1, 2, 3],))
def unpack_list(xs: list[int]) -> int:
    a, b, c = xs
    return a * 100 + b * 10 + c


@programs.script(([[1, 2], [3]],))
def flatten(rows: list[list[int]]) -> list[int]:
    out: List[int] = []
    for row in rows:
        out += row
    return out


@programs.script(([True, False], [1, 0]))
def any_and_all(flags: list[bool], numbers: list[int]) -> tuple[bool, bool, bool]:
    return any(flags), all(flags), all([n > 0 for n in numbers])


@programs.script(([3, 1],))
def ranges_as_lists(xs: list[int]) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    return list(range(4)), list(range(1, 9, 3)), list(enumerate(xs))


@programs.script((["a", "b"],))
def lists_of_characters(xs: list[str]) -> tuple[list[str], str]:
    return list("hello") + xs, "".join(xs)


@programs.script((X,))
def sizes_as_lists(x: Tensor) -> tuple[list[int], int, list[int]]:
    shape = x.shape
    shape.append(1)
    size = x.size()
    return shape, size[0] + x.shape[-1], list(size[1:])
