"""Counts where freezing agrees with torch.jit, on archives and on the module classes of torch.nn."""

import argparse
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from tests.differential import fresh_memory, inputs
from tests.differential.agreement import Outcome
from tests.differential.corpus import modules
from tests.differential.freezing.comparison import ASPECTS, compare
from tests.differential.report import archives

Case = tuple[Path, list[tuple[str, tuple[Any, ...]]]]


def main(arguments: list[str]) -> int:
    """Print a row for each aspect, then what differs; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.freezing", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="archives, or folders of them")
    parser.add_argument("--modules", action="store_true", help="the module classes of torch.nn too")
    parser.add_argument("--only", default="", metavar="NAME", help="only archives whose name contains this")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    parser.add_argument(fresh_memory.OPTION, action="store_true", help=fresh_memory.HELP)
    options = parser.parse_args(arguments)
    if options.fresh_memory:
        return fresh_memory.run_again("tests.differential.freezing", arguments)
    for category in (DeprecationWarning, FutureWarning):
        warnings.filterwarnings("ignore", category=category)
    found: list[Outcome] = []
    for file, calls in _cases(options.paths, options.modules):
        if options.only in file.stem:
            outcomes = compare(file, calls)
            found += outcomes
            if not options.modules:
                print(f"{file.stem}: {', '.join(f'{o.aspect} {o.status}' for o in outcomes)}", flush=True)
    _print(found, options.show)
    return int(any(outcome.status in ("different", "failed") for outcome in found))


def _cases(paths: list[Path], with_modules: bool) -> Iterator[Case]:
    for file in archives(paths):
        try:
            kinds = [str(a.type) for a in torch.jit.load(str(file)).forward.schema.arguments[1:]]
        except Exception as error:
            print(f"{file.stem}: torch refuses it: {str(error).strip().splitlines()[-1][:150]}")
            continue
        specs = inputs.specs_for(file, kinds)
        yield file, [] if specs is None else [("forward", inputs.values(specs))]
    if with_modules:
        with tempfile.TemporaryDirectory() as folder:
            for number, batch in enumerate(modules.batches(False)):
                if batch.archive:
                    file = Path(folder) / f"{batch.name}.{number}.pt"
                    file.write_bytes(batch.archive)
                    yield file, [(call.method, call.inputs) for call in batch.calls]
                    file.unlink()


def _print(found: list[Outcome], show: int) -> None:
    print(f"\n{'aspect':<32}{'equal':>12}{'fired':>8}{'skipped':>9}")
    for aspect in ("refused", *ASPECTS):
        own = [outcome for outcome in found if outcome.aspect == aspect]
        compared = [outcome for outcome in own if outcome.status != "skipped"]
        equal = sum(outcome.status == "equal" for outcome in compared)
        fired = sum(outcome.fired for outcome in own)
        print(f"{aspect:<32}{f'{equal}/{len(compared)}':>12}{fired:>8}{len(own) - len(compared):>9}")
    for outcome in found:
        if outcome.status in ("different", "failed"):
            print(f"{outcome.subject} {outcome.aspect}: {outcome.status}: {outcome.detail[:400]}")
            if show > 0 and outcome.ours:
                print(outcome.diff())
                show -= 1
    reasons = Counter(outcome.detail[:150] for outcome in found if outcome.status == "skipped")
    for reason, count in reasons.most_common():
        print(f"{count:>6} not compared: {reason}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
