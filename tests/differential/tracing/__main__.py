"""Compares the tracer with torch.jit.trace: `python -m tests.differential.tracing`."""

import argparse
import sys
import time
import warnings
from collections.abc import Iterator

from tests.differential.agreement_table import AgreementTable
from tests.differential.tracing import modules, operators, programs
from tests.differential.tracing.case import Case
from tests.differential.tracing.judging import ASPECTS, judge

PARTS = ("programs", "modules", "operators")


def cases(part: str, every: bool, samples: int) -> Iterator[Case]:
    """The cases of a part, of each operator at most so many."""
    match part:
        case "programs":
            return programs.cases()
        case "modules":
            return modules.cases(every)
        case _:
            return operators.cases(samples if every else 1)


def main(arguments: list[str]) -> int:
    """Print what differs, then a table; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.tracing", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--only", default="", metavar="TEXT", help="only cases whose name contains this")
    parser.add_argument(
        "--quick", action="store_true", help="one sample of each operator, modules in evaluation"
    )
    parser.add_argument("--samples", type=int, default=60, metavar="N", help="at most N of each operator")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    options = parser.parse_args(arguments)
    # TorchScript is deprecated as a whole, and samples warn of all sorts.
    warnings.filterwarnings("ignore")
    table = AgreementTable(ASPECTS, options.show)
    start = time.perf_counter()
    for part in options.part or PARTS:
        for case in cases(part, not options.quick, options.samples):
            if options.only not in case.name:
                continue
            table.add(part, judge(case))
    table.print()
    print(f"{time.perf_counter() - start:.0f} s")
    return int(table.any_wrong())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
