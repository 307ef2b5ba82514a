"""What stands in declarations: defaults, class constants, overloads, static methods, odd names and types."""

import enum
import warnings
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)
ZERO = torch.tensor(0)
PAIR = torch.tensor([1.5, -2.0])


class Kind(enum.Enum):
    LEFT = -1
    RIGHT = 1


class Name(enum.Enum):
    PLAIN = "plain"
    ODD = "it's odd"
    WIDE = "caf\u00e9 \U0001f600"


class Limits(NamedTuple):
    low: int
    high: float = 2.5


def helper(x: Tensor, state: Tensor = PAIR, n: Optional[Tensor] = None, kind: Kind = Kind.RIGHT) -> Tensor:
    if n is not None:
        x = x + n
    if kind == Kind.LEFT:
        x = -x
    return x + state.sum()


@programs.script((X,))
def leaves_defaults_out(x: Tensor) -> Tensor:
    return helper(x) + helper(x, n=x) + helper(x, x, kind=Kind.LEFT)


@programs.script((X,))
class Defaults(nn.Module):
    def forward(self, x: Tensor) -> Tuple[Tensor, str, str]:
        text, value = self.apart(1, "b", None)
        return (
            self.inner(x, x, x) + self.inner(x, other=x, state=x),
            text,
            value + self.enums(x, Kind.LEFT, Name.WIDE),
        )

    def inner(self, x: Tensor, state: Tensor = PAIR, other: Tensor = ZERO) -> Tensor:
        return x + state.sum() + other

    @torch.jit.export
    def apart(self, n: int = 3, s: Optional[str] = "a", t: Optional[str] = None) -> Tuple[str, str]:
        return (s if s is not None else "") + str(n), "none" if t is None else t

    @torch.jit.export
    def numbers(
        self,
        a: float = float("inf"),
        b: float = -float("inf"),
        c: complex = 1 - 2j,
        n: float = float("nan"),
        o: int = -9223372036854775808,
        p: float = 1e-45,
        k: Optional[float] = 1.0,
        z: float = -0.0,
        y: bool = False,
        r: float = 3,
        q: complex = 2,
    ) -> Tuple[float, complex, int, float]:
        return a + b + p + z + r, c + q, o, n if y or k is None else k

    @torch.jit.export
    def others(
        self,
        f: Tuple[int, Tuple[str, bool]] = (3, ("x\ny", True)),
        g: torch.device = torch.device("cpu"),
        h: torch.dtype = torch.float64,
        j: str = "quote ' and \" and \\ and \u00e9",
        q: Union[int, str] = "u",
        r: Any = 3,
        limits: Limits = Limits(1),
        u: Union[int, Tuple[str, float]] = ("a", 2.0),
        v: Any = (1, "b", (2.5, None)),
        w: Optional[Tuple[int, Optional[str]]] = (1, None),
    ) -> Tuple[Tensor, str]:
        y = torch.zeros(2, dtype=h, device=g) + f[0] + limits.low
        return y, j + f[1][0]

    @torch.jit.export
    def enums(self, x: Tensor, kind: Kind = Kind.LEFT, name: Name = Name.PLAIN) -> str:
        return name.value if kind == Kind.LEFT else Name.WIDE.value


class Plain(nn.Module):
    """A class of its own: torch gives methods that are defined to every module of the class."""

    def forward(self, x: Tensor) -> Tensor:
        return x


@programs.build((X,))
def mutable_defaults() -> Any:
    module = torch.jit.script(Plain())
    module.define(
        """
        def lists(self, x: Tensor, d: List[int]=[1, -2], e: Dict[str, List[float]]={"a": [1.0], "b'": [2.0]},
                  f: Optional[List[str]]=["a"], g: List[Tuple[int, float]]=[(1, 2.0)],
                  h: Dict[int, Tensor]=torch.jit.annotate(Dict[int, Tensor], {}), i: List[int]=[]) -> Tensor:
            return x * d[0] + len(e) + len(h) + len(i) + g[0][1]
        def keywords(self, x: Tensor, *, n: int, scale: float=2.0, bias: Optional[Tensor]=None) -> Tensor:
            return x * scale * n if bias is None else x + bias
        def call(self, x: Tensor) -> Tensor:
            return self.lists(x) + self.lists(x, [3], i=[1]) + self.keywords(x, n=1) + self.keywords(x, n=2, scale=1.)
        """
    )
    return module


@programs.script((X,))
class ClassConstants(nn.Module):
    number: Final[int] = 3
    pair: Final[Tuple[int, str]]
    text: Final[str]
    nothing: Final[Optional[int]]
    deep: Final[List[Tuple[float, int]]]

    def __init__(self) -> None:
        super().__init__()
        self.pair = (1, "p")
        self.text = "caf\u00e9"
        self.nothing = None
        self.deep = [(float("nan"), 1), (float("-inf"), -3)]

    def forward(self, x: Tensor) -> Tuple[Tensor, str, List[Tuple[float, int]]]:
        x = x * self.number + self.pair[0]
        if self.nothing is not None:
            x = x + self.nothing
        return x, self.text, self.deep


class Overloaded(nn.Module):
    @torch.jit._overload_method
    def pick(self, x: int) -> int:
        pass

    @torch.jit._overload_method  # noqa: F811
    def pick(self, x: Tensor) -> Tensor:  # noqa: F811
        pass

    def pick(self, x):  # noqa: F811
        return x + 1

    def forward(self, x: Tensor) -> Tensor:
        return self.pick(x) + self.pick(2)


