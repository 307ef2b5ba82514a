"""Counts how often the diagnosis is right: `python -m tests.divergence [NAME...]`."""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import Counter

from tests.divergence.answer import Answer, ask
from tests.divergence.checking import wrong_claim
from tests.divergence.program import Program, programs


class Totals:
    """What was counted over all programs."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self.by_cause: dict[str, Counter[str]] = {}

    def add(self, program: Program, answer: Answer) -> str:
        """Count an answer; in a few words what is wrong with it, nothing if it is right."""
        if program.is_clean:
            accused = answer.diverged or bool(answer.problem)
            self.counted.update(
                {"clean": 1, "accused": int(answer.diverged), "failed": int(bool(answer.problem))}
            )
            return "ACCUSED" * answer.diverged or "FAILED" * accused
        is_right = program.judged(answer.cause, answer.line)
        is_found = answer.diverged and answer.has_inputs
        offered = answer.patched is not None
        row = {
            "divergent": 1,
            "right": int(is_right),
            "found": int(is_found),
            "offered": int(offered),
            "cured": int(offered and not answer.uncured),
            "failed": int(bool(answer.problem)),
        }
        self.counted.update(row)
        self.by_cause.setdefault(program.cause or "", Counter()).update(row)
        if answer.problem:
            return "FAILED"
        wrong = [] if is_found else ["NOT FOUND"]
        if is_found and not is_right:
            wrong.append("WRONG")
        if offered and answer.uncured:
            wrong.append("NOT CURED")
        return ", ".join(wrong)

    def print(self) -> None:
        """A line for each cause, and all of them in words."""
        columns = ("divergent", "right", "found", "offered", "cured", "failed")
        print(f"\n{'cause':<18}" + "".join(f"{column:>10}" for column in columns))
        for cause, row in sorted(self.by_cause.items()):
            print(f"{cause:<18}" + "".join(f"{row[column]:>10}" for column in columns))
        of = self.counted
        print(
            f"\ncause and line right at the first answer: {_share(of['right'], of['divergent'])}\n"
            f"a diverging input found: {_share(of['found'], of['divergent'])}\n"
            f"remedies offered: {_share(of['offered'], of['divergent'])}; that cure: "
            f"{_share(of['cured'], of['offered'])}\n"
            f"clean programs accused: {_share(of['accused'], of['clean'])}\n"
            f"without an answer: {of['failed']}"
        )

    @property
    def are_right(self) -> bool:
        """Whether every answer was right, and every remedy cured."""
        of = self.counted
        return (
            of["right"] == of["divergent"] == of["found"]
            and of["cured"] == of["offered"]
            and not (of["accused"] or of["failed"])
        )


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part / whole:.1%})" if whole else "")


def expected(program: Program) -> str:
    """What a right answer says."""
    return (
        "; ".join(f"{' or '.join(marker.causes)} at {marker.line}" for marker in program.markers) or "nothing"
    )


def main(names: list[str]) -> int:
    """Ask about the programs whose names contain one of the given texts, or about all."""
    parser = argparse.ArgumentParser(prog="tests.divergence", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only programs whose names contain this")
    parser.add_argument("--limit", type=float, default=60.0, metavar="SECONDS", help="for each program")
    parser.add_argument("--wrong", action="store_true", help="print only answers that are wrong")
    parser.add_argument("--check", action="store_true", help="hold the programs themselves against torch")
    options = parser.parse_args(names)
    # TorchScript is deprecated as a whole, and processes are forked where threads wait for nothing.
    warnings.filterwarnings("ignore")
    chosen = [
        program
        for program in programs()
        if not options.names or any(name in program.name for name in options.names)
    ]
    if options.check:
        claims = {program.name: wrong_claim(program) for program in chosen}
        print("\n".join(f"{name}: {claim}" for name, claim in claims.items() if claim))
        print(f"{len(chosen)} programs, of which {sum(map(bool, claims.values()))} do not do what they say")
        return int(any(claims.values()))
    totals, start = Totals(), time.perf_counter()
    for program in chosen:
        answer = ask(program, options.limit)
        wrong = totals.add(program, answer)
        if wrong or not options.wrong:
            said = f"{answer.cause} at {answer.line}" if answer.diverged else "nothing"
            print(
                f"{program.name:<45}{said:<28}{answer.tried:>6}{answer.seconds:>7.1f} s  {wrong or 'right'}",
                flush=True,
            )
        if wrong:
            print(f"    expected {expected(program)}")
            for text in filter(None, (answer.problem, answer.explanation, answer.uncured)):
                print("    " + text.strip().replace("\n", "\n    "))
    totals.print()
    print(f"{time.perf_counter() - start:.0f} s")
    return int(not totals.are_right)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
