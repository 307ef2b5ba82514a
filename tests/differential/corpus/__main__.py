"""Judges the whole corpus and prints what agrees: `python -m tests.differential.corpus`."""

import argparse
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.differential import fresh_memory
from tests.differential.comparison import TEXTS
from tests.differential.corpus import language, modules, operators
from tests.differential.corpus.batch import Batch
from tests.differential.corpus.verdict import Verdict, judge
from tests.differential.oracle import PASSES

PARTS = ("modules", "operators", "language")


def main(arguments: list[str]) -> int:
    """Print a table, then what differs; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.corpus", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--only", default="", metavar="TEXT", help="only batches whose name contains this")
    parser.add_argument("--quick", action="store_true", help="the samples that the test suite takes")
    parser.add_argument("--passes", action="store_true", help="compare pass results too")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    parser.add_argument("--refused", action="store_true", help="list what torch refuses, by reason")
    parser.add_argument(fresh_memory.OPTION, action="store_true", help=fresh_memory.HELP)
    options = parser.parse_args(arguments)
    if options.fresh_memory:
        return fresh_memory.run_again("tests.differential.corpus", arguments)
    # TorchScript is deprecated as a whole, and samples warn of all sorts.
    warnings.filterwarnings("ignore")
    table = Table()
    for part in options.part or PARTS:
        for batch in batches(part, not options.quick, options.only):
            verdict = judge(batch, options.passes) if batch.archive else Verdict(batch.name)
            table.add(part, batch, verdict)
            for outcome in verdict.wrong():
                print(
                    f"{verdict.batch} {outcome.aspect} {outcome.subject}: {outcome.status}: {outcome.detail}"
                )
                if options.show > 0 and outcome.ours:
                    options.show -= 1
                    print(outcome.diff())
            sys.stdout.flush()
    table.print(options.refused)
    return int(table.any_wrong())


def batches(part: str, every: bool, only: str) -> Iterator[Batch]:
    """The batches of a part of the corpus."""
    if part == "operators":
        yield from operators.batches(every, only)
        return
    source = modules.batches(every) if part == "modules" else language.batches()
    yield from (batch for batch in source if only in batch.name)


class Table:
    """Counts by part: programs, archives, and equal of compared for each aspect."""

    def __init__(self) -> None:
        self._programs: Counter[str] = Counter()
        self._archives: Counter[str] = Counter()
        self._equal: dict[str, Counter[str]] = defaultdict(Counter)
        self._compared: dict[str, Counter[str]] = defaultdict(Counter)
        self._refused: dict[str, Counter[str]] = defaultdict(Counter)
        self._skipped: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, part: str, batch: Batch, verdict: Verdict) -> None:
        """Count one batch."""
        self._programs[part] += batch.programs
        self._archives[part] += bool(batch.archive)
        self._refused[part].update(batch.refused)
        self._skipped[part].update(verdict.skipped)
        for outcome in verdict.outcomes:
            aspect = "passes" if outcome.aspect in {*PASSES, "pipeline"} else outcome.aspect
            self._compared[part][aspect] += 1
            self._equal[part][aspect] += outcome.status == "equal"

    def any_wrong(self) -> bool:
        """Whether anything compared was not equal."""
        return self._equal != self._compared

    def print(self, refused: bool) -> None:
        """The table, then what was not compared."""
        aspects = ("load", *TEXTS, "passes", "run")
        print(f"{'part':<12}{'programs':>10}{'archives':>10}" + "".join(f"{a:>14}" for a in aspects))
        for part in self._programs:
            cells = (f"{self._equal[part][a]}/{self._compared[part][a]}" for a in aspects)
            counts = f"{self._programs[part]:>10}{self._archives[part]:>10}"
            print(f"{part:<12}{counts}" + "".join(f"{cell:>14}" for cell in cells))
        for part in self._programs:
            print(f"{part}: torch refuses {self._refused[part].total()}")
            for reason, count in self._refused[part].most_common() if refused else ():
                print(f"  {count:>6} {reason}")
            for reason, count in self._skipped[part].most_common():
                print(f"  {count:>6} not compared: {reason}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
