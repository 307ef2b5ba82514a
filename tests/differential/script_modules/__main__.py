"""Compiles modules with torch.jit and jitcore and prints what agrees."""

import argparse
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.differential.agreement import Outcome
from tests.differential.script_modules.comparison import compare
from tests.differential.script_modules.programs import programs, refusals
from tests.differential.script_modules.samples import Sample, samples

PARTS = ("torch.nn", "programs", "refusals")


def main(arguments: list[str]) -> int:
    """Print a table, then what differs; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.script_modules", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--only", default="", metavar="TEXT", help="only modules whose name contains this")
    parser.add_argument("--quick", action="store_true", help="of torch.nn the samples that the tests take")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    options = parser.parse_args(arguments)
    warnings.filterwarnings("ignore")
    counts: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    modules: Counter[str] = Counter()
    wrong = 0
    for part in options.part or PARTS:
        for name, make, calls in _subjects(part, not options.quick):
            if options.only not in name:
                continue
            modules[part] += 1
            for outcome in compare(name, make, calls):
                counts[part][outcome.aspect, outcome.status] += 1
                if outcome.status != "equal":
                    wrong += 1
                    _report(outcome, options.show >= wrong)
    for part, number in modules.items():
        print(f"{part}: {number} modules")
        for aspect in sorted({aspect for aspect, _ in counts[part]}):
            total = sum(count for (each, _), count in counts[part].items() if each == aspect)
            print(f"  {aspect:<10}{counts[part][aspect, 'equal']:>7} of {total} equal")
    return int(wrong > 0)


def _subjects(part: str, every: bool) -> Iterator[Sample]:
    if part == "torch.nn":
        yield from samples(every)
    elif part == "programs":
        for program in programs():
            yield program.name, program.target, list(program.calls)
    else:
        for number, target in enumerate(refusals()):
            yield f"refusals.{number}.{getattr(target, '__name__', '')}", target, []


def _report(outcome: Outcome, in_full: bool) -> None:
    print(f"{outcome.subject} {outcome.aspect}: {outcome.status}: {outcome.detail}")
    if in_full and outcome.ours:
        print(outcome.diff())
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