programs.script((X,))(Overloaded)


@torch.jit._overload
def chosen(x: int, y: str) -> str:
    pass


@torch.jit._overload
def chosen(x: Tensor, y: int = 3) -> Tensor:  # noqa: F811
    pass


def chosen(x, y=3):  # noqa: F811
    return x + y if isinstance(x, Tensor) else y


@programs.script((X,))
def overloaded_function(x: Tensor) -> Tuple[Tensor, str]:
    return chosen(x) + chosen(x, 4), chosen(1, "s")


class Statics:
    scale: Final[int] = 4

    def __init__(self, n: int, names: Optional[List[str]] = None):
        self.n = n
        self.names: List[str] = names if names is not None else ["d"]
        self.inner = torch.jit.annotate(Optional[Limits], None)
        self.table: Dict[int, Tuple[Tensor, float]] = {}

    @staticmethod
    def twice(x: int, by: int = 2) -> int:
        return x * by

    @staticmethod
    def named() -> "Statics":
        return Statics(7, ["static"])

    def use(self, x: int = 3) -> int:
        self.inner = Limits(x, 0.5)
        self.table[x] = (torch.ones(1), 2.0)
        return Statics.twice(x) + Statics.twice(x, by=3) + self.n


@programs.script((2,))
def static_methods(n: int) -> Tuple[int, List[str], int]:
    made = Statics.named()
    inner = made.inner
    return made.use() + Statics.twice(n), Statics(n).names, -1 if inner is None else inner.low


class Wrapper:
    """Every attribute type that a class can have."""

    def __init__(self, x: Tensor, kind: Kind):
        self.x = x
        self.kind = kind
        nothing: Optional[Tensor] = None
        self.pair = (1, nothing)
        self.z = 1 + 2j
        self.device = torch.device("cpu")
        self.any = torch.jit.annotate(Any, x)
        self.statics = Statics(1)
        self.chain: List[Statics] = [self.statics]

    def touch(self) -> Tensor:
        self.pair = (2, self.x)
        self.chain[0].n += 5
        second = self.pair[1]
        assert second is not None
        return second * self.statics.n

    def __repr__(self) -> str:
        return "wrapped"

    def __call__(self, y: Tensor) -> Tensor:
        return self.x + y

    def __neg__(self) -> int:
        return -self.statics.n

    def __setitem__(self, key: int, value: Statics) -> None:
        self.chain.append(value)
        self.chain[0].n = key

    def __getitem__(self, key: int) -> Statics:
        return self.chain[key]

    def __iadd__(self, n: int) -> "Wrapper":
        self.statics.n += n
        return self

    def __bool__(self) -> bool:
        return self.statics.n > 0

    def __mod__(self, n: int) -> int:
        return self.statics.n % n

    def __delitem__(self, key: int) -> None:
        self.chain.pop(key)


@programs.script((X,))
def class_operators(x: Tensor) -> Tuple[Tensor, int, int, int, int]:
    wrapper = Wrapper(x, Kind.LEFT)
    y = wrapper.touch() + wrapper(x)
    wrapper[4] = Statics(9)
    wrapper += 2
    n = 1 if wrapper else 0
    return y, -wrapper, wrapper % 4, wrapper[1].n, n


@programs.script((1, 2, 3, 1.0, 4, 5))
def odd_names(
    lambda_: int,
    self: int,
    CONSTANTS: int,  # noqa: N803
    inf: float,
    nan: int,
    ops: int,  # noqa: N803
) -> float:
    fork = lambda_ + self
    annotate = CONSTANTS + nan
    unchecked_cast = ops
    uninitialized = inf
    getattr_ = fork
    aten = 3
    prim = aten
    as_ = 1
    print_ = 2
    _ = as_ + print_
    __x = prim
    x_1 = 5
    x1 = 6
    x01 = 7
    return fork + annotate + unchecked_cast + uninitialized + getattr_ + _ + __x + x_1 + x1 + x01


@programs.script((3,))
def names_with_numbers(x: int) -> int:
    x1 = x + 1
    x2 = x1 + 1
    x = x2 + x1
    x1 = x
    if x1 > 3:
        x10 = x1
        x1 = x10 + 1
    else:
        x10 = 3
    for x2 in range(x10):
        x1 = x1 + x2
    return x1 + x10 + x


class Complaining:
    """Warns in its methods, which call each other in both directions, and in functions between."""

    def after(self, n: int) -> int:
        warnings.warn("after")
        return self.before(n) + 1

    def __init__(self, n: int) -> None:
        warnings.warn("made")
        self.n = n

    def before(self, n: int) -> int:
        warnings.warn("before")
        return complain(n)


def complain(n: int) -> int:
    warnings.warn("function")
    return n


@programs.script((X,))
class WarnsInOrder(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        warnings.warn("first")
        made = Complaining(3)
        n = self.last(2) + made.after(1)
        warnings.warn("last of forward")
        return x + n + self.last(n) + complain(1)

    @torch.jit.export
    def apart(self, x: Tensor) -> Tensor:
        warnings.warn("apart")
        return x

    def last(self, n: int) -> int:
        warnings.warn("called first")
        return n + self.deeper(n)

    def deeper(self, n: int) -> int:
        if n > 3:
            warnings.warn("deeper")
        return n
