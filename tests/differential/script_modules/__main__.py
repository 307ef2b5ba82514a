"""Compiles modules with torch.jit and jitcore and prints what agrees."""

import argparse
import sys
import warnings
from collections.abc import Iterator

from tests.differential.agreement_table import AgreementTable
from tests.differential.script_modules.comparison import compare
from tests.differential.script_modules.programs import programs, refusals
from tests.differential.script_modules.samples import Sample, samples, wrong_calls

PARTS = ("torch.nn", "wrong", "programs", "refusals")
ASPECTS = ("compile", "refused", "slots", "methods", "hooks", "graph", "inlined", "code", "schema", "run")


def main(arguments: list[str]) -> int:
    """Print a table, then what differs; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.script_modules", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--only", default="", metavar="TEXT", help="only modules whose name contains this")
    parser.add_argument("--quick", action="store_true", help="of torch.nn the samples that the tests take")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    options = parser.parse_args(arguments)
    warnings.filterwarnings("ignore")
    table = AgreementTable(ASPECTS, options.show)
    for part in options.part or PARTS:
        for name, make, calls in _subjects(part, not options.quick):
            if options.only in name:
                table.add(part, compare(name, make, calls))
    table.print()
    return int(table.any_wrong())


def _subjects(part: str, every: bool) -> Iterator[Sample]:
    if part == "torch.nn":
        yield from samples(every)
    elif part == "wrong":
        yield from wrong_calls()
    elif part == "programs":
        for program in programs():
            yield program.name, program.target, list(program.calls)
    else:
        for number, target in enumerate(refusals()):
            yield f"refusals.{number}.{getattr(target, '__name__', '')}", target, []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
