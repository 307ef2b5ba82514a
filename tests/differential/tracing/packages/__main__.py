"""Compares the tracer with torch.jit.trace on models of packages that nothing here was written for.

    python -m tests.differential.tracing.packages [--package NAME] [--only TEXT] [--sides]

With --sides the diagnosis is asked whether eager Python, trace and script agree. Where it tells that they
differ torch's own trace or script is called with the same inputs: it has to differ too.
Needs an environment with torchvision, timm and transformers beside torch and this project (torchvision 0.28,
timm 1.0.31 and transformers 5.24 go with torch 2.13); a package that is missing is left out with a sentence.
Weights are drawn at random, nothing is downloaded. Models are made, traced and compared one at a time.
"""

import argparse
import gc
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator

from tests.differential.agreement_table import AgreementTable
from tests.differential.tracing.case import Case
from tests.differential.tracing.judging import ASPECTS, judge
from tests.differential.tracing.packages import timm_models, torchvision_models, transformers_models
from tests.differential.tracing.packages.sides import STATUSES, ask

PACKAGES: dict[str, Callable[[], Iterator[Case]]] = {
    "torchvision": torchvision_models.cases,
    "timm": timm_models.cases,
    "transformers": transformers_models.cases,
}


def main(arguments: list[str]) -> int:
    """Print what differs, then a table; exit status 1 when something does, or nothing was compared."""
    parser = argparse.ArgumentParser(
        prog="tests.differential.tracing.packages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--package", choices=PACKAGES, action="append", help="only this one; may be repeated")
    parser.add_argument("--only", default="", metavar="TEXT", help="only models whose name contains this")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    parser.add_argument(
        "--sides", action="store_true", help="ask the diagnosis whether the three sides agree"
    )
    options = parser.parse_args(arguments)
    # Models warn of all sorts; warnings of traces are compared.
    warnings.filterwarnings("ignore")
    if options.sides:
        return _tell_sides(options.package or list(PACKAGES), options.only)
    table = AgreementTable(ASPECTS, options.show, told=5)
    count = 0
    for package, case in _chosen(options.package or list(PACKAGES), options.only):
        count += 1
        start = time.perf_counter()
        outcomes = judge(case)
        table.add(package, outcomes)
        wrong = sum(outcome.status != "equal" for outcome in outcomes)
        taken = time.perf_counter() - start
        print(f"{case.name}: {wrong} of {len(outcomes)} differ, {taken:.1f} s", flush=True)
        # Frames of errors keep models.
        gc.collect()
    table.print()
    return int(not count or table.any_wrong())


def _tell_sides(packages: list[str], only: str) -> int:
    """Print what a diagnosis tells; exit status 1 for a false accusation, or where nothing was asked."""
    counted: dict[str, Counter[str]] = {}
    for package, case in _chosen(packages, only):
        start = time.perf_counter()
        answer = ask(case)
        counted.setdefault(package, Counter())[answer.status] += 1
        taken = time.perf_counter() - start
        print(f"{case.name}: {answer.status}, {taken:.1f} s: {answer.said}", flush=True)
        gc.collect()
    for package, counts in counted.items():
        told = ", ".join(f"{counts[status]} {status}" for status in STATUSES)
        print(f"{package}: {counts.total()} models: {told}")
    return int(not counted or any(counts["accused falsely"] for counts in counted.values()))


def _chosen(packages: list[str], only: str) -> Iterator[tuple[str, Case]]:
    for package in packages:
        try:
            found = list(PACKAGES[package]())
        except ImportError as error:
            print(f"{package} is left out: {error}. Install it beside torch to have its models compared.")
            continue
        for case in found:
            if only in case.name:
                yield package, case


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
