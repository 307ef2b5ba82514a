"""Types in comments."""

import torch

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


@programs.script((X, 3))
def one_line(x, n):
    # type: (Tensor, int) -> Tensor
    return x * n


@programs.script((X, [1]))
def with_containers(x, xs):
    # type: (torch.Tensor, List[int]) -> Tuple[Tensor, Optional[int]]
    return x, xs[0]


@programs.script((X, 3, "a"))
def several_lines(
    x,  # type: Tensor
    n,  # type: int
    s,  # type: str
):
    # type: (...) -> Dict[str, int]
    return {s: n}


@programs.script()
def no_parameters():
    # type: () -> int
    return 3


@programs.script((X,))
def one_parameter(x):
    # type: (Tensor) -> Tensor
    return x


@programs.script((X, None), (X, 3))
def with_default(x, n=None):
    # type: (Tensor, Optional[int]) -> Tensor
    if n is not None:
        x = x + n
    return x


def helper(a, b=2):
    # type: (int, int) -> int
    return a * b


@programs.script((3,))
def calls_commented(n: int) -> int:
    return helper(n) + helper(n, 5)


@programs.script()
def comment_without_arrow(x):
    # type: (Tensor)
    return x
