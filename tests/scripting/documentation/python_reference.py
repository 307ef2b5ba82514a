"""Small programs for the sections of Python's own language reference, in its order.

Each is the body of a function; helpers that a program needs stand before it. What torch makes of it, or why it
refuses it, is what ours has to make of it.
"""

SECTIONS: dict[str, tuple[str, ...]] = {
    "2.1 lines, comments, joining": (
        "# a comment\nreturn n  # another",
        "y = n + \\\n    2\nreturn y",
        "y = [\n    n,\n\n    2,  # two\n]\nreturn y",
        "y = 1; z = 2\nreturn y + z",
        "if b: return n\nreturn 0",
        "if b:\n        return n\nelse:\n  return 0",
        "return 'ä€😀' + s",
    ),
    "2.3 identifiers": ("_ = n\nreturn _", "__x = n\nreturn __x", "größe = n\nreturn größe", "__jit = n\nreturn n"),
    "2.4 strings": (
        "return 'a' \"b\" '''c'''",
        "return r'\\n' + '\\n\\t\\x41\\101'",
        "return b'bytes'",
        "return '''two\nlines'''",
        "return f'{n} and {s}'",
        "return f'{n:3d}'",
        "return f'{s!r}'",
        "return f'{n=}'",
        "return f'{{}}{n}'",
        "return u'text'",
    ),
    "2.4 numbers": (
        "return 1_000, 0x1F, 0o17, 0b11",
        "return 1., .5, 1e3, 1E-3, 1_0.0",
        "return 2j, 1 + 2j",
        "return 9223372036854775807",
        "return 9223372036854775808",
        "return -9223372036854775808",
    ),
    "2.5 operators": (
        "return n << 1, n >> 1",
        "if (y := n) > 2:\n    return y\nreturn 0",
        "return n ** 2, n // 2, n % 2, f % 2, f // 2",
        "return x @ x",
        "return n & 1, n | 1, n ^ 1, ~n",
        "return b & b, b | b, b ^ b",
        "return ~b",
        "return x & x",
        "return ~(x > 0)",
    ),
    "2.6 delimiters": (
        "n **= 2\nreturn n", "n <<= 1\nreturn n", "n >>= 1\nreturn n", "n %= 2\nreturn n", "n ^= 1\nreturn n",
        "n &= 1\nreturn n", "n |= 1\nreturn n", "n //= 2\nreturn n", "n @= 2\nreturn n", "x @= x\nreturn x",
        "n += 1\nn -= 2\nn *= 3\nreturn n", "n /= 2\nreturn n", "f /= 2\nreturn f", "s += 'a'\nreturn s",
        "return 'n = %d' % n", "return '%s, %s' % (s, n)", "return '%(a)s' % d", "s %= n\nreturn s",
        "x += 1\nx -= 1\nx *= 2\nx /= 2\nreturn x", "x //= 2\nreturn x", "x **= 2\nreturn x", "ns += [1]\nreturn ns",
        "ns *= 2\nreturn ns", "x[0] += 1\nreturn x", "ns[0] *= 2\nreturn ns", "d['a'] += 1\nreturn d",
    ),
    "3.2 types": (
        "return NotImplemented", "return Ellipsis", "return ...", "y = {1, 2}\nreturn n", "y = frozenset([1])\nreturn n",
        "y = bytearray(2)\nreturn n", "y = slice(1, 2)\nreturn ns[y]", "return math", "return math.pi, math.e, math.inf",
        "return type(n)", "return n.real", "return (1 + 2j).real, (1 + 2j).imag", "return range(n)", "return None",
        "y = torch.nn\nreturn n", "y: Any = n\nreturn y",
    ),
    "3.3 special methods": (
        "return Number(n) + Number(2)", "return (Number(n) - Number(2)).n", "return Number(n) == Number(2)",
        "return Number(n) < Number(2)", "return Number(n)(2)", "return 2 + Number(n)", "return Number(n)[1]",
        "m = Number(n)\nm[0] = 2\nreturn m.n", "return len(Number(n))", "return n in Number(n)",
        "return [i for i in Number(n)]", "return str(Number(n))", "return bool(Number(n))", "return -Number(n)",
        "m = Number(n)\nm += Number(1)\nreturn m.n", "return hash(Number(n))", "return abs(Number(n))",
        "return int(Number(n))", "return Number.zero().n", "return Number(n).of_class()", "return Number(n).twice",
        "return Number(n).missing", "return Slotted(n).n", "return Derived(n).n", "return WithNew(n).n",
        "return repr(Number(n))", "return Number(n).__class__",
    ),
    "3.3.9 with": (
        "with Doubles(n) as m:\n    n = m + 1\nreturn n",
        "with Doubles(n):\n    return n",
        "with Doubles(n) as m, Doubles(2) as k:\n    n = m + k\nreturn n",
        "with torch.no_grad():\n    x = x + 1\nreturn x",
        "with open(s) as file:\n    return n",
        "with n:\n    return n",
    ),
    "4.2 names": (
        "if b:\n    y = 1\nelse:\n    y = 2\nreturn y",
        "if b:\n    y = 1\nreturn y",
        "for i in range(n):\n    y = i\nreturn y",
        "for i in range(n):\n    pass\nreturn i",
        "return CONSTANT + n",
        "return TABLE['a']",
        "return NOTHING",
        "return nowhere",
        "return free(n)",
        "return LAMBDA(n)",
        "CONSTANT = 2\nreturn CONSTANT",
        "y = n\ny = s\nreturn y",
        "y: Union[int, str] = n\nreturn y",
        "return exec('n')",
    ),
    "4.3 exceptions": (
        "raise ValueError('no')", "raise ValueError(f'no {n}')", "raise ValueError", "raise", "raise s",
        "raise ValueError('a') from KeyError('b')", "raise Failure('custom')", "if b:\n    raise ValueError('x')\nreturn n",
        "e = ValueError('later')\nraise e", "try:\n    return n\nexcept ValueError:\n    return 0",
        "try:\n    y = n\nfinally:\n    y = 0\nreturn y",
    ),
    "6.2 displays": (
        "return [], [n], [n, 2]", "return [n, f]", "return [n, s]", "return {s: n, 'b': 2}", "return {}",
        "return {'a': n, 1: n}", "return dict(a=n)", "return dict([('a', n)])", "return dict({'a': n}, b=2)",
        "return {**d}", "return {**d, 'b': n}", "return {n, 2}", "return [i * 2 for i in ns]",
        "return [i for i in ns if i > 1]", "return [i + j for i in ns for j in ns]", "return {k: v for k, v in d.items()}",
        "return {i: s for i in ns}", "return {i for i in ns}", "return (i for i in ns)", "return sum(i for i in ns)",
        "return any(i > 1 for i in ns)", "return [*ns, n]", "return (*t, n)", "return ()", "return (n,)", "return n, f, s",
        "yield n", "y = yield n\nreturn y", "yield from ns", "return [x for x in t]", "return [await_ for await_ in ns]",
        "return [[j for j in range(i)] for i in ns]", "return [i for i, c in enumerate(s)]", "return [c for c in s]",
    ),
    "6.3 primaries": (
        "return x.shape, x.dtype, x.device", "return x.T", "return (x).sum().item()", "return ns[0], ns[-1], t[1], d['a'], s[0]",
        "return ns[1:], ns[:-1], ns[::2], ns[1:2:1]", "return ns[::-1]", "return s[1:], s[::2]", "return t[0:1]",
        "return t[::2]", "return t[::-1]", "return t[n]", "return x[0], x[-1, 1], x[:, 1], x[0:1, ::2], x[..., 0], x[None]",
        "return x[[0, 1]], x[x > 1], x[torch.tensor([0])]", "return x[0][1], x[0, 1]", "return x[ns]", "return x[()]",
        "return x[:, None, ...]", "return free(*t)", "return free(n=n)", "return free(**d)", "return several(*ns)",
        "return several(*t, 1)", "return several(1, *t)", "return free(n, n)", "return free()", "return free(m=1)",
        "return ns[s]", "return d[n]", "return n[0]", "return ns.append(1)", "return torch.add(x, x, alpha=2)",
        "return torch.add(input=x, other=x)", "return x.add(x, alpha=n)", "return await_(n)", "return (free)(n)",
    ),
    "6.5 to 6.9 arithmetic": (
        "return n ** -1, 2 ** 3 ** 2, -2 ** 2", "return f ** 0.5, n ** f", "return -n, -f, +n", "return -x, +x", "return ~n",
        "return not b, not n, not ns", "return n * f, n / 2, n // f, n - f", "return s * 2", "return ns * 2, 2 * ns",
        "return ns + [1], s + 'b', t + t", "return ns - ns", "return s - s", "return b + b, b * 2", "return True + 1",
        "return x + n, n + x, x * f, x / n, x // 2, x % 2, 2 - x, 2 / x, 2 ** x", "return n << n, n >> n",
        "return x << 1, x >> 1", "return divmod(n, 2)", "return n / 0",
    ),
    "6.10 comparisons": (
        "return n == 3, n != f, n < f, n <= 3, s == 'a', s < 'b'", "return 1 < n < 5", "return 1 < n < 5 > f != 2",
        "return d == d", "return ns == ns, ns != [1]", "return ns < ns", "return t == t", "return t < t", "return n == s",
        "return n in ns, n not in ns, 'a' in s, s in d, 1.0 in fs", "return n in t", "return x in [x]", "return n is None",
        "return n is n", "return x is x", "return n is not None", "return None is None", "return b is True", "return x == x",
        "return x < 2, 2 < x, x != n", "return x == None", "return fs == fs", "return [s] == [s]", "return {} == d",
        "return n in range(3)", "return n is not s", "return n <> 2",
    ),
    "6.11 to 6.16 logic": (
        "return b and n > 1 or not b", "return n and 2", "return n or 2", "return s or 'x'", "return ns and ns[0]",
        "return b and x", "return n if b else 0", "return n if b else s", "return n if n else 0", "return x if b else None",
        "return 1 if b else 2 if n > 1 else 3", "y = lambda a: a\nreturn y(n)", "return (lambda: n)()", "y, z = n, f\nreturn y",
        "y = 1, 2\nreturn y", "*y, z = ns\nreturn y", "a, *y = t\nreturn y", "a, (c, e) = n, t\nreturn c", "[a, c] = t\nreturn a",
        "a, c = ns\nreturn a", "a, c = x\nreturn a", "a, c, e = t\nreturn a", "return 1 + 2 * 3 - 4 / 2 ** 2 % 3",
        "return not n == 2 and b", "return (n + 1) * 2 - -n",
    ),
    "7.1 to 7.3 statements": (
        "free(n)\nreturn n", "n\nreturn n", "'a docstring'\nreturn n", "1 + 2\nreturn n", "y = z = n\nreturn y + z",
        "y: int = n\nreturn y", "y: int\ny = n\nreturn y", "y: float = n\nreturn y", "y: List[int] = []\nreturn y",
        "y: Optional[int] = None\nreturn y", "y: 'List[int]' = []\nreturn y", "x[0] = 1\nreturn x", "x[0, 1:] = 2.0\nreturn x",
        "x[x > 1] = 0\nreturn x", "ns[0], ns[1] = ns[1], ns[0]\nreturn ns", "d['z'] = n\nreturn d", "ns[0:1] = [9]\nreturn ns",
        "t[0] = 1\nreturn t", "s[0] = 'a'\nreturn s", "x.y = 1\nreturn x", "x.requires_grad = True\nreturn x",
        "m = Number(1)\nm.n = n\nreturn m.n", "m = Number(1)\nm.z = n\nreturn m.n", "assert b", "assert n > 100, 'too small'",
        "assert n > 100, f'{n} is too small'", "assert n > 100, n", "assert (n > 1, 'always')\nreturn n", "n: str = 'a'\nreturn n",
        "y += 1\nreturn y", "f(n) = 2", "y = n = 3\nreturn y",
    ),
    "7.4 to 7.10 jumps": (
        "pass", "pass\nreturn n", "del n\nreturn 1", "del d['a']\nreturn d", "del ns[0]\nreturn ns", "del n\nreturn n",
        "return", "return None", "if b:\n    return n\nreturn 0", "if b:\n    return n", "while True:\n    return n",
        "for i in ns:\n    if i == 2:\n        return i\nreturn -1", "for i in ns:\n    if i == 1:\n        break\nreturn n",
        "for i in ns:\n    if i == 1:\n        continue\n    n += i\nreturn n", "break", "continue",
        "while n < 10:\n    n += 1\n    if n == 5:\n        break\n    elif n == 3:\n        continue\nreturn n",
        "for i in ns:\n    for j in ns:\n        if j == i:\n            break\n        n += j\nreturn n", "return n\nreturn f",
        "if b:\n    return n\nelse:\n    return s",
    ),
    "7.11 to 7.13 imports and scopes": (
        "import math\nreturn math.sqrt(4)", "from math import sqrt\nreturn sqrt(4)", "global CONSTANT\nCONSTANT = n\nreturn n",
        "nonlocal n\nreturn n", "from __future__ import annotations\nreturn n",
    ),
    "8.1 to 8.3 branches and loops": (
        "if n > 1:\n    y = 1\nelif n > 0:\n    y = 2\nelse:\n    y = 3\nreturn y", "if n:\n    return 1\nreturn 0",
        "if x:\n    return 1\nreturn 0", "if x.sum() > 0:\n    return 1\nreturn 0", "if s:\n    return 1\nreturn 0",
        "if ns:\n    return 1\nreturn 0", "if None:\n    return 1\nreturn 0", "if t:\n    return 1\nreturn 0",
        "while n < 5:\n    n += 1\nreturn n", "while n < 5:\n    n += 1\nelse:\n    n = 0\nreturn n",
        "while b:\n    b = False\nreturn b", "while x.sum() < 100:\n    x = x * 2\nreturn x", "while n:\n    n -= 1\nreturn n",
        "for i in range(n):\n    f += i\nelse:\n    f = 0.0\nreturn f", "for i in range(1, n, 2):\n    f += i\nreturn f",
        "for i in range(n, 0, -1):\n    f += i\nreturn f", "for i, v in enumerate(ns):\n    n += i * v\nreturn n",
        "for i, v in enumerate(ns, 1):\n    n += i * v\nreturn n", "for a, c in zip(ns, fs):\n    f += a * c\nreturn f",
        "for k in d:\n    n += d[k]\nreturn n", "for k, v in d.items():\n    n += v\nreturn n",
        "for v in d.values():\n    n += v\nreturn n", "for c in s:\n    n += 1\nreturn n", "for v in x:\n    f += v.sum().item()\nreturn f",
        "for v in t:\n    n += v\nreturn n", "for v in reversed(ns):\n    n += v\nreturn n", "for v in (n, f, s):\n    pass\nreturn n",
        "for i in n:\n    pass\nreturn n", "for i in [1, 2, 3]:\n    n += i\nreturn n", "for (i, (j, k)) in enumerate(zip(ns, ns)):\n    n += k\nreturn n",
        "for ns[0] in range(3):\n    pass\nreturn ns", "for _ in range(2):\n    n *= 2\nreturn n", "for i in sorted(ns):\n    n += i\nreturn n",
        "for i in map(free, ns):\n    n += i\nreturn n", "for i in set(ns):\n    n += i\nreturn n", "for i in range(f):\n    n += i\nreturn n",
    ),
    "8.4 to 8.8 definitions": (
        "def inner(a):\n    return a\nreturn inner(n)", "class Inner:\n    pass\nreturn n", "async def inner():\n    pass\nreturn n",
        "async for i in ns:\n    pass\nreturn n", "async with n:\n    pass\nreturn n", "return await free(n)",
        "match n:\n    case 1:\n        return 1\nreturn 0", "type Alias = int\nreturn n", "@free\ndef inner():\n    pass\nreturn n",
    ),
    "8.6 signatures": (
        "return defaults(n)", "return defaults(n, 4, k=5)", "return defaults(n, k=5)", "return keyword_only(n, k=2)",
        "return keyword_only(n)", "return keyword_default(n)", "return variable(n, n)", "return with_keywords(n=n)",
        "return positional(n)", "return annotated(n)", "return unannotated(x)", "return unannotated(n)",
        "return wrong_default(n)", "return mutable_default(n)", "return decorated(n)", "return recursive(n)",
    ),
}  # fmt: skip
"""Bodies of functions by section."""

