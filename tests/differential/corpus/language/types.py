"""Optional and union refinement, annotations, casts, isinstance, Any, devices and dtypes as values."""

from typing import Any, Dict, List, Optional, Tuple, Union

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


@programs.script((X, None), (X, 3))
def refined_by_if(x: Tensor, n: Optional[int]) -> Tensor:
    if n is not None:
        return x + n
    return x


@programs.script((X, None), (X, X))
def refined_by_assignment(x: Tensor, y: Optional[Tensor] = None) -> Tensor:
    if y is None:
        y = torch.ones_like(x)
    return x * y


@programs.script((None, 2), (3, None), (3, 4))
def refined_by_and(a: Optional[int], b: Optional[int]) -> int:
    if a is not None and b is not None:
        return a * b
    if a is None or b is None:
        return -1
    return a + b


@programs.script((3,), (None,))
def refined_by_assert(n: Optional[int]) -> int:
    assert n is not None, "n is missing"
    return n + 1


@programs.script((None,), (2,))
def refined_by_exit(n: Optional[int]) -> int:
    if n is None:
        return 0
    total = n
    for _ in range(2):
        total += n
    return total


@programs.script((None,), (1.5,))
def conditional_refinement(y: Optional[float]) -> float:
    z = y if y is not None else 0.5
    return z * (1.0 if y is None else y)


@programs.script((X,))
def unwrapped(x: Tensor) -> Tensor:
    y: Optional[Tensor] = x
    return torch.jit._unwrap_optional(y) + 1


@programs.script((X, [1, 2]), (X, None))
def optional_list(x: Tensor, sizes: Optional[List[int]] = None) -> Tensor:
    return x.sum(sizes) if sizes is not None else x.sum()


@programs.script((3,), ("text",), (X,))
def unions(value: Union[int, str, Tensor]) -> int:
    if isinstance(value, int):
        return value
    elif isinstance(value, str):
        return len(value)
    else:
        return value.numel()


@programs.script((3,), ([1, 2],), (None,))
def optional_unions(value: Union[int, List[int], None]) -> int:
    if value is None:
        return -1
    if isinstance(value, list):
        return len(value)
    return value


@programs.script((True,), (False,))
def union_results(flag: bool) -> Union[int, str]:
    if flag:
        return 1
    return "one"


@programs.script((X,), (3,), ("s",), ([1, 2],), ((1, "a"),))
def any_values(value: Any) -> str:
    if isinstance(value, Tensor):
        return "tensor"
    elif isinstance(value, (int, float)):
        return "number"
    elif isinstance(value, str):
        return value + "!"
    if isinstance(value, List[int]):
        return str(value[0])
    return "other"


@programs.script()
def annotated() -> tuple[list[Tuple[int, Optional[str]]], Optional[int], Dict[str, List[int]]]:
    a = torch.jit.annotate(List[Tuple[int, Optional[str]]], [])
    a.append((1, None))
    a.append((2, "b"))
    b = torch.jit.annotate(Optional[int], None)
    c: Dict[str, List[int]] = torch.jit.annotate(Dict[str, List[int]], {})
    return a, b, c


@programs.script((5,))
def uninitialized(n: int) -> str:
    if n > 3:
        text = "large"
    elif n > 1:
        return "middle"
    else:
        raise ValueError("small")
    return text


@programs.script((X,))
def dtype_values(x: Tensor) -> tuple[bool, Tensor, int]:
    dtype = torch.float64
    other: Optional[torch.dtype] = None
    if x.dtype == torch.float32:
        other = dtype
    y = x.to(other) if other is not None else x
    return y.dtype == dtype, y, 1


@programs.script((X, torch.device("cpu")))
def device_values(x: Tensor, device: torch.device) -> tuple[Tensor, str, bool]:
    other = torch.device("cpu")
    return x.to(device), str(device), other == device


@programs.script((X, torch.float64))
def dtype_arguments(x: Tensor, dtype: torch.dtype) -> Tensor:
    return x.to(dtype) + torch.zeros([3], dtype=dtype)


@programs.script((X,))
def type_checks_known_statically(x: Tensor) -> tuple[bool, bool, bool]:
    return isinstance(x, Tensor), isinstance(3, int), isinstance("a", int)


@programs.script(([1, None, 3],))
def optional_elements(xs: List[Optional[int]]) -> int:
    total = 0
    for x in xs:
        if x is not None:
            total += x
    return total


@programs.script((X,))
def tuples_of_optionals(x: Tensor) -> Tuple[Optional[Tensor], Optional[int]]:
    pair: Tuple[Optional[Tensor], Optional[int]] = (x, None)
    first, second = pair
    if first is not None and second is None:
        return first + 1, 4
    return pair


@programs.script((X,))
def nested_types(x: Tensor) -> Dict[str, Tuple[List[Tensor], Optional[Dict[int, str]]]]:
    return {"a": ([x], {1: "one"}), "b": ([], None)}


@programs.script((2,), (2.5,))
def number_union(n: Union[int, float]) -> float:
    if isinstance(n, float):
        return n
    return float(n) * 2


@programs.script((None,), ("a",))
def identity_tests(s: Optional[str]) -> tuple[bool, bool, bool]:
    return s is None, s is not None, s is not None and s == "a"


@programs.script((X,))
def is_scripting(x: Tensor) -> Tensor:
    if torch.jit.is_scripting():
        x = x + 1
    else:
        x = x.numpy()
    if not torch.jit.is_scripting():
        return x.undefined_method()
    return x


@programs.script((3,))
def shadowed_builtins(n: int) -> int:
    max = n + 1
    list = max * 2
    return max + list


@programs.script((1, 2, 3))
def keyword_names(self_: int, ops: int, CONSTANTS: int) -> int:  # noqa: N803
    inf = ops + 1
    nan = CONSTANTS
    torch_ = self_
    uninitialized = inf + nan
    return uninitialized + torch_


def typed_by_comment(x, n):
    # type: (Tensor, int) -> Tuple[Tensor, int]
    return x + n, n


@programs.script((X, 3))
def calls_typed_by_comment(x, n):
    # type: (Tensor, int) -> Tensor
    y, m = typed_by_comment(x, n)
    z = torch.jit.annotate(List[int], [])
    z.append(m)
    return y * z[0]


@programs.script((X,))
def untyped(x):
    return x.relu() + 1


@programs.script((X, 3, 2.0))
def default_arguments(
    x: Tensor,
    n: int = 2,
    y: float = 0.5,
    s: str = "a'b",
    t: Tuple[int, int] = (1, 2),
    o: Optional[int] = None,
) -> Tensor:
    return x * n + y + len(s) + t[1]


def scaled(x: Tensor, by: float = 2.0, and_add: int = 0) -> Tensor:
    return x * by + and_add


@programs.script((X,))
def keyword_arguments(x: Tensor) -> Tensor:
    return scaled(x) + scaled(x, by=3.0) + scaled(x, and_add=1, by=0.5)
