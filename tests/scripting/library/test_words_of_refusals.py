"""What is wrong with types, enums, interfaces and given arguments, in torch's words."""

import enum
from typing import List, Optional

import pytest
import torch
from torch import Tensor, nn

import jitcore
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)


@torch.jit.interface
class Two:
    def one(self) -> int:
        pass

    def two(self, a: int, b: List[int]) -> Optional[int]:
        pass


@torch.jit.interface
class OfModule(nn.Module):
    def one(self) -> int:
        pass


@torch.jit.interface
class One:
    def one(self) -> int:
        pass


class Nothing:
    def __init__(self):
        self.a = 1


class OtherResult:
    def __init__(self):
        self.a = 1

    def one(self):
        return "a"


class OtherParameter:
    def __init__(self):
        self.a = 1

    def one(self):
        return 1

    def two(self, c: int, b: List[int]):
        return 1


class MoreParameters:
    def __init__(self):
        self.a = 1

    def one(self):
        return 1

    def two(self, a: int, b: List[int], c: int = 2):
        return 1


class KeywordOnly:
    def __init__(self):
        self.a = 1

    def one(self):
        return 1

    def two(self, a: int, *, b: List[int]):
        return 1


def takes_two(x: Two):
    return x.one()


def takes_optional(x: Optional[Two]):
    return 1


def takes_module(x: OfModule):
    return x.one()


def nothing_for_two():
    return takes_two(Nothing())


def other_result_for_two():
    return takes_two(OtherResult())


def other_parameter_for_two():
    return takes_two(OtherParameter())


def more_parameters_for_two():
    return takes_two(MoreParameters())


def keyword_only_for_two():
    return takes_two(KeywordOnly())


def class_for_module():
    return takes_module(Nothing())


def one_for_two(x: One):
    return takes_two(x)


def one_for_module(x: One):
    return takes_module(x)


def nothing_for_optional():
    return takes_optional(Nothing())


def more_types_than_parameters(a):
    # type: (int, int) -> int
    return a


def types_without_parameters():
    # type: (int) -> int
    return 2


def fewer_types_than_parameters(
    a,
    b=1,
):
    # type: (int) -> int
    return 2


def empty_tensor():
    return torch.tensor([])


def too_many_for_operator(x: Tensor):
    return torch.relu(x, 1)


def too_few_for_getattr(x: Tensor):
    return getattr(x)


def nothing_for_bool():
    return bool()


FUNCTIONS = [
    nothing_for_two, other_result_for_two, other_parameter_for_two, more_parameters_for_two, keyword_only_for_two,
    class_for_module, one_for_two, one_for_module, nothing_for_optional, more_types_than_parameters,
    types_without_parameters, fewer_types_than_parameters, empty_tensor, too_many_for_operator,
    too_few_for_getattr, nothing_for_bool,
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_words_and_places(function):
    def compile_and_call(library):
        compiled = library.script(function)
        return compiled() if not function.__code__.co_argcount else None

    theirs, ours = (outcome(lambda library=library: compile_and_call(library)) for library in LIBRARIES)
    if isinstance(theirs[1], tuple):
        assert ours == theirs
    else:
        # What torch refused before may still be in its list of calls.
        assert theirs[1].rstrip().startswith(ours[1].rstrip())


@pytest.mark.parametrize("text", [
    "def f(a):\n    # type: (int, int) -> int\n    return a\n", "def f():\n    # type: (int) -> int\n    return 1\n",
    "def f(a: int, b) -> int:\n    # type: (int) -> int\n    return 1\n",
])  # fmt: skip
def test_comments_of_texts(text):
    theirs, ours = (outcome(lambda library=library: library.CompilationUnit(text)) for library in LIBRARIES)
    assert ours == theirs


class Mixed(enum.Enum):
    A = 1
    B = "a"


class Numbers(enum.Enum):
    A = 1
    B = 2.5


class Missing(enum.Enum):
    A = None
    B = 1


class Empty(enum.Enum):
    pass


def takes_mixed(x: Mixed):
    return 1


def takes_numbers(x: Numbers):
    return 1


def takes_missing(x: Missing):
    return 1


def takes_empty(x: Empty):
    return 1


@pytest.mark.parametrize("function", [takes_mixed, takes_numbers, takes_missing, takes_empty])
def test_enums(function):
    with pytest.raises((RuntimeError, ValueError)) as theirs:
        torch.jit.script(function)
    with pytest.raises(type(theirs.value)) as ours:
        jitcore.script(function)
    assert str(ours.value).strip().startswith(str(theirs.value))


class Held(nn.Module):
    @torch.jit.export
    def one(self):
        return "a"


class Holds(nn.Module):
    held: OfModule

    def __init__(self):
        super().__init__()
        self.held = Held()

    def forward(self):
        return self.held.one()


def test_modules_for_interfaces():
    theirs, ours = (outcome(lambda library=library: library.script(Holds())) for library in LIBRARIES)
    assert ours == theirs


def tuple_without_step():
    return (1, 2)[::0]


def tuple_with_computed_step(n: int):
    return (1, 2)[::n]


@pytest.mark.parametrize("function", [tuple_without_step, tuple_with_computed_step])
def test_steps_of_tuples(function):
    with pytest.raises(RuntimeError) as theirs:
        torch.jit.script(function)
    with pytest.raises(RuntimeError) as ours:
        jitcore.script(function)
    assert str(ours.value).strip().startswith(str(theirs.value))


def sliced(x: List[int], y: str, a: int, b: int, step: int):
    return x[a:b:step], y[a:b:step]


LEAST, GREATEST = -(1 << 63), (1 << 63) - 1


@pytest.mark.parametrize("step", [LEAST, LEAST + 1, GREATEST, -1, 0])
@pytest.mark.parametrize("bounds", [(LEAST, GREATEST), (GREATEST, LEAST), (0, 2)])
def test_steps_at_the_ends_of_numbers(bounds, step):
    compiled = [library.script(sliced) for library in LIBRARIES]
    theirs, ours = (outcome(lambda each=each: each([1, 2, 3], "abc", *bounds, step)) for each in compiled)
    assert ours == theirs
