"""`python -m tests.fuzz --count N --seed S` opens N hostile files; `--save I` writes case I to a file."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.campaign import SAMPLES, run_cases
from tests.fuzz.cases import ROWS, make_case, row_of
from tests.fuzz.draft import sample_archives


def main() -> int:
    """Print a table of rows and every case that did not end as it must; 1 if there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=2_100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--row", help="only cases of this row")
    parser.add_argument("--save", type=int, metavar="CASE", help="write one case to case-N.pt instead")
    options = parser.parse_args()
    if options.save is not None:
        file = Path(f"case-{options.save}.pt")
        file.write_bytes(make_case(options.seed, options.save, sample_archives(SAMPLES)))
        print(f"{file}: {row_of(options.save)}")
        return 0
    began = time.perf_counter()
    numbers = range(options.first, options.first + options.count)
    chosen = [i for i in numbers if options.row in (None, row_of(i))]
    report = run_cases(chosen, options.seed, options.workers)
    opened, told, wrong = (report.count(kind) for kind in ("opened", "told", "wrong"))
    print(f"{'':40} opened  told  wrong  slowest")
    for row in ROWS:
        times = [(v.seconds, v.index) for v in report.verdicts if v.row == row]
        slowest, index = max(times, default=(0.0, 0))
        print(f"{row:40} {opened[row]:6} {told[row]:5} {wrong[row]:6} {slowest:7.2f} s ({index})")
    for verdict in report.wrong:
        print(f"WRONG {verdict.index} ({verdict.row}): {verdict.text}")
    print(f"{len(report.verdicts)} files, {len(report.wrong)} wrong, {time.perf_counter() - began:.0f} s")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
