"""Counts where jitcore agrees with torch.jit: `python -m tests.differential.report FILES_OR_FOLDERS`."""

import argparse
import json
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.differential import fresh_memory
from tests.differential.comparison import TEXTS, Comparison, compare
from tests.differential.oracle import PASSES, TRIED_PASSES

SUFFIXES = {".pt", ".ts", ".ptl"}
COLUMNS = ("archive", *TEXTS, "parsed", "passes", "pipeline", "run", "forward", "torch s", "jitcore s")


def main(arguments: list[str]) -> int:
    """Print the table, then what differs; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.report", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="archives, or folders of them")
    parser.add_argument("--archive", help="only archives whose name contains this")
    parser.add_argument("--only", metavar="NAME", help="only functions whose qualified name contains this")
    parser.add_argument("--passes", action="store_true", help="compare pass results too")
    parser.add_argument("--runs", action="store_true", help="compare the values of forward too")
    parser.add_argument("--all", action="store_true", help="the same as --passes --runs (the default)")
    parser.add_argument("--texts", action="store_true", help="compare nothing but texts")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every outcome there")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    parser.add_argument(fresh_memory.OPTION, action="store_true", help=fresh_memory.HELP)
    options = parser.parse_args(arguments)
    if options.fresh_memory:
        return fresh_memory.run_again("tests.differential.report", arguments)
    some = options.passes or options.runs or options.texts
    passes = options.all or options.passes or not some
    runs = options.all or options.runs or not some
    PASSES.update(TRIED_PASSES)

    # TorchScript is deprecated as a whole; each load would say so.
    for category in (DeprecationWarning, FutureWarning):
        warnings.filterwarnings("ignore", category=category)
    found: list[Comparison] = []
    print(row(COLUMNS))
    for archive in archives(options.paths):
        if options.archive and options.archive not in archive.stem:
            continue
        comparison = compare(archive, options.only, passes, runs)
        found.append(comparison)
        print(row(cells(comparison)), flush=True)
    print(row(totals(found)))
    if passes:
        print_passes(found)
    print_failures(found, options.show)
    print_skipped(found)
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in found], indent=1), encoding="utf-8")
    return int(any(o.status in {"different", "failed"} for each in found for o in each.outcomes))


def archives(paths: list[Path]) -> Iterator[Path]:
    """The files of `paths`, folders opened one level."""
    for path in paths:
        if path.is_dir():
            yield from sorted(child for child in path.iterdir() if child.suffix in SUFFIXES)
        else:
            yield path


def row(columns: tuple[str, ...]) -> str:
    """One line of the table."""
    return f"{columns[0]:<24}" + "".join(f"{column:>12}" for column in columns[1:])


def cells(comparison: Comparison) -> tuple[str, ...]:
    """The archive's line: equal of compared for each aspect."""
    return (
        comparison.archive,
        *(counted([comparison], aspect) for aspect in TEXTS),
        counted([comparison], "parsed"),
        counted([comparison], *PASSES),
        counted([comparison], "pipeline"),
        counted([comparison], "run"),
        "equal" if comparison.forward_equal() else "-",
        f"{comparison.seconds['torch']:.2f}",
        f"{comparison.seconds['jitcore']:.2f}",
    )


def totals(found: list[Comparison]) -> tuple[str, ...]:
    """The last line: sums."""
    return (
        f"{len(found)} archives",
        *(counted(found, aspect) for aspect in TEXTS),
        counted(found, "parsed"),
        counted(found, *PASSES),
        counted(found, "pipeline"),
        counted(found, "run"),
        f"{sum(each.forward_equal() for each in found)}/{len(found)}",
        f"{sum(each.seconds['torch'] for each in found):.2f}",
        f"{sum(each.seconds['jitcore'] for each in found):.2f}",
    )


def counted(found: list[Comparison], *aspects: str) -> str:
    """`equal/compared`, or a dash where nothing was."""
    counts = [each.count(*aspects) for each in found]
    equal, compared = (sum(numbers) for numbers in zip(*counts, strict=True)) if counts else (0, 0)
    return f"{equal}/{compared}" if compared else "-"


def print_passes(found: list[Comparison]) -> None:
    """A row a pass: equal of compared, and how often libtorch's pass changed something."""
    print(f"\n{'pass':<40}{'equal':>14}{'fired':>8}{'skipped':>9}")
    for name in (*PASSES, "pipeline"):
        outcomes = [o for each in found for o in each.outcomes if o.aspect == name]
        fired = sum(o.fired for o in outcomes)
        skipped = sum(o.status == "skipped" for o in outcomes)
        print(f"{name:<40}{counted(found, name):>14}{fired:>8}{skipped:>9}")


def print_failures(found: list[Comparison], show: int) -> None:
    """Each difference in a line, by archive and aspect; the first `show` of them as diffs."""
    for comparison in found:
        for outcome in comparison.outcomes:
            if outcome.status == "equal" or (outcome.status == "skipped" and outcome.aspect != "load"):
                continue
            detail = outcome.detail if len(outcome.detail) < 400 else f"{outcome.detail[:400]}..."
            print(f"{comparison.archive} {outcome.aspect} {outcome.subject}: {outcome.status}: {detail}")
            if show > 0 and outcome.status == "different" and outcome.ours:
                print(outcome.diff())
                show -= 1


def print_skipped(found: list[Comparison]) -> None:
    """What was not compared, counted by reason."""
    reasons = Counter(o.detail for each in found for o in each.outcomes if o.status == "skipped")
    for reason, count in reasons.most_common():
        print(f"{count:>6} not compared: {reason}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
