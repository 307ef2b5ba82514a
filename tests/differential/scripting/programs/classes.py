"""Script classes, enums, dataclasses, named tuples, interfaces."""

import collections
import enum
from dataclasses import dataclass
from enum import Enum
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


class Counter:
    def __init__(self, start: int = 0):
        self.count = start
        self.seen: List[int] = []

    def add(self, n: int) -> int:
        self.count += n
        self.seen.append(n)
        return self.count

    def total(self) -> int:
        return sum(self.seen)


@programs.script((3,))
def uses_class(n: int) -> Tuple[int, int]:
    c = Counter(1)
    c.add(n)
    c.add(n * 2)
    return c.count, c.total()


@programs.script((3,))
def default_of_init(n: int) -> int:
    c = Counter()
    c.count = n
    return c.add(1)


@torch.jit.script
class Scripted:
    def __init__(self, x: Tensor):
        self.x = x

    def doubled(self) -> Tensor:
        return self.x * 2


@programs.script((X,))
def uses_scripted_class(x: Tensor) -> Tensor:
    s = Scripted(x)
    s.x = s.x + 1
    return s.doubled()


class Vector:
    def __init__(self, x: float, y: float):
        self.x = x
        self.y = y

    def __add__(self, other: "Vector") -> "Vector":
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k: float) -> "Vector":
        return Vector(self.x * k, self.y * k)

    def __eq__(self, other: "Vector") -> bool:
        return self.x == other.x and self.y == other.y

    def __neg__(self) -> "Vector":
        return Vector(-self.x, -self.y)

    def __len__(self) -> int:
        return 2

    def __getitem__(self, i: int) -> float:
        return self.x if i == 0 else self.y

    def __contains__(self, v: float) -> bool:
        return v == self.x or v == self.y

    def __call__(self, k: float) -> float:
        return self.x * k + self.y

    def __str__(self) -> str:
        return "vector"


@programs.script((1.0, 2.0))
def operators_of_class(a: float, b: float) -> Tuple[float, float, bool, int, float, bool, float]:
    v = Vector(a, b) + Vector(b, a) * 2.0
    w = -v
    return v.x, w.y, v == w, len(v), v[1], a in v, v(3.0)


@programs.script((1.0,))
def augmented_class(a: float) -> float:
    v = Vector(a, a)
    v += Vector(1.0, 2.0)
    return v.y


class WithProperty:
    def __init__(self, n: int):
        self._n = n

    @property
    def n(self) -> int:
        return self._n + 1

    @n.setter
    def n(self, value: int) -> None:
        self._n = value


@programs.script((3,))
def properties(n: int) -> int:
    w = WithProperty(n)
    w.n = w.n * 2
    return w.n


class WithStatic:
    scale = 3

    def __init__(self):
        self.a = 1

    @staticmethod
    def double(n: int) -> int:
        return n * 2

    def run(self, n: int) -> int:
        return self.double2(n) + WithStatic.double(self.a)

    def double2(self, n: int) -> int:
        return WithStatic.double(n)


@programs.script((3,))
def static_methods(n: int) -> int:
    return WithStatic.double(n) + WithStatic().run(n)


class Node:
    def __init__(self, value: int, next: "Node | None"):
        self.value = value
        self.next = next


class Holder:
    def __init__(self, items: Dict[str, Tensor]):
        self.items = items

    def get(self, key: str) -> Tensor | None:
        if key in self.items:
            return self.items[key]
        return None


@programs.script((X,))
def optional_result_of_method(x: Tensor) -> Tensor:
    h = Holder({"a": x})
    y = h.get("a")
    z = h.get("b")
    assert y is not None
    return y if z is None else y + z


class Outer:
    def __init__(self, n: int):
        self.inner = Counter(n)

    def bump(self) -> int:
        self.inner.add(5)
        self.inner.count = self.inner.count * 2
        return self.inner.count


@programs.script((3,))
def nested_objects(n: int) -> int:
    o = Outer(n)
    o.inner.count += 1
    return o.bump()


@programs.script((3,))
def list_of_objects(n: int) -> int:
    cs = [Counter(i) for i in range(n)]
    total = 0
    for c in cs:
        total += c.add(1)
    return total


class Manager:
    def __init__(self, log: List[str]):
        self.log = log

    def __enter__(self) -> int:
        self.log.append("enter")
        return 5

    def __exit__(self, type: object, value: object, traceback: object) -> None:
        self.log.append("exit")


class Context:
    def __init__(self, start: int):
        self.count = start

    def __enter__(self) -> int:
        self.count += 1
        return self.count

    def __exit__(self, type, value, tb):
        self.count -= 1


class AnyContext:
    def __init__(self, start: int):
        self.count = start

    def __enter__(self):
        self.count += 1
        return self.count

    def __exit__(self, type: "Any", value: "Any", tb: "Any"):
        self.count -= 1


