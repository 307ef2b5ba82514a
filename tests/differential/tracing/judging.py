"""Traces a function or module on both sides and compares graphs, code, values, warnings and refusals."""

import copy
import io
import re
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch

import jitcore
from jitcore.scripting.library import object_access
from tests.differential.agreement import Outcome, compare_texts
from tests.differential.attempts import attempt, difference
from tests.differential.script_modules.comparison import renumbered
from tests.differential.scripting.judging import words
from tests.differential.tracing.case import Case

ASPECTS = ("graph", "inlined", "code", "schema", "run", "archive", "warnings", "refused")
"""What is compared, in the order of tables."""
_TRACER = re.compile(r"\S*(?:torch/jit/_trace|differential/tracing/judging)\.py:\d+")
"""Where both say that the tracer itself did something."""
_OWN_FRAME = re.compile(r"^\s*\S*torch/(?:jit/_trace|utils/_contextlib)\.py\(\d+\): \w+\n", re.MULTILINE)
_FAULTS = ("INTERNAL ASSERT FAILED",)
_GENERATOR_ADDRESS = re.compile(r"0x[0-9a-f]+")


@contextmanager
def _called_directly() -> Generator[None]:
    """Context without what torch's own tests put before calls of compiled objects when they are imported.

    Their file would be the place where Python calls.
    """
    theirs = sys.modules.get("torch.testing._internal.common_utils")
    if theirs is None:
        yield
        return
    with (
        patch.object(torch._C.ScriptFunction, "__call__", theirs.func_call),
        patch.object(torch._C.ScriptMethod, "__call__", theirs.meth_call),
    ):
        yield


class Side:
    """What one of both made of a case: `traced` or an `error`, and what it `warned` of."""

    def __init__(self, case: Case, library: Any) -> None:
        self.traced: Any = None
        self.error: Exception | None = None
        self.warned: list[str] = []
        options = {"check_trace": False, **case.options}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            torch.manual_seed(0)
            subject = case.make(library) if case.is_sided else case.make()
            torch.manual_seed(0)
            try:
                with _called_directly():
                    if case.methods is not None:
                        self.traced = library.trace_module(subject, _fresh(case.methods), **options)
                    else:
                        self.traced = library.trace(subject, _fresh(case.inputs), **options)
            except Exception as error:
                self.error = error
        for each in caught:
            if issubclass(each.category, torch.jit.TracerWarning):
                self.warned.append(_comparable(f"{each.filename}:{each.lineno}: {each.message}"))


def _comparable(text: str) -> str:
    """A text without what says where a tracer itself is."""
    text = _OWN_FRAME.sub("", text)
    return _TRACER.sub("TRACER", renumbered(text))


def judge(case: Case) -> list[Outcome]:
    """What was found: texts and runs where torch traces, else the refusals."""
    # On one line, which is part of what is compared.
    theirs, ours = (Side(case, library) for library in (torch.jit, jitcore))
    if theirs.error is not None and any(fault in str(theirs.error) for fault in _FAULTS):
        return [Outcome("refused", case.name, "skipped", "torch fails by a fault of its own")]
    if theirs.error is not None:
        return [_refusals(case, theirs.error, ours)]
    if ours.error is not None:
        kind = type(ours.error).__name__
        return [Outcome("graph", case.name, "failed", f"{kind}: {str(ours.error)[:300]}")]
    outcomes = [compare_texts("warnings", case.name, "\n".join(ours.warned), "\n".join(theirs.warned))]
    for title, mine, other in _functions(case, ours.traced, theirs.traced):
        outcomes.extend(_texts(title, mine, other))
    if "empty" not in case.name:
        # What is in memory that nobody has written to is nobody's fault.
        outcomes.extend(_runs(case, ours.traced, theirs.traced))
    if not case.name.startswith("op."):
        outcomes.extend(_archives(case, ours.traced, theirs.traced))
    return outcomes


