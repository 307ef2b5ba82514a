"""TorchScript programs for comparing passes with libtorch: written ones, and random ones from a seed."""

from __future__ import annotations

import random
from functools import cache

import torch

WRITTEN = """
def unused(x):
    y = x.neg()
    z = torch.add(x, 1)
    return 1

def arithmetic(x, y: int):
    a = y + 1
    b = 1 + a
    if y > 2:
        b = b + 1
    return b * 1, x.t().t()

def lists(x):
    l = [x, x.neg()]
    a, b = l
    return l[0], len(l), a + b

def tuples(x):
    t = (x, x.neg(), 1)
    a, b, c = t
    return a + b, t[0], (t, 2)

def optional(x, y: Optional[int]):
    if y is None:
        z = 1
    else:
        z = y
    s = 0
    for i in range(10):
        s = s + z
    return x * 1 + s

def written(x):
    x.add_(1)
    y = x + 1
    z = x + 1
    w = x * 2
    v = x * 2
    return y, z, w, v

def repeated(x):
    y = x + 1
    z = x + 1
    w = x * 2
    v = x * 2
    return y * z * w * v

def tuple_through_loop(x, y: int):
    t = (x, x.neg())
    for i in range(y):
        a, b = t
        t = (a + b, b * 2)
    return t

def containers(x, y: int):
    d = {'a': x, 'b': x.neg()}
    l = [x]
    l.append(x)
    return d['a'], len(d), len(l), l[0]

def concatenations(x):
    y = torch.cat([x, x], 0)
    z = torch.cat([x, y, x], 0)
    w = torch.cat([z, x], 0)
    return w

def tuple_of_branches(x, y: int):
    if y > 3:
        a = (x, x)
    else:
        a = (x.neg(), x)
    b, c = a
    return b + c

def rank_of_convolution(x, w):
    y = torch.conv2d(x, w)
    n = y.dim()
    if n == 4:
        y = y.relu_()
    return y + 0, y - 0, y * 1, y / 1

def integers(x: int, y: int):
    assert x > 2, "no"
    print(x)
    return (x + 1 - 1, x - 1 + 3, x - 0, 0 + x, x // 1, 1 * x, x == x, x != x, int(x))

def constant_lists(x: List[int], y: List[Tensor]):
    a = [1, 2] + [3]
    b = a[0:2]
    c = a[::2]
    z = a[::-1] if len(x) > 3 else a
    return a, b, c, len(b)

def tuple_argument(x, t: Tuple[Tensor, int]):
    return t[0] + x, t

def list_of_tuples(x):
    l = [(x, 1), (x, 2)]
    return l

def random_numbers(x):
    a = torch.dropout(x, 0.5, True)
    b = torch.dropout(x, 0.5, True)
    c = torch.rand(2)
    d = torch.rand(2)
    return a + b, c + d

def writes_in_loop(x, y: int):
    z = x
    k = 0
    while k < y:
        z = z.clone()
        z[0] = 3
        k += 1
    return z

def short_circuits(x: bool, y: int):
    q = x and True
    r = x or False
    s = True if x else False
    return q, r, s

def writes_nobody_reads(x, y: int):
    z = x.clone()
    z.add_(1)
    q = x.view(-1)
    q.mul_(2)
    return 3

def equal_constants(x):
    a = [1, 2, 3]
    b = [1, 2, 3]
    a.append(4)
    return a, b, "s", "s", 1.0, 1.0, None

def repeated_in_branches(x):
    # type: (Tensor) -> Tuple[Tensor, Tensor, Dict[str, Tensor]]
    a = x + 1
    if bool(x.sum() > 0):
        b = x + 1
        c = x + 1
    else:
        b = x + 2
        c = x + 1
    return a * b, c, {'a': a}

def views(x):
    a = x.view(-1)
    b = a[0]
    c = x.t()
    b.add_(1)
    d, e = x.chunk(2)
    f = torch.split(x, 1)
    return a, b, c, d, f[0], x.neg()

def escapes(x, l: List[Tensor], d: Dict[str, Tensor]):
    y = x.neg()
    l.append(y)
    y.add_(1)
    z = l[0]
    z.mul_(2)
    d['k'] = x
    return d['k'].relu(), y.relu(), x.relu()

def branches_alias(x, y: int):
    if y > 1:
        z = x
    else:
        z = x.neg()
    z.add_(1)
    w = x.relu()
    v = x.relu()
    return w + v, z

def loop_aliases(x, y: int):
    a = x
    b = x.neg()
    for i in range(y):
        c = a
        a = b
        b = c
    a.add_(1)
    return b.relu(), b.relu()

def nested_containers(x, y: int):
    t = ([x, x.neg()], {'a': [x]})
    l, d = t
    l[0].add_(1)
    d['a'].append(x.neg())
    o = torch.jit.annotate(Optional[Tensor], None)
    if y > 0:
        o = l[1]
    return d['a'][0].relu(), o

def norms(x, m, v):
    a = torch.batch_norm(x, None, None, m, v, False, 0.1, 1e-5, True)
    b = torch.batch_norm(x, None, None, m, v, True, 0.1, 1e-5, True)
    return a, b, m + 1, m + 1

def futures(x):
    f = torch.jit._fork(helper, x)
    y = x.neg()
    z = torch.jit._wait(f)
    w = x.neg()
    return y, z, w

def helper(x):
    return x.add_(1)

def any_and_casts(x: Any):
    if isinstance(x, Tensor):
        y = x.neg()
        y.add_(1)
        return y
    return torch.ones(1)

def dead_loop(x, y: int):
    s = 0
    u = x
    for i in range(0):
        u = u + 1
    while False:
        u = u + 2
    for i in range(y):
        s += i
        w = u + i
    return u

def folded(x):
    a = 2 * 3
    b = str(a) + "x"
    c = [a, a + 1]
    d = {"k": a}
    e = torch.zeros([2, 2])
    f = e + 1
    g = torch.tensor(3.5)
    return x + f, b, c[0], d["k"], g, len(b), max(1, a), float(a) / 4

def strings(x: str):
    return x.upper() + "abc".upper(), "a,b".split(","), "{} {}".format(1, x), ord("a")

def breaks(x, y: int):
    for i in range(y):
        if i == 3:
            break
        if i == 1:
            continue
        x = x + i
    return x

def early(x, y: int):
    if y > 3:
        return x
    if y > 2:
        raise RuntimeError("two")
    return x + 1
"""


