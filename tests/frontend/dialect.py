"""Programs in the dialect of archives, one method each, over everything that the dialect can say."""

HELPERS = """\
class Point(NamedTuple):
  x : Tensor
  y : int
class Pair(NamedTuple):
  first : int
  second : float
class Color(Enum):
  RED = 1
  GREEN = 2
class Shape(Enum):
  ROUND = "round"
  LONG = "long"
class Adder(Interface):
  def add_to(self: __torch__.Adder,
    x: Tensor) -> Tensor:
    pass
class Counter:
  total : int
  name : str
  def __init__(self: __torch__.Counter,
    start: int) -> NoneType:
    self.total = start
    self.name = "counter"
    return None
  def add_to(self: __torch__.Counter,
    x: Tensor) -> Tensor:
    total = self.total
    self.total = torch.add(total, 1)
    return torch.add(x, total)
  def __len__(self: __torch__.Counter) -> int:
    return self.total
  def __getitem__(self: __torch__.Counter,
    i: int) -> int:
    return torch.add(self.total, i)
  def __enter__(self: __torch__.Counter) -> int:
    return self.total
  def __exit__(self: __torch__.Counter,
    a: Any,
    b: Any,
    c: Any) -> NoneType:
    return None
def double(x: Tensor,
    scale: float=2.) -> Tensor:
  return torch.mul(x, scale)
def pick(x: Tensor,
    how: str="first",
    at: Optional[int]=None) -> Tensor:
  if torch.__is__(at, None):
    at0 = 0
  else:
    at0 = unchecked_cast(int, at)
  return torch.select(x, 0, at0)
def unannotated(x: Tensor):
  return (x, torch.neg(x))
"""

