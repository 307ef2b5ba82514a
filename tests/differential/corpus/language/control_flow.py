"""Branches, loops and what leaves them early."""

from typing import Optional

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


@programs.script((1,), (-1,), (0,))
def sign(n: int) -> str:
    if n > 0:
        return "positive"
    elif n < 0:
        return "negative"
    return "zero"


@programs.script((X, 3), (X, 0), (X, -2))
def return_in_loop(x: Tensor, n: int) -> Tensor:
    for i in range(10):
        if i == n:
            return x * i
        x = x + 1
    return x


@programs.script((5,), (0,))
def return_in_nested_loops(n: int) -> int:
    total = 0
    for i in range(n):
        for j in range(i):
            if i * j > 6:
                return total
            total += i * j
        if total > 100:
            return -1
    return total


@programs.script((7,), (30,))
def break_and_continue(n: int) -> list[int]:
    kept: list[int] = []
    for i in range(n):
        if i % 2 == 0:
            continue
        if i > 11:
            break
        kept.append(i)
    return kept


@programs.script((4,))
def break_inner_only(n: int) -> int:
    steps = 0
    for i in range(n):
        for j in range(n):
            if j > i:
                break
            steps += 1
    return steps


@programs.script((10,))
def while_true(n: int) -> int:
    i = 0
    while True:
        i += 3
        if i > n:
            break
    return i


@programs.script((27,), (1,))
def collatz(n: int) -> int:
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


@programs.script((X, True), (X, False))
def both_branches_define(x: Tensor, flag: bool) -> Tensor:
    if flag:
        y = x + 1
        z = 2
    else:
        z = 3
        y = x * z
    return y * z


@programs.script((X, True), (X, False))
def branch_that_raises(x: Tensor, flag: bool) -> Tensor:
    if flag:
        y = x
    else:
        raise RuntimeError("no flag")
    return y + 1


@programs.script((X, True, False), (X, False, True), (X, False, False))
def nested_returns(x: Tensor, a: bool, b: bool) -> Tensor:
    if a:
        if b:
            return x
        else:
            x = x + 1
    else:
        if b:
            return x - 1
        x = x * 2
    return x * 10


@programs.script((X,))
def loop_over_tensor(x: Tensor) -> Tensor:
    total = torch.zeros(3)
    for row in x:
        total = total + row
    return total


@programs.script((X,))
def loop_with_step(x: Tensor) -> int:
    total = 0
    for i in range(10, 0, -3):
        total = total * 10 + i
    for i in range(2, 11, 4):
        total += i
    return total


@programs.script((X,))
def unrolled_tuple(x: Tensor) -> Tensor:
    for scale in (1.0, 2.0, 0.5):
        x = x * scale
    for index, scale in enumerate((1, 2)):
        x = x + index * scale
    return x


@programs.script(
    ([1, 2, 3], [4.0, 5.0]),
)
def zipped(a: list[int], b: list[float]) -> list[float]:
    out: list[float] = []
    for i, (x, y) in enumerate(zip(a, b)):
        out.append(i + x * y)
    return out


@programs.script((3,))
def loop_variable_afterwards(n: int) -> int:
    i = -1
    for i in range(n):
        pass
    return i


@programs.script((3,), (0,))
def variable_defined_in_loop(n: int) -> int:
    last = 0
    for i in range(n):
        doubled = i * 2
        last = doubled + last
    return last


@programs.script((True, 3), (False, 3))
def short_circuit(flag: bool, n: int) -> bool:
    return flag and n // 3 == 1 or (not flag and n > 2 and n < 10)


@programs.script((5, 3), (5, 0))
def guard_division(a: int, b: int) -> int:
    if b != 0 and a // b > 1:
        return a // b
    return -1


@programs.script((X, 3), (X, 30))
def conditional_expression(x: Tensor, n: int) -> Tensor:
    y = x + 1 if n > 5 else x - 1
    return y * (2 if n > 20 else 3 if n > 2 else 4)


@programs.script((X,), (-X,))
def tensor_condition(x: Tensor) -> Tensor:
    if x.sum() > 0:
        x = x * 2
    while bool(x.max() > 1):
        x = x / 2
    return x


@programs.script((4,))
def nested_breaks(n: int) -> list[int]:
    out: list[int] = []
    i = 0
    while i < n:
        j = 0
        while True:
            j += 1
            if j > i:
                break
            if (i + j) % 3 == 0:
                continue
            out.append(i * 10 + j)
        i += 1
        if len(out) > 7:
            break
    return out


@programs.script(([3, 1, 2],), ([],))
def early_return_of_none(xs: list[int]) -> Optional[int]:
    if len(xs) == 0:
        return None
    best = xs[0]
    for x in xs:
        if x > best:
            best = x
    return best


@programs.script((3,))
def return_inside_while(n: int) -> tuple[int, str]:
    while n < 100:
        n = n * n
        if n % 7 == 4:
            return n, "found"
    return n, "end"


@programs.script((X,))
def no_return_value(x: Tensor) -> None:
    x.add_(1)
    return


@programs.script((X,))
def implicit_none(x: Tensor):
    if x.dim() == 2:
        x.mul_(2)


@programs.script(("abcab",))
def loop_over_string(text: str) -> int:
    count = 0
    for c in text:
        count += 1 if c == "a" else 0
    return count


@programs.script(({"a": 1, "b": 2},))
def loop_over_dict(table: dict[str, int]) -> str:
    out = ""
    for key in table:
        out += key
    for key, value in table.items():
        out += key + str(value)
    for value in table.values():
        out += str(value)
    return out


@programs.script((2,), (3,))
def chain_of_elifs(n: int) -> float:
    if n == 0:
        y = 0.5
    elif n == 1:
        y = 1.5
    elif n == 2:
        y = 2.5
    elif n == 3:
        y = 3.5
    else:
        y = -1.0
    return y


@programs.script((3, 4), (0, 0))
def reassigned_types(n: int, m: int) -> list[int]:
    a, b = n, m
    for _ in range(3):
        a, b = b, a + b
    return [a, b]


@programs.script(
    (X, 2),
)
def pass_and_docstring(x: Tensor, n: int) -> Tensor:
    """A docstring that says nothing."""
    for _ in range(n):
        pass
    if n > 1:
        pass
    else:
        x = x + 1
    return x


@programs.script((8,), (9,))
def is_prime(n: int) -> bool:
    for i in range(2, n):
        if n % i == 0:
            return False
    return True


@programs.script((X, 3))
def continue_in_while(x: Tensor, n: int) -> Tensor:
    i = 0
    while i < 2 * n:
        i += 1
        if i == n:
            continue
        x = x + i
    return x
