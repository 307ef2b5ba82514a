"""Compares what passes make of a graph, with the answers that libtorch gives when it is asked again."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from jitcore.passes import find_pass
from jitcore.source import JitError
from tests.differential.agreement import Outcome, compare_texts
from tests.differential.counterparts import IN_ANY_ORDER, NUMBERED_ANEW, without_order
from tests.differential.oracle import Oracle
from tests.differential.subject import Subject

ATTEMPTS = 12


def compare_pass(
    oracle: Oracle,
    subject: Subject,
    name: str,
    pipeline: list[str],
    before: str = "",
    timed: Callable[[str, Callable[[], str]], str] = lambda _, question: question(),
) -> Outcome:
    """Equal, different, or skipped where libtorch refuses or has no one answer.

    `before` is libtorch's text before the passes, inlined. `timed` asks a question for a side. libtorch's
    constant propagation looks values up by their place in memory and takes a new one for an erased one that
    was there, and then leaves nodes alone that it folds another time; so where it disagrees it is asked
    again, for the same graph and for copies of it.
    """
    aspect = pipeline[0] if len(pipeline) == 1 else "pipeline"
    try:
        theirs = timed("torch", lambda: oracle.after(name, pipeline))
    except RuntimeError as error:
        return Outcome(aspect, name, "skipped", f"libtorch refuses it: {str(error).splitlines()[0]}")
    numbered = pipeline
    if len(pipeline) == 1 and find_pass(pipeline[0]).counterpart in NUMBERED_ANEW:
        numbered = [*pipeline, "canonicalize"]
        before = oracle.after(name, ["canonicalize"])
    try:
        ours = timed("jitcore", lambda: subject.after(name, numbered))
    except JitError as error:
        if oracle.breaks(name, pipeline):
            return Outcome(aspect, name, "skipped", f"libtorch's {aspect} makes a graph that it calls broken")
        return Outcome(aspect, name, "failed", f"{type(error).__name__}: {error}")
    except Exception as error:
        return Outcome(aspect, name, "failed", f"{type(error).__name__}: {error}")
    outcome = replace(compare_texts(aspect, name, ours, theirs), fired=theirs != before)
    if outcome.status != "equal" and find_pass(pipeline[-1]).counterpart in IN_ANY_ORDER:
        if without_order(ours) == without_order(theirs):
            return Outcome(aspect, name, "skipped", f"libtorch's {aspect} orders values by their addresses")
        return outcome
    if outcome.status == "equal" or "constant-propagation" not in pipeline:
        return outcome
    answers = {theirs}
    held: list[Any] = []
    for attempt in range(ATTEMPTS):
        # What is kept alive here gives the next attempt other memory.
        held.append(oracle.functions[name].inlined_graph)
        # Values of copies have other numbers, ours and theirs alike.
        copies = attempt % 3
        answer = oracle.after(name, pipeline, copies)
        if answer == (subject.after(name, pipeline, copies) if copies else ours):
            return Outcome(aspect, name, "equal", fired=True)
        if not copies:
            answers.add(answer)
    if len(answers) > 1:
        return Outcome(aspect, name, "skipped", f"libtorch's {aspect} gives another graph each time")
    again = [each for one in pipeline for each in [one] * (3 if one == "constant-propagation" else 1)]
    if renumbered(oracle.after(name, again)) == renumbered(subject.after(name, again)):
        return Outcome(
            aspect, name, "skipped", f"libtorch's {aspect} gives ours only when folding is repeated"
        )
    return outcome


def renumbered(text: str) -> str:
    """A graph's text with its values named in the order in which they come."""
    names: dict[str, str] = {}
    return re.sub(r"%[\w.]+", lambda match: names.setdefault(match[0], f"%{len(names)}"), text)
