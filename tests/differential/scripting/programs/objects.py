"""Script classes, dataclasses, enums, named tuples, closures and context managers."""

import dataclasses
import enum
from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


class Tokenizer:
    """Splits at spaces."""

    unknown: int

    def __init__(self, words: List[str]) -> None:
        self.unknown = 0
        self.table: Dict[str, int] = {}
        for i, w in enumerate(words):
            self.table[w] = i + 1

    def encode(self, text: str, lower: bool = False) -> List[int]:
        if lower:
            text = text.lower()
        out: List[int] = []
        for piece in text.split():
            out.append(self.lookup(piece))
        return out

    def lookup(self, piece: str) -> int:
        if piece in self.table:
            return self.table[piece]
        return self.unknown

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, piece: str) -> bool:
        return piece in self.table

    def __getitem__(self, piece: str) -> int:
        return self.table[piece]

    def __setitem__(self, piece: str, index: int) -> None:
        self.table[piece] = index


@programs.script(("a C b",))
def tokenizer(text: str) -> Tuple[List[int], List[int], int, bool, int]:
    t = Tokenizer(["a", "b", "c"])
    t["d"] = 4
    plain = t.encode(text)
    lowered = t.encode(text, lower=True)
    return plain, lowered, len(t), "a" in t, t["d"]


class Vector:
    def __init__(self, x: float, y: float = 0.0):
        self.x = x
        self.y = y

    def __add__(self, other: "Vector") -> "Vector":
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other: "Vector") -> "Vector":
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, k: float) -> "Vector":
        return Vector(self.x * k, self.y * k)

    def __truediv__(self, k: float) -> "Vector":
        return Vector(self.x / k, self.y / k)

    def __neg__(self) -> "Vector":
        return Vector(-self.x, -self.y)

    def __eq__(self, other: "Vector") -> bool:
        return self.x == other.x and self.y == other.y

    def __ne__(self, other: "Vector") -> bool:
        return not self == other

    def __lt__(self, other: "Vector") -> bool:
        return self.length() < other.length()

    def __le__(self, other: "Vector") -> bool:
        return self.length() <= other.length()

    def __bool__(self) -> bool:
        return self.x != 0.0

    def __str__(self) -> str:
        return f"({self.x}, {self.y})"

    def __abs__(self) -> float:
        return self.length()

    def __call__(self, t: Tensor) -> Tensor:
        return t * self.x + self.y

    def length(self) -> float:
        return (self.x**2 + self.y**2) ** 0.5

    @staticmethod
    def unit() -> "Vector":
        return Vector(1.0, 0.0)

    @property
    def doubled(self) -> float:
        return self.x * 2

    @doubled.setter
    def doubled(self, value: float) -> None:
        self.x = value / 2


@programs.script((3.0,))
def vectors(k: float) -> Tuple[float, float]:
    a = Vector(1.0) + Vector(k, y=2.0) * 2.0 - Vector.unit()
    return a.x, a.length()


@programs.script((3.0,))
def vector_operators(k: float) -> List[bool]:
    a, b = Vector(k), Vector(1.0, 2.0)
    return [a == b, a != b, a < b, a <= b]


@programs.script((3.0,))
def vector_negated(k: float) -> float:
    return (-Vector(k)).x / 2


@programs.script((X,))
def vector_called(x: Tensor) -> Tensor:
    return Vector(2.0, 1.0)(x)


@programs.script((3.0,))
def vector_text(k: float) -> str:
    return str(Vector(k))


@programs.script((3.0,))
def vector_truth(k: float) -> int:
    v = Vector(k)
    if v:
        return 1
    return 0


@programs.script((3.0,))
def vector_property(k: float) -> Tuple[float, float]:
    v = Vector(k)
    v.doubled = 10.0
    return v.x, v.doubled


@programs.script((3.0,))
def vector_augmented(k: float) -> float:
    v = Vector(k)
    v += Vector(1.0)
    v.x += 2.0
    v.x *= k
    return v.x


