"""Every operator sample that torch's own tests know: scripted from generated text, and traced."""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch

from tests.differential.corpus.batch import Batch, Call, first_line, saved
from tests.differential.corpus.sample_text import SampleText, UnwritableError

# Samples of an operator in one archive.
PER_ARCHIVE = 400
DTYPES = (torch.float32, torch.int64, torch.complex64, torch.bool)


def infos() -> list[Any]:
    """torch's descriptions of operators."""
    from torch.testing._internal.common_methods_invocations import op_db

    return op_db


def batches(every: bool, only: str = "", chosen: list[Any] | None = None) -> Iterator[Batch]:
    """One archive of scripted and one of traced samples for each operator, or for each of the `chosen` ones.

    All samples of several dtypes if `every`, else the first one of one dtype.
    """
    for info in infos() if chosen is None else chosen:
        name = f"{info.name}.{info.variant_test_name}" if info.variant_test_name else info.name
        if only not in name or info.name.startswith("jiterator"):
            continue
        samples = list(itertools.islice(_samples(info, every), PER_ARCHIVE if every else 1))
        yield _scripted(name, info, samples)
        yield _traced(name, info, samples)


def _samples(info: Any, every: bool) -> Iterator[Any]:
    supported = info.supported_dtypes("cpu")
    dtypes = [dtype for dtype in DTYPES if dtype in supported] or sorted(supported, key=str)
    for dtype in dtypes if every else dtypes[:1]:
        torch.manual_seed(0)
        yield from info.sample_inputs("cpu", dtype)


def _scripted(name: str, info: Any, samples: list[Any]) -> Batch:
    module = _empty_module()
    refused: Counter[str] = Counter()
    calls: list[Call] = []
    texts: set[str] = set()
    for number, sample in enumerate(samples):
        for variant in ("function", "method", "inplace", "out"):
            try:
                text = SampleText(info, sample, variant)
            except UnwritableError as error:
                refused[str(error)] += 1
                continue
            body = text.definition("f")
            if body in texts and variant != "function":
                continue
            texts.add(body)
            try:
                torch.jit.CompilationUnit(text.definition("f", is_method=False))
            except Exception as error:
                refused[first_line(error)] += 1
                continue
            method = f"{variant}_{number}"
            module.define(text.definition(method))
            calls.append(Call(method, text.inputs))
    return _batch(f"{name}.script", module, calls, refused)


def _traced(name: str, info: Any, samples: list[Any]) -> Batch:
    module = _empty_module()
    refused: Counter[str] = Counter()
    calls: list[Call] = []
    for number, sample in enumerate(samples):
        tensors: list[torch.Tensor] = []
        template = _collect((sample.input, tuple(sample.args), dict(sample.kwargs)), tensors)

        def run(*given: torch.Tensor, template: Any = template) -> Any:
            first, arguments, keywords = _fill(template, given)
            return info.op(first, *arguments, **keywords)

        if not tensors:
            refused["nothing to trace"] += 1
            continue
        method = f"trace_{number}"
        try:
            torch.manual_seed(0)
            names = [f"x{i}" for i in range(len(tensors))]
            module._c._create_method_from_trace(
                method, run, tuple(t.clone() for t in tensors), lambda _: "", True, False, names, False
            )
        except Exception as error:
            refused[first_line(error)] += 1
            continue
        calls.append(Call(method, tuple(tensors)))
    return _batch(f"{name}.trace", module, calls, refused)


def _empty_module() -> Any:
    # Modules of one Python class share their compiled class.
    return type("Samples", (torch.jit.ScriptModule,), {})()


def _batch(name: str, module: Any, calls: list[Call], refused: Counter[str]) -> Batch:
    if not calls:
        return Batch(name, b"", refused=refused, programs=0)
    try:
        archive = saved(module)
    except Exception as error:
        refused[first_line(error)] += len(calls)
        return Batch(name, b"", refused=refused, programs=0)
    return Batch(name, archive, calls, len(calls), refused)


class _Hole:
    """Where a tensor of a sample goes."""

    def __init__(self, index: int) -> None:
        self.index = index


def _collect(value: Any, tensors: list[torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        tensors.append(value)
        return _Hole(len(tensors) - 1)
    if type(value) in (tuple, list):
        return type(value)(_collect(item, tensors) for item in value)
    if type(value) is dict:
        return {key: _collect(item, tensors) for key, item in value.items()}
    return value


def _fill(template: Any, tensors: tuple[torch.Tensor, ...]) -> Any:
    if isinstance(template, _Hole):
        return tensors[template.index]
    if type(template) in (tuple, list):
        return type(template)(_fill(item, tensors) for item in template)
    if type(template) is dict:
        return {key: _fill(item, tensors) for key, item in template.items()}
    return template
