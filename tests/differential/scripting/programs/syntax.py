"""Syntax that only a person writes."""

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


@programs.script((1,), (5,), (10,))
def chained_comparison(n: int) -> bool:
    return 1 < n < 10


@programs.script((1, 2, 3), (3, 2, 1))
def long_chain(a: int, b: int, c: int) -> bool:
    return a < b <= c != 7 > a


@programs.script((X,))
def chain_in_condition(x: Tensor) -> Tensor:
    if 0 < x.dim() < 3:
        return x + 1
    return x


@programs.script((3, "a"))
def formatted(n: int, s: str) -> str:
    return f"{n} and {s}!"


@programs.script((3,))
def formatted_expression(n: int) -> str:
    return f"{n + 1}{n * 2} {[n, n]} end"


@programs.script()
def formatted_without_values() -> str:
    return "plain"


@programs.script((X,))
def docstring(x: Tensor) -> Tensor:
    """A docstring is a statement.

    Of several lines.
    """
    return x


@programs.script((X,))
def comments_and_blank_lines(x: Tensor) -> Tensor:
    # before

    y = x  # beside

    # far left
    return y + 1  # type: ignore


@programs.script((X,))
def continued_lines(
    x: Tensor,
) -> Tensor:
    y = (x + 1) * 2
    return torch.cat(
        [
            y,
            x,
        ],
        dim=0,
    )


@programs.script(([1, 2, 3],))
def comprehension(xs: list[int]) -> list[int]:
    return [x * x for x in xs]


@programs.script(([1, 2, 3],))
def generator_as_list(xs: list[int]) -> bool:
    return all([x > 0 for x in xs])


@programs.script(([1, 2, 3],))
def generator(xs: list[int]) -> bool:
    return any(x > 2 for x in xs)


@programs.script((["a", "b"],))
def dict_comprehension(xs: list[str]) -> dict[str, int]:
    return {x: len(x) for x in xs}


@programs.script((4,))
def range_comprehension(n: int) -> list[float]:
    return [float(i) / 2 for i in range(1, n, 2)]


@programs.script(([1, 2],), ([],))
def ternary(xs: list[int]) -> int:
    return xs[0] if len(xs) > 0 else -1


@programs.script((1,), (2,), (3,))
def nested_ternary(n: int) -> str:
    return "one" if n == 1 else "two" if n == 2 else "many"


@programs.script((X,))
def ternary_of_tensors(x: Tensor) -> Tensor:
    return x * (2 if x.dim() > 1 else 3)


@programs.script((3,))
def negative_literals(n: int) -> tuple[int, float, int, int]:
    return -1, -2.5, n - -1, -(-3)


@programs.script((3,))
def unary(n: int) -> tuple[int, bool]:
    return -n, not n > 2


@programs.script((X.int(),))
def invert(x: Tensor) -> Tensor:
    return ~x


@programs.script((3, [1, 2]))
def membership(n: int, xs: list[int]) -> tuple[bool, bool]:
    return n in xs, n not in xs


@programs.script((3, [1, 2]))
def not_in_condition(n: int, xs: list[int]) -> int:
    if n not in xs and 1 in xs:
        return 1
    return 0


@programs.script(((1, 2, 3),))
def starred_target(t: tuple[int, int, int]) -> tuple[int, tuple[int, int]]:
    a, *b = t
    return a, b


@programs.script(((1, 2, 3),))
def starred_in_the_middle(t: tuple[int, int, int]) -> int:
    first, *_, last = t
    return first * last


def add3(a: int, b: int, c: int) -> int:
    return a + b * c


@programs.script(((1, 2, 3),))
def starred_call(t: tuple[int, int, int]) -> int:
    return add3(*t)


@programs.script(((2, 3),))
def starred_call_with_more(t: tuple[int, int]) -> int:
    return add3(1, *t)


@programs.script((3,))
def keyword_call(n: int) -> int:
    return add3(c=n, a=1, b=2)


@programs.script((3,))
def swapped(n: int) -> tuple[int, int]:
    a, b = n, n + 1
    a, b = b, a
    return a, b


@programs.script((3,))
def multiple_targets(n: int) -> int:
    a = b = n + 1
    a += 1
    return a * b


@programs.script((3,))
def nested_unpacking(n: int) -> int:
    (a, b), c = (n, 2), 3
    return a * b - c


@programs.script((X,))
def augmented(x: Tensor) -> Tensor:
    y = x.clone()
    y += 1
    y *= 2
    y -= x
    y /= 3
    return y


@programs.script((7,))
def augmented_numbers(n: int) -> int:
    n += 3
    n -= 1
    n *= 2
    n %= 11
    return n


@programs.script((6, 3))
def augmented_bits(a: int, b: int) -> tuple[int, int, int, int, int]:
    c = a
    c |= b
    d = a
    d &= b
    e = a
    e ^= b
    f = a
    f <<= 1
    g = a
    g >>= 1
    return c, d, e, f, g


