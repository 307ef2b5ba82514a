"""TorchScript programs that together use every construct the printers know.

They are written as users of TorchScript write them, whatever a linter would prefer.
"""

# ruff: noqa: B007, B905, C416, RET504, RUF059, UP006, UP007, UP031, UP032, UP035, UP045

import enum
import math
import warnings
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, nn


class Pair(NamedTuple):
    left: Tensor
    right: int


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


@torch.jit.script
class Counter:
    def __init__(self, start: int, label: str = "n"):
        self.count = start
        self.label = label

    def bump(self, by: int) -> int:
        self.count += by
        return self.count

    def __enter__(self) -> int:
        self.count += 1
        return self.count

    def __exit__(self, type: Any, value: Any, tb: Any):
        self.count -= 1


@torch.jit.interface
class Measure:
    def measure(self, x: Tensor) -> int:
        pass


@torch.jit.script
class Rank:
    def __init__(self, extra: int):
        self.extra = extra

    def measure(self, x: Tensor) -> int:
        return x.dim() + self.extra


def arithmetic(x: Tensor, y: Tensor, alpha: float = 1e-5, n: int = 3, flag: bool = True):
    z = x + y * alpha - n
    z = z / 2 // 3 % 5
    a = n // 2 + n % 3 - n * n
    b = n / 2
    c = -n
    d = ~x.to(torch.int64)
    e = x**2 @ y
    f = n**2
    g = (a & 3) | (c ^ 1)
    h = (a << 2) >> 1
    return z, a, b, c, d, e, f, g, h, not flag


def many_values(x: Tensor):
    first = x.relu()
    second = first.sigmoid().tanh().exp().log().sqrt().abs().neg().sin().cos().tan().floor().ceil()
    third = torch.cat([first, second, first.add(second, alpha=2).mul(first).div(second)], dim=1)
    return third.view(-1, 3).transpose(0, 1).contiguous().mean().item()


def branches(x: Tensor, flag: bool, n: Optional[int] = None):
    if flag:
        y = x + 1
        k = 1
    elif n is not None:
        y = x * n
        k = n
    else:
        y = x - 1
        k = 3
    if n is None:
        n = 7
    if (x.sum() > 0 and k > 2) or flag:
        return y, k + n
    return y.neg(), k


def early_return(x: Tensor, n: int) -> Tensor:
    if n > 3:
        if n > 5:
            return x
        x = x + 1
    else:
        return x - 1
    return x * 2


def loops(x: Tensor, n: int, items: List[int]):
    total = 0
    for i in range(n):
        for j in range(i, n, 2):
            total += i * j
        x = x + i
    while total > 3:
        total -= 1
        if total == 5:
            break
        if total == 4:
            continue
        x = x * 2
    for item in items:
        total += item
    for index, item in enumerate(items):
        total += index * item
    for a, b in zip(items, [1, 2, 3]):
        total += a * b
    while True:
        total += 1
        if total > 100:
            break
    return x, total


def nested_loops(x: Tensor, n: int):
    rows: List[List[int]] = []
    for i in range(n):
        row: List[int] = []
        for j in range(n):
            if (i + j) % 2 == 0:
                row.append(i * j)
            else:
                row.append(-1)
        rows.append(row)
    return rows, [len(r) for r in rows], [i * 2 for i in range(3)]


def containers(x: Tensor, names: List[str]):
    empty: List[int] = []
    optional: List[Optional[int]] = [1, None]
    table: Dict[str, Tensor] = {}
    filled = {"a": x, "b": x + 1}
    numbers = {1: 2.5, 3: 4.0}
    maybe: Dict[str, Optional[int]] = {"k": None}
    table["x"] = x
    empty.append(3)
    empty.extend([4, 5])
    empty[0] = 7
    last = empty.pop()
    keys = list(filled.keys())
    present = "a" in filled
    single = (x,)
    nothing = ()
    pair = (1, "two", 3.0)
    a, b, c = pair
    d, e = empty[0], empty[1:]
    return (
        optional,
        table,
        filled["a"],
        numbers,
        maybe,
        last,
        keys,
        present,
        single,
        nothing,
        pair[1],
        a,
        d,
        e,
    )


def comprehensions(xs: List[Tensor]):
    doubled = [x * 2 for x in xs]
    sizes = {i: x.size(0) for i, x in enumerate(xs)}
    return doubled, sizes, [x.shape for x in xs]


def strings(s: str, n: int):
    t = "quote \" and \\ and 'single'\n\ttab\x01"
    u = "unicode \u00e9\u4e2d"
    v = f"{s} is {n}"
    w = "{} and {}".format(s, n)
    p = s.split(",")
    q = s[1:3] + s[-1] + s[::2]
    r = s.upper().replace("a", "b").strip()
    long = "a very long string literal that is much longer than the forty characters that a line may have"
    print(s, n, t)
    return t, u, v, w, p, q, r, ",".join(p), len(s), s == t, long, "%d" % n


