"""Attributes of all types, annotated and inferred, constants, parameters and buffers."""

import enum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.Enum):
    LOW = "low"
    HIGH = "high"


class Pair(NamedTuple):
    width: int
    value: Tensor


class Counter:
    def __init__(self, start: int) -> None:
        self.count = start
        self.names = ["a"]

    def next(self) -> int:
        self.count += 1
        return self.count


@programs.script((X,))
class Inferred(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.flag = True
        self.whole = 3
        self.real = 0.5
        self.z = 1 + 2j
        self.text = "abc"
        self.raw = b"xyz"
        self.nothing = None
        self.device = torch.device("cpu")
        self.dtype = torch.float64
        self.layout = torch.strided
        self.size = torch.Size([2, 3])
        self.ints = [1, 2]
        self.nested = [[1.0], [2.0, 3.0]]
        self.table = {"a": 1, "b": 2}
        self.tensors = [torch.ones(3)]
        self.maybe = [1, None]
        self.pair = (1, "a", (2.0, True))
        self.pairs = [(1, "a"), (2, "b")]
        self.tables = [{"a": torch.ones(1)}]
        self.plain = torch.full((3,), 2.0)

    def forward(self, x: Tensor) -> Any:
        y = x * self.whole + self.real + self.plain + self.tensors[0]
        if self.flag and self.nothing is None:
            y = y.to(self.dtype).to(self.device)
        self.ints.append(self.table["b"])
        number = self.maybe[0]
        assert number is not None
        text = self.text + self.raw + self.pair[1] + self.pairs[1][1]
        first = self.tables[0]["a"]
        total = self.nested[1][1] + self.pair[2][0] + len(self.ints) + self.size[1]
        return y + first, text, total, number, self.z


@programs.script((X,))
class Annotated(nn.Module):
    real: float
    maybe: Optional[int]
    reals: List[float]
    table: Dict[str, Tensor]
    either: Union[int, str]
    deep: Dict[str, List[Tuple[int, Optional[Tensor]]]]
    anything: Any
    new: list[int]
    other: int | None

    def __init__(self) -> None:
        super().__init__()
        self.real = 1
        self.maybe = None
        self.reals = [1, 2]
        self.table = {}
        self.either = "x"
        self.deep = {"k": [(1, None)]}
        self.anything = [1]
        self.new = []
        self.other = 3

    def forward(self, x: Tensor) -> Any:
        self.table["x"] = x
        self.maybe = 4
        self.new.append(len(self.reals))
        either = self.either
        if isinstance(either, str):
            x = x + len(either)
        other = self.other
        if other is not None:
            x = x * other
        self.deep["k"].append((2, x))
        return x * self.real, self.maybe, self.new, len(self.deep["k"])


@programs.script((X,))
class AttributesWithTypes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words = torch.jit.Attribute([], List[str])
        self.scale = torch.jit.Attribute(2, float)

    def forward(self, x: Tensor) -> Tuple[Tensor, List[str]]:
        self.words.append("a")
        return x * self.scale, self.words


@programs.script((X,))
class Enums(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.color = Color.BLUE
        self.level = Level.LOW
        self.levels = [Level.LOW, Level.HIGH]

    def forward(self, x: Tensor) -> Tuple[Tensor, str, bool]:
        if self.color == Color.BLUE:
            x = x + self.color.value
        self.level = Level.HIGH
        return x, self.level.value + self.color.name, self.levels[1] == self.level


@programs.script((X,))
class NamedTuples(nn.Module):
    declared: Pair

    def __init__(self) -> None:
        super().__init__()
        self.declared = Pair(2, torch.ones(3))
        self.inferred = Pair(4, torch.zeros(3))

    def forward(self, x: Tensor) -> Pair:
        made = Pair(self.declared.width + self.inferred[0], x + self.declared.value)
        self.declared = made
        return made


@programs.script((X,), (X,))
class HoldsObject(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.counter = Counter(3)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.counter.next() + len(self.counter.names)


@programs.script((X,))
class Constants(nn.Module):
    __constants__ = ["width", "names", "mixed", "absent", "dtype", "device", "nested"]
    depth: Final[int]
    rate: Final = 0.5

    def __init__(self) -> None:
        super().__init__()
        self.width = 3
        self.names = ["a", "b"]
        self.mixed = (1, "x", None)
        self.absent = None
        self.dtype = torch.float64
        self.device = torch.device("cpu")
        self.nested = [(1, 2), (3, 4)]
        self.depth = 2

    def forward(self, x: Tensor) -> Any:
        for _ in range(self.depth):
            x = x * self.width
        if self.absent is not None:
            x = x + 100
        if self.mixed[2] is None:
            x = x + self.mixed[0]
        for a, b in self.nested:
            x = x + a * b
        y = torch.zeros([2, 3], dtype=self.dtype, device=self.device)
        return x * self.rate + y, self.names[1] + self.mixed[1]


@programs.script((X,))
class ConstantChoosesBranch(nn.Module):
    deep: Final[bool]

    def __init__(self) -> None:
        super().__init__()
        self.deep = False
        self.first: nn.Module | None = nn.Linear(3, 3)
        self.second = None

    def forward(self, x: Tensor) -> Tensor:
        if self.deep:
            x = x.not_an_operator()
        if self.first is not None:
            x = self.first(x)
        if self.second is not None:
            x = self.second(x)
        return x


@programs.script((X,))
class ParametersAndBuffers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.frozen = nn.Parameter(torch.full((3,), 2.0), requires_grad=False)
        self.register_parameter("bias", None)
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("steps", torch.tensor(0))
        self.register_buffer("absent", None)
        self.register_buffer("fleeting", torch.ones(3), persistent=False)
        self.register_module("nobody", None)

    def forward(self, x: Tensor) -> Tensor:
        self.steps += 1
        self.mean = 0.5 * self.mean + x.mean(0)
        self.fleeting.mul_(2)
        for name, buffer in self.named_buffers():
            x = x + len(name)
        if self.bias is None and self.absent is None and self.nobody is None:
            x = x - self.mean
        return x * self.weight * self.frozen * self.steps + self.fleeting


@programs.script((X,))
class SetAttributes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.last = torch.zeros(1)
        self.pair = (0, 0)
        self.ints = [0, 1]

    def step(self, x: Tensor) -> None:
        self.last = x
        self.count += x.size(0)

    def forward(self, x: Tensor) -> Tensor:
        self.step(x)
        self.pair = (self.count, self.count + 1)
        a, b = self.pair
        self.ints[0] = a
        self.ints[1] += b
        while self.count < 10:
            self.count += 3
        return self.last + self.count + self.ints[1]


@programs.script((X,))
class AsksForAttributes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = 3
        self.linear = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        if hasattr(self, "scale"):
            x = x * self.scale
        if hasattr(self, "shift"):
            x = x + self.shift
        if hasattr(self.linear, "bias"):
            x = x + self.linear.bias
        if hasattr(self, "forward") and hasattr(self, "linear"):
            x = x + 1
        return x + getattr(self, "scale") + getattr(self, "shift", 7)  # noqa: B009


@programs.script((X,))
class HoldsUnusable(nn.Module):
    """What cannot become an attribute does no harm as long as nothing compiled uses it."""

    def __init__(self) -> None:
        super().__init__()
        self.thing = object()
        self.mixed = [1, "a"]
        self.empty: List[int] = []
        self.nobody: Dict[str, int] = {}
        self.key = lambda x: x
        self.cls = nn.Linear
        self.iterator = iter([1])
        self.items = {1, 2}
        self.array = torch.ones(2).numpy()

    def forward(self, x: Tensor) -> Tensor:
        return x + 1


@programs.script((X,))
class IgnoredAttributes(nn.Module):
    __jit_ignored_attributes__ = ["bad", "child", "count"]

    def __init__(self) -> None:
        super().__init__()
        self.bad = {1: "a", "b": 2}
        self.child = nn.Bilinear(1, 1, 1)
        self.count = 3
        self.kept = 2

    def forward(self, x: Tensor) -> Tensor:
        return x * self.kept


@programs.script((X,), (X,))
class Training(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.drop = nn.Dropout(0.0)
        self.quiet = nn.BatchNorm1d(3).eval()

    def forward(self, x: Tensor) -> Tensor:
        x = self.drop(self.quiet(self.norm(x)))
        return x * 2 if self.training else x


def twice(x: Tensor) -> Tensor:
    return x * 2


def shifted(x: Tensor, by: int = 3) -> Tensor:
    return twice(x) + by


@programs.script((X,))
class Functions(nn.Module):
    def __init__(self, activation: Any = nn.functional.relu) -> None:
        super().__init__()
        self.activation = activation
        self.operator = torch.tanh
        self.own = shifted
        self.packet = torch.ops.aten.neg
        self.compiled = torch.jit.script(twice)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(x) + self.operator(x) + self.own(x) + self.packet(x) + self.compiled(x)


@programs.script((X,))
class Gelu(Functions):
    def __init__(self) -> None:
        super().__init__(nn.functional.gelu)


class Word(str, enum.Enum):
    FIRST = "first"
    OTHER = "other"


class Digit(int, enum.Enum):
    ONE = 1


@programs.script((X,))
class MembersThatAreTexts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.word = Word.FIRST
        self.digit = Digit.ONE
        self.words = [Word.FIRST, Word.OTHER]
        self.table = {"a": Word.OTHER}

    def forward(self, x: Tensor) -> Tuple[Tensor, str, List[str], Dict[str, str]]:
        if self.word == "first":
            x = x + self.digit
        return x, self.word, self.words, self.table


@programs.script((X,))
class SetterWithADefault(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.factor = 2

    @property
    def scale(self) -> int:
        return self.factor

    @scale.setter
    def scale(self, value: int = 3) -> None:
        self.factor = value

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale
