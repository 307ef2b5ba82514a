"""Control flow, refinement, tensors and indexing in less usual arrangements."""

from typing import Any, Dict, List, Optional, Tuple, Union
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((3,), (0,))
def while_else_by_flag(n: int) -> int:
    found = False
    while n > 0 and not found:
        if n == 2:
            found = True
        n -= 1
    return n if found else -1


@programs.script((5,))
def nested_breaks(n: int) -> List[int]:
    out: List[int] = []
    for i in range(n):
        for j in range(n):
            if j == i:
                break
            if (i + j) % 2 == 0:
                continue
            out.append(i * 10 + j)
        if i == 3:
            continue
        out.append(-i)
        while True:
            if len(out) % 2 == 0:
                break
            out.append(0)
    return out


@programs.script((3,), (-3,))
def returns_in_branches(n: int) -> int:
    if n > 0:
        if n > 2:
            return 1
        else:
            n = n + 1
    else:
        for i in range(10):
            if i + n > 0:
                return i
        return -1
    return n


@programs.script((None,), (3,))
def refined_by_return(n: Optional[int]) -> int:
    if n is None:
        return 0
    return n + 1


@programs.script((None,), (3,))
def refined_by_raise(n: Optional[int]) -> int:
    if n is None:
        raise ValueError("none")
    return n + 1


@programs.script((None, None), (3, 4), (3, None))
def refined_by_or(a: Optional[int], b: Optional[int]) -> int:
    if a is None or b is None:
        return 0
    return a + b


@programs.script((None, None), (3, 4))
def refined_by_and(a: Optional[int], b: Optional[int]) -> int:
    if a is not None and b is not None and a > b:
        return a + b
    return -1


@programs.script((None,), (3,))
def refined_by_ternary(a: Optional[int]) -> int:
    return a + 1 if a is not None else 0


@programs.script((None,), (3,))
def refined_by_not(a: Optional[int]) -> int:
    if not a is None:
        return a
    return 0


@programs.script((None,), (3,))
def refined_in_loop(a: Optional[int]) -> int:
    for i in range(3):
        if a is None:
            a = i
        else:
            a = a + 1
    assert a is not None
    return a


@programs.script((None,), (3,))
def refined_with_continue(a: Optional[int]) -> int:
    total = 0
    for i in range(3):
        if a is None:
            continue
        else:
            total += a
    return total


@programs.script((None,), (3,))
def unchecked(a: Optional[int]) -> int:
    return torch.jit._unwrap_optional(a)


@programs.script(([None, 2],))
def optional_elements(v: List[Optional[int]]) -> int:
    total = 0
    for x in v:
        if x is not None:
            total += x
    return total


@programs.script((1,), ("a",), (2.0,))
def union_three(v: Union[int, str, float]) -> str:
    if isinstance(v, int):
        return "i" + str(v + 1)
    elif isinstance(v, str):
        return v + "s"
    else:
        return "f" + str(v * 2)


@programs.script((1,), ("a",), (2.0,))
def union_tuple_check(v: Union[int, str, float]) -> bool:
    if isinstance(v, (int, float)):
        return True
    return len(v) > 3


@programs.script((1,), (None,), ("a",))
def union_with_none(v: Optional[Union[int, str]]) -> int:
    if v is None:
        return -1
    if isinstance(v, str):
        return len(v)
    return v


@programs.script(([1, 2],), ({"a": 1},))
def union_of_containers(v: Union[List[int], Dict[str, int]]) -> int:
    if torch.jit.isinstance(v, List[int]):
        return v[0]
    else:
        assert torch.jit.isinstance(v, Dict[str, int])
        return v["a"]


@programs.script((1,), (X,))
def any_refined(v: Any) -> int:
    if isinstance(v, int):
        return v
    if torch.jit.isinstance(v, Tensor):
        return v.dim()
    return 0


@programs.script((True,), (False,))
def union_made(b: bool) -> Union[int, str]:
    v: Union[int, str] = 1
    if b:
        v = "a"
    return v


@programs.script((3,))
def redefined_type(n: int) -> float:
    x = 0.0
    for i in range(n):
        x = x + i
    return x


@programs.script((X,))
def tensor_conditions(x: Tensor) -> Tensor:
    if x.sum() > 0:
        x = x + 1
    elif (x > 0).any():
        x = x - 1
    while x.sum() < 10:
        x = x + 1
    return x


@programs.script((X, 1))
def indexing_forms(x: Tensor, i: int) -> List[Tensor]:
    return [x[i], x[i, 2], x[:, i], x[..., i], x[None], x[:, None], x[i:], x[::2, ::2], x[-1], x[[0, 2]], x[[0, 1], [1, 2]], x[x > 0], x[torch.tensor([0, 1])], x[i:3, [0, 1]], x[..., None, :], x[i, ...], x[0:i + 1, :-1]]


