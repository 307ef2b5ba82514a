"""What cannot be assigned to, constructed, or named as a type, as TorchScript refuses them."""

from typing import Dict, List, NamedTuple, Optional, Tuple, Union
from enum import Enum
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()


class Row(NamedTuple):
    a: List[str]
    b: int = 1


class Mode(Enum):
    FAST = 1


class Box:
    def __init__(self, a: int):
        self.a = a


@programs.script((1,))
def isinstance_of_text(n: int) -> bool:
    return isinstance(n, "int")


@programs.script((1,))
def isinstance_of_none(n: int) -> bool:
    return isinstance(n, None)


@programs.script((1,))
def list_as_target(n: int) -> int:
    [a, b] = n.c
    return n


@programs.script((1,))
def list_in_for(n: int) -> int:
    for [a, b] in [(1, 2)]:
        n += a
    return n


@programs.script((1,))
def list_in_tuple(n: int) -> int:
    (a, [b, c]) = (1, (2, 3))
    return n


@programs.script((1,))
def list_in_chain(n: int) -> int:
    a = [b, c] = (2, 3)
    return n


@programs.script((1,))
def list_before_wrong_value(n: int) -> int:
    a, [b, c] = 1, n.c
    return n


@programs.script((1,))
def list_after_as(n: int) -> int:
    with torch.no_grad() as [a, b]:
        n = n + 1
    return n


@programs.script((1,))
def list_in_comprehension(n: int) -> int:
    return len([a for [a, b] in [(1, 2)]])


@programs.script((1,))
def named_tuple_wrong_type(n: int) -> int:
    return Row(1).b


@programs.script((1,))
def named_tuple_without_fields(n: int) -> int:
    return Row().b


@programs.script((1,))
def named_tuple_too_many(n: int) -> int:
    return Row(["a"], 1, 2).b


@programs.script((1,))
def named_tuple_unknown_field(n: int) -> int:
    return Row(["a"], c=1).b


@programs.script((1,))
def named_tuple_field_twice(n: int) -> int:
    return Row(["a"], a=1).b


@programs.script((1,))
def named_tuple_as_value(n: int) -> int:
    return Row


@programs.script((1,))
def enum_as_value(n: int) -> int:
    return Mode


@programs.script((1,))
def class_as_value(n: int) -> int:
    return len(Box)


@programs.script((1,))
def hasattr_of_int(n: int) -> bool:
    return hasattr(n, "a")


@programs.script((1,))
def hasattr_of_tuple(n: int) -> bool:
    return hasattr((1, 2), "a")


@programs.script((1,))
def hasattr_of_list(n: int) -> bool:
    return hasattr([1, 2], "a")


@programs.script((1,))
def hasattr_of_tensor(n: int) -> bool:
    return hasattr(torch.ones(1), "shape")


@programs.script((1,))
def isinstance_of_number(n: int) -> bool:
    return isinstance(n, 1)


@programs.script((1,))
def isinstance_of_list(n: int) -> bool:
    return isinstance(n, [int, str])


@programs.script((1,))
def isinstance_of_or(n: int) -> bool:
    return isinstance(n, int or str)


@programs.script((1,))
def isinstance_of_call(n: int) -> bool:
    return isinstance(n, type(n))


@programs.script((1,))
def isinstance_of_dict(n: int) -> bool:
    return isinstance(n, {1: int})


@programs.script((1,))
def isinstance_of_not(n: int) -> bool:
    return isinstance(n, not int)


@programs.script((1,))
def isinstance_of_negative(n: int) -> bool:
    return isinstance(n, -1)


@programs.script((1,))
def isinstance_of_choice(n: int) -> bool:
    return isinstance(n, int if n else str)


@programs.script((1,))
def isinstance_of_comprehension(n: int) -> bool:
    return isinstance(n, [i for i in [1]])


@programs.script((1,))
def isinstance_of_truth(n: int) -> bool:
    return isinstance(n, True)


@programs.script((1,))
def isinstance_of_sum(n: int) -> bool:
    return isinstance(n, 1 + 2)


@programs.script((1,))
def isinstance_of_comparison(n: int) -> bool:
    return isinstance(n, 1 < 2)


@programs.script((1,))
def isinstance_of_f_string(n: int) -> bool:
    return isinstance(n, f"{n}")


@programs.script((1,))
def isinstance_of_slice(n: int) -> bool:
    return isinstance(n, n[0:1])


@programs.script((1,))
def dict_with_list_as_key(n: int) -> Dict[str, int]:
    return {[1]: 1}


@programs.script((1,))
def dict_with_tuple_as_key(n: int) -> int:
    d = {(1, 2): 1}
    return 1


@programs.script((1,))
def number_as_annotation(n: int) -> int:
    d: 1 = 1
    return 1


@programs.script((1,))
def item_of_unknown_in_tuple(n: int) -> int:
    n, a[0] = 1
    return 1
