"""Compiles a function on both sides and compares graph, code, values, or the refusals."""

import re
import warnings
from typing import Any

import torch

from jitcore.exec.interpreter import Interpreter
from jitcore.ir import Function
from jitcore.printing import graph_text
from jitcore.printing.function_code import code_text
from jitcore.scripting.shared import shared_compiler
from jitcore.source import JitError, SourceError
from tests.differential.agreement import Outcome, compare_texts
from tests.differential.attempts import Raised, attempt, difference
from tests.differential.scripting.case import Case

_MANGLED = re.compile(r"___torch_mangle_(\d+)")
_ADDRESS = re.compile(r" \(of Python compilation unit at: 0x[0-9a-f]+\)| at 0x[0-9a-f]+")
_LINK = re.compile(r" \(see https://[^)]*\)")
_WARNING = re.compile(r"warn_id=(\d+)")
_PLACE = re.compile(r'^ *File "(?P<file>[^"]*)", line (?P<line>\d+)$', re.MULTILINE)

_FAULTS = ("INTERNAL ASSERT FAILED", "bad optional access")


def renumbered(text: str) -> str:
    """The text with its mangling and warning numbers counted from where each appears first."""
    for pattern, shown in ((_MANGLED, "___torch_mangle_"), (_WARNING, "warn_id=")):
        seen: dict[str, int] = {}
        text = pattern.sub(lambda m, s=seen, p=shown: f"{p}#{s.setdefault(m[1], len(s))}", text)
    return text


def judge(case: Case) -> list[Outcome]:
    """What was found: graph, code and run where both compile; refused where torch does not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = _theirs(case)
        ours = _ours(case)
    if isinstance(theirs, Exception):
        return [_compare_refusals(case, theirs, ours)]
    if isinstance(ours, Exception):
        kind = type(ours).__name__
        return [
            Outcome(aspect, case.name, "failed", f"{kind}: {str(ours)[:300]}") for aspect in ("graph", "code")
        ]
    texts = [_compare_text("graph", case, lambda: graph_text(ours.graph), str(theirs.graph))]
    try:
        code = theirs.code
    except RuntimeError:
        # torch cannot print calls of interfaces.
        pass
    else:
        texts.append(_compare_text("code", case, lambda: code_text(ours), code))
    return texts + [_run(case, place, arguments, theirs, ours) for place, arguments in enumerate(case.calls)]


def _theirs(case: Case) -> Any:
    try:
        return torch.jit.script(case.function)
    except Exception as error:
        return error


def _ours(case: Case) -> Function | Exception:
    try:
        return shared_compiler().compile_directly(case.function)
    except Exception as error:
        return error


def _compare_text(aspect: str, case: Case, ours: Any, theirs: str) -> Outcome:
    try:
        text = ours()
    except Exception as error:
        return Outcome(aspect, case.name, "failed", f"{type(error).__name__}: {error}")
    return compare_texts(aspect, case.name, renumbered(text), renumbered(theirs))


def _run(case: Case, place: int, arguments: tuple[Any, ...], theirs: Any, ours: Function) -> Outcome:
    printed: list[str] = []
    interpreter = Interpreter(print_text=printed.append)
    # torch keeps for the whole process what inlining made of functions that are called; it is to be made now,
    # as it is for everybody else.
    theirs.inlined_graph  # noqa: B018
    with warnings.catch_warnings(), torch.jit.optimized_execution(False):
        warnings.simplefilter("ignore")
        expected = attempt(lambda _, given: theirs(*given), case.name, arguments)
        found = attempt(lambda _, given: interpreter.run(ours, given), case.name, arguments)
    detail = difference(found, expected)
    if detail is not None and not isinstance(expected, Raised):
        # Some kernels round as the memory lies that they are given.
        again = attempt(lambda _, given: theirs(*given), case.name, arguments)
        detail = None if difference(again, expected) is not None else detail
    return Outcome("run", f"{case.name}[{place}]", "different" if detail else "equal", detail or "")


def _compare_refusals(case: Case, theirs: Exception, ours: Function | Exception) -> Outcome:
    expected = first_sentence(theirs)
    if isinstance(ours, Function):
        return Outcome("refused", case.name, "different", f"torch refuses: {expected}")
    if not isinstance(ours, JitError):
        return Outcome("refused", case.name, "failed", f"{type(ours).__name__}: {ours}")
    line = refused_line(theirs)
    if line is not None and isinstance(ours, SourceError) and line != _line_of(ours):
        return Outcome(
            "refused", case.name, "different",
            f"torch points at line {line}, we at {ours.location}: {expected}\n    ours: {ours.message}",
        )  # fmt: skip
    if isinstance(ours, SourceError) and not ours.location:
        return Outcome("refused", case.name, "different", f"no place: {ours.message}")
    is_meant = isinstance(theirs, RuntimeError) and not any(fault in expected for fault in _FAULTS)
    message = ours.message if isinstance(ours, SourceError) else str(ours)
    if is_meant and not words(message).startswith(words(expected)):
        # All else torch says are faults of its own.
        return Outcome("refused", case.name, "different", f"torch says: {expected}\n    ours: {message}")
    return Outcome("refused", case.name, "equal", f"{expected}  |  {ours}")


def words(message: str) -> str:
    """A message without addresses, mangling, links and the signs at its end.

    torch keeps the name of a class that it refused, and mangles the next one.
    """
    for pattern in (_ADDRESS, _LINK, _MANGLED):
        message = pattern.sub("", message)
    return " ".join(message.replace("..", ".").split()).rstrip(" .:")


def first_sentence(error: Exception) -> str:
    """What torch says is wrong, without the places."""
    return re.split(r":?\n *File |\n", str(error).strip())[0]


def refused_line(error: Exception) -> int | None:
    """The line that torch points at first; None if it points at none."""
    text = str(error)
    # An undefined variable: the branch that lacks it comes first, what is compiled second.
    found = _PLACE.search(text, max(text.find("and was used here"), 0))
    return None if found is None else int(found["line"])


def _line_of(error: SourceError) -> int | None:
    parts = error.location.split(":")
    return int(parts[1]) if len(parts) >= 2 and parts[1].isdigit() else None
