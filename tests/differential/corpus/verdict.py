"""Compares a batch's texts, pass results and values between torch.jit and jitcore."""

import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch

from tests.differential.agreement import Outcome, compare_texts, first_difference
from tests.differential.attempts import Raised, attempt, difference, shown
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
    before = oracle.inlined(name)
    for pipeline in [*([each] for each in PASSES), PIPELINE]:
        outcome = compare_pass(oracle, subject, name, pipeline, before)
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
    run, twin, ours = oracle.call, oracle.twin().call, subject.callable()
    for call in batch.calls:
        theirs, again = (attempt(side, call.method, call.inputs) for side in (run, twin))
        if first_difference(shown(theirs), shown(again), "result") is not None:
            verdict.skipped["torch gives other values each time"] += 1
            continue
        if isinstance(theirs, Raised) and theirs.reason.startswith(f"{call.method}() "):
            verdict.skipped["the sample is not of the declared types"] += 1
            continue
        mine = attempt(ours, call.method, call.inputs)
        detail = difference(mine, theirs)
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
        if difference(mine, attempt(oracle.twin().call, call.method, call.inputs)) is None:
            return "torch gives our value only when it does not optimize"
    held: list[Any] = []
    for _ in range(ATTEMPTS):
        # What is kept alive here gives the next attempt other memory: some kernels round by alignment,
        # and some results are never written.
        again = attempt(oracle.twin().call, call.method, call.inputs)
        if first_difference(shown(theirs), shown(again), "result") is not None:
            return "torch gives other values each time"
        held += [again, torch.empty(7 * len(held) + 3)]
    return None