@programs.script((X, 1))
def assignment_forms(x: Tensor, i: int) -> Tensor:
    x = x.clone()
    x[i] = 1
    x[i, 2] = 2.0
    x[:, 0] = torch.ones(3)
    x[..., -1] = x[0, 0]
    x[x > 1.5] = 0
    x[[0, 1]] = -1.0
    x[i:, ::2] += 5
    x[0] *= 2
    x[1, 1] -= 1
    x[2] /= 3
    x[:, 3] = True
    return x


@programs.script((X,))
def augmented(x: Tensor) -> Tensor:
    y = x.clone()
    y += 1
    y -= x
    y *= 2
    y /= 3
    y **= 2
    y = y.long()
    y |= 1
    y &= 3
    y ^= 2
    y <<= 1
    y >>= 1
    y %= 4
    return y


@programs.script((X, X.t().contiguous()))
def matrix_operators(a: Tensor, b: Tensor) -> Tensor:
    c = a @ b
    c = c @ torch.eye(3)
    return c


@programs.script((X,))
def out_variants(x: Tensor) -> Tensor:
    out = torch.empty(0)
    torch.add(x, x, out=out)
    torch.mul(x, 2, out=out)
    torch.cat([x, x], out=out)
    v, i = torch.max(x, 1)
    torch.max(x, 1, max=v, max_values=i)
    return out + v.sum()


@programs.script((X,))
def shapes(x: Tensor) -> Tuple[int, List[int], int, int, bool, List[int]]:
    return x.shape[0], x.size(), x.size(-1), x.ndim, x.shape == torch.Size([3, 4]) if False else True, x.shape


@programs.script((X,))
def tensor_attributes(x: Tensor) -> Tuple[bool, bool, int, torch.device, bool, Tensor, bool, int, Tensor, bool]:
    return x.is_cuda, x.requires_grad, x.ndim, x.device, x.is_sparse, x.T, x.is_leaf if False else True, x.dtype, x.mT, x.is_quantized


@programs.script((X,))
def dtypes(x: Tensor) -> Tuple[int, bool, Tensor, bool]:
    d = x.dtype
    y = x.to(torch.int32)
    return d, y.dtype == torch.int32, torch.zeros(2, dtype=d), x.dtype in [torch.float, torch.double]


@programs.script((X,))
def devices(x: Tensor) -> Tuple[str, Optional[int], bool, str]:
    d = x.device
    return d.type, d.index, d == torch.device("cpu"), str(d)


@programs.script((X,))
def autocast_and_profile(x: Tensor) -> Tensor:
    with torch.autograd.profiler.record_function("part"):
        y = x + 1
    with torch.cuda.amp.autocast(enabled=False) if False else torch.no_grad():
        y = y + 1
    return y


@programs.script((X,))
def autocast_cpu(x: Tensor) -> Tensor:
    with torch.autocast("cpu", enabled=False):
        y = x @ x.t()
    return y


@programs.script((X,))
def item_conversions(x: Tensor) -> Tuple[int, float, bool, float, complex]:
    return int(x[0, 0]), float(x[0, 1]), bool(x[0, 2]), x[1, 1].item() if False else 0.0, complex(x[0, 0])


@programs.script((X,))
def item_types(x: Tensor) -> float:
    v = x[0, 0].item()
    if isinstance(v, float):
        return v
    return float(v)


@programs.script((X,))
def number_unions(x: Tensor) -> Tensor:
    v = x[0, 0].item()
    return x + v


@programs.script((X,))
def for_over_tensor(x: Tensor) -> float:
    total = 0.0
    for row in x:
        for v in row:
            total += v.item()
    for i, row in enumerate(x):
        total += i * float(row[0])
    for a, b in zip(x, x.flip(0)):
        total += float((a * b).sum())
    return total


@programs.script((X,))
def for_over_tuple(x: Tensor) -> Tensor:
    for k in (1, 2, 3):
        x = x + k
    for a, b in ((1, 2.0), (3, 4.0)):
        x = x * a + b
    for s in ("a", 1):
        x = x + 1
    for i, k in enumerate((x, 2, 3.0)):
        x = x + i
    return x


@programs.script((X,))
def for_over_literals(x: Tensor) -> Tensor:
    for k in [1, 2]:
        x = x + k
    for n in {"a": 1, "b": 2}:
        x = x + len(n)
    for c in "ab":
        x = x + ord(c)
    return x


@programs.script((X,))
def unpacked_starred(x: Tensor) -> Tuple[int, List[int]]:
    first, *rest = [1, 2, 3] if False else (1, 2, 3)
    return first, [1]