@programs.script((3.0,))
def vectors_sorted(k: float) -> List[float]:
    v = [Vector(k), Vector(1.0), Vector(2.0)]
    v.sort()
    return [a.x for a in v] + [a.x for a in sorted(v)]


class Node:
    def __init__(self, value: int):
        self.value = value
        self.next = torch.jit.annotate(Optional[Node], None)


class Stack:
    def __init__(self):
        self.items: List[int] = []

    def push(self, item: int):
        self.items.append(item)
        return self

    def pop(self) -> int:
        return self.items.pop()


@programs.script((1, 2))
def stack_chained(a: int, b: int) -> int:
    s = Stack().push(a).push(b).push(a + b)
    return s.pop() * 10 + len(s.items)


@programs.script((1,))
def list_of_objects(n: int) -> int:
    stacks: List[Stack] = []
    for i in range(n + 2):
        s = Stack()
        s.push(i)
        stacks.append(s)
    table: Dict[str, Stack] = {"a": stacks[0]}
    table["a"].push(5)
    return stacks[0].pop() + len(stacks)


class Guard:
    def __init__(self, log: List[str]):
        self.log = log

    def __enter__(self) -> int:
        self.log.append("in")
        return len(self.log)

    def __exit__(self, type: Any, value: Any, tb: Any) -> None:
        self.log.append("out")


@programs.script((2,), (-1,))
def with_class(n: int) -> Tuple[List[str], int]:
    log: List[str] = []
    m = 0
    with Guard(log) as a, Guard(log) as b:
        m = a * 10 + b
        if n > 0:
            log.append("body")
    return log, m


@programs.script((2,))
def with_early_return(n: int) -> int:
    log: List[str] = []
    with Guard(log):
        if n > 1:
            return 5
    return len(log)


@programs.script((2,))
def with_in_loop(n: int) -> List[str]:
    log: List[str] = []
    for i in range(n):
        with Guard(log) as d:
            if d > 2:
                break
    return log


@torch.jit.script
@dataclass
class Config:
    width: int
    rate: float = 0.5
    name: str = "none"

    def area(self) -> int:
        return self.width * self.width


@programs.script((3,))
def dataclass_used(n: int) -> Tuple[int, float, str, bool]:
    c = Config(n, name="x")
    d = Config(width=n, rate=0.25)
    c.rate += d.rate
    return c.area(), c.rate, c.name, c == d


@torch.jit.script
@dataclass(order=True)
class Ordered:
    a: int
    b: float


@programs.script((3,))
def dataclass_ordered(n: int) -> List[bool]:
    p, q = Ordered(n, 1.0), Ordered(2, 2.0)
    return [p < q, p <= q, p > q, p >= q, p == q]


@torch.jit.script
@dataclass
class Posted:
    a: int
    b: int = 2

    def __post_init__(self):
        self.b = self.a + self.b


@programs.script((3,))
def dataclass_post_init(n: int) -> int:
    return Posted(n).b


class Color(Enum):
    RED = 1
    GREEN = 2


class Mode(Enum):
    SUM = "sum"
    MEAN = "mean"


@programs.script((X, True), (X, False))
def by_mode(x: Tensor, summed: bool) -> Tensor:
    mode = Mode.SUM if summed else Mode.MEAN
    if mode == Mode.SUM:
        return x.sum()
    elif mode is Mode.MEAN:
        return x.mean()
    return x


@programs.script((1,))
def enum_fields(n: int) -> Tuple[str, int, bool]:
    c = Color.RED
    return c.name, c.value, c != Color.GREEN


@programs.script((1,))
def enum_keys(total: int) -> int:
    c = Color.GREEN
    for each in Color:
        total += each.value
        if each == c:
            total += 10
    return total


@programs.script((2,))
def enum_listed(n: int) -> List[int]:
    return [c.value for c in [Color.RED, Color.GREEN]]


