"""Compares a batch's texts, pass results and values between torch.jit and jitcore."""

import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch

from jitcore.exec import ExecutionError
from tests.differential.agreement import Outcome, compare_texts, first_difference
from tests.differential.comparison import PIPELINE, TEXTS
from tests.differential.corpus.batch import Batch, Call, first_line
from tests.differential.oracle import PASSES, Oracle
from tests.differential.pass_answers import ATTEMPTS, compare_pass
from tests.differential.subject import Subject


@dataclass
class Verdict:
    """What was found about a batch: outcomes, and what could not be compared by reason."""

    batch: str
    outcomes: list[Outcome] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def wrong(self) -> list[Outcome]:
        """What is not equal."""
        return [each for each in self.outcomes if each.status != "equal"]


def judge(batch: Batch, passes: bool = False) -> Verdict:
    """Compare everything about one batch; pass results where `passes`."""
    verdict = Verdict(batch.name)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "program.pt"
        path.write_bytes(batch.archive)
        try:
            oracle = Oracle(path)
        except RuntimeError as error:
            # A few programs are saved as something that torch itself cannot load again.
            verdict.skipped[f"torch does not load what it saved: {first_line(error)}"] += 1
            return verdict
        try:
            subject = Subject(path)
            failures = subject.reach()
        except Exception as error:
            verdict.outcomes.append(Outcome("load", batch.name, "failed", first_line(error)))
            return verdict
        _judge_texts(verdict, oracle, subject, failures, passes)
        _judge_runs(verdict, batch, oracle, subject)
    return verdict


def _judge_texts(
    verdict: Verdict, oracle: Oracle, subject: Subject, failures: dict[str, str], passes: bool
) -> None:
    for name in sorted(oracle.functions):
        if name not in subject.functions or name in failures:
            detail = failures.get(name, "jitcore does not reach it")
            verdict.outcomes += [Outcome(aspect, name, "failed", detail) for aspect in TEXTS]
            continue
        for aspect in TEXTS:
            theirs = getattr(oracle, aspect)(name)
            if theirs is not None:
                _judge_text(verdict, aspect, name, partial(getattr(subject, aspect), name), theirs)
        if passes:
            _judge_passes(verdict, oracle, subject, name)


def _judge_passes(verdict: Verdict, oracle: Oracle, subject: Subject, name: str) -> None:
    for pipeline in [*([each] for each in PASSES), PIPELINE]:
        outcome = compare_pass(oracle, subject, name, pipeline)
        if outcome.status == "skipped":
            verdict.skipped[f"{outcome.aspect}: {outcome.detail}"] += 1
        else:
            verdict.outcomes.append(outcome)


def _judge_text(verdict: Verdict, aspect: str, name: str, ask: Callable[[], str], theirs: str) -> None:
    try:
        ours = ask()
    except Exception as error:
        verdict.outcomes.append(Outcome(aspect, name, "failed", first_line(error)))
        return
    verdict.outcomes.append(compare_texts(aspect, name, ours, theirs))


def _judge_runs(verdict: Verdict, batch: Batch, oracle: Oracle, subject: Subject) -> None:
    run = partial(_attempt, oracle.call)
    twin = partial(_attempt, oracle.twin().call)
    ours = partial(_attempt, subject.callable())
    for call in batch.calls:
        theirs, again = run(call), twin(call)
        if first_difference(_shown(theirs), _shown(again), "result") is not None:
            verdict.skipped["torch gives other values each time"] += 1
            continue
        if isinstance(theirs, _Raised) and theirs.reason.startswith(f"{call.method}() "):
            verdict.skipped["the sample is not of the declared types"] += 1
            continue
        mine = ours(call)
        detail = _difference(mine, theirs)
        excuse = None if detail is None else _excuse(mine, theirs, call, oracle)
        if excuse is not None:
            verdict.skipped[excuse] += 1
            continue
        status = "equal" if detail is None else "different"
        verdict.outcomes.append(Outcome("run", f"{batch.name}.{call.method}", status, detail or ""))


def _excuse(mine: Any, theirs: Any, call: Call, oracle: Oracle) -> str | None:
    """Why a difference is torch's: its optimizer's, or because it gives other values another time."""
    with torch.jit.optimized_execution(False):
        # The optimizer computes some operators by others: `addmm` by a product and a sum.
        if _difference(mine, _attempt(oracle.twin().call, call)) is None:
            return "torch gives our value only when it does not optimize"
    held: list[Any] = []
    for _ in range(ATTEMPTS):
        # What is kept alive here gives the next attempt other memory: some kernels round by alignment,
        # and some results are never written.
        again = _attempt(oracle.twin().call, call)
        if first_difference(_shown(theirs), _shown(again), "result") is not None:
            return "torch gives other values each time"
        held += [again, torch.empty(7 * len(held) + 3)]
    return None


@dataclass(frozen=True)
class _Raised:
    """A run that ended in an exception: what class of exception the program raised, and what it says."""

    reason: str
    error: Exception


def _attempt(run: Callable[..., Any], call: Call) -> Any:
    """Result and tensors given, for a run may write to them; or what was raised."""
    inputs = _fresh(call.inputs)
    tensors = list(_tensors(inputs))
    torch.manual_seed(0)
    try:
        with torch.no_grad():
            return run(call.method, inputs), tensors
    except ExecutionError as error:
        return _Raised(error.reason.strip(), error)
    except Exception as error:
        return _Raised(_reason(error), error)


def _fresh(value: Any) -> Any:
    """A copy, as a program may write to what it is given; strides are kept."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, (tuple, list)):
        items = [_fresh(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {key: _fresh(item) for key, item in value.items()}
    return value


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    """The tensors in a value. Lists and dicts are copied when TorchScript takes them, tensors are not."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _tensors(item)
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))


def _reason(error: Exception) -> str:
    """What TorchScript's error says below its traceback."""
    text = str(error)
    lines = text.rstrip().splitlines()
    if text.startswith("The following operation failed") and lines:
        return lines[-1].partition(": ")[2].strip()
    return text.strip()


def _shown(result: Any) -> Any:
    return result.reason if isinstance(result, _Raised) else result


def _difference(ours: Any, theirs: Any) -> str | None:
    if isinstance(theirs, _Raised) and isinstance(ours, _Raised):
        if isinstance(ours.error, ExecutionError):
            # Messages of kernels may go on with advice and places of C++ code; what went wrong comes first.
            mine, other = (_first(reason) for reason in (ours.reason, theirs.reason))
            return None if mine == other else f"raises {mine!r}, torch {other!r}"
        crash = f"crashes with {type(ours.error).__name__}: {ours.reason[:200]}"
        return f"{crash}, torch raises {theirs.reason[:120]!r}"
    if isinstance(ours, _Raised):
        return f"{type(ours.error).__name__}: {ours.reason[:300]}"
    if isinstance(theirs, _Raised):
        return f"gives a result, torch raises {theirs.reason[:200]!r}"
    return first_difference(ours, theirs, "run")


def _first(reason: str) -> str:
    return reason.splitlines()[0].strip() if reason else ""
