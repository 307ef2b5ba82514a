"""Random files with classes, named tuples and modules: what torch makes of them we make, or refuse alike."""

import enum
import itertools
import linecache
import math
import random
import sys
import types
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from tests.differential.agreement import Outcome
from tests.differential.script_modules.comparison import compare
from tests.differential.scripting.case import Case
from tests.differential.scripting.judging import judge
from tests.fuzz.wide_programs import WideWriter

NUMBERS = itertools.count()
SCOPE = {
    "torch": torch, "nn": nn, "Tensor": Tensor, "F": functional, "math": math, "Enum": enum.Enum,
    **{name: getattr(typing, name)
       for name in ("Any", "Dict", "List", "NamedTuple", "Optional", "Tuple", "Union")},
}  # fmt: skip
SEEDS = st.integers(0, 1 << 32)


@contextmanager
def executed(text: str) -> Iterator[dict[str, Any] | None]:
    """The names that a file defines, with source text; None if Python itself refuses it."""
    name = f"wide_programs_{next(NUMBERS)}"
    filename = f"/programs/{name}.py"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    module = types.ModuleType(name)
    module.__file__ = filename
    vars(module).update(SCOPE)
    sys.modules[name] = module
    try:
        exec(compile(text, filename, "exec"), vars(module))
    except Exception:  # noqa: BLE001  # a spoiled file may raise anything
        yield None
    else:
        yield vars(module)
    finally:
        del sys.modules[name], linecache.cache[filename]


def wrong(outcomes: list[Outcome]) -> list[Outcome]:
    """What differs, without programs that torch alone refuses, by an assertion about itself."""
    return [o for o in outcomes if o.status != "equal" and not _is_fault_of_torch(o)]


def _is_fault_of_torch(outcome: Outcome) -> bool:
    return (
        outcome.aspect == "refused"
        and outcome.status == "different"
        and "INTERNAL ASSERT FAILED" in outcome.detail
    )


def judged(writer: WideWriter, is_called: bool) -> tuple[str, list[Outcome]]:
    """A file with a function, and what was found."""
    text = writer.function_file()
    with executed(text) as names:
        if names is None:
            return text, []
        calls = (tuple(writer.arguments),) if is_called else ()
        return text, wrong(judge(Case("wide", names["f"], calls)))


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_function_is_what_torch_makes_of_it(seed):
    text, found = judged(WideWriter(random.Random(seed)), is_called=True)
    assert found == [], text


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(SEEDS, st.sampled_from((0.02, 0.05, 0.2)))
# A method calls a function that makes an object of the method's own class.
@example(7866, 0.2)
def test_spoiled_function_is_refused_where_torch_refuses_it(seed, spoil):
    # Runs are left out: what is wrong may also be wrong only when it runs.
    text, found = judged(WideWriter(random.Random(seed), spoil), is_called=False)
    assert found == [], text


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_module_is_what_torch_makes_of_it(seed):
    writer = WideWriter(random.Random(seed))
    text = writer.module_file()
    with executed(text) as names:
        if names is not None:
            assert wrong(compare("wide", names["Net"], [tuple(writer.arguments)])) == [], text
