"""Programs that are not well-typed."""

import enum
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Sequence, Set, Tuple, TypeVar, Union

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
T = TypeVar("T")


@programs.script()
def wrong_return(x: Tensor) -> str:
    return x


@programs.script()
def different_returns(n: int):
    if n > 1:
        return n
    return "a"


@programs.script()
def missing_return(n: int) -> int:
    if n > 1:
        return n


@programs.script()
def wrong_argument(x: Tensor) -> Tensor:
    return torch.add(x, "a")


@programs.script()
def too_many_arguments(x: Tensor) -> Tensor:
    return torch.relu(x, 1, 2)


@programs.script()
def unknown_keyword(x: Tensor) -> Tensor:
    return torch.sum(x, dimension=1)


def helper(x: Tensor, n: int) -> Tensor:
    return x * n


@programs.script()
def missing_argument(x: Tensor) -> Tensor:
    return helper(x)


@programs.script()
def wrong_helper_argument(x: Tensor) -> Tensor:
    return helper(x, "three")


@programs.script()
def doubled_argument(x: Tensor) -> Tensor:
    return helper(x, 1, n=2)


@programs.script()
def no_annotation_of_int(n):
    return [i for i in range(n)]


@programs.script()
def reassigned_type(n: int) -> int:
    m = 1
    for i in range(n):
        m = "a"
    return n


@programs.script()
def branch_types(n: int) -> int:
    if n > 1:
        m = 1
    else:
        m = "a"
    return m


@programs.script()
def undefined_in_branch(n: int) -> int:
    if n > 1:
        m = 1
    return m


@programs.script()
def undefined_name(x):
    return x + undefined_thing


@programs.script()
def defined_in_loop(n: int) -> int:
    for i in range(n):
        last = i
    return last


@programs.script()
def heterogeneous_list(n: int) -> List[int]:
    return [n, "a"]


@programs.script()
def heterogeneous_keys(n: int):
    return {n: 1, "a": 2}


@programs.script()
def empty_list_of_ints(n: int) -> List[int]:
    xs = []
    xs.append(n)
    return xs


@programs.script()
def optional_arithmetic(n: Optional[int]) -> int:
    return n + 1


@programs.script()
def not_refined_union(n: Union[int, str]) -> int:
    return n + 1


@programs.script()
def wrong_annotation(n: int) -> int:
    m: str = n
    return n


@programs.script()
def annotation_in_block(n: int) -> int:
    m = 1
    if n > 1:
        m: int = 2
    return m


@programs.script()
def unknown_type(n: "Whatever") -> int:
    return 1


@programs.script()
def callable_type(f: Callable[[int], int]) -> int:
    return f(1)


@programs.script()
def set_type(s: Set[int]) -> int:
    return len(s)


@programs.script()
def sequence_type(s: Sequence[int]) -> int:
    return len(s)


@programs.script()
def iterable_type(s: Iterable[int]) -> int:
    return 1


@programs.script()
def type_variable(x: T) -> T:
    return x


@programs.script()
def bare_list(xs: List) -> int:
    return len(xs)


@programs.script()
def bare_dict(xs: Dict) -> int:
    return len(xs)


@programs.script()
def bare_tuple(xs: Tuple) -> int:
    return 1


@programs.script()
def bare_optional(xs: Optional) -> int:
    return 1


@programs.script()
def object_type(x: object) -> int:
    return 1


@programs.script()
def bytes_type(x: bytes) -> int:
    return 1


@programs.script()
def variadic_tuple(xs: Tuple[int, ...]) -> int:
    return xs[0]


class Fields(NamedTuple):
    n: int


@programs.script()
def mutable_default(xs: List[int] = [1]) -> int:
    return xs[0]


@programs.script()
def wrong_default(n: int = "a") -> int:
    return n


@programs.script()
def none_default(n: int = None) -> int:
    return n


@programs.script()
def default_of_no_member(n: Union[float, complex] = 3) -> int:
    return 1