class Small(enum.IntEnum):
    A = 1
    B = 2


@programs.script((1,))
def int_enum(n: int) -> int:
    return Small.A.value + n
Pair = namedtuple("Pair", ["left", "right"])


@programs.script((X,))
def plain_named_tuple(x: Tensor) -> Tensor:
    p = Pair(x, right=x + 1)
    return p.left + p[1]


@programs.script((Pair(X, X),))
def named_tuple_argument(p: Pair) -> Pair:
    return Pair(p.right, p.left * 2)


class Inner(NamedTuple):
    a: int
    b: List[int] = [1, 2]


class Outer(NamedTuple):
    inner: Inner
    label: str = "x"
    maybe: Optional[Inner] = None


@programs.script((1,))
def nested_named(n: int) -> Tuple[int, str]:
    o = Outer(Inner(n))
    m = o.maybe
    if m is not None:
        return m.a, o.label
    return o.inner.a + o.inner.b[1], o.label + "!"


@programs.script((1,))
def named_compared(n: int) -> Tuple[bool, int]:
    a = Inner(n, [2])
    x, y = a
    return a.a == n, len(y) + x


def make_scaler(factor: float, bias: Tensor):
    shift = 3

    def scaler(x: Tensor) -> Tensor:
        return x * factor + shift + bias.sum() * 0

    return scaler
LIMIT = 4
NAMES = ["a", "b"]
PAIRS = ((1, 2), (3, 4))
TABLE = {"a": 1}
DEVICE = torch.device("cpu")
DTYPE = torch.float64
NOTHING = None
FLAG: Final = True
SHAPE = torch.Size([2, 3])


def helper(x: Tensor, *, scale: float = 2.0, names: Optional[List[str]] = None) -> Tensor:
    if names is not None and len(names) > 1:
        return x
    return x * scale


def three(a: int, b: int, c: int = 3) -> int:
    return a * 100 + b * 10 + c


@programs.script(((1, 2), [3, 4]))
def starred(t: Tuple[int, int], v: List[int]) -> int:
    return three(*t) + three(1, *t)


@programs.script((X,))
def recursion_helper(x: Tensor) -> Tensor:
    return make_it(x, 2)


def make_it(x: Tensor, n: int):
    y = x
    for _ in range(n):
        y = y + x
    return y


programs.script((X,))(make_scaler(2.0, 1.0) if False else make_scaler(2.0, X))


def make_constant(n: int, s: str, flag: bool):
    def with_captured(x: Tensor) -> str:
        if flag:
            return s * 1 if False else s + str(n)
        return s

    return with_captured


programs.script((X,))(make_constant(3, "a", True))


def outer_fn():
    def inner_fn(x: Tensor) -> Tensor:
        return x + 1

    def using_inner(x: Tensor) -> Tensor:
        return inner_fn(inner_fn(x))

    return using_inner


programs.script((X,))(outer_fn())


@programs.script((OrderedDict([("a", X)]),))
def ordered_dict(d: Dict[str, Tensor]) -> Tensor:
    out = torch.zeros(())
    for k, v in d.items():
        out = out + v.sum()
    return out


@torch.jit.ignore
def plain_python(x: Tensor) -> Tensor:
    return x


@torch.jit.unused
def never(x: Tensor) -> Tensor:
    raise NotImplementedError


@programs.script((X,))
def calls_unused(x: Tensor) -> Tensor:
    if torch.jit.is_scripting():
        return x
    else:
        return never(x)


@torch.jit._overload
def over(x: int) -> int: ...


@torch.jit._overload
def over(x: str) -> str: ...


def over(x):
    if torch.jit.isinstance(x, int):
        return x + 1
    else:
        return x


@torch.jit._overload
def over2(x: int) -> int: ...


@torch.jit._overload
def over2(x: float) -> float: ...


def over2(x):
    return x + x


@programs.script((1,))
def overloads(n: int) -> Tuple[int, float]:
    return over2(n), over2(float(n))
