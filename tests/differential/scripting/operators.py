"""torch's operator samples, each as a function of its own in a file of its own."""

import itertools
import linecache
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from tests.differential.corpus.operators import DTYPES, infos
from tests.differential.corpus.sample_text import SampleText, UnwritableError
from tests.differential.scripting.case import Case

VARIANTS = ("function", "method", "inplace", "out")


def cases(every: bool, chosen: list[Any] | None = None) -> Iterator[Case]:
    """The samples of all operators, or of the `chosen` ones; one of each operator unless `every`."""
    for info in infos() if chosen is None else chosen:
        if info.name.startswith("jiterator"):
            continue
        name = f"{info.name}.{info.variant_test_name}" if info.variant_test_name else info.name
        seen: set[str] = set()
        for number, sample in enumerate(itertools.islice(_samples(info), 60 if every else 1)):
            for variant in VARIANTS:
                try:
                    text = SampleText(info, sample, variant)
                except UnwritableError:
                    continue
                body = text.definition("f", is_method=False)
                if body not in seen:
                    seen.add(body)
                    case = f"op.{name}.{variant}.{number}"
                    # What is in memory that nobody has written to is nobody's fault.
                    calls = () if "empty" in name else (text.inputs,)
                    yield Case(case, _defined(body, f"/programs/{case}.py"), calls)


def wrong_cases() -> Iterator[Case]:
    """The calls by which torch's own tests show that an operator refuses what does not fit."""
    for info in infos():
        if info.error_inputs_func is None:
            continue
        torch.manual_seed(0)
        name = f"{info.name}.{info.variant_test_name}" if info.variant_test_name else info.name
        seen: set[str] = set()
        for number, wrong in enumerate(info.error_inputs("cpu")):
            for variant in ("function", "method", "inplace"):
                try:
                    text = SampleText(info, wrong.sample_input, variant)
                except UnwritableError:
                    continue
                body = text.definition("f", is_method=False)
                shapes = str([getattr(given, "shape", given) for given in text.inputs])
                if body + shapes not in seen:
                    seen.add(body + shapes)
                    case = f"wrong.{name}.{variant}.{number}"
                    yield Case(case, _defined(body, f"/programs/{case}.py"), (text.inputs,))


def _samples(info: Any) -> Iterator[Any]:
    supported = info.supported_dtypes("cpu")
    dtypes = [dtype for dtype in DTYPES if dtype in supported] or sorted(supported, key=str)
    torch.manual_seed(0)
    if dtypes:
        yield from info.sample_inputs("cpu", dtypes[0])


def _defined(text: str, filename: str) -> Callable[..., Any]:
    """The function that a text defines, whose source can be found as if it were in a file."""
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    scope: dict[str, Any] = {"torch": torch, "Tensor": Tensor, "List": list, "__name__": "samples"}
    exec(compile(text, filename, "exec"), scope)
    return scope["f"]