def numbers():
    return (
        1e10, 1e-5, 0.1, 1.0, -0.0, 123456789.123, 1e300, float("inf"), float("-inf"), float("nan"),
        1j, 2 + 3j, -1, 9223372036854775807, True, None, 1e9 + 0.5, 5e-324,
    )  # fmt: skip


def optional_flow(x: Optional[Tensor], y: Optional[int]) -> Tensor:
    if x is None:
        x = torch.zeros(2)
    assert x is not None
    z = torch.jit._unwrap_optional(y)
    if y is not None and y > 2:
        x = x + y
    return x + z


def unions(x: Union[int, str, Tensor], y: Any) -> int:
    if isinstance(x, int):
        return x
    elif isinstance(x, str):
        return len(x)
    if isinstance(y, (int, float)):
        return 3
    if isinstance(y, List[int]):
        return y[0]
    return 0


def union_flow(flag: bool) -> Union[int, str]:
    x: Union[int, str] = 1
    if flag:
        x = "a"
    return x


def slices(x: Tensor, i: int):
    a = x[0]
    b = x[1:2]
    c = x[:, 1]
    d = x[..., None]
    e = x[None, ..., i]
    f = x[x > 0]
    x[0] = 1
    x[:, 1:] += 2
    g = x[[0, 1]]
    h = x[::2, -1]
    return a, b, c, d, e, f, g, h


def inplace(x: Tensor, y: Tensor):
    x += y
    x.add_(1).mul_(2)
    x[0] -= y[0]
    x.zero_()
    return x


def order_matters(x: Tensor, y: Tensor):
    z = torch.cat([x.add_(y), (x * y + y * x + x - y).relu().sigmoid(), y.mul_(2)], 0)
    return z.sum(0) + x.sum() + torch.stack([x.neg_(), x, y.exp_()]).mean(0)


def raises(x: Tensor, n: int):
    if n < 0:
        raise ValueError("negative: " + str(n))
    assert n < 10, f"too large {n}"
    assert x.dim() == 2
    if n == 3:
        raise RuntimeError("three")
    return x


def named_tuples(x: Tensor, p: Pair):
    q = Pair(x, 3)
    r = Pair(right=p.right, left=p.left)
    left, right = q
    return q, r.left + left, right, [q, p]


def enums(c: Color, m: Mood):
    if c == Color.RED:
        return c.value, c.name, m.value
    return Color.GREEN.value, "x", Mood.BAD.value


def enum_list(m: Mood):
    return [m, Mood.GOOD], Color.RED


def classes(n: int):
    c = Counter(n)
    d = Counter(3, "label")
    c.count = c.count + d.bump(2)
    with c as k:
        n = n + k
    with d:
        pass
    return c, d.label, n


def interfaces(x: Tensor, m: Measure) -> int:
    return m.measure(x) + Rank(2).measure(x)


def no_grad(x: Tensor):
    with torch.no_grad():
        y = x + 1
    with torch.autograd.profiler.record_function("scope"):
        y = y * 2
    return y


def helper(x: Tensor, scale: float = 2.0) -> Tensor:
    return x * scale


def calls(x: Tensor):
    y = helper(x) + helper(x, 3.0)
    y = torch.nn.functional.relu(y)
    y = torch.nn.functional.dropout(y, p=0.3, training=True)
    z = torch.nn.functional.embedding(torch.tensor([1, 2]), torch.ones(4, 4))
    return torch.nn.functional.interpolate(y, scale_factor=2.0), z


def forks(x: Tensor):
    future = torch.jit.fork(helper, x, 4.0)
    other = torch.jit.fork(helper, x + 1)
    return torch.jit.wait(future) + torch.jit.wait(other)


def conversions(x: Tensor):
    a: int = int(x)
    b: float = float(x)
    c: bool = bool(x)
    d: List[int] = x.tolist()
    e = int(3.5) + int("7")
    f = torch.tensor(1.5).item()
    g = float(a) + float("2.5")
    h = str(a) + str(b)
    return a, b, c, d, e, f, g, h, complex(1.0, 2.0)


def implicit(x: Tensor, y: Tensor):
    return torch.full([2, 2], x.item()), x.add(y, alpha=y.item()), x.transpose(int(y), 1)


