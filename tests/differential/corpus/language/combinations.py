"""What the parts of the language do together: forks in branches, contexts in loops, unions in containers."""

import enum
from typing import Any, Dict, List, Optional, Tuple, Union

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


# futures / fork
def work(x: Tensor, n: int = 2) -> Tensor:
    return x * n


@programs.script((X,))
def forks_many(x: Tensor) -> Tensor:
    futures = torch.jit.annotate(List[torch.jit.Future[Tensor]], [])
    for i in range(4):
        futures.append(torch.jit.fork(work, x, i))
    out = torch.zeros(2, 3)
    for f in futures:
        out = out + torch.jit.wait(f)
    return out


@programs.script((X,))
class ForkMethod(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(3, 3)

    def other(self, x: Tensor, s: str) -> Tuple[Tensor, str]:
        return self.l(x), s + "!"

    def forward(self, x: Tensor) -> Tuple[Tensor, str]:
        f = torch.jit.fork(self.other, x, "a")
        g = torch.jit.fork(self.l, x)
        y, s = torch.jit.wait(f)
        return y + torch.jit.wait(g), s


@programs.script((X,))
def nested_fork(x: Tensor) -> Tensor:
    fut = torch.jit.fork(work_fork, x)
    return torch.jit.wait(torch.jit.wait(fut))


def work_fork(x: Tensor) -> torch.jit.Future[Tensor]:
    return torch.jit.fork(work, x + 1)


@programs.script((X, True), (X, False))
def fork_in_branch(x: Tensor, b: bool) -> Tensor:
    if b:
        f = torch.jit.fork(work, x, 3)
    else:
        f = torch.jit.fork(work, x)
    return f.wait() if b else torch.jit.wait(f)


# closures: with device, generators
@programs.script((X,))
def generator_use(x: Tensor) -> Tensor:
    g = torch.Generator()
    g.manual_seed(3)
    return torch.rand([2, 3], generator=g) + x


@programs.script((X,))
def generator_default(x: Tensor) -> Tensor:
    torch.manual_seed(4)
    return torch.rand_like(x) + torch.randn(2, 3) * torch.bernoulli(torch.full([2, 3], 0.5))


@programs.script((X,))
def layouts(x: Tensor) -> Tuple[bool, bool, Tensor, int]:
    y = x.to_sparse()
    z = torch.zeros(2, 3, layout=torch.strided, dtype=torch.int32, device="cpu", pin_memory=False)
    return y.is_sparse, x.layout == torch.strided, z, 2


@programs.script((X,))
def memory_formats(x: Tensor) -> Tuple[Tensor, bool, bool]:
    y = x.reshape(1, 1, 2, 3).contiguous(memory_format=torch.channels_last)
    return (
        y.clone(memory_format=torch.preserve_format),
        y.is_contiguous(memory_format=torch.channels_last),
        x.is_contiguous(),
    )


@programs.script((X, 1 + 2j), (X, complex(float("inf"), -0.0)))
def complexes(x: Tensor, z: complex) -> Tuple[complex, complex, float, Tensor, float, bool, str]:
    w = complex(1, 2.5) * z - 3j
    v = z * z + (1 - 1e-7j) / 2
    return w, v, abs(z), x * z, z**2, z == w, str(1 + 2j)


@programs.script((2.5, 3))
def complex_of_reals(a: float, n: int) -> Tuple[complex, complex, complex]:
    z = complex(a, n)
    return z + 1, 1 - z, -z


@programs.script((1 + 2j,))
def complex_taken_for_real(z: complex) -> float:
    return z / 2


@programs.script()
def complex_constant_taken_for_real() -> float:
    return (1 - 1e-7j) / 2


@programs.script((X,))
def scalars_from_tensors(x: Tensor) -> Tuple[int, float, bool, complex, List[float], float]:
    a = int(x[1, 2])
    b = float(x[0, 1])
    c = bool(x[1, 1] > 2)
    d = complex(x[0, 2].item(), 1)
    e: List[List[float]] = x.tolist()
    f = x.max().item()
    return a, b, c, d, e[1], float(f)


@programs.script((X,))
def tolist_variants(x: Tensor) -> Tuple[List[int], List[List[bool]], float, int]:
    a: List[int] = x.long().flatten().tolist()
    b: List[List[bool]] = (x > 2).tolist()
    c: float = x[0, 0].tolist()
    d: int = x.size(0)
    return a, b, c, d


@programs.script(("a\tb\\n\"'\x00\x7f\u00e9\U0001f600",))
def escapes(s: str) -> Tuple[str, str, str, str, int]:
    a = "\a\b\f\n\r\t\v\\'\"\0\x01\x1f\x7f"
    b = "\u00e9\U0001f600 caf\xe9"
    c = (
        r"raw\n\d"
        + """triple
line "quoted" 'x' \\ """
    )
    d = "%s-%d-%f %%" % (s, 3, 2.5)
    return a, b, c + s, d, len(b)


@programs.script((3, 2.5, "x"))
def formats(n: int, f: float, s: str) -> Tuple[str, str, str, str]:
    return (
        f"{n} {f} {s} {{}}",
        "{} {} {}".format(n, f, s),
        "{0}-{1}-{0}".format(n, s),
        str([n, 2]) + str((n, f)) + str({"a": 1}) + str(None) + str(True) + str(f),
    )


@programs.script(({1: "a"}, {1.5: 2}, {True: X}, {"k": [1]}))
def dict_keys(
    a: Dict[int, str], b: Dict[float, int], c: Dict[bool, Tensor], d: Dict[str, List[int]]
) -> Tuple[str, int, Tensor, List[int], List[int]]:
    a[2] = "b"
    b[0.5] = 3
    c[False] = X2()
    d["z"] = [2]
    for k in a:
        b[float(k)] = k
    return a[1] + a[2], b[1.5] + b[2.0], c[True] + c[False], d["z"], list(a.keys())


def X2() -> Tensor:
    return torch.ones(2, 3)


@programs.script((1,))
def int_dict_ops(n: int) -> Tuple[Dict[int, int], List[Tuple[int, int]], int, Optional[int]]:
    d = {i: i * i for i in range(4)}
    d.update({7: n})
    e = d.copy()
    p = e.popitem()
    e.clear()
    ordered = [(k, v) for k, v in d.items()]
    return d, ordered, p[0] + len(e), d.get(99)


@programs.script((X,))
def ordered_dict(x: Tensor) -> Dict[str, Tensor]:
    d = torch.jit.annotate(Dict[str, Tensor], {})
    d["b"] = x
    d["a"] = x + 1
    d["c"] = x
    del d["b"]
    d["b"] = x * 2
    return d


class Shade(enum.Enum):
    DARK = "d"
    PALE = "p"


@programs.script((X,))
def enum_dict(x: Tensor) -> Tuple[int, str, List[str], bool]:
    d: Dict[str, Shade] = {"x": Shade.DARK}
    xs: List[Shade] = [Shade.PALE, d["x"]]
    opt: Optional[Shade] = None
    if x.sum() > 3:
        opt = Shade.PALE
    assert opt is not None
    return len(xs), opt.name, [s.value for s in xs], opt == xs[0]


@programs.script((3, None), ("a", 2), ([1.5], 1), (torch.ones(2), None))
def union_wide(
    v: Union[int, str, List[float], Tensor], o: Optional[Union[int, str]]
) -> Tuple[Union[int, str], str]:
    r: Union[int, str] = 3
    t = "n"
    if isinstance(v, (int, str)):
        if isinstance(v, int):
            r = v + 1
        else:
            r = v + "x"
    elif isinstance(v, Tensor):
        t = "tensor"
    else:
        r = len(v)
    if o is not None:
        if isinstance(o, int):
            t = t + str(o)
    return r, t


@programs.script((5,))
def many_exits(n: int) -> Tuple[int, str]:
    for i in range(n):
        for j in range(i):
            if j == 2:
                return i, "two"
            if i == 7:
                continue
            if j > 5:
                break
    while n > 3:
        n -= 1
        if n == 3:
            return n, "three"
    return 0, ""


class Ctx:
    def __init__(self, log: List[str], name: str):
        self.log = log
        self.name = name

    def __enter__(self) -> str:
        self.log.append("in " + self.name)
        return self.name

    def __exit__(self, t: Any, v: Any, tb: Any) -> None:
        self.log.append("out " + self.name)


@programs.script((0,), (1,), (2,), (3,))
def with_everything(n: int) -> List[str]:
    log: List[str] = []
    with Ctx(log, "a") as a, Ctx(log, "b"):
        for i in range(3):
            with Ctx(log, str(i)) as b:
                if i == n:
                    log.append(a + b)
                    break
        if n == 2:
            return log
    with torch.no_grad():
        with torch.inference_mode() if False else Ctx(log, "c"):
            log.append("end")
    return log


@programs.script((X,))
def profiler_context(x: Tensor) -> Tensor:
    with torch.autograd.profiler.record_function("label"):
        y = x * 2
    with torch.no_grad():
        z = y + 1
    return z


@programs.script((X,))
def lists_typed(
    x: Tensor,
) -> Tuple[
    List[Optional[Tensor]],
    List[Union[int, str]],
    List[Any],
    List[Tuple[int, float]],
    List[complex],
    List[bool],
    List[torch.device],
    List[List[Optional[int]]],
]:
    a: List[Optional[Tensor]] = [x, None]
    b: List[Union[int, str]] = [1, "a"]
    c: List[Any] = [1, "a", x]
    d: List[Tuple[int, float]] = []
    e = [1j, 2 + 0j]
    f = [True] * 2
    g = [torch.device("cpu")]
    h: List[List[Optional[int]]] = [[1, None], [None, 2]]
    d += [(1, 2.0)]
    return a, b, c, d, e, f, g, h
