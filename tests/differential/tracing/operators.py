"""torch's operator samples, traced as functions of their tensors."""

import itertools
from collections.abc import Iterator
from typing import Any

import torch

from tests.differential.corpus.operators import DTYPES, _collect, _fill, infos
from tests.differential.tracing.case import Case


def cases(most: int) -> Iterator[Case]:
    """The samples of all operators, at most so many of each."""
    for info in infos():
        if info.name.startswith("jiterator"):
            continue
        name = f"{info.name}.{info.variant_test_name}" if info.variant_test_name else info.name
        for number, sample in enumerate(itertools.islice(_samples(info), most)):
            for way, operator in _ways(info):
                found = _case(f"op.{name}.{way}.{number}", operator, sample)
                if found is not None:
                    yield found


def _ways(info: Any) -> Iterator[tuple[str, Any]]:
    yield "function", info.op
    if info.method_variant is not None:
        yield "method", info.method_variant
    if info.inplace_variant is not None:
        yield "inplace", info.inplace_variant


def _samples(info: Any) -> Iterator[Any]:
    supported = info.supported_dtypes("cpu")
    dtypes = [dtype for dtype in DTYPES if dtype in supported] or sorted(supported, key=str)
    if dtypes:
        torch.manual_seed(0)
        yield from info.sample_inputs("cpu", dtypes[0])


def _case(name: str, operator: Any, sample: Any) -> Case | None:
    tensors: list[torch.Tensor] = []
    template = _collect((sample.input, tuple(sample.args), dict(sample.kwargs)), tensors)
    if not tensors:
        return None

    def make() -> Any:
        def run(*given: torch.Tensor) -> Any:
            first, arguments, keywords = _fill(template, given)
            return operator(first, *arguments, **keywords)

        return run

    return Case(name, make, tuple(tensors))