@programs.script(([1, 2],))
def augmented_list(xs: list[int]) -> list[int]:
    xs += [3]
    xs[0] += 10
    return xs


@programs.script((X,))
def augmented_index(x: Tensor) -> Tensor:
    y = x.clone()
    y[0] += 1
    y[:, 1] *= 2
    return y


@programs.script(({"a": 1},))
def deletion(d: dict[str, int]) -> dict[str, int]:
    d["b"] = 2
    del d["a"]
    return d


@programs.script((3,))
def deletion_of_variable(n: int) -> int:
    m = n + 1
    del n
    return m


@programs.script(([1, 2, 3],))
def deletion_of_item(xs: list[int]) -> list[int]:
    del xs[1]
    return xs


@programs.script((3,))
def prints(n: int) -> int:
    print("n", n, [n], 1.5)
    print()
    return n


@programs.script((1,), (-1,))
def asserts(n: int) -> int:
    assert n > 0, "must be positive"
    assert n < 10
    return n


@programs.script((1,), (-1,))
def asserts_with_format(n: int) -> int:
    assert n > 0, f"must be positive: {n}"
    return n


@programs.script((X,))
def statement_expressions(x: Tensor) -> Tensor:
    x.add(1)
    1
    "text"
    x.shape
    return x


@programs.script((X,))
def semicolons(x: Tensor) -> Tensor:
    y = x
    y = y + 1
    return y


@programs.script((3,))
def one_line_blocks(n: int) -> int:
    if n > 2:
        n = 1
    for i in range(3):
        n += i
    while n < 10:
        n += 3
    return n


@programs.script((X,))
def pass_statement(x: Tensor) -> Tensor:
    if x.dim() == 2:
        pass
    else:
        x = x + 1
    for _ in range(2):
        pass
    return x


@programs.script((3,))
def elif_chain(n: int) -> str:
    if n == 0:
        s = "zero"
    elif n == 1:
        s = "one"
    elif n == 2:
        s = "two"
    else:
        s = "many"
    return s


@programs.script((X,))
def indices(x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    return x[0], x[0, 1], x[:, 1:], x[..., -1], x[None, :, ::2], x[(0, 1)]


@programs.script((X,))
def index_with_list(x: Tensor) -> Tensor:
    return x[[0, 1]]


@programs.script((X, torch.tensor([True, False])))
def index_with_mask(x: Tensor, m: Tensor) -> Tensor:
    return x[m]


@programs.script((X,))
def only_ellipsis(x: Tensor) -> Tensor:
    return x[...]


@programs.script((X,))
def index_assignment(x: Tensor) -> Tensor:
    y = x.clone()
    y[0] = 1
    y[1, 2] = 2.5
    y[:, 0] = y[:, 1]
    y[..., 1] = torch.zeros(2)
    return y


@programs.script(([1, 2, 3, 4],))
def list_slices(xs: list[int]) -> tuple[list[int], list[int], list[int], list[int]]:
    return xs[1:], xs[:-1], xs[::2], xs[:]


@programs.script(("hello",))
def string_slices(s: str) -> tuple[str, str, str]:
    return s[1:3], s[-1], s[:2]


@programs.script(((1, "a", 2.0),))
def tuple_indices(t: tuple[int, str, float]) -> tuple[int, float, tuple[str, float]]:
    return t[0], t[-1], t[1:]


@programs.script((X,))
def slice_object(x: Tensor) -> Tensor:
    return x[slice(0, 1)]


@programs.script((X,))
def method_chain(x: Tensor) -> Tensor:
    return x.relu().sum(dim=0).unsqueeze(0)


@programs.script((X,))
def lines_with_tabs(x: Tensor) -> Tensor:
    y = x + 1
    return y


@programs.script((2, 3))
def powers(a: int, b: int) -> tuple[float, float]:
    return a**b, 2.0**a


@programs.script((7, 2))
def division(a: int, b: int) -> tuple[float, int, int]:
    return a / b, a // b, a % b


@programs.script((X, X.t()))
def matrix_product(x: Tensor, y: Tensor) -> Tensor:
    return x @ y


@programs.script((3,))
def big_and_small_numbers(n: int) -> tuple[int, float, float, float, int, int]:
    return 9223372036854775807, 1e100, 1e-7, 0.1 + 0.2, 0x1F, 1_000


@programs.script()
def string_literals() -> tuple[str, str, str, str]:
    return (
        "single",
        "double",
        """triple
lines""",
        "joined together",
    )


@programs.script()
def escapes() -> tuple[str, str, str]:
    return "tab\tnewline\n", r"raw\n", 'quote"s'


@programs.script((3,))
def complex_literals(n: int) -> tuple[complex, complex]:
    return 2j, 1 + 3j


@programs.script((True, False))
def booleans(a: bool, b: bool) -> tuple[bool, bool, bool]:
    return a and b, a or b, not a


@programs.script((None,), (3,))
def none_tests(n: int | None) -> int:
    if n is None:
        return 0
    return n + 1