def factories(n: int, like: Tensor):
    a = torch.zeros(2, n)
    b = torch.ones([2, 3], dtype=torch.int64, device=torch.device("cpu"))
    c = torch.rand(2, 3, dtype=torch.float32)
    d = torch.empty_like(like, memory_format=torch.contiguous_format)
    e = torch.arange(0, n, 2, dtype=torch.int32)
    f = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    g = torch.tensor([1, n])
    h = torch.full((2,), 3.5)
    i = like.to(torch.float16).to("cpu").cuda() if n > 100 else like
    return a, b, c, d, e, f, g, h, i, like.dtype, like.device, like.shape, like.layout


def operators_with_defaults(x: Tensor, w: Tensor, b: Optional[Tensor]):
    y = torch.conv2d(x, w, b, [1, 1], [0, 0], [1, 1], 1)
    y = torch.batch_norm(y, None, None, None, None, False, 0.1, 1e-5, True)
    y = torch.max_pool2d(y, [3, 3], [2, 2])
    y = torch.softmax(y, dim=-1)
    s, i = y.sort(dim=0, descending=True)
    t, _ = torch.max(y, 1)
    u = y.sum(dim=[0, 1], keepdim=True)
    v = torch.split(y, 2, dim=0)
    c, d = torch.chunk(y, 2)
    return s, i, t, u, v, c, d, y.norm(), y.std(0), y.view(-1), y.permute(0, 1, 3, 2), torch.add(y, y, out=y)


def tuple_index(t: Tuple[int, Tensor, str], i: int):
    return t[0], t[1:], t[-1], (1, 2, 3)[i]


def ternary(x: Tensor, flag: bool):
    y = x if flag else x + 1
    return y if y.sum() > 1 else (x * 2 if flag else x * 3)


def reserved(torch_: Tensor, as_: int, fork: int, inf: float, ops: int, getattr_: int):
    nan = fork + ops
    CONSTANTS = nan * 2
    aten = CONSTANTS + as_
    attribute = aten
    uninitialized = attribute + getattr_
    return torch_, uninitialized, inf


def globals_used(x: Tensor):
    return torch.jit.is_scripting(), torch.is_grad_enabled(), x.is_cuda, x.requires_grad, x.ndim, x.T, x.grad


def sorted_things(xs: List[int], ys: List[float]):
    ys.sort(reverse=True)
    xs.reverse()
    return (
        sorted(xs),
        max(xs),
        min(ys),
        sum(xs),
        any([True, False]),
        all([True]),
        abs(-3),
        round(2.5),
        ord("a"),
        chr(97),
    )


def math_functions(a: float, b: int):
    return (
        math.sqrt(a),
        math.floor(a),
        math.pow(a, 2.0),
        math.pi,
        math.exp(b),
        divmod(b, 3),
        math.inf,
        math.gcd(b, 6),
    )


def chained(x: Tensor, n: int):
    return 0 < n < 10, n == 3 or (n != 4 and not n >= 5), x.dim() in [1, 2], n is None, n is not None


def deletions(d: Dict[str, int], xs: List[int]):
    del d["a"]
    del xs[0]
    d.update({"k": 3})
    d.setdefault("z", 1)
    return d.get("q"), d.get("q", 4), d.items(), d.values(), len(d), xs.index(3), xs.count(2), d.pop("k")


def annotations(n: int):
    x = torch.jit.annotate(List[Tuple[int, Optional[str]]], [])
    y: Optional[List[int]] = None
    z: Tuple[List[int], Dict[str, float]] = (
        torch.jit.annotate(List[int], []),
        torch.jit.annotate(Dict[str, float], {}),
    )
    if n > 0:
        y = [n]
    return x, y, z


def shadowing(x: Tensor):
    x = x + 1
    x_1 = x + 2
    x = x * x_1
    for x_2 in range(3):
        x = x + x_2
    return x, x_1


def optional_defaults(
    x: Tensor,
    a: Optional[float] = None,
    b: Tuple[int, int] = (1, 2),
    c: str = "mean",
    d: Optional[List[int]] = None,
):
    return x, a, b, c, d


def print_only(x: Tensor) -> None:
    print(x)


def empty_function():
    pass


def loop_carried_optional(xs: List[Tensor]):
    best: Optional[Tensor] = None
    for x in xs:
        if best is None or x.sum() > best.sum():
            best = x
    return best


def nested_functions_order(x: Tensor, y: Tensor):
    a = (x + y).relu() * (x - y).relu() + (x * y).relu() / (x / y).relu() - torch.cat([x, y, x, y], 0).sum(0)
    b = torch.cat(
        [torch.cat([x, y], 0).relu().sum(0, keepdim=True), torch.cat([y, x], 0).tanh().sum(0, keepdim=True)]
    )
    return (
        torch.where((a > b) & (a < 0) | (b == 0), a, b)
        .clamp(min=0.0, max=1.0)
        .masked_fill(a > 0.5, float("-inf"))
    )


