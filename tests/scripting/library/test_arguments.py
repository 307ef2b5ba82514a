"""What callers may give, what they get, and the words in which they are refused."""

import numpy as np
import pytest
import torch

import jitcore
from tests.scripting.library import programs
from tests.scripting.library.programs import Account, Color, Point
from tests.scripting.library.side_by_side import same

X = torch.ones(2)

VALUES = [
    3, True, 2.5, np.int64(4), np.float64(1.5), np.float32(1.5), torch.tensor(3), torch.tensor(3.7),
    torch.tensor([1]), torch.ones(2), "3", "x", None, 1j, [1], (1, 2), [True], ["a"], [1.5], [1, 2.5], {},
    {"a": torch.ones(1)}, {"a": 1}, torch.float32, torch.strided, torch.channels_last, [torch.ones(1)],
    [[1], [2]], b"ab", range(3), {1, 2}, 2**70, np.array([1, 2]), torch.device("cpu"), [None], [1, None],
    [[], [1]], (1, "a"), torch.per_tensor_affine,
]  # fmt: skip
ONE_ARGUMENT = [
    programs.integer, programs.floating, programs.truth, programs.text, programs.spin, programs.texts,
    programs.floats, programs.truths, programs.tensors, programs.maybe, programs.nested,
]  # fmt: skip


@pytest.mark.parametrize("function", ONE_ARGUMENT)
def test_one_argument_of_every_kind(function):
    theirs, ours = torch.jit.script(function), jitcore.script(function)
    for value in VALUES:
        if (
            isinstance(value, torch.Tensor)
            and value.dim() == 0
            and function in (programs.texts, programs.nested)
        ):
            continue  # torch's message goes on with addresses of C++.
        same(lambda f, v=value: f(v), theirs, ours)


@pytest.mark.parametrize(
    "value",
    [3, "x", 2.5, True, None, [1], (1, "a"), {"a": 1}, X, [[1], [2]], [1, None], [1, "a"], {1: "a", "b": 2}],
)
def test_values_of_any_type(value):
    same(lambda f: f(value), torch.jit.script(programs.anything), jitcore.script(programs.anything))
    if value is not None:
        same(
            lambda f: f(value),
            torch.jit.script(programs.number_or_float),
            jitcore.script(programs.number_or_float),
        )


@pytest.mark.parametrize("value", [{}, {"a": X}, {"a": 1}, {1: X}, [1], [["a", X]], "x", 3])
def test_dicts(value):
    same(lambda f: f(value), torch.jit.script(programs.table), jitcore.script(programs.table))


CALLS = [
    ((), {}), ((X,), {}), ((X, "q"), {}), (("a", 1), {}), ((X, 1.5), {}), ((X, 1), {}), ((X, 1, 2), {}),
    ((X, 1, "a", 3), {}), ((X, 1, "a", (3, 4)), {}), ((X, 1, "a", ["q"]), {}), ((X, 1, "a", [1], "z"), {}),
    ((X, 1, "a", [1], 1), {}), ((X, 1, "a", [1], 1.0, True, 5), {}), ((X,), {"n": 1, "m": 3}),
    ((X,), {"x": X, "n": 1}), ((), {"n": 1}), ((X, 1), {"many": [3.5]}), ((X,), {"n": 4, "flag": True}),
    ((Point(X, 1), 1), {}),
]  # fmt: skip


@pytest.mark.parametrize(("args", "kwargs"), CALLS)
def test_binding_of_arguments(args, kwargs):
    same(lambda f: f(*args, **kwargs), torch.jit.script(programs.plain), jitcore.script(programs.plain))


@pytest.mark.parametrize(
    ("args", "kwargs"), [((X, 2.0), {}), ((X,), {"scale": 2.0}), ((X,), {}), ((X,), {"scale": 1})]
)
def test_keyword_only(args, kwargs):
    same(lambda f: f(*args, **kwargs), torch.jit.script(programs.keywords), jitcore.script(programs.keywords))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("d", {}), ("d", []), ("d", {1: 2}), ("d", {"a": "b"}), ("t", (1,)), ("t", (1, 2)), ("t", (1, "a")),
        ("t", [1, 2.0]), ("t", 3), ("u", 1.5), ("u", None), ("u", "s"), ("u", [1]), ("c", 2), ("c", "a"),
        ("dev", "cpu"), ("dev", "bla"), ("dev", 3), ("p", (X, 2)), ("p", 3), ("p", (1, 2)), ("e", Color.GREEN),
        ("e", 1), ("k", [1]), ("k", (X,)), ("k", X), ("k", [None, X]),
    ],
)  # fmt: skip
def test_containers(name, value):
    given = {
        "d": {"a": 1}, "t": (1, 2.0), "u": 3, "c": 1j, "dev": torch.device("cpu"), "p": Point(X, 1),
        "e": Color.RED, "k": [X, None], name: value,
    }  # fmt: skip
    theirs, ours = torch.jit.script(programs.containers), jitcore.script(programs.containers)
    same(lambda f: f(**given), theirs, ours)


def test_objects_are_copied_in_and_out():
    theirs, ours = torch.jit.script(programs.account), jitcore.script(programs.account)
    for value in (Account(3), 5):
        same(lambda f, v=value: f(v, 4), theirs, ours)
    given = Account(1)
    result = ours(given, 2)
    assert (given.balance, result.balance, type(result)) == (1, 3, Account)


def test_lists_are_copied():
    given = [[1]]
    result = jitcore.script(programs.nested)(given)
    result[0].append(2)
    assert given == [[1]]


def test_what_a_program_raises():
    theirs, ours = torch.jit.script(programs.raises), jitcore.script(programs.raises)
    same(lambda f: f(X * 1000), theirs, ours)
    same(lambda f: f(X), theirs, ours)
    with pytest.raises(torch.jit.Error):
        ours(X * 1000)
    assert jitcore.Error is torch.jit.Error


def test_gradients_flow_through_a_function():
    x = torch.ones(3, requires_grad=True)
    jitcore.script(programs.keywords)(x, scale=4.0).sum().backward()
    assert x.grad.tolist() == [4.0, 4.0, 4.0]
    with torch.no_grad():
        assert not jitcore.script(programs.keywords)(x, scale=4.0).requires_grad
