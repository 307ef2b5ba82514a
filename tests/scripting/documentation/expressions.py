"""Expressions, statements and the functions that every program has."""

import math
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn

from tests.scripting.documentation.examples import example, refusal, texts

X = torch.arange(6.0).view(2, 3)
FACTOR = 3
TABLE = {"a": 1}


@example
def literals(jit):
    def all_kinds(x: float):
        return True, False, None, 3, 4.5, 1e-3, "text", 'single "quotes"', [1, 2], (x,), {"k": 1.0}, 2j

    compiled = jit.script(all_kinds)
    return compiled(1.0), texts(compiled)


@example
def constructions(jit):
    def make(x: Tensor, n: int):
        numbers = [n, n + 1]
        words = ["a", str(n)]
        table = {"x": x, "y": x * 2}
        empty = torch.jit.annotate(List[float], [])
        return numbers, words, table, empty, (n, x), [[n]]

    return jit.script(make)(X, 4)


@example
def comprehensions(jit):
    def squares(n: int, names: List[str]):
        return [i * i for i in range(n)], {name: len(name) for name in names}, [x + 1 for x in [1, 2]]

    compiled = jit.script(squares)
    return compiled(4, ["a", "bc"]), texts(compiled)


@example
def arithmetic(jit):
    def numbers(a: int, b: int, c: float):
        return a + b, a - b, a * b, a / b, a // b, a % b, a**b, -a, a + c, c // 2, c % 2, c**2

    def tensors(x, y):
        return x + y, x - y, x * 2, x / 2, x // 2, x % 2, x**2, -x, x @ y.t()

    return jit.script(numbers)(7, 3, 2.5), jit.script(tensors)(X, X)


@example
def shifts_and_bits(jit):
    def bits(a: int, b: int):
        return a << b, a >> b, a & b, a | b, a ^ b

    return jit.script(bits)(12, 3)


@example
def comparisons(jit):
    def compare(a: int, b: int, s: str, x: Optional[int], items: List[int], table: Dict[str, int]):
        return (
            a == b, a != b, a < b, a > b, a <= b, a >= b, a < b < 10, s == "a", x is None, x is not None,
            a in items, a not in items, s in table,
        )  # fmt: skip

    compiled = jit.script(compare)
    return compiled(3, 4, "a", None, [3], {"b": 1}), texts(compiled)


@example
def logic(jit):
    def combine(a: bool, b: bool, x):
        if a and not b or x.sum() > 3:
            return 1
        return 0

    compiled = jit.script(combine)
    return [compiled(a, b, X * 0) for a in (True, False) for b in (True, False)], texts(compiled)


@example
def subscripts(jit):
    def pick(items: List[int], pair: Tuple[int, str], table: Dict[str, int], s: str, x):
        items[0] = 9
        return (
            items[0], items[-1], items[1:], items[:-1], items[::2], pair[1], table["k"], s[0], s[1:3], x[0],
            x[:, 1], x[..., 0], x[0:1, None], x[x > 2], x[torch.tensor([0])], x[-1, 1:],
        )  # fmt: skip

    compiled = jit.script(pick)
    return compiled([1, 2, 3], (1, "b"), {"k": 5}, "text", X), texts(compiled)


@example
def assignment_to_parts(jit):
    def fill(x):
        y = x.clone()
        y[0, 1] = 5
        y[1] = torch.ones(3)
        y[:, 2] += 1
        y += 1
        return y

    compiled = jit.script(fill)
    return compiled(X), texts(compiled)


@example
def calls_of_functions(jit):
    def helper(x, n: int = 2):
        return x * n

    def caller(x):
        return helper(x) + helper(x, 3) + helper(n=4, x=x)

    compiled = jit.script(caller)
    return compiled(X), texts(compiled)


@example
def calls_of_methods(jit):
    def use(x, words: List[str]):
        y = x.reshape(-1).unsqueeze(0).expand(2, -1)
        words.append("b")
        words.reverse()
        return y.size(), y.dim(), ",".join(words), "a-b".split("-"), "Ab".upper().lower()

    return jit.script(use)(X, ["a"])


@example
def the_conditional_expression(jit):
    def choose(x, flag: bool):
        return x * 2 if flag else x - 1

    compiled = jit.script(choose)
    return compiled(X, True), compiled(X, False), texts(compiled)


@example
def casts(jit):
    def cast(x, n: int, s: str):
        return (
            float(x.sum()),
            int(x.sum()),
            bool(x.sum()),
            str(n),
            int(s),
            float(s),
            float(n),
            int(2.7),
            bool(n),
        )

    compiled = jit.script(cast)
    return compiled(X, 3, "12"), texts(compiled)


@example
def several_assignments(jit):
    def swap(a: int, b: int):
        a, b = b, a
        x = y = a + b
        (c, d), e = (x, y), 3
        a += c
        b -= d
        return a, b, e

    compiled = jit.script(swap)
    return compiled(1, 2), texts(compiled)


@example
def conditionals(jit):
    def sign(x):
        if x.sum() > 0:
            y = 1
        elif x.sum() < 0:
            y = -1
        else:
            y = 0
        return y

    compiled = jit.script(sign)
    return [compiled(x) for x in (X, -X, X * 0)], texts(compiled)


@example
def a_variable_that_only_one_branch_has(jit):
    def half(flag: bool):
        if flag:
            y = 1
        return y

    return refusal(lambda: jit.script(half))


