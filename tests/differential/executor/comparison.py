"""Runs a program on both sides several times, and compares the graphs that were executed, and the values."""

import io
import re
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

import torch

import jitcore
from tests.differential.agreement import Outcome, compare_texts, first_difference
from tests.differential.executor.fusing import fusing_on_cpu
from tests.differential.oracle import OBJECT, WARNING

RUNS = 5
"""How often a program is run."""

ASPECTS = (*(f"run {number}" for number in range(1, RUNS + 1)), "graph_for", "values")

_SYMBOLS_ARE = "symbolic_shape_inputs="
_SYMBOLS = re.compile(_SYMBOLS_ARE + r"\[(-[^\]]*)\]")
_IN_SHAPE_FUNCTIONS = re.compile(
    r"(%(?:cat_dim_size1|\d+) : int = aten::(?:add|__getitem__)\(.*?\)) # <string>:\d+:\d+$", re.MULTILINE
)
_TRACEBACK = re.compile(r"^The following operation failed.*\n", re.MULTILINE)


class Mode(NamedTuple):
    """How programs are run: with gradients, every other run with tensors of other sizes, fused on the CPU.

    What is `dynamic` is fused for all sizes of the ranks that were seen.
    """

    gradients: bool
    varying: bool
    fuses: bool = False
    dynamic: bool = False

    def __str__(self) -> str:
        fused = ", fused for all sizes" if self.dynamic else ", fused" if self.fuses else ""
        return f"{'grad' if self.gradients else 'no grad'}{', varying' if self.varying else ''}{fused}"


MODES = (Mode(False, False), Mode(False, True), Mode(True, False), Mode(True, True))

FUSING_MODES = (*(Mode(*mode[:2], True) for mode in MODES), Mode(False, True, True, True))
"""Modes in which operators are fused on the CPU."""


def compare(subject: str, archive: bytes, method: str, inputs: Sequence[Any], mode: Mode) -> list[Outcome]:
    """The outcomes of all runs and of `graph_for` behind them."""
    with warnings.catch_warnings(), torch.set_grad_enabled(mode.gradients):
        warnings.simplefilter("ignore")
        try:
            theirs = torch.jit.load(io.BytesIO(archive))
        except RuntimeError as error:
            return [Outcome("run 1", subject, "skipped", f"torch does not load it: {str(error)[:80]}")]
        ours = jitcore.load(io.BytesIO(archive))
        with fusing_on_cpu(mode.dynamic) if mode.fuses else nullcontext():
            return list(_compare(subject, theirs, ours, method, inputs, mode))


def _compare(
    subject: str, theirs: Any, ours: Any, method: str, inputs: Sequence[Any], mode: Mode
) -> list[Outcome]:
    found: list[Outcome] = []
    given = prepared(inputs, mode.gradients)
    for number in range(1, RUNS + 1):
        if mode.varying and number % 2 == 0:
            given = prepared([grown(value) for value in inputs], mode.gradients)
        else:
            given = prepared(inputs, mode.gradients)
        copies = prepared_again(given)
        torch.manual_seed(number)
        expected = _attempt(theirs, method, given)
        if isinstance(expected, Exception) and number == 1:
            return [Outcome("run 1", subject, "skipped", f"torch fails: {_last_line(expected)[:80]}")]
        wanted = None if isinstance(expected, Exception) else shown(torch.jit.last_executed_optimized_graph())
        torch.manual_seed(number)
        result = _attempt(ours, method, copies)
        found.append(_values(subject, number, result, expected))
        if wanted is None:
            continue
        if isinstance(result, Exception):
            found.append(
                Outcome(f"run {number}", subject, "failed", f"{type(result).__name__}: {result}"[-300:])
            )
            return found
        text = str(jitcore.last_executed_optimized_graph())
        found.append(compare_texts(f"run {number}", subject, shown(text), wanted))
    if method == "forward":
        wanted = shown(theirs.graph_for(*given))
        found.append(compare_texts("graph_for", subject, shown(ours.graph_for(*given)), wanted))
    return found


