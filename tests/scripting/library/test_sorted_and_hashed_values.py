"""Sorting and hashing of values whose types are only known in a run: the same order or refusal as in torch.jit."""

import re
from enum import Enum
from typing import Any, Dict, List, Optional, Tuple

import pytest
import torch
from torch import Tensor, tensor

import jitcore

ADDRESS = re.compile(r" \(of Python compilation unit at: 0x[0-9a-f]+\)")
LIBRARIES = (torch.jit, jitcore)


class Color(Enum):
    RED = 1
    BLUE = 2


class Plain:
    def __init__(self, n: int):
        self.n = n


class Ordered:
    def __init__(self, n: int):
        self.n = n

    def __lt__(self, other: "Ordered") -> bool:
        return self.n < other.n

    def __eq__(self, other: "Ordered") -> bool:
        return self.n == other.n


def sort_any(v: List[Any]):
    v.sort()
    return v


def reversed_any(v: List[Any]):
    v.sort(reverse=True)
    return v


def sorted_any(v: List[Any]):
    return sorted(v)


def sorted_optional(v: List[Optional[int]]):
    return sorted(v)


def sorted_optional_items(v: List[Tuple[int, Optional[int]]]):
    return sorted(v)


def sorted_lists_in_tuples(v: List[Tuple[int, List[int]]]):
    return sorted(v)


def sorted_lists(v: List[List[int]]):
    return sorted(v)


def sorted_tensors_in_tuples(v: List[Tuple[Tensor, int]]):
    return sorted(v)


def sorted_plain():
    return len(sorted([Plain(1), Plain(2)]))


def sorted_plain_in_tuples():
    return len(sorted([(1, Plain(1)), (2, Plain(2))]))


def sorted_ordered():
    return [x.n for x in sorted([Ordered(2), Ordered(1)])]


def sorted_equal_objects():
    one = Ordered(1)
    return [x[1] for x in sorted([(Ordered(1), 2), (Ordered(1), 1)])], [
        x[1] for x in sorted([(one, 2), (one, 1)])
    ]


def sorted_objects_of_any_class():
    v: List[Any] = []
    v.append(Ordered(1))
    v.append(Plain(1))
    return len(sorted(v))


def sorted_enums():
    return len(sorted([Color.RED, Color.BLUE]))


def sorted_empty():
    a: List[Dict[str, int]] = []
    b: List[Any] = []
    return len(sorted(a)) + len(sorted(b))


def hash_any(v: Any):
    return hash(v)


def hash_list(v: List[int]):
    return hash(v)


def hash_items(v: Tuple[int, List[int]]):
    return hash(v)


def hash_optional(v: Optional[Dict[str, int]]):
    return hash(v)


def hash_object():
    return hash(Plain(1))


def hash_enum():
    return hash(Color.RED)


ANY_LISTS = [
    [(1, 2), ("a", "b")], [3, 1], [2, "a"], [None, None], [1.5, 1], [True], [1j], [[1], [2]], [[1], ["a"]],
    [(1, (2, 3)), (2, ("a", "b"))], [{1: 2}, {2: 3}], [({1: 2}, {1: 2})], [(1, 2), (1, 2, 3)], [],
    [(3, "b"), (3, "a"), (2, "ä")], [tensor(2), tensor(1)], [(tensor(2), 1), (tensor(1), 2)],
    [(tensor(2), 1), (tensor(1.5), 2)], [(1, None), (2, None)], [(1,), (0,)], [(1, ()), (0, ())],
    [torch.device("cpu")],
]  # fmt: skip
CALLS = [
    *((sorts, (values,)) for sorts in (sort_any, reversed_any, sorted_any) for values in ANY_LISTS),
    *((sorted_optional, (v,)) for v in ([2, 1], [None, 2], [])),
    *((sorted_optional_items, (v,)) for v in ([(2, None), (1, 2)], [(2, 3), (1, 4)])),
    (sorted_lists_in_tuples, ([(2, [])],)), (sorted_lists, ([[], [2]],)),
    *((sorted_tensors_in_tuples, (v,)) for v in (
        [(tensor(2), 1), (tensor(1), 2)], [(tensor(1), 3), (tensor(1), 2)],
        [(tensor([1, 2]), 3), (tensor([1, 2]), 2)], [(tensor(float("nan")), 3), (tensor(float("nan")), 2)],
    )),
    *((no_arguments, ()) for no_arguments in (
        sorted_plain, sorted_plain_in_tuples, sorted_ordered, sorted_equal_objects,
        sorted_objects_of_any_class, sorted_enums, sorted_empty, hash_object, hash_enum,
    )),
    *((hash_any, (v,)) for v in (1, [1], (1, [2]), {1: "a"}, [[1]], 1j, ((), [True]))),
    (hash_list, ([],)), (hash_items, ((1, []),)), (hash_optional, ({},)),
]  # fmt: skip


def outcome(library, function, arguments):
    compiled = library.script(function)
    try:
        return repr(compiled(*arguments))
    except RuntimeError as error:
        return ADDRESS.sub("", str(error).strip().splitlines()[-1])


@pytest.mark.parametrize(("function", "arguments"), CALLS, ids=lambda each: getattr(each, "__name__", None))
def test_the_order_or_the_refusal_is_that_of_torch(function, arguments):
    theirs, ours = (outcome(library, function, arguments) for library in LIBRARIES)
    assert ours == theirs
