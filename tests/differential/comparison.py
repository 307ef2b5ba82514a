"""Compares an archive's functions, pass results and values between torch.jit and jitcore."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from jitcore.printing import graph_text, parse_graph
from tests.differential import inputs
from tests.differential.agreement import Outcome, compare_texts
from tests.differential.attempts import attempt, difference
from tests.differential.oracle import PASSES, PIPELINE, Oracle
from tests.differential.pass_answers import compare_pass
from tests.differential.subject import Subject

Answer = TypeVar("Answer")


@dataclass
class Comparison:
    """What was found for one archive, and the seconds that each side took for texts and passes."""

    archive: str
    root: str = ""
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: {"torch": 0.0, "jitcore": 0.0})

    def count(self, *aspects: str) -> tuple[int, int]:
        """How many outcomes of `aspects` are equal, of how many compared."""
        compared = [o for o in self.outcomes if o.aspect in aspects and o.status != "skipped"]
        return sum(o.status == "equal" for o in compared), len(compared)

    def forward_equal(self) -> bool:
        """Whether graph, inlined graph and code of the archive's own `forward` are equal."""
        texts = [o for o in self.outcomes if o.subject == f"{self.root}.forward" and o.aspect in TEXTS]
        return len(texts) == len(TEXTS) and all(o.status == "equal" for o in texts)

    def timed(self, side: str, question: Callable[[], Answer]) -> Answer:
        """The answer of `question`, its time added to that of `side`."""
        start = time.perf_counter()
        try:
            return question()
        finally:
            self.seconds[side] += time.perf_counter() - start


TEXTS = ("graph", "inlined", "code")


def compare(archive: Path, only: str | None = None, passes: bool = True, runs: bool = True) -> Comparison:
    """Everything about one archive; `only` keeps functions whose qualified name contains it."""
    result = Comparison(archive.stem)
    try:
        oracle = Oracle(archive)
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:120]
        result.outcomes.append(Outcome("load", archive.stem, "skipped", f"torch refuses it: {reason}"))
        return result
    result.root = oracle.root_name
    try:
        subject = Subject(archive)
        failures = subject.reach()
    except Exception as error:
        result.outcomes.append(Outcome("load", archive.stem, "failed", f"{type(error).__name__}: {error}"))
        return result
    result.outcomes.append(Outcome("load", archive.stem, "equal"))
    for name in sorted(oracle.functions):
        if only and only not in name:
            continue
        if name not in subject.functions or name in failures:
            detail = failures.get(name, "jitcore does not reach it")
            result.outcomes += [Outcome(aspect, name, "failed", detail) for aspect in TEXTS]
            continue
        _compare_texts(result, oracle, subject, name)
        _compare_parsed(result, oracle, name)
        if passes:
            written, inlined = oracle.graph(name), oracle.inlined(name)
            for pipeline in [*([each] for each in PASSES), PIPELINE]:
                before = written if pipeline[0] == "inline" else inlined
                outcome = compare_pass(oracle, subject, name, pipeline, before, result.timed)
                result.outcomes.append(outcome)
    if runs and oracle.has_forward():
        result.outcomes.append(_compare_run(archive, oracle, subject))
    return result


def _compare_texts(result: Comparison, oracle: Oracle, subject: Subject, name: str) -> None:
    for aspect in TEXTS:
        theirs = result.timed("torch", partial(getattr(oracle, aspect), name))
        if theirs is None:
            result.outcomes.append(Outcome(aspect, name, "skipped", "torch does not show it"))
            continue
        try:
            ours = result.timed("jitcore", partial(getattr(subject, aspect), name))
        except Exception as error:
            result.outcomes.append(Outcome(aspect, name, "failed", f"{type(error).__name__}: {error}"))
            continue
        result.outcomes.append(compare_texts(aspect, name, ours or "", theirs))


def _compare_parsed(result: Comparison, oracle: Oracle, name: str) -> None:
    """What torch printed, parsed and printed again."""
    theirs = oracle.inlined(name)
    try:
        ours = graph_text(parse_graph(theirs))
    except Exception as error:
        result.outcomes.append(Outcome("parsed", name, "failed", f"{type(error).__name__}: {error}"))
        return
    result.outcomes.append(compare_texts("parsed", name, ours, theirs))


def _compare_run(archive: Path, oracle: Oracle, subject: Subject) -> Outcome:
    name = f"{oracle.root_name}.forward"
    specs = inputs.specs_for(archive, oracle.argument_types())
    if specs is None:
        return Outcome("run", name, "skipped", f"no inputs proposed for {oracle.argument_types()}")
    theirs = attempt(oracle.call, "forward", inputs.values(specs))
    ours = attempt(subject.callable(), "forward", inputs.values(specs))
    detail = difference(ours, theirs)
    return Outcome("run", name, "equal" if detail is None else "different", detail or "")