@example
def loops_with_a_condition(jit):
    def halve(n: int, x):
        steps = 0
        while n > 1:
            n = n // 2
            steps += 1
            if steps == 2:
                continue
            x = x + n
            if steps > 5:
                break
        return steps, x

    compiled = jit.script(halve)
    return compiled(100, X), compiled(1, X), texts(compiled)


@example
def loops_over_ranges(jit):
    def total(n: int):
        t = 0
        for i in range(n):
            t += i
        for j in range(n, 0, -2):
            t += j
        return t

    compiled = jit.script(total)
    return compiled(5), texts(compiled)


@example
def loops_over_containers(jit):
    def walk(items: List[int], table: Dict[str, int], x, s: str):
        t = 0
        for item in items:
            t += item
        for key in table:  # noqa: PLC0206
            t += table[key]
        for row in x:
            t += int(row.sum())
        for c in s:
            t += len(c)
        for i, item in enumerate(items):
            t += i * item
        for a, b in zip(items, [1, 2]):
            t += a * b
        for k, v in table.items():
            t += v + len(k)
        return t

    compiled = jit.script(walk)
    return compiled([1, 2, 3], {"a": 4}, X, "xyz"), texts(compiled)


@example
def loops_over_tuples_are_unrolled(jit):
    def mixed(x):
        pair = (3, torch.ones(2, 3))
        for each in pair:
            x = x + each
        return x

    compiled = jit.script(mixed)
    return compiled(X), texts(compiled)


class Step(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.full((3,), 2.0))

    def forward(self, x):
        return self.weight + x


class Steps(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = nn.ModuleList([Step() for _ in range(4)])

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x


@example
def loops_over_modules_are_unrolled(jit):
    compiled = jit.script(Steps())
    return compiled(X), texts(compiled)


@example
def early_returns(jit):
    def search(items: List[int], wanted: int) -> int:
        for i, item in enumerate(items):
            if item == wanted:
                return i
        return -1

    compiled = jit.script(search)
    return compiled([4, 5], 5), compiled([4], 5), texts(compiled)


@example
def exceptions_and_assertions(jit):
    def careful(x: int) -> int:
        assert x > 0, "not positive"
        if x > 10:
            raise ValueError(f"{x} is too large")
        return x

    compiled = jit.script(careful)
    return compiled(3), refusal(lambda: compiled(-1)), refusal(lambda: compiled(11)), texts(compiled)


@example
def printing(jit):
    def speak(x: int):
        print("x is", x)
        return x

    return texts(jit.script(speak))


@example
def deleting(jit):
    def drop(items: List[int], table: Dict[str, int]):
        del items[0]
        del table["a"]
        return items, table

    return jit.script(drop)([1, 2], {"a": 1, "b": 2})


@example
def doing_nothing(jit):
    def idle(x):
        if x.sum() > 0:
            pass
        return x

    return texts(jit.script(idle))


@example
def without_gradients(jit):
    def frozen(x):
        with torch.no_grad():
            y = x * 2
        return y + x

    compiled = jit.script(frozen)
    x = torch.ones(2, requires_grad=True)
    compiled(x).sum().backward()
    return x.grad, texts(compiled)


class Scope:
    def __init__(self, depth: int):
        self.depth = depth

    def __enter__(self) -> int:
        self.depth += 1
        return self.depth

    def __exit__(self, kind: Optional[int], value: Optional[int], trace: Optional[int]):
        self.depth -= 1


@example
def attributes_of_modules_of_python(jit):
    def area(r: float) -> float:
        return math.pi * math.pow(r, 2) + math.floor(2.5) + math.sqrt(r)

    compiled = jit.script(area)
    return compiled(4.0), texts(compiled)


@example
def globals_are_not_values(jit):
    def scaled(x):
        return x * FACTOR

    def looked_up(x):
        return x * TABLE["a"]

    return refusal(lambda: jit.script(scaled)), refusal(lambda: jit.script(looked_up))


@example
def builtins_of_python(jit):
    def use(items: List[int], x, flags: List[bool]):
        return (
            len(items), abs(-3), min(items), max(items), sum(items), sorted(items), any(flags), all(flags),
            round(2.6), divmod(7, 3), list("ab"), chr(97), ord("a"), hex(10), oct(8), bin(5), pow(2, 3),
            min(3, 4), max(2.0, 3.0), float("2.5"),
        )  # fmt: skip

    return jit.script(use)([3, 1, 2], X, [True, False])


@example
def hasattr_and_getattr(jit):
    class Holder(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = 3

        def forward(self, x):
            if hasattr(self, "scale"):
                x = x * getattr(self, "scale")
            if hasattr(self, "shift"):
                x = x + self.shift
            return x

    compiled = jit.script(Holder())
    return compiled(X), texts(compiled)


@example
def formatted_text(jit):
    def shown(n: int, f: float, s: str):
        return f"{n} and {s}", "{} {}".format(n, f), "%d %s" % (n, s)

    return jit.script(shown)(2, 1.5, "x")


@example
def what_there_is_not(jit):
    def with_lambda(x):
        f = lambda y: y + 1  # noqa: E731
        return f(x)

    def with_star(*args):
        return args

    def with_try(x):
        try:
            return x
        except Exception:
            return x

    def with_global(x):
        global FACTOR
        FACTOR = 2
        return x

    def with_sets(x):
        return {1, 2}

    def with_walrus(x):
        if (n := 3) > 2:
            return x * n
        return x

    def with_import(x):
        import math

        return x * math.pi

    return [
        refusal(lambda f=f: jit.script(f))
        for f in (with_lambda, with_star, with_try, with_global, with_sets, with_walrus, with_import)
    ]
