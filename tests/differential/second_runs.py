"""Counts where a pass that is run again agrees with libtorch's: on written programs, and on archives.

`python -m tests.differential.second_runs [FILES_OR_FOLDERS]` runs each pass twice on both sides.
"""

import argparse
import json
import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from jitcore.exec import evaluator
from jitcore.frontend.shape_functions import shape_function_graph
from jitcore.ir import verify
from jitcore.passes import PassContext, catalogue, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError
from tests.differential.agreement import Outcome, compare_texts
from tests.differential.counterparts import (
    IN_ANY_ORDER,
    NOT_ON_COPIES,
    NUMBERED_ANEW,
    ON_FROZEN_GRAPHS,
    can_be_asked,
    rewritten,
    without_order,
)
from tests.differential.oracle import imported
from tests.differential.report import archives
from tests.passes import pass_programs
from tests.passes.programs import written_graphs

PASSES = {
    name: kind.counterpart
    for name, kind in catalogue().items()
    if can_be_asked(kind.counterpart) and name not in ON_FROZEN_GRAPHS and name != "inline"
}
"""Passes of ours and their counterparts."""

_AS_NUMBERED = NOT_ON_COPIES | {"_jit_pass_canonicalize"}


def main(arguments: list[str]) -> int:
    """Print a row for each pass, then what differs; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.second_runs", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="archives, or folders of them")
    parser.add_argument("--only", default="", metavar="NAME", help="only passes whose name contains this")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    graphs = written_graphs() | pass_programs.graphs() | dict(_of_archives(options.paths))
    print(f"{'pass, run twice':<46}{'equal':>12}{'fired':>8}{'skipped':>9}")
    found: list[Outcome] = []
    for name in PASSES:
        if options.only in name:
            outcomes = compare(name, graphs)
            found += outcomes
            counted = Counter(outcome.status for outcome in outcomes)
            compared = len(outcomes) - counted["skipped"]
            fired = sum(outcome.fired for outcome in outcomes)
            cell = f"{counted['equal']}/{compared}"
            print(f"{name:<46}{cell:>12}{fired:>8}{counted['skipped']:>9}", flush=True)
    wrong = [outcome for outcome in found if outcome.status in ("different", "failed")]
    for place, outcome in enumerate(wrong):
        print(f"{outcome.aspect} {outcome.subject}: {outcome.status}: {outcome.detail[:300]}")
        if place < options.show:
            print(outcome.diff())
    reasons = Counter(f"{o.aspect}: {o.detail[:120]}" for o in found if o.status == "skipped")
    for reason, count in reasons.most_common():
        print(f"{count:>6} not compared: {reason}")
    return int(bool(wrong))


def _of_archives(paths: list[Path]) -> Iterator[tuple[str, Any]]:
    for file in archives(paths):
        try:
            _, root = imported(file)
        except RuntimeError as error:
            print(f"{file.stem}: torch refuses it: {str(error).splitlines()[0][:120]}")
            continue
        if root._has_method("forward"):
            yield f"{file.stem} forward", root._get_method("forward").inlined_graph


def compare(name: str, graphs: dict[str, Any]) -> list[Outcome]:
    """One outcome for each graph, computed in a process of its own: libtorch ends it at some graphs."""
    pending = list(graphs)
    found: list[Outcome] = []
    while pending:
        answers = _asked(name, {subject: graphs[subject] for subject in pending})
        found += answers
        pending = pending[len(answers) :]
        if pending:
            found.append(Outcome(name, pending.pop(0), "skipped", "libtorch ends the process"))
    return found


def _asked(name: str, graphs: dict[str, Any]) -> list[Outcome]:
    """The outcomes that a child process gives before it ends."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        with os.fdopen(writer, "w", encoding="utf-8") as stream:
            for subject, graph in graphs.items():
                stream.write(json.dumps(asdict(_compare(name, subject, graph))) + "\n")
                stream.flush()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as stream:
        found = [Outcome(**json.loads(line)) for line in stream]
    os.waitpid(child, 0)
    return found


def _compare(name: str, subject: str, graph: Any) -> Outcome:
    counterpart = PASSES[name]
    theirs = graph if counterpart in _AS_NUMBERED else graph.copy()
    mine = parse_graph(str(graph))
    mine = mine if counterpart in _AS_NUMBERED else mine.copy()
    context = PassContext(evaluator(), shape_functions=shape_function_graph)
    texts: list[str] = []
    for turn in ("first", "second"):
        try:
            theirs = rewritten(counterpart, theirs, careful=True)
            torch._C._jit_pass_lint(theirs)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else "without a word"
            return Outcome(name, subject, "skipped", f"libtorch refuses the {turn} run: {reason}")
        try:
            run_pipeline(mine, [name], context)
            verify(mine)
        except JitError as error:
            return Outcome(name, subject, "failed", f"the {turn} run: {error}")
        shown = mine
        if counterpart in NUMBERED_ANEW:
            shown = mine.copy()
            run_pipeline(shown, ["canonicalize"], PassContext())
        found = compare_texts(name, subject, graph_text(shown), str(theirs))
        if found.status != "equal":
            if counterpart in IN_ANY_ORDER and without_order(found.ours) == without_order(found.theirs):
                return Outcome(name, subject, "skipped", "libtorch orders values by their addresses")
            if turn == "first":
                return Outcome(name, subject, "skipped", f"the first run is another already: {found.detail}")
            return found
        texts.append(found.ours or str(theirs))
    return Outcome(name, subject, "equal", fired=texts[0] != texts[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