def prepared(inputs: Sequence[Any], gradients: bool) -> tuple[Any, ...]:
    """Copies that a run may write to; floating tensors require gradients where these are asked for."""
    return tuple(_prepared(value, gradients) for value in inputs)


def _prepared(value: Any, gradients: bool) -> Any:
    if isinstance(value, torch.Tensor):
        copy = value.detach().clone()
        is_differentiable = value.is_floating_point() or value.is_complex()
        return copy.requires_grad_(gradients and is_differentiable and not value.is_quantized)
    if isinstance(value, list):
        return [_prepared(item, gradients) for item in value]
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_prepared(item, gradients) for item in value)
    if isinstance(value, dict):
        return {key: _prepared(item, gradients) for key, item in value.items()}
    return value


def prepared_again(values: Sequence[Any]) -> tuple[Any, ...]:
    """Copies that require gradients where the tensors do."""
    return tuple(_again(value) for value in values)


def _again(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, list):
        return [_again(item) for item in value]
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_again(item) for item in value)
    if isinstance(value, dict):
        return {key: _again(item) for key, item in value.items()}
    return value


def grown(value: Any) -> Any:
    """A tensor with twice as many rows; lists and tuples of such; other values as they are."""
    if isinstance(value, torch.Tensor) and value.dim() and value.layout is torch.strided:
        return value if value.is_nested or value.is_quantized else torch.cat([value, value])
    if isinstance(value, list):
        return [grown(item) for item in value]
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(grown(item) for item in value)
    return value


def _attempt(module: Any, method: str, inputs: tuple[Any, ...]) -> Any:
    try:
        return getattr(module, method)(*inputs)
    except Exception as error:
        return error


def _values(subject: str, number: int, result: Any, expected: Any) -> Outcome:
    if isinstance(expected, Exception) and isinstance(result, Exception):
        mine, other = _last_line(result), _last_line(expected)
        status = "equal" if mine == other else "different"
        return Outcome("values", subject, status, f"run {number}: raises {mine!r}, torch {other!r}")
    if isinstance(expected, Exception) or isinstance(result, Exception):
        shown = [f"{type(one).__name__}: {one}"[:200] for one in (result, expected)]
        return Outcome("values", subject, "different", f"run {number}: ours {shown[0]}, torch {shown[1]}")
    try:
        detail = first_difference(result, expected, f"run {number}")
    except (RuntimeError, NotImplementedError) as error:
        return Outcome("values", subject, "skipped", f"values cannot be compared: {error}"[:100])
    return Outcome("values", subject, "different" if detail else "equal", detail or "")


def _last_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    text = lines[-1] if str(error).startswith("The following") and lines else "".join(lines[:1])
    return text.strip()


def shown(graph: Any) -> str:
    """A graph as printed, with warnings numbered in the order in which they stand."""
    text = OBJECT.sub(r"\1 = prim::Constant[value=object(\1)", str(graph))
    numbers: dict[str, int] = {}
    text = WARNING.sub(lambda match: f"[warn_id={numbers.setdefault(match[1], len(numbers))}]", text)
    return _with_symbols_anew(text)


def _with_symbols_anew(text: str) -> str:
    """A graph whose symbols count from 2 on: torch counts those of a process."""
    lists = _SYMBOLS.findall(text)
    symbols = sorted({int(one) for each in lists for one in each.split(", ")}, reverse=True)
    anew = {symbol: -2 - place for place, symbol in enumerate(symbols)}
    text = _SYMBOLS.sub(
        lambda match: f"{_SYMBOLS_ARE}[{', '.join(str(anew[int(one)]) for one in match[1].split(', '))}]",
        text,
    )
    text = re.sub(r"%SS_(\d+)", lambda match: f"%SS_{-anew[-int(match[1])]}", text)
    # Sums of sizes are called as in a text of torch, and lie in it as the sizes do that it reads.
    text = re.sub(r"%cat_dim_size1\.\d+", "%cat_dim_size1", text)
    return _IN_SHAPE_FUNCTIONS.sub(r"\1", text)