def while_else_flags(n: int, xs: List[int]):
    found = False
    i = 0
    while i < len(xs) and not found:
        if xs[i] == n:
            found = True
        i += 1
    return i if found else -1


def string_loop(s: str):
    n = 0
    for c in s:
        if c == "a":
            n += 1
    return n


def dict_loop(d: Dict[str, Tensor]):
    total = torch.zeros(1)
    for k, v in d.items():
        if k != "skip":
            total = total + v
    for k in d:
        print(k)
    return total


def set_like(flags: List[bool]):
    return [int(f) for f in flags], [f for f in flags]


FUNCTIONS = [
    value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and not isinstance(value, type)
    and hasattr(value, "__code__") and name != "helper"
]  # fmt: skip


class Inner(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.linear = nn.Linear(n, n)
        self.register_buffer("scale", torch.ones(1))
        self.n = n
        self.names = ["a", "b"]

    def forward(self, x: Tensor) -> Tensor:
        self.n += 1
        return self.linear(x) * self.scale + self.n

    @torch.jit.export
    def helper(self, x: Tensor, k: int = 2) -> Tensor:
        return x * k


class Outer(nn.Module):
    bias: Optional[Tensor]

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Inner(3), Inner(3)])
        self.table = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Sigmoid()})
        self.seq = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Dropout(0.5), nn.Softmax(dim=1))
        self.weight = nn.Parameter(torch.ones(3))
        self.bias = None
        self.mode = "train"
        self.flag: bool = True

    def forward(self, x: Tensor, extra: Optional[Tensor] = None) -> Tuple[Tensor, int]:
        for layer in self.layers:
            x = layer(x)
        for name, module in self.table.items():
            x = module(x)
        y = self.layers[0].helper(x)
        if extra is not None:
            x = x + extra
        bias = self.bias
        if bias is not None:
            x = x + bias
        if self.training:
            x = self.seq(x)
        return x * self.weight + y, len(self.layers)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 5, num_layers=2, bidirectional=True)
        self.gru = nn.GRU(4, 5)
        self.embedding = nn.Embedding(10, 4)

    def forward(self, tokens: Tensor):
        x = self.embedding(tokens)
        y, (h, c) = self.lstm(x)
        return self.gru(x), y, h, c


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16)
        self.conv = nn.Sequential(
            nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
        )

    def forward(self, x: Tensor, image: Tensor):
        return self.encoder(x), self.conv(image)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.norm = nn.BatchNorm2d(2)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        y = x[:, 0, ::2] + torch.tensor([1.5])
        z = x.view(x.shape[0], -1)
        return z.sum(1), {"y": y, "z": z}, (x, [y, z])


class Constants(nn.Module):
    def forward(self, x):
        a = torch.tensor([[1.5, 2], [3, 4]])
        b = torch.tensor([1e-9, 5, float("nan"), 1e8])
        c = torch.tensor([1, 2, 300])
        d = torch.tensor([True, False])
        return (
            x + a + torch.tensor(3.25),
            b,
            c,
            d,
            torch.tensor([7]),
            torch.zeros(5, 0),
            torch.tensor(2j),
            torch.randn(3),
        )


class Double(torch.autograd.Function):
    @staticmethod
    def forward(_ctx, x, factor, _label):
        return x * factor

    @staticmethod
    def backward(_ctx, grad):
        return grad * 2, None, None


class CallsPython(nn.Module):
    @torch.jit.ignore
    def ignored(self, x: Tensor, n: int) -> Tensor:
        return x * n

    def forward(self, x: Tensor) -> Tensor:
        return self.ignored(x + 1, 3).relu()


class CallsAutograd(nn.Module):
    def forward(self, x):
        return Double.apply(x + 1, 2, "label").relu()


def scripted_functions():
    return [(function.__name__, torch.jit.script(function)) for function in FUNCTIONS]


def modules():
    """Pairs of a name and a scripted or traced module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compiled_modules()


MODULES = [
    "outer", "recurrent", "attention", "calls_python", "traced_autograd", "traced_small", "traced_constants",
    "traced_recurrent",
]  # fmt: skip


def compiled_modules():
    return [
        ("outer", torch.jit.script(Outer())),
        ("recurrent", torch.jit.script(Recurrent())),
        ("attention", torch.jit.script(Attention())),
        ("calls_python", torch.jit.script(CallsPython())),
        ("traced_autograd", torch.jit.trace(CallsAutograd(), torch.ones(2, requires_grad=True))),
        ("traced_small", torch.jit.trace(Small(), torch.ones(1, 1, 8, 8), strict=False)),
        ("traced_constants", torch.jit.trace(Constants(), torch.ones(2, 2), check_trace=False)),
        ("traced_recurrent", torch.jit.trace(Recurrent().eval(), torch.ones(3, 2, dtype=torch.int64))),
    ]