HELPERS = """
import functools
import math
from typing import Any, Dict, List, Optional, Tuple, Union

import torch

CONSTANT = 7
TABLE = {"a": 1}
NOTHING = None
LAMBDA = lambda a: a


class Failure(Exception):
    pass


class Number:
    def __init__(self, n: int):
        self.n = n

    def __add__(self, other: "Number") -> int:
        return self.n + other.n

    def __sub__(self, other: "Number") -> "Number":
        return Number(self.n - other.n)

    def __eq__(self, other: "Number") -> bool:
        return self.n == other.n

    def __lt__(self, other: "Number") -> bool:
        return self.n < other.n

    def __call__(self, by: int) -> int:
        return self.n * by

    def __getitem__(self, place: int) -> int:
        return self.n + place

    def __setitem__(self, place: int, value: int) -> None:
        self.n = value

    def __len__(self) -> int:
        return self.n

    def __contains__(self, value: int) -> bool:
        return value == self.n

    def __str__(self) -> str:
        return "number"

    def __bool__(self) -> bool:
        return self.n > 0

    def __neg__(self) -> int:
        return -self.n

    def __iadd__(self, other: "Number") -> "Number":
        self.n += other.n
        return self

    def __abs__(self) -> int:
        return abs(self.n)

    def __int__(self) -> int:
        return self.n

    @staticmethod
    def zero() -> "Number":
        return Number(0)

    @classmethod
    def of_class(cls) -> int:
        return 1

    @property
    def twice(self) -> int:
        return self.n * 2


class Doubles:
    def __init__(self, n: int):
        self.n = n

    def __enter__(self) -> int:
        return self.n * 2

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        self.n = 0


class Slotted:
    __slots__ = ("n",)

    def __init__(self, n: int):
        self.n = n


class Base:
    def __init__(self, n: int):
        self.n = n


class Derived(Base):
    pass


class WithNew:
    def __new__(cls, n: int):
        return object.__new__(cls)

    def __init__(self, n: int):
        self.n = n


def free(n: int) -> int:
    return n + 1


def several(a: int, b: int, c: int) -> int:
    return a + b + c


def defaults(n: int, m: int = 2, k: int = 3) -> int:
    return n * m * k


def keyword_only(n: int, *, k: int) -> int:
    return n * k


def keyword_default(n: int, *, k: int = 2) -> int:
    return n * k


def variable(*ns: int) -> int:
    return 1


def with_keywords(**ns: int) -> int:
    return 1


def positional(n: int, /) -> int:
    return n


def annotated(n: "int") -> "int":
    return n


def unannotated(n):
    return n + 1


def wrong_default(n: int, s: str = 3) -> int:
    return n


def mutable_default(n: int, ns: List[int] = []) -> int:
    return n


def outer(function):
    @functools.wraps(function)
    def wrapper(n: int) -> int:
        return n * 10

    return wrapper


@outer
def decorated(n: int) -> int:
    return n


def recursive(n: int) -> int:
    return n if n < 1 else recursive(n - 1)

"""
"""What the programs name."""
