"""Annotations of unusual spelling, and tensors of lists, as TorchScript refuses them."""

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple, Union
import torch
from torch import Tensor, nn
from tests.differential.corpus.language.programs import Programs
from tests.differential.scripting.programs.spelled import Sizes

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((X,))
def size_annotation(x: Tensor) -> torch.Size:
    return x.shape


@programs.script((X,))
def size_annotation_inside(x: Tensor) -> Tuple[int, torch.Size]:
    return 1, x.shape


@programs.script((X,))
def size_list(x: Tensor) -> List[torch.Size]:
    return [x.shape]


@programs.script((X,))
def size_parameter(x: torch.Size) -> int:
    return 1


@programs.script((X,))
def size_local(x: Tensor) -> int:
    s: torch.Size = x.shape
    return 1


@programs.script((X,))
def size_optional(x: Tensor) -> int:
    s: Optional[torch.Size] = None
    return 1


@programs.script((X,))
def size_dict(x: Dict[str, torch.Size]) -> int:
    return 1


@programs.script((X,))
def tuple_of_set(x: Tensor) -> Tuple[int, set]:
    return 1


@programs.script((X,))
def tuple_of_set2(x: Tensor) -> Tuple[int, Set[int]]:
    return 1


@programs.script((X,))
def quoted_alternative(x: "torch.Tensor", y: "int|None" = None) -> "int":
    return 1


@programs.script((X,))
def quotes_in_quotes(x: "torch.Tensor", y: "Optional['int']" = None) -> "int":
    return 1


@programs.script((X,))
def quoted_sum(x: "Tensor" , y: "3 + 4") -> List["int"]:
    return [1]


@programs.script((X,))
def quoted_none(x: "Tensor" , y: "None") -> "None":
    return None


@programs.script((X,))
def quoted_nothing(x: "Tensor" , y: "") -> "None":
    return None


@programs.script((X,))
def quoted_callable(x: "Tensor" , y: "list[int]", z: "Callable[[int], int]") -> "None":
    return None


@programs.script((X,))
def tensor_of_dict(x: Tensor) -> Tensor:
    return torch.tensor({"a": 1})


@programs.script((X,))
def tensor_of_none(x: Tensor) -> Tensor:
    return torch.tensor(None)


@programs.script((X,))
def size_in_lists(x: List[List[torch.Size]]) -> int:
    return 1


@programs.script((X,))
def size_in_optional_in_list(x: List[Optional[torch.Size]]) -> int:
    return 1


@programs.script((X,))
def size_in_list_in_optional(x: Optional[List[torch.Size]]) -> int:
    return 1


@programs.script((X,))
def size_in_list_in_dict(x: Dict[str, List[torch.Size]]) -> int:
    return 1


@programs.script((X,))
def size_local_list(x: Tensor) -> int:
    s: List[torch.Size] = []
    return 1


@programs.script((X,))
def size_local_tuple(x: Tensor) -> int:
    s: Tuple[int, torch.Size] = (1, x.shape)
    return 1


@programs.script((X,))
def bad_in_isinstance(x: Tensor) -> int:
    if torch.jit.isinstance(x, List[torch.Size]):
        return 2
    return 1


@programs.script((X,))
def bad_in_annotate(x: Tensor) -> int:
    a = torch.jit.annotate(List[torch.Size], [])
    return 1


@programs.script((X,))
def bad_in_named(x: Tensor) -> int:
    return len(Sizes([x.shape]).a)


@programs.script((X,))
def quoted_unknown_local(x: Tensor) -> int:
    a: "List[int]" = []
    b: "Undefined" = 1
    return 1


@programs.script((X,))
def quoted_list_of_unknown(x: Tensor) -> "List[Undefined]":
    return 1


@programs.script((X,))
def quoted_without_import(x: Tensor) -> "typing.List[int]":
    return [1]


@programs.script((X,))
def list_of_quoted_unknown(x: Tensor) -> List["Undefined"]:
    return [1]


@programs.script((X,))
def quoted_variadic_tuple(x: Tensor) -> "Tuple[int, ...]":
    return [1]


@programs.script((X,))
def quoted_tuple_with_none(x: Tensor) -> "Tuple[int,None]":
    return [1]


@programs.script((X,))
def quoted_optional_size(x: Tensor) -> "Optional[torch.Size]":
    return None


@programs.script((X,))
def quoted_tuple_with_size(x: Tensor) -> "Tuple[torch.Size, int]":
    return None


@programs.script((X,))
def quoted_list_of_sizes(x: Tensor) -> "List[torch.Size]":
    return None