def _fresh(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, tuple | list):
        items = [_fresh(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {key: _fresh(item) for key, item in value.items()}
    return copy.deepcopy(value)


def _functions(case: Case, ours: Any, theirs: Any) -> list[tuple[str, Any, Any]]:
    """Functions and methods of both by name."""
    if isinstance(theirs, torch.jit.ScriptFunction):
        return [(case.name, ours, theirs)]
    found: list[tuple[str, Any, Any]] = []
    mine = dict(ours.named_modules(remove_duplicate=False))
    for path, module in theirs.named_modules(remove_duplicate=False):
        for name in sorted(module._c._method_names()):
            found.append(
                (f"{case.name}:{path}.{name}", _method(mine.get(path), name), module._c._get_method(name))
            )
    return found


def _method(module: Any, name: str) -> Any:
    if module is None:
        return None
    return object_access.method(module._script_object, name, module._machine)


def _texts(title: str, ours: Any, theirs: Any) -> list[Outcome]:
    if ours is None:
        return [Outcome("graph", title, "failed", "there is no such method")]
    found = []
    for aspect, mine, other in (
        ("graph", lambda: str(ours.graph), lambda: str(theirs.graph)),
        ("inlined", lambda: str(ours.inlined_graph), lambda: str(theirs.inlined_graph)),
        ("code", lambda: ours.code, lambda: theirs.code),
        ("schema", lambda: str(ours.schema), lambda: str(theirs.schema)),
    ):
        try:
            expected = other()
        except RuntimeError:
            # torch cannot print every graph.
            continue
        try:
            text = mine()
        except Exception as error:
            found.append(Outcome(aspect, title, "failed", f"{type(error).__name__}: {error}"))
            continue
        found.append(compare_texts(aspect, title, _comparable(text), _comparable(expected)))
    return found


def _runs(case: Case, ours: Any, theirs: Any) -> list[Outcome]:
    keywords = isinstance(case.options.get("example_kwarg_inputs"), dict)
    calls: list[tuple[str | None, Any]]
    if case.methods is not None:
        calls = list(case.methods.items())
    elif keywords:
        calls = [(None, case.options["example_kwarg_inputs"])]
    else:
        calls = [(None, case.inputs), *((None, given) for given in case.other_inputs)]
    found = []
    for place, (method, given) in enumerate(calls):
        inputs = given if isinstance(given, tuple) else (given,)
        with warnings.catch_warnings(), torch.jit.optimized_execution(False):
            warnings.simplefilter("ignore")

            def run(side: Any, arguments: Any, method: str | None = method) -> Any:
                called = side if method is None else getattr(side, method)
                return called(**arguments[0]) if keywords else called(*arguments)

            expected = attempt(lambda _, a: run(theirs, a), case.name, inputs)
            result = attempt(lambda _, a: run(ours, a), case.name, inputs)
        detail = difference(result, expected)
        if detail is not None:
            # Some kernels round as the memory lies that they are given.
            again = attempt(lambda _, a: run(theirs, a), case.name, inputs)
            detail = None if difference(again, expected) is not None else detail
        found.append(
            Outcome("run", f"{case.name}[{place}]", "different" if detail else "equal", detail or "")
        )
    return found


def _archives(case: Case, ours: Any, theirs: Any) -> list[Outcome]:
    """What torch makes of our archive, and of its own: the code of the methods, and a run."""
    found: list[Any] = []
    for side in (ours, theirs):
        try:
            found.append(torch.jit.load(io.BytesIO(side.save_to_buffer())))
        except RuntimeError as error:
            found.append(_said(error))
    mine, other = found
    if isinstance(mine, str) or isinstance(other, str):
        is_equal = isinstance(mine, str) and isinstance(other, str)
        detail = "" if is_equal else f"ours: {str(mine)[:200]}, torch's: {str(other)[:200]}"
        return [Outcome("archive", case.name, "equal" if is_equal else "failed", detail)]
    texts: list[Outcome] = []
    names = dict(mine.named_modules(remove_duplicate=False))
    for path, module in other.named_modules(remove_duplicate=False):
        for name in sorted(module._c._method_names()):
            title = f"{case.name}:{path}.{name}"
            method = module._c._get_method(name)
            if path not in names or not names[path]._c._has_method(name):
                texts.append(Outcome("archive", title, "failed", "torch finds no such method in ours"))
                continue
            text = names[path]._c._get_method(name)
            texts.append(compare_texts("archive", title, _comparable(text.code), _comparable(method.code)))
            graphs = (_comparable(str(each.graph)) for each in (text, method))
            texts.append(compare_texts("archive", title, *graphs))
    return texts


def _refusals(case: Case, theirs: Exception, ours: Side) -> Outcome:
    expected = _said(theirs)
    if ours.error is None:
        return Outcome(
            "refused", case.name, "different", f"torch refuses: {type(theirs).__name__}: {expected[:300]}"
        )
    said = _said(ours.error)
    if type(ours.error) is not type(theirs) or said != expected:
        return Outcome(
            "refused", case.name, "different",
            f"torch says {type(theirs).__name__}: {expected[:300]}\n"
            f"    ours: {type(ours.error).__name__}: {said[:300]}",
            said.replace(". ", "\n"), expected.replace(". ", "\n"),
        )  # fmt: skip
    return Outcome("refused", case.name, "equal", expected[:200])


def _said(error: Exception) -> str:
    text = _comparable(str(error).split("\nException raised from")[0])
    return words(_GENERATOR_ADDRESS.sub("", text))
