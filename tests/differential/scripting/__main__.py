"""Compares the script compiler with torch.jit.script: `python -m tests.differential.scripting`."""

import argparse
import sys
import time
import warnings
from collections.abc import Iterator

from tests.differential.agreement_table import AgreementTable
from tests.differential.scripting import functional, language, operators
from tests.differential.scripting.case import Case
from tests.differential.scripting.judging import judge

PARTS = ("functional", "operators", "wrong", "language", "refused")
ASPECTS = ("graph", "code", "run", "refused")


def cases(part: str, every: bool) -> Iterator[Case]:
    """The cases of a part."""
    match part:
        case "functional":
            return functional.cases()
        case "operators":
            return operators.cases(every)
        case "wrong":
            return operators.wrong_cases()
        case "language":
            return language.cases()
        case _:
            return language.refused_cases()


def main(arguments: list[str]) -> int:
    """Print what differs, then a table; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.scripting", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--only", default="", metavar="TEXT", help="only cases whose name contains this")
    parser.add_argument("--quick", action="store_true", help="one sample of each operator")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    parser.add_argument("--messages", action="store_true", help="print what both say of refused programs")
    options = parser.parse_args(arguments)
    # TorchScript is deprecated as a whole, and samples warn of all sorts.
    warnings.filterwarnings("ignore")
    table = AgreementTable(ASPECTS, options.show)
    start = time.perf_counter()
    for part in options.part or PARTS:
        for case in cases(part, not options.quick):
            if options.only not in case.name:
                continue
            outcomes = judge(case)
            table.add(part, outcomes)
            if options.messages:
                for outcome in outcomes:
                    if outcome.aspect == "refused" and outcome.status == "equal":
                        print(f"{outcome.subject}: {outcome.detail}")
    table.print()
    print(f"{time.perf_counter() - start:.0f} s")
    return int(table.any_wrong())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