@programs.script((X,))
def unpacked_list(x: Tensor) -> int:
    a, b = x.shape
    c, d = [1, 2]
    e, f = (3, 4)
    (g), h = 5, 6
    return a + b + c + d + e + f + g + h


@programs.script((X,))
def chained_assignment(x: Tensor) -> Tensor:
    a = b = x + 1
    a += 1
    return b


@programs.script((X,))
def swapped(x: Tensor) -> Tuple[int, int]:
    a, b = 1, 2
    a, b = b, a
    v = [1, 2]
    v[0], v[1] = v[1], v[0]
    return a * 10 + b, v[0]


@programs.script((X,))
def comprehension_forms(x: Tensor) -> Tuple[List[int], List[Tensor], Dict[str, int], List[Tuple[int, int]], List[List[int]]]:
    a = [i for i in range(3)]
    b = [r * 2 for r in x]
    c = {str(i): i for i in range(3)}
    d = [(i, j) for i, j in zip(a, a)]
    e = [[j for j in range(i)] for i in range(3)]
    return a, b, c, d, e


@programs.script((X,))
def comprehension_of_dict(x: Tensor) -> List[str]:
    d = {"a": 1, "b": 2}
    return [k for k in d.keys()]


@programs.script((3,), (0,))
def asserts(n: int) -> int:
    assert n > 0
    assert n > 1, "too small"
    assert n > 2, f"too small: {n}"
    return n


@programs.script((3,), (0,))
def raises(n: int) -> int:
    if n == 0:
        raise RuntimeError(f"n is {n}")
    elif n == 1:
        raise NotImplementedError
    elif n == 2:
        raise Exception("a", "b")
    return n


@programs.script((3,))
def nothing_returned(n: int) -> None:
    m = n
    pass


@programs.script((3,))
def bare_return(n: int):
    if n > 2:
        return
    print(n)


@programs.script((X,))
def printed(x: Tensor) -> None:
    print("a", 1, 2.0, True, None, [1], (1, "b"), {"a": 1}, x.shape, torch.float32, x.device)
    print()


@programs.script((X,))
def docstring_and_ellipsis(x: Tensor) -> Tensor:
    """Doc."""
    "another string"
    1
    pass
    return x


@programs.script((X, X))
def functional_calls(x: Tensor, y: Tensor) -> Tensor:
    a = F.relu(x, inplace=False)
    b = F.dropout(a, 0.5, training=False)
    c = F.interpolate(b[None, None], scale_factor=2.0, mode="nearest")
    d = F.pad(c, [1, 1], "constant", 0.5)
    e = F.layer_norm(x, [4])
    return d.sum() + e.sum() + F.mse_loss(x, y, reduction="sum") + F.cosine_similarity(x, y).sum() + F.normalize(x, dim=1).sum()


@programs.script((X,))
def torch_names(x: Tensor) -> Tensor:
    a = torch.split(x, [1, 2])
    b = torch.chunk(x, 2, 1)
    c = torch.unbind(x)
    d = torch.meshgrid([torch.arange(2), torch.arange(3)], indexing="ij")
    e = torch.einsum("ij,kj->ik", x, x)
    f = torch.stack([t for t in c]).norm(p=2, dim=1)
    g = torch.where(x > 0)
    h = torch.unique(x > 0, return_counts=True)
    return a[0].sum() + b[1].sum() + d[0].sum() + e.sum() + f.sum() + len(g) + torch.tensordot(x, x, dims=2)


@programs.script((X,))
def linalg_and_special(x: Tensor) -> Tensor:
    s = torch.linalg.norm(x)
    u = torch.linalg.svd(x, full_matrices=False)
    f = torch.fft.fft(x).abs().sum()
    g = torch.special.expit(x).sum()
    return s + u[1].sum() + f + g


@programs.script((X,))
def returned_structs(x: Tensor) -> Tuple[Tensor, Tensor]:
    m = x.max(dim=1)
    t = torch.sort(x, dim=0)
    return m.values + m[0], t.indices


@programs.script((X,))
def sparse_and_complex(x: Tensor) -> Tensor:
    s = x.to_sparse()
    c = torch.complex(x, x)
    return s.to_dense() + torch.view_as_real(c)[..., 0] + c.real + c.imag + c.conj().real


@programs.script((X,))
def constant_tensors(x: Tensor) -> Tensor:
    return torch.tensor(1) + torch.tensor([1.0, 2.0]).sum() + torch.tensor([[1, 2], [3, 4]], dtype=torch.float64).sum() + torch.tensor(True) + torch.as_tensor(3.0) + torch.tensor([x.size(0), 2]).sum() + torch.scalar_tensor(2)
