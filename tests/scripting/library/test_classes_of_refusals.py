"""The classes of exceptions in which callers get what cannot be compiled: those that torch raises."""

import enum
from typing import Dict, List, NamedTuple, Optional, Union

import pytest
import torch
from torch import nn
from torch.jit import frontend

import jitcore
from tests.differential.scripting import language

# Where torch's own frontend stumbles over what it refuses.
_FAULTS = {
    "refused.ignored_blocks.block_with_number", "refused.names.raise_nothing", "refused.targets.list_after_as",
}  # fmt: skip


def refusal(jit, thing):
    """What compiling raises; None if it does not."""
    try:
        jit.script(thing)
    except Exception as error:
        return error
    return None


def same(thing):
    """Fail unless both libraries refuse in the same class and the same first words; gives our refusal."""
    theirs, ours = refusal(torch.jit, thing), refusal(jitcore, thing)
    assert type(ours) is type(theirs)
    words = str(theirs).strip().split("\n")[0].rstrip(":. ").removesuffix(" at").removesuffix(". At")
    assert str(ours).strip().startswith(words.partition(" at   File")[0])
    return ours


_REFUSED = [case for case in language.refused_cases() if case.name not in _FAULTS]


@pytest.mark.parametrize("case", _REFUSED, ids=lambda case: case.name)
def test_programs_are_refused_in_the_same_class(case):
    theirs = refusal(torch.jit, case.function)
    assert type(refusal(jitcore, case.function)) is type(theirs)


def expands(d: Dict[str, int]):
    return {**d}


def imports(x):
    import math

    return x + math.pi


def bytes_of(x):
    return b"a"


@pytest.mark.parametrize(
    ("function", "kinds"),
    [
        (expands, (frontend.NotSupportedError, frontend.FrontendError)),
        (imports, (frontend.UnsupportedNodeError, frontend.NotSupportedError, frontend.FrontendError)),
        (bytes_of, (frontend.FrontendError,)),
    ],
)
def test_what_the_frontend_refuses_is_an_error_of_torchs_frontend(function, kinds):
    error = same(function)
    assert not isinstance(error, RuntimeError)
    assert all(isinstance(error, kind) for kind in kinds)
    assert str(error) == error.msg + error.error_report.what()
    assert 'test_classes_of_refusals.py", line' in str(error)


@pytest.mark.parametrize(
    "body",
    [
        "return {**x}", "return lambda: x", "yield x", "import os", "return [y for y in x if y]", "global y",
        "return b'a'", "x //= 2", "return {1, 2}", "raise", "return (y := x)", "return +x",
    ],
)  # fmt: skip
def test_what_a_text_cannot_have_is_a_runtime_error(body):
    text = f"def f(x):\n    {body}\n"
    for jit in (torch.jit, jitcore):
        with pytest.raises(RuntimeError):
            jit.CompilationUnit(text)
    with pytest.raises(RuntimeError):
        jitcore.script(nn.ReLU()).define(f"def f(self, x):\n    {body}\n")


def test_what_a_text_calls_keeps_its_class():
    for jit in (torch.jit, jitcore):
        with pytest.raises(frontend.NotSupportedError):
            jit.CompilationUnit("def f(d: Dict[str, int]):\n    return expands(d)\n")


def calls_what_expands(d: Dict[str, int]):
    return expands(d)


def test_the_class_is_kept_by_those_that_call():
    assert isinstance(same(calls_what_expands), frontend.NotSupportedError)


class Helped(nn.Module):
    def forward(self, x: List[int]):
        return self.chosen(x)

    def chosen(self, x: List[int]):
        return [y for y in x if y > 1]


class WithABadAttribute(nn.Module):
    __constants__ = ("thing",)

    def __init__(self):
        super().__init__()
        self.thing = object()

    def forward(self, x):
        return x


class DeclaresLate(nn.Module):
    def __init__(self):
        super().__init__()
        self.number = 1

    def forward(self, x: int):
        self.number: int = x
        return x


class OfNoType(nn.Module):
    size: torch.Size

    def __init__(self):
        super().__init__()
        self.size = torch.Size([1])

    def forward(self, x):
        return x


class OfNoTypePerhaps(OfNoType):
    size: Optional[torch.Size]


class NoTensor(nn.Module):
    def __init__(self):
        super().__init__()
        self._parameters["weight"] = 3

    def forward(self, x):
        return x


class NotReady(nn.Module):
    def __init__(self):
        pass

    def forward(self, x):
        return x


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        (Helped, frontend.NotSupportedError), (WithABadAttribute, TypeError), (DeclaresLate, ValueError),
        (OfNoType, ValueError), (OfNoTypePerhaps, AssertionError), (NoTensor, AssertionError),
        (NotReady, RuntimeError),
    ],
)  # fmt: skip
def test_modules_are_refused_in_the_same_class(module, kind):
    theirs, ours = refusal(torch.jit, module()), refusal(jitcore, module())
    assert type(ours) is type(theirs) is kind


class Nothing(enum.Enum):
    pass


class Sized(NamedTuple):
    size: torch.Size


def of_an_empty_enum(x: Nothing):
    return x


def either(x: Union[torch.Size, int]):
    return x


def in_a_named_tuple(x):
    return Sized(x)


_NUMBER = 3


def calls_a_number(x):
    return _NUMBER(x)


@torch.jit.ignore
def left_to_python(x: torch.Size):
    return x


def calls_python(x):
    return left_to_python(x)


def awaits_no_type(x: torch.jit.Future[torch.Size]):
    return x


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (of_an_empty_enum, ValueError), (either, AssertionError), (in_a_named_tuple, ValueError),
        (calls_a_number, TypeError), (calls_python, ValueError), (awaits_no_type, RuntimeError),
    ],
)  # fmt: skip
def test_types_and_calls_are_refused_in_the_same_class(function, kind):
    assert type(same(function)) is kind


def test_what_has_no_source():
    namespace = {"__name__": "nowhere"}
    exec("def made(x):\n    return x\n", namespace)  # noqa: S102  # there is no other way to have no source
    made = namespace["made"]

    def calls(x):
        return made(x)

    assert type(same(made)) is OSError
    assert type(same(calls)) is OSError
