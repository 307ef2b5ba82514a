"""Counts where graphs and values agree, run after run: `python -m tests.differential.executor`."""

import argparse
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import torch

from tests.differential import fresh_memory, inputs
from tests.differential.agreement_table import AgreementTable
from tests.differential.corpus import language, modules, operators
from tests.differential.corpus.batch import Batch, Call
from tests.differential.executor import pointwise
from tests.differential.executor.comparison import ASPECTS, FUSING_MODES, MODES, compare
from tests.differential.report import archives

PARTS = ("language", "modules", "operators", "pointwise")


def main(arguments: list[str]) -> int:
    """Print what differs, then a row for each part and mode; exit status 1 when something does."""
    parser = argparse.ArgumentParser(prog="tests.differential.executor", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="archives, or folders of them, in place of parts")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--only", default="", metavar="TEXT", help="only programs whose name contains this")
    parser.add_argument(
        "--mode",
        choices=[str(mode) for mode in (*MODES, *FUSING_MODES)],
        action="append",
        help="only this mode",
    )
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N diffs in full")
    parser.add_argument(fresh_memory.OPTION, action="store_true", help=fresh_memory.HELP)
    options = parser.parse_args(arguments)
    if options.fresh_memory:
        return fresh_memory.run_again("tests.differential.executor", arguments)
    warnings.filterwarnings("ignore")
    table = AgreementTable(ASPECTS, options.show)
    chosen = [mode for mode in (*MODES, *FUSING_MODES) if not options.mode or str(mode) in options.mode]
    parts = ["archives"] if options.paths else options.part or PARTS
    for part in parts:
        for batch in archives_in(options.paths) if options.paths else batches(part):
            if options.only not in batch.name or not batch.archive:
                continue
            for number, call in enumerate(batch.calls):
                name = f"{batch.name}.{call.method}#{number}"
                for mode in chosen:
                    outcomes = compare(f"{name} ({mode})", batch.archive, call.method, call.inputs, mode)
                    table.add(f"{part} {mode}", outcomes)
    table.print()
    return int(table.any_wrong())


def archives_in(paths: list[Path]) -> Iterator[Batch]:
    """The archives that torch loads and that inputs are known for."""
    for file in archives(paths):
        try:
            kinds = [str(a.type) for a in torch.jit.load(str(file)).forward.schema.arguments[1:]]
        except (RuntimeError, AttributeError) as error:
            print(f"{file.stem}: torch refuses it: {str(error).strip().splitlines()[-1][:150]}")
            continue
        specs = inputs.specs_for(file, kinds)
        if specs is None:
            print(f"{file.stem}: no inputs are known for it")
        else:
            yield Batch(file.stem, file.read_bytes(), [Call("forward", inputs.values(specs))])


def batches(part: str) -> Iterator[Batch]:
    """The programs of a part, saved as archives."""
    match part:
        case "language":
            yield from language.batches()
        case "modules":
            yield from modules.batches(False)
        case "pointwise":
            yield from pointwise.batches()
        case _:
            yield from operators.batches(False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
