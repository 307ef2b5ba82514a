"""Annotations of unusual spelling, and tensors of lists."""

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple, Union
import torch
from torch import Tensor, nn
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.ones(2)


@programs.script((X, [1]))
def quoted_containers(x: "Tensor", y: "List[int]", z: "Optional[Dict[str, List[int]]]" = None) -> "Tuple[int, int]":
    return 1, 2


@programs.script((X,))
def quoted_parts(x: Optional["Tensor"], y: Union["int", "str"] = 1) -> List["int"]:
    return [1]


@programs.script((X, ()))
def quoted_empty_tuple(x: "Tensor" , y: "Tuple[()]") -> int:
    return 1


@programs.script((X, [1], 2))
def quoted_with_blanks(x: "Tensor" , y: "List[ int ]", z: " int ") -> int:
    return 1


@programs.script((X,))
def tensor_of_mixed(x: Tensor) -> Tensor:
    return torch.tensor([1, 2.5])


@programs.script((X,))
def tensor_of_nested_mixed(x: Tensor) -> Tensor:
    return torch.tensor([[1, 2.5], [1, 2.5]])


@programs.script((X,))
def tensor_of_items(x: Tensor) -> Tensor:
    return torch.tensor([x[0].item(), x[0].item()])


@programs.script((X,))
def as_tensor_of_mixed(x: Tensor) -> Tensor:
    return torch.as_tensor([1, 2.5])


@programs.script((X,))
def tensor_of_truths_and_numbers(x: Tensor) -> Tensor:
    return torch.tensor([True, 2])


@programs.script((X,))
def tensor_of_tuple(x: Tensor) -> Tensor:
    return torch.tensor((1, 2))


@programs.script((X,))
def tensor_of_texts(x: Tensor) -> Tensor:
    return torch.tensor(["a"])


@programs.script((X,))
def tensor_of_tensors(x: Tensor) -> Tensor:
    return torch.tensor([x, x])


@programs.script((X,))
def tensor_of_ragged(x: Tensor) -> Tensor:
    return torch.tensor([[1], [1, 2]])


@programs.script((X,))
def tensor_of_empty(x: Tensor) -> Tensor:
    a: List[int] = []
    b: List[List[int]] = [a, a]
    c: List[Optional[int]] = [1]
    return torch.tensor(a).sum() + torch.tensor(b).sum()


@programs.script((X,))
def tensor_of_optionals(x: Tensor) -> Tensor:
    c: List[Optional[int]] = [1]
    return torch.tensor(c)


@programs.script((X,))
def tensor_of_list_of_any(x: Tensor) -> Tensor:
    c: List[Any] = [1]
    return torch.tensor(c)


class Sizes(NamedTuple):
    a: List[torch.Size]