METHODS: dict[str, str] = {
    "operators": """x: Tensor, y: Tensor) -> Tensor:
    z = torch.add(torch.mul(x, y), torch.sub(x, 2), alpha=1)
    return torch.div(torch.relu(z), torch.neg(y))""",
    "infix": """x: Tensor, n: int, b: bool) -> Tensor:
    a = x + 1 * n - -2
    c = (a @ a) / 2.5
    d = n // 2 % 3 ** 2
    e = not b and n > 2 or n <= d
    if e:
      c = ~c
    return c + d""",
    "bits": """n: int, m: int) -> Tuple[int, bool]:
    return ((n & m) | (n ^ 3) << 1 >> m, n == m)""",
    "numbers": """x: Tensor) -> Tuple[float, float, int, complex, float]:
    return (1e-05, inf, -9223372036854775808, 2j, -1.5)""",
    "not_a_number": """x: Tensor) -> Tuple[float, bool]:
    return (nan, torch.isnan(nan))""",
    "strings": r"""s: str) -> str:
    t = "tab\t quote\" octal\303\251 back\\"
    u = torch.format("{} and {}", s, t)
    return torch.add(u, "a" "b")""",
    "percent": """s: str, n: int) -> str:
    return "%s is %d" % (s, n)""",
    "lists": """x: Tensor, n: int) -> List[int]:
    a = annotate(List[int], [])
    _0 = torch.append(a, n)
    b = [n, 2, 3]
    b[0] = 7
    a[-1] += 2
    return torch.add(a, torch.slice(b, 1))""",
    "empty_list": """x: Tensor) -> List[Tensor]:
    out = []
    _0 = torch.append(out, x)
    return out""",
    "list_of_optionals": """x: Tensor) -> List[Optional[Tensor]]:
    return [x, None]""",
    "optional_list": """x: Tensor, n: int) -> Optional[List[int]]:
    a : Optional[List[int]] = [n]
    return a""",
    "dicts": """x: Tensor, n: int) -> Dict[str, Tensor]:
    d = {"x": x, "y": torch.neg(x)}
    d["z"] = torch.mul(x, n)
    e = annotate(Dict[int, float], {})
    e[n] = 2.
    for k in torch.keys(d):
      d[k] = torch.relu(d[k])
    del d["x"]
    return d""",
    "tuples": """x: Tensor, n: int) -> Tuple[int, Tensor, Tuple[int, int]]:
    t = (n, x, (1, 2))
    a, b, c, = t
    d, *e = t
    f, (g, h) = 1, (c)
    return ((t)[0], (e)[0], (g, h))""",
    "nested_targets": """x: Tensor, t: Tuple[int, Tuple[Tensor, int]]) -> Tensor:
    a, (b, c) = t
    return torch.add(b, a, alpha=c)""",
    "tuple_arithmetic": """t: Tuple[int, float], u: Tuple[str]) -> Tuple[int, float, str]:
    return t + u""",
    "tuple_slices": """t: Tuple[int, float, str, bool]) -> Tuple[float, bool]:
    a = t[1:3]
    b = t[::-2]
    return ((a)[0], (b)[0])""",
    "unpack_list": """x: Tensor, sizes: List[int]) -> int:
    a, b, = sizes
    h, w, = torch.slice(torch.size(x), -2)
    return torch.mul(a, w)""",
    "multiple_targets": """x: Tensor) -> Tensor:
    a = b = torch.neg(x)
    return torch.add(a, b)""",
    "branches": """x: Tensor, n: int) -> Tensor:
    if torch.gt(n, 2):
      y, z = torch.neg(x), 1
    else:
      if torch.eq(n, 0):
        y, z = x, 2
      else:
        y, z = torch.relu(x), 3
    return torch.add(y, z)""",
    "chain_of_branches": """x: Tensor, n: int) -> Tensor:
    if n == 0:
      y = x
    elif n == 1:
      y = torch.neg(x)
    elif n == 2:
      y = torch.relu(x)
    else:
      ops.prim.RaiseException("no", "builtins.ValueError")
      y = x
    return y""",
    "static_branch": """x: Tensor) -> Tensor:
    if True:
      y = torch.neg(x)
    else:
      y = torch.undefined_operator(x)
    return y""",
    "refined_by_none": """x: Optional[Tensor], y: Tensor) -> Tensor:
    if x is not None:
      z = torch.add(x, y)
    else:
      z = y
    if x is None or torch.gt(torch.dim(x), 2):
      return z
    return torch.add(z, x)""",
    "refined_by_isinstance": """x: Union[int, str, List[int]], y: Any) -> int:
    if isinstance(x, int):
      n = x
    elif isinstance(x, str):
      n = torch.len(x)
    else:
      n = x[0]
    if isinstance(y, (int, float)):
      n = n + 1
    return n""",
    "ternary": """x: Tensor, b: bool, n: Optional[int]) -> Tensor:
    k = 1 if b else 2
    m = n if n is not None else 3
    return torch.add(torch.mul(x, k), m)""",
    "short_circuit": """x: Tensor, a: bool, b: bool) -> bool:
    return (a and b and a) or (torch.gt(torch.dim(x), 1) and not a)""",
    "early_return": """x: Tensor, n: int) -> Tensor:
    if torch.gt(n, 3):
      return torch.neg(x)
    y = torch.add(x, n)
    if torch.lt(n, 0):
      return y
    return torch.mul(y, 2)""",
    "return_in_loop": """x: Tensor, n: int) -> Tensor:
    y = x
    for i in range(n):
      if torch.gt(i, 3):
        return torch.neg(y)
      y = torch.add(y, i)
    return y""",
    "counted_loop": """x: Tensor, n: int) -> Tensor:
    y, total = x, 0
    for i in range(n):
      y = torch.add(y, i)
      total = torch.add(total, i)
      for _0 in range(1, n, 2):
        y = torch.mul(y, _0)
    return torch.add(y, total)""",
    "while_loop": """x: Tensor, n: int) -> Tensor:
    y, i = x, 0
    while torch.lt(i, n):
      y = torch.relu(y)
      i += 1
    return y""",
    "while_true": """n: int) -> int:
    i = 0
    while True:
      i = torch.add(i, n)
      if torch.gt(i, 100):
        break
    return i""",
    "break_and_continue": """x: List[int], n: int) -> int:
    total = 0
    for i in range(torch.len(x)):
      if torch.eq(x[i], 0):
        continue
      while torch.lt(total, n):
        total = torch.add(total, x[i])
        if torch.gt(total, 50):
          break
        else:
          continue
      if torch.gt(total, n):
        break
      total = torch.sub(total, 1)
    return total""",
    "over_containers": """x: List[Tensor], d: Dict[str, int], s: str, t: Tensor) -> int:
    n = 0
    for y in x:
      n = torch.add(n, torch.dim(y))
    for k in d:
      n = torch.add(n, d[k])
    for c in s:
      n = torch.add(n, torch.ord(c))
    for row in t:
      n = torch.add(n, torch.dim(row))
    return n""",
    "zip_and_enumerate": """x: List[Tensor], y: List[int]) -> Tensor:
    z = x[0]
    for a, b in zip(x, y):
      z = torch.add(torch.mul(a, b), z)
    for i, a in enumerate(x, 2):
      z = torch.add(z, a, alpha=i)
    return z""",
    "over_tuple": """t: Tuple[int, float, int]) -> float:
    s = 0.
    for e in t:
      s = s + float(e)
    return s""",
    "comprehensions": """x: List[int], d: Dict[str, int]) -> Tuple[List[int], List[float], Dict[int, str]]:
    a = [torch.add(i, 1) for i in x]
    b : List[float] = [2. for i in range(3)]
    c = {v: "v" for v in x}
    return (a, b, c)""",
    "list_call": """s: str, x: List[int], d: Dict[str, int]) -> Tuple[List[str], List[int], List[str]]:
    return (list(s), list(x), list(d))""",
    "casts": """x: Tensor, s: str, n: int, l: List[int]) -> Tuple[int, float, bool, str, bool, complex]:
    return (int(x), float(s), bool(n), str(n), bool(l), complex(n))""",
    "tensor_casts": """x: Tensor) -> Tensor:
    return (x).float().long()""",
    "properties": """x: Tensor) -> Tuple[List[int], int, Device, bool, int, Tensor, str]:
    return (x.shape, x.dtype, x.device, x.requires_grad, x.ndim, x.T, x.device.type)""",
    "implicit_conversions": """x: Tensor, n: int) -> Tensor:
    y = torch.zeros([2, n], dtype=6, device=torch.device("cpu"))
    z = torch.view(x, [-1])
    w = torch.conv2d(y, y, None, [1, 1], [0, 0], [1, 1], n)
    return torch.add(torch.max_pool2d(w, 2), x, alpha=z)""",
    "varargs": """x: Tensor, n: int) -> Tensor:
    return torch.mul(torch.zeros(2, n), torch.ones(n))""",
    "tensor_results": """x: Tensor) -> Tuple[Tensor, Tensor]:
    values, indices = torch.max(x, 0)
    a, b, = torch.sort(x)
    return (values, torch.max(x, 1).indices)""",
    "indexing": """x: Tensor, i: int, t: Tensor) -> Tensor:
    a = x[i]
    b = x[1:3, :, None, ..., i]
    c = x[t]
    d = x[t, t]
    e = x[..., 1:]
    f = x[:, [0, 1]]
    return torch.add(a, b)""",
    "item_assignment": """x: Tensor, i: int, t: Tensor) -> Tensor:
    x[i] = 0
    x[1:3] = torch.neg(x)
    x[t] = 2.5
    x[i, 0] += 1
    x[t] *= 2
    x += 1
    x -= t
    return x""",
    "asserts": """x: Tensor, n: Optional[int]) -> int:
    assert torch.gt(torch.dim(x), 1), "needs two dimensions"
    assert n is not None
    return n""",
    "raises": """n: int) -> int:
    if torch.lt(n, 0):
      raise AssertionError("negative")
    return n""",
    "prints": """x: Tensor, n: int) -> NoneType:
    print("x", x, n)
    return None""",
    "no_return": """x: Tensor) -> NoneType:
    _0 = torch.add_(x, 1)""",
    "warns": """x: Tensor) -> Tensor:
    torch.warn("first", 2)
    torch.warn("second", 2)
    return x""",
    "attributes": """x: Tensor) -> Tensor:
    if self.training:
      y = torch.neg(x)
    else:
      y = x
    t = getattr(self, "training")
    self.training = torch.__not__(t)
    return y""",
    "methods": """x: Tensor) -> Tensor:
    y = (self).operators(x, torch.neg(x), )
    return (self).tuples(y, 2, )[1]""",
    "functions": """x: Tensor) -> Tensor:
    _0 = __torch__.double
    _1 = __torch__.pick
    y = _0(x, 3., )
    z = _1(_0(x, ), at=2, )
    return torch.add(y, _1(z, "last", ))""",
    "function_without_annotation": """x: Tensor) -> Tensor:
    a, b, = __torch__.unannotated(x, )
    return torch.add(a, b)""",
    "objects": """x: Tensor) -> Tensor:
    counter = __torch__.Counter.__new__(__torch__.Counter)
    _0 = (counter).__init__(3, )
    y = (counter).add_to(x, )
    counter.total = 5
    counter.total += 2
    n = torch.add(len(counter), counter[2])
    return torch.add(y, n)""",
    "construction": """x: Tensor) -> Tensor:
    counter = __torch__.Counter(3)
    return (counter).add_to(x, )""",
    "interfaces": """x: Tensor, adder: __torch__.Adder) -> Tensor:
    return (adder).add_to((adder).add_to(x, ), )""",
    "context_managers": """x: Tensor) -> Tensor:
    counter = __torch__.Counter(3)
    with counter as n:
      y = torch.add(x, n)
      if torch.gt(n, 2):
        return y
    return torch.neg(x)""",
    "named_tuples": """x: Tensor) -> Tensor:
    p = __torch__.Point(torch.neg(x), 2)
    q = __torch__.Pair(3, 2.)
    r = __torch__.Pair(second=1., first=2)
    return torch.add(p.x, torch.mul(q.second, r.first), alpha=p.y)""",
    "enums": """x: Tensor, c: __torch__.Color) -> Tuple[str, int, bool]:
    d = __torch__.Color.RED
    return (c.name, d.value, torch.eq(c, d))""",
    "enum_of_strings": """s: __torch__.Shape) -> bool:
    return torch.eq(s.value, __torch__.Shape.LONG.value)""",
    "forks": """x: Tensor, n: int) -> Tensor:
    fut = fork(__torch__.double, x, 3.)
    fut0 = fork(__torch__.pick, torch.neg(x), "last", n)
    return torch.add(torch.wait(fut), torch.wait(fut0))""",
    "closures": """x: Tensor, n: int) -> Tensor:
    def body() -> Tensor:
      return torch.add(x, n)
    fut = fork(body)
    return torch.wait(fut)""",
    "uninitialized_values": """x: Tensor, b: bool) -> Tensor:
    _0 = uninitialized(Tensor)
    _1 = uninitialized(List[int])
    if b:
      y, z = x, [1]
    else:
      ops.prim.RaiseException("b")
      y, z = _0, _1
    return torch.add(y, z[0])""",
    "casts_of_optionals": """x: Optional[Tensor]) -> Tensor:
    y = ops.aten._unwrap_optional(x)
    z = annotate(Optional[Tensor], None)
    w = unchecked_cast(Tensor, x)
    return torch.add(y, w)""",
    "any_values": """x: Tensor, b: bool) -> Any:
    if b:
      return x
    return 3""",
    "in_and_not_in": """x: List[int], d: Dict[str, int], s: str) -> bool:
    a = 3 in x
    b = "k" not in d
    return a and b and "z" in s""",
    "is_of_bools": """a: bool, b: bool) -> bool:
    return a is b""",
    "aliases_of_operators": """x: Tensor) -> Tensor:
    y = torch.absolute(torch.negative(x))
    return torch.rsub(torch.true_divide(y, x), x)""",
    "constants_folded": """x: Tensor) -> int:
    a = torch.add(torch.mul(2, 3), 4)
    b = torch.len([1, 2])
    return torch.sub(a, b)""",
    "deleted_variable": """x: Tensor) -> Tensor:
    y = torch.neg(x)
    del y
    y = torch.relu(x)
    return y""",
    "shadowing": """x: Tensor, n: int) -> Tensor:
    x0 = x
    x1 = x0
    for x2 in range(n):
      x0 = torch.add(x0, x2)
      x1 = x0
    return torch.add(x1, x0)""",
    "names_in_quotes": """_: Tensor, _1: int, __x: int) -> Tensor:
    _2 = torch.add(_, _1)
    _3a = torch.add(_2, __x)
    return _3a""",
    "getitem_of_a_tensor": """x: Tensor, t: Tensor) -> Tensor:
    return (x).__getitem__(t)""",
    "to_list": """x: Tensor) -> List[List[float]]:
    y : List[List[float]] = (x).tolist()
    return y""",
    "min_and_max": """x: int, y: int, l: List[int]) -> int:
    return max(min(x, y), ops.prim.min(l))""",
    "tensor_and_numbers": """x: Tensor) -> Tensor:
    y = 2 * x - 1
    z = 1 / y
    return (3 > z) + (1 - z)""",
    "modified_loop": """x: Tensor, n: int, b: bool) -> Tensor:
    y = x
    go = b
    for i in range(n):
      y = torch.add(y, i)
      if torch.gt(i, 2):
        break
    return y""",
    "namespaces": """x: Tensor) -> Tuple[bool, Tensor, int]:
    return (ops.prim.is_cuda(x), ops.aten.relu(x), ops.prim.dtype(x))""",
}


def code() -> str:
    """The code file that defines the helpers and a class `Net` with all methods."""
    methods = "".join(f"  def {name}(self: __torch__.Net,\n    {body}\n" for name, body in METHODS.items())
    slots = "class Net(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
    return HELPERS + slots + methods
