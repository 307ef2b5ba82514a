"""Kernels give what torch's own operators give, and refuse what they refuse."""

import itertools
import math

import pytest

from jitcore.ops import find_overload
from jitcore.ops.kernels import TorchScriptError, all_kernels, find
from jitcore.ops.releases import USUAL, release

INTS = [0, 1, -1, 2, -7, 3, 63, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)]
FLOATS = [0.0, -0.0, 1.0, -1.5, 2.5, 0.1, 3.75, -7.0, 1e10, 1e300, 5e-324, math.inf, -math.inf, math.nan]
COMPLEX = [0j, 1 + 2j, -1.5 + 0.5j, 3 - 4j, 2 + 0j]
STRINGS = [
    "",
    "a",
    "abc",
    "ABC",
    "Hello World",
    "hello\tworld",
    " padded \n",
    "a,b,,c",
    "x1_y",
    "12",
    "é",
    "aXbX",
    "Ab Cd",
]
LISTS = {
    "int": [[], [1], [3, 1, 2], [2, 2, 1], [-5, 2**31, 2**31]],
    "float": [[], [0.5], [3.0, -1.0, 2.0], [0.1, 0.2, 0.3], [1.0, math.nan]],
    "bool": [[], [True], [False, False], [True, False, True]],
    "str": [[], ["b", "a"], ["", ""], ["x", "é", "z"]],
    "complex": [[], [1 + 2j, 3j]],
}
SAMPLES = {
    "int": INTS,
    "float": FLOATS,
    "complex": COMPLEX,
    "bool": [True, False],
    "str": STRINGS,
    "number": [0, 3, -2, 2**31, 2.5, -0.5, 0.1],
    "Optional[int]": [None, 0, 2, -1],
    "Optional[str]": [None, ",", "X"],
    **{f"List[{name}]": lists for name, lists in LISTS.items()},
}


def _small(*places):
    """Accept arguments whose integers at `places` are no wider than a few characters or elements."""
    return lambda *values: all(abs(values[place]) < 100 for place in places)


def _divides(a, b):
    return b != 0 and not (a == -(2**63) and b == -1)


def _some_text(*values):
    return values[1] != ""


# What would end the process, never end, or fill the memory, and what Python cannot hand over.
FEWER = {
    "aten::remainder.int": _divides,
    "aten::remainder": _divides,
    "aten::floordiv.int": lambda a, b: b == 0 or _divides(a, b),
    "aten::__round_to_zero_floordiv.int": _divides,
    "aten::divmod.int": lambda a, b: b == 0 or _divides(a, b),
    "aten::gcd.int": lambda a, b: -(2**63) not in (a, b),
    "aten::factorial.int": lambda a: a < 64,
    "prim::rangelist": lambda a: 0 <= a < 100,
    "aten::bin": lambda a: a != -(2**63),
    "aten::hex": lambda a: a != -(2**63),
    "aten::oct": lambda a: a != -(2**63),
    "aten::slice.str": lambda *values: values[3] != 0 and abs(values[3]) < 100,
    "aten::replace": lambda *values: values[1] != "" and abs(values[3]) < 100,
    "aten::count": _some_text,
    "aten::rsplit": _some_text,
    "aten::partition": _some_text,
    "aten::rpartition": _some_text,
    "aten::center": lambda *values: 0 <= values[1] < 100,
    "aten::ljust": _small(1),
    "aten::rjust": _small(1),
    "aten::zfill": _small(1),
    "aten::expandtabs": _small(1),
    "aten::ldexp": _small(1),
    "aten::__range_length": lambda *values: all(abs(x) < 2**60 for x in values),
    "aten::__derive_index": lambda *values: all(abs(x) < 2**31 for x in values),
    "aten::split.str": _small(2),
    "prim::ReductionSizes": lambda *_: False,
    "aten::pow.int_to_int": lambda *_: False,
    "aten::device.with_index": lambda *_: False,
}
# Elementary functions of libm may differ in the last digits between platforms.
ROUNDED = {
    "aten::gamma", "aten::lgamma", "aten::erf", "aten::erfc", "aten::log", "aten::log10", "aten::log1p",
    "aten::exp", "aten::expm1", "aten::sqrt", "aten::sin", "aten::cos", "aten::tan", "aten::asin",
    "aten::acos", "aten::atan", "aten::sinh", "aten::cosh", "aten::tanh", "aten::asinh", "aten::acosh",
    "aten::atanh", "aten::angle", "aten::pow", "aten::polar", "aten::atan2", "prim::abs",
}  # fmt: skip