@cache
def compiled(source: str):
    return torch.jit.CompilationUnit(source)


def written_graphs() -> dict[str, object]:
    """The torch graphs of the written programs, inlined."""
    unit = compiled(WRITTEN)
    return {function.name: function.inlined_graph for function in unit.get_functions()}


def _copied(scope: dict[str, list[str]]) -> dict[str, list[str]]:
    return {kind: list(names) for kind, names in scope.items()}


class RandomProgram:
    """A function over tensors and ints with branches, loops, lists, tuples and writes, from a seed."""

    def __init__(self, seed: int, statements: int = 9) -> None:
        self._random = random.Random(seed)
        self._lines = ["def f(x, y, n: int, m: int):"]
        self._names = 0
        scope = {
            "Tensor": ["x", "y"],
            "int": ["n", "m"],
            "List[Tensor]": [],
            "Tuple[Tensor, int]": [],
            "bool": [],
        }
        self._block(scope, 1, statements)
        results = [
            name for kind in ("Tensor", "int", "List[Tensor]", "Tuple[Tensor, int]") for name in scope[kind]
        ]
        chosen = self._random.sample(results, min(len(results), 4))
        self._lines.append(f"    return {', '.join(chosen)}, 0")
        self.source = "\n".join(self._lines) + "\n"

    def _pick(self, scope: dict[str, list[str]], kind: str) -> str:
        names = scope[kind]
        if kind == "int" and self._random.random() < 0.4:
            return str(self._random.choice((0, 1, 1, 2, 3)))
        if not names:
            return self._fresh_expression(scope, kind)
        return self._random.choice(names)

    def _fresh_expression(self, scope: dict[str, list[str]], kind: str) -> str:
        pick = self._pick
        if kind == "List[Tensor]":
            return f"[{pick(scope, 'Tensor')}, {pick(scope, 'Tensor')}]"
        if kind == "Tuple[Tensor, int]":
            return f"({pick(scope, 'Tensor')}, {pick(scope, 'int')})"
        return f"({pick(scope, 'int')} > {pick(scope, 'int')})"

    def _expression(self, scope: dict[str, list[str]], kind: str) -> str:
        pick, choose = self._pick, self._random.choice
        if kind == "Tensor":
            a, b, i = pick(scope, "Tensor"), pick(scope, "Tensor"), pick(scope, "int")
            first = f"{pick(scope, 'List[Tensor]')}[0]"
            part = f"{pick(scope, 'Tuple[Tensor, int]')}[0]"
            return choose((
                f"{a} + {b}", f"{a} * {i}", f"{a} + {i}", f"{a}.neg()", f"{a}.relu()", f"{a}.t()",
                f"{a}.t().t()", f"{a}.view(-1).view(2, 2)", f"{a}", first, part, f"{a}.clone()",
                f"torch.cat([{a}, {b}], 0)[0:2]", f"{a} if {pick(scope, 'bool')} else {b}",
                f"torch.ones([2, 2]) * {a}", f"{a}.transpose(0, 1)",
            ))  # fmt: skip
        if kind == "int":
            a, b = pick(scope, "int"), pick(scope, "int")
            length, part = f"len({pick(scope, 'List[Tensor]')})", f"{pick(scope, 'Tuple[Tensor, int]')}[1]"
            return choose((
                f"{a} + {b}", f"{a} - {b}", f"{a} * 1", f"{a} + 1 - 1", length, part, f"max({a}, {b})",
                f"{a} if {pick(scope, 'bool')} else {b}", f"{pick(scope, 'Tensor')}.dim()",
                f"{pick(scope, 'Tensor')}.size(0)", f"int({a})", "2 * 3", "7 // 2",
            ))  # fmt: skip
        if kind == "bool":
            a, b = pick(scope, "int"), pick(scope, "int")
            return choose(
                (f"{a} > {b}", f"{a} == {b}", f"{a} == {a}", f"not {pick(scope, 'bool')}", "True", "1 > 2")
            )
        return self._fresh_expression(scope, kind)

    def _block(self, scope: dict[str, list[str]], depth: int, statements: int) -> None:
        indent = "    " * depth
        for _ in range(statements):
            what = self._random.random()
            if what < 0.12 and depth < 3:
                self._branch(scope, depth)
            elif what < 0.2 and depth < 3:
                self._loop(scope, depth)
            elif what < 0.3:
                write = self._random.choice(("add_(1)", "mul_(2)", "relu_()"))
                self._lines.append(f"{indent}{self._pick(scope, 'Tensor')}.{write}")
            elif what < 0.36 and scope["List[Tensor]"]:
                held = self._pick(scope, "Tensor")
                self._lines.append(f"{indent}{self._random.choice(scope['List[Tensor]'])}.append({held})")
            elif what < 0.42:
                self._names += 1
                pair = self._pick(scope, "Tuple[Tensor, int]")
                self._lines.append(f"{indent}p{self._names}, q{self._names} = {pair}")
                scope["Tensor"].append(f"p{self._names}")
                scope["int"].append(f"q{self._names}")
            else:
                self._assign(scope, indent)

    def _assign(self, scope: dict[str, list[str]], indent: str) -> None:
        kind = self._random.choice(
            ("Tensor",) * 5 + ("int",) * 3 + ("bool", "List[Tensor]", "Tuple[Tensor, int]")
        )
        expression = self._expression(scope, kind)
        rebind = [name for name in scope[kind] if name not in ("x", "y")]
        if rebind and self._random.random() < 0.35:
            name = self._random.choice(rebind)
        else:
            self._names += 1
            name = f"v{self._names}"
            scope[kind].append(name)
        self._lines.append(f"{indent}{name} = {expression}")

    def _branch(self, scope: dict[str, list[str]], depth: int) -> None:
        indent = "    " * depth
        self._lines.append(f"{indent}if {self._expression(scope, 'bool')}:")
        self._block(
            {kind: list(names) for kind, names in scope.items()}, depth + 1, self._random.randint(1, 4)
        )
        if self._random.random() < 0.7:
            self._lines.append(f"{indent}else:")
            self._block(
                {kind: list(names) for kind, names in scope.items()}, depth + 1, self._random.randint(1, 4)
            )

    def _loop(self, scope: dict[str, list[str]], depth: int) -> None:
        indent = "    " * depth
        inner = _copied(scope)
        self._names += 1
        inner["int"].append(f"i{self._names}")
        self._lines.append(f"{indent}for i{self._names} in range({self._random.choice((0, 1, 2, 3))}):")
        self._block(inner, depth + 1, self._random.randint(1, 4))
