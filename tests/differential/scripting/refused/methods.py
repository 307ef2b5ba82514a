"""Methods that types do not have, and named tuples of one name."""
from typing import Dict, List, NamedTuple, Tuple
from torch import Tensor
from tests.differential.corpus.language.programs import Programs
programs = Programs()


class Same(NamedTuple):
    a: int
First = Same


class Same(NamedTuple):
    a: int
    b: str
Second = Same


@programs.script()
def named_tuple_with_more_fields(x: int) -> int:
    return First(1).a + Second(2, "a").a


class Same(NamedTuple):
    b: int
Third = Same


@programs.script()
def named_tuple_with_other_fields(x: int) -> int:
    return First(1).a + Third(2).b


@programs.script()
def named_tuples_of_parameters(x: First, y: Second) -> int:
    return 1


@programs.script()
def list_has_no_such_method(x: List[int]) -> int:
    return x.nothing(1)


@programs.script()
def dict_has_no_such_method(x: Dict[str, int]) -> int:
    return x.nothing(1)


@programs.script()
def str_has_no_such_method(x: str) -> int:
    return x.nothing(1)


@programs.script()
def tuple_has_no_index(x: Tuple[int, int]) -> int:
    return x.index(1)


@programs.script()
def index_of_other_type(x: List[Tensor]) -> int:
    return x.index("a")


@programs.script()
def list_of_lists_has_no_index(x: List[List[int]]) -> int:
    return x.index([1])


@programs.script()
def int_has_no_methods(x: int) -> int:
    return x.bit_length()


@programs.script()
def tensor_has_no_such_method(x: Tensor) -> int:
    return x.nothing(1)


@programs.script()
def index_with_too_many(x: List[int]) -> int:
    return x.index(1, 2, 3, 4)


@programs.script()
def dict_has_no_fromkeys(x: Dict[str, int]) -> int:
    return x.fromkeys(["a"])