@programs.script((X,))
def no_grad(x: Tensor) -> Tensor:
    with torch.no_grad():
        y = x * 2
    return y + 1


@programs.script((X,))
def nested_with(x: Tensor) -> Tensor:
    with torch.no_grad(), torch.no_grad():
        x = x + 1
    return x


class Color(Enum):
    RED = 1
    GREEN = 2


class Shade(enum.Enum):
    LIGHT = "light"
    DARK = "dark"


@programs.script()
def enum_argument(c: Color) -> int:
    if c == Color.GREEN:
        return 5
    return c.value


@programs.script()
def enum_members() -> Tuple[str, int, bool, str]:
    c = Color.GREEN
    return c.name, c.value, c is Color.RED, Shade.DARK.value


@programs.script()
def enum_iteration() -> List[int]:
    values: List[int] = []
    for c in Color:
        values.append(c.value)
    return values


@programs.script()
def enum_list() -> bool:
    cs = [Color.RED, Color.GREEN]
    return cs[1] == Color.GREEN


@torch.jit.script
@dataclass
class Point:
    x: float
    y: float = 2.0
    name: str | None = None

    def norm(self) -> float:
        return self.x * self.x + self.y * self.y


@programs.script((3.0,))
def dataclass_use(v: float) -> Tuple[float, bool]:
    p = Point(v)
    q = Point(v, y=5.0, name="q")
    return p.norm() + q.norm(), p == q


@torch.jit.script
@dataclass(order=True)
class Ordered:
    a: int
    b: int


@programs.script((1,))
def dataclass_order(n: int) -> Tuple[bool, bool, bool]:
    p, q = Ordered(n, 2), Ordered(1, 3)
    return p < q, p >= q, p == q


@torch.jit.script
@dataclass
class PostInit:
    a: int
    b: int
    c: int = 0

    def __post_init__(self):
        self.c = self.a + self.b


@programs.script((1,))
def dataclass_post_init(n: int) -> int:
    return PostInit(n, 2).c


class Named(NamedTuple):
    a: int
    b: Tensor
    c: str = "c"


Plain = collections.namedtuple("Plain", ["x", "y"])


@programs.script((X,))
def named_tuples(x: Tensor) -> Tuple[int, Tensor, str]:
    n = Named(1, x)
    m = Named(b=x, a=2, c="d")
    return n.a + m.a, n.b + m[1], n.c + m.c


@programs.script((X,))
def plain_named_tuple(x):
    p = Plain(x, x + 1)
    return p.x * p.y


@programs.script((X,))
def returned_named_tuple(x: Tensor) -> Named:
    return Named(3, x)


@torch.jit.interface
class Shape:
    def area(self, k: int) -> int:
        pass


class Square:
    def __init__(self, n: int):
        self.n = n

    def area(self, k: int) -> int:
        return self.n * self.n * k


class Rectangle:
    def __init__(self, a: int, b: int):
        self.a = a
        self.b = b

    def area(self, k: int) -> int:
        return self.a * self.b * k


def area_of(s: Shape, k: int) -> int:
    return s.area(k)


@programs.script((3,))
def interfaces(n: int) -> int:
    return area_of(Square(n), 2) + area_of(Rectangle(n, 4), 1)


@programs.script((3,))
def interface_variable(n: int) -> int:
    s: Shape = Square(n)
    if n > 5:
        s = Rectangle(n, n)
    return s.area(1)


@programs.script((3,))
def optional_object(n: int) -> int:
    c: Counter | None = None
    if n > 2:
        c = Counter(n)
    if c is not None:
        return c.add(1)
    return 0


class Lazy:
    def __init__(self):
        self.value = torch.jit.annotate(Optional[int], None)

    def get(self) -> int:
        value = self.value
        if value is None:
            value = 42
            self.value = value
        return value


@programs.script()
def lazy_attribute() -> int:
    l = Lazy()
    return l.get() + l.get()


class CallsBefore:
    def __init__(self, n: int):
        self.n = n

    def a(self) -> int:
        return self.b() + 1

    def b(self) -> int:
        return self.n


@programs.script((3,))
def methods_call_methods(n: int) -> int:
    return CallsBefore(n).a()


@programs.script((X,))
def has_attribute(x: Tensor) -> int:
    c = Counter(1)
    if hasattr(c, "count"):
        return c.count
    return 0


@programs.script((3,))
def get_attribute(n: int) -> int:
    c = Counter(n)
    return c.count


class Base:
    def __init__(self):
        self.a = 1


class Derived(Base):
    def __init__(self):
        self.b = 1


@programs.script()
def inherited(n: int) -> int:
    return Derived().b


class MadeByItsClass:
    def __init__(self, n: int):
        self.n: int = n

    @classmethod
    def twice(cls, n: int) -> "MadeByItsClass":
        return cls(2 * n)


@programs.script((3,))
def calls_class_method(n: int) -> int:
    made = MadeByItsClass(n)
    return made.twice(n).n