@programs.script()
def default_without_its_name(n: Union[Fields, int] = Fields(1)) -> int:
    return 1




@programs.script()
def unpack_too_many(t: Tuple[int, int]) -> int:
    a, b, c = t
    return a


@programs.script()
def unpack_too_few(t: Tuple[int, int, int]) -> int:
    a, b = t
    return a


@programs.script()
def unpack_int(n: int) -> int:
    a, b = n
    return a


@programs.script()
def index_tuple_out_of_range(t: Tuple[int, int]) -> int:
    return t[2]


@programs.script()
def index_tuple_by_variable(t: Tuple[int, str], n: int) -> int:
    return t[n]


@programs.script()
def index_int(n: int) -> int:
    return n[0]


@programs.script()
def call_int(n: int) -> int:
    return n(1)


@programs.script()
def unknown_method(x: Tensor) -> Tensor:
    return x.frobnicate()


@programs.script()
def unknown_attribute_of_list(xs: List[int]) -> int:
    return xs.size


@programs.script()
def unknown_function(x: Tensor) -> Tensor:
    return torch.frobnicate(x)


@programs.script()
def iterate_int(n: int) -> int:
    for i in n:
        pass
    return n


@programs.script()
def assign_to_tuple_item(t: Tuple[int, int]) -> int:
    t[0] = 1
    return 1


@programs.script()
def assign_to_string(s: str) -> str:
    s[0] = "a"
    return s


@programs.script()
def attribute_of_tensor(x: Tensor) -> Tensor:
    x.foo = 1
    return x


@programs.script()
def condition_of_string(s: Tuple[int]) -> int:
    if s:
        return 1
    return 0


@programs.script()
def tolist_without_type(x: Tensor):
    y = x.tolist()
    return y


@programs.script()
def ternary_types(n: int):
    return n if n > 1 else "a"


@programs.script()
def none_arithmetic(x: Tensor):
    y = None
    return y + 1


@programs.script()
def break_in_unrolled(t: Tuple[int, str]) -> int:
    for e in t:
        break
    return 1


@programs.script()
def wrong_comment_count(x, y):
    # type: (Tensor) -> Tensor
    return x


@programs.script()
def misspelt_comment(x, y):
    #type: (Tensor, Tensor) -> Tensor
    return x


@programs.script()
def annotate_wrongly(x: Tensor):
    return torch.jit.annotate(List[int], x)


@programs.script()
def dict_of_tuples(d: Dict[Tuple[int, int], int]) -> int:
    return len(d)


@programs.script()
def dict_literal_of_tuples(n: int):
    d = {(n, n): 1}
    return d


@programs.script()
def dict_literal_of_lists(n: int):
    return {[n]: 1}


@programs.script()
def dict_comprehension_of_tuples(xs: List[int]):
    return {(x, x): x for x in xs}


class OfTensors(enum.Enum):
    ONE = torch.tensor(0)
    TWO = torch.tensor(1)


class OfFlags(enum.Enum):
    ON = True
    OFF = False


class TensorAsDefault(NamedTuple):
    x: Tensor = torch.ones(2)


@programs.script()
def enum_of_tensors(a: OfTensors) -> str:
    return a.name


@programs.script()
def enum_of_flags(a: OfFlags) -> bool:
    return a.value


@programs.script()
def named_tuple_with_a_tensor_as_default(a: TensorAsDefault) -> Tensor:
    return a.x


@programs.script()
def list_within_a_default(x=(1, [2])):
    # type: (Tuple[int, List[int]]) -> int
    return x[0]


COMPILED_MODULE = torch.jit.script(nn.ReLU())


@programs.script()
def calls_a_compiled_module_of_nobody(x: Tensor) -> Tensor:
    return COMPILED_MODULE(x)


@programs.script()
def future_of_what(x: torch.jit.Future) -> Tensor:
    return x.wait()
