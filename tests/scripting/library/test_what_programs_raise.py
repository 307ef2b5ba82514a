"""The class and the words in which a caller gets what a program raises, or what fails in work it waits for."""

import pytest
import torch

import jitcore
from tests.scripting.library.side_by_side import outcome

LIBRARIES = (torch.jit, jitcore)


def both(action):
    """Fail unless the action raises the same with both libraries; gives what that is."""
    theirs, ours = (outcome(lambda jit=jit: action(jit)) for jit in LIBRARIES)
    assert ours == theirs
    return ours


class OwnError(Exception):
    pass


def asserts(x: int):
    assert x > 3, "too small"
    return x


def asserts_in_silence(x: int):
    assert x > 3
    return x


def asserts_with_a_text_that_is_made(x: int):
    assert x > 3, f"{x} is too small"
    return x


def raises_a_class(x: int):
    raise ValueError
    return x


def raises_an_assertion(x: int):
    raise AssertionError("wrong")
    return x


def raises_with_a_class(x: int):
    raise IndexError(f"no {x} or {x + 1}")
    return x


def raises_its_own(x: int):
    raise OwnError("wrong")
    return x


PROGRAMS = [
    asserts, asserts_in_silence, asserts_with_a_text_that_is_made, raises_a_class, raises_an_assertion,
    raises_with_a_class, raises_its_own,
]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_raises(program):
    kind, _ = both(lambda jit: jit.script(program)(1))
    assert kind == "Error"


# --- work that is waited for ----------------------------------------------------------------------


def too_far(x: int):
    return [1, 2][x + 5]


def too_far_in_a_call(x: int):
    return too_far(x)


def waits(x: int):
    work = torch.jit.fork(too_far_in_a_call, x)
    return torch.jit.wait(work)


def waits_for_what_waits(x: int):
    work = torch.jit.fork(waits, x)
    return torch.jit.wait(work)


def waits_lazily(x: int):
    work = torch.jit._awaitable(too_far, x)
    return torch.jit._awaitable_wait(work)


def starts(x: int):
    return torch.jit.fork(too_far, x)


@pytest.mark.parametrize("program", [waits, waits_for_what_waits, waits_lazily])
def test_what_fails_in_work_is_a_text_in_the_text_of_whoever_waits(program):
    kind, words = both(lambda jit: jit.script(program)(1))
    assert kind == "RuntimeError"
    assert words.count("list index out of range") == 1


def test_a_future_that_failed_is_given_back_and_raises_when_it_is_waited_for():
    both(lambda jit: jit.script(starts)(1).wait())


def raises_in_work(x: int):
    work = torch.jit.fork(raises_its_own, x)
    return torch.jit.wait(work)


def test_what_a_program_raises_in_work_is_a_runtime_error_to_whoever_waits():
    theirs, ours = (outcome(lambda jit=jit: jit.script(raises_in_work)(1)) for jit in LIBRARIES)
    assert ours[0] == theirs[0] == "RuntimeError"
    assert "test_what_programs_raise.OwnError: wrong" in ours[1]
