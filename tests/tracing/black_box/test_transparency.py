"""A program runs, and is traced, with a black box as it is without."""

import difflib
import fractions
import heapq
import inspect
import re
import textwrap
import threading
import types
import warnings
from contextlib import nullcontext

import pytest
import torch
from torch import nn

import jitcore
from jitcore.printing import graph_text
from jitcore.tracing.black_box import black_box
from jitcore.tracing.black_box.instrumented_file import instrumented
from tests.differential.tracing import programs
from tests.differential.tracing.judging import Side
from tests.tracing.black_box.programs import language

_MANGLED = re.compile(r"___torch_mangle_\d+\.|0x[0-9a-f]+")


def texts_of(traced) -> str:
    """All graphs of what was traced."""
    if not hasattr(traced, "_script_object"):
        return graph_text(traced.compiled.graph)

    def graphs(owner):
        for name, method in owner.type.methods.items():
            yield name + graph_text(method.graph)
        for child in owner.submodules().values():
            yield from graphs(child)

    return "\n".join(graphs(traced._script_object))


def outcome(case, boxed):
    with black_box() if boxed else nullcontext() as box:
        side = Side(case, jitcore)
    if box is not None:
        assert all(each.line > 0 and each.decided for each in box.decisions)
    text = "" if side.traced is None else texts_of(side.traced)
    return tuple(
        _MANGLED.sub("", part)
        for part in (text, f"{type(side.error).__name__}: {side.error}", "\n".join(side.warned))
    )


@pytest.mark.parametrize("case", list(programs.cases())[::3], ids=lambda case: case.name)
def test_traces_are_the_same(case) -> None:
    assert outcome(case, boxed=True) == outcome(case, boxed=False)


def test_all_of_the_language() -> None:
    expected = language.everything()
    with black_box() as box:
        assert repr(box.run(language.everything)) == repr(expected)
    kinds = {each.kind for each in box.decisions}
    assert {"branch", "loop-count"} <= kinds
    assert repr(language.everything()) == repr(expected)


@pytest.mark.parametrize(
    ("module", "run"),
    [
        (textwrap, lambda: textwrap.indent(textwrap.fill("some words to wrap " * 9, 20), "> ")),
        (difflib, lambda: list(difflib.ndiff(["a", "b", "cd"], ["a", "bc", "cde"]))),
        (fractions, lambda: [fractions.Fraction("1.25") ** 2, fractions.Fraction(7, 3).limit_denominator(2)]),
        (heapq, lambda: list(heapq.merge([1, 5], [2, 4], [3], key=lambda x: -x))),
    ],
    ids=["textwrap", "difflib", "fractions", "heapq"],
)
def test_rewritten_libraries_work(module, run) -> None:
    expected = repr(run())
    file = instrumented(inspect.getfile(module))
    functions = [each for each in all_functions(module) if file.code_for(each.__code__) is not None]
    assert len(functions) > 3
    kept = [each.__code__ for each in functions]
    try:
        for each in functions:
            each.__code__ = file.code_for(each.__code__)
        assert repr(run()) == expected
    finally:
        for each, code in zip(functions, kept, strict=True):
            each.__code__ = code


def all_functions(module) -> list[types.FunctionType]:
    file = inspect.getfile(module)
    held = [*vars(module).values()]
    for each in list(held):
        if isinstance(each, type):
            held.extend(vars(each).values())
    return [
        each for each in held if isinstance(each, types.FunctionType) and each.__code__.co_filename == file
    ]


def branching(x):
    if x.sum() > 0:
        return x * 2
    return x


def test_code_is_put_back_after_errors() -> None:
    def failing(x):
        branching(x)
        raise ValueError("no")

    code = branching.__code__
    with warnings.catch_warnings(), black_box() as box:
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="no"):
            jitcore.trace(failing, torch.ones(2), check_trace=False)
    assert box.decisions
    assert branching.__code__ is code


def test_checks_are_not_noted() -> None:
    with black_box() as box, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jitcore.trace(branching, torch.ones(2), check_inputs=[torch.ones(2), torch.ones(2)])
    (decision,) = [each for each in box.decisions if each.kind == "branch"]
    assert decision.times == 1


def test_other_threads_are_not_noted() -> None:
    def program(x):
        other = threading.Thread(target=language.loops, args=(7,))
        other.start()
        other.join()
        return branching(x)

    with black_box() as box, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jitcore.trace(program, torch.ones(2), check_trace=False)
    assert [each.function for each in box.decisions if each.kind == "branch"] == ["branching"]


def test_frames_and_tensors_are_let_go() -> None:
    import gc
    import weakref

    class Kept(nn.Module):
        def forward(self, x):
            rows = (row * 2 for row in x)
            made = next(rows)
            seen.append(weakref.ref(made))
            return made + 1 if made.sum() > 0 else made

    seen = []
    with black_box() as box, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jitcore.trace(Kept(), torch.ones(2, 2), check_trace=False)
    gc.collect()
    assert box.decisions
    assert seen[0]() is None