NUMBERS_FOR_TRUTHS = {"aten::isinf.float", "aten::isnan.float"} if release() == "2.6" else set()
"""What torch 2.6 answers with 0 or 1 where it promises a bool."""


def annotations(key):
    schema = find_overload(key)
    assert schema is not None
    return None if schema.is_vararg else [a.type.annotation() for a in schema.arguments]


def callable_keys():
    for key in sorted(all_kernels()):
        if release() != USUAL and find_overload(key) is None:
            # Not every release has all operators.
            continue
        wanted = annotations(key)
        if wanted is not None and all(name in SAMPLES for name in wanted):
            yield key


def arguments_of(key):
    samples = [SAMPLES[name] for name in annotations(key)]
    if len(samples) > 2:
        samples = [s[:6] if index == 0 and len(s) > 6 else s[:5] for index, s in enumerate(samples)]
    accept = FEWER.get(key, lambda *_: True)
    return [list(a) for a in itertools.product(*samples) if accept(*a)]


def copied(values):
    return [list(v) if isinstance(v, list) else v for v in values]


def agrees(ours, theirs, rounded):
    if isinstance(theirs, tuple | list):
        return (
            type(ours) is type(theirs)
            and len(ours) == len(theirs)
            and all(agrees(x, y, rounded) for x, y in zip(ours, theirs, strict=True))
        )
    if isinstance(theirs, complex) and isinstance(ours, complex):
        return agrees(ours.real, theirs.real, rounded) and agrees(ours.imag, theirs.imag, rounded)
    if type(ours) is not type(theirs):
        return False
    if isinstance(theirs, float):
        if theirs != theirs:
            return ours != ours
        if rounded and math.isfinite(theirs) and math.isfinite(ours):
            return math.isclose(ours, theirs, rel_tol=4e-15, abs_tol=4e-15)
        return ours == theirs and math.copysign(1.0, ours) == math.copysign(1.0, theirs)
    return ours == theirs


def outcome(function, values):
    try:
        result = function(*values)
    except UnicodeDecodeError:
        # What it gave is a part of a character, which Python cannot be handed.
        return "no text", None, values
    except (TorchScriptError, RuntimeError, IndexError, ValueError) as error:
        return "refused", str(error).partition("\n")[0], values
    return "result", result, values


@pytest.mark.parametrize("key", list(callable_keys()))
def test_a_kernel_does_what_torch_does(key):
    import torch

    name, _, overload = key.partition(".")
    theirs_call = torch._C._get_operation_overload(name, overload)[0]
    ours_call = find(key)
    rounded = name in ROUNDED
    for values in arguments_of(key):
        kind, ours, our_values = outcome(ours_call, copied(values))
        their_kind, theirs, _ = outcome(theirs_call, copied(values))
        if key in NUMBERS_FOR_TRUTHS and their_kind == "result":
            theirs = bool(theirs)
        if their_kind == "no text":
            continue
        assert (kind, ours if kind == "refused" else None) == (
            their_kind,
            theirs if their_kind == "refused" else None,
        ), (values, ours, theirs)
        if kind == "result":
            assert agrees(ours, theirs, rounded), (values, ours, theirs)
        assert our_values is not None


def test_most_kernels_are_compared():
    assert len(list(callable_keys())) > 330
