"""`python -m tests.releases` compares with several releases of torch, in an environment of each."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.differential.comparison import TEXTS
from tests.differential.oracle import PASSES

ROOT = Path(__file__).resolve().parent.parent
TESTED = ("2.6.0", "2.9.1", "2.13.0", "2.14.1", "2.15.0")
SUITE = ("tests/differential", "tests/ops", "tests/exec/test_operator_sorts.py", "tests/setup/test_wheel.py")
"""The part of the suite that torch decides about."""

COLUMNS = ("torch", "Python", "graphs", "passes", "runs", "differ", "suite")


@dataclass(frozen=True)
class Release:
    """A version of torch, and the Python that it is tried with: a command or a path."""

    torch: str
    python: str

    @classmethod
    def read(cls, text: str) -> Release:
        """`2.9.1`, with this Python, or `2.9.1@python3.12`."""
        torch, _, python = text.partition("@")
        return cls(torch, python or sys.executable)

    @property
    def folder(self) -> str:
        """The environment's name."""
        return f"torch-{self.torch}"


def main() -> int:
    """Print one line a release; 1 if something differs or fails in one."""
    parser = argparse.ArgumentParser(prog="python -m tests.releases", description=__doc__)
    parser.add_argument("releases", nargs="*", metavar="VERSION[@PYTHON]", default=TESTED)
    parser.add_argument("--folder", type=Path, help="keep the environments there; else they are dropped")
    parser.add_argument("--models", type=Path, default=ROOT / "resources" / "samples", help="archives")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as dropped:
        folder = (options.folder or Path(dropped)).resolve()
        print(line(COLUMNS), flush=True)
        failed = False
        for text in options.releases:
            release = Release.read(text)
            cells, is_good = tried(release, folder, options.models.resolve())
            failed |= not is_good
            print(line(cells), flush=True)
    return int(failed)


def line(cells: tuple[str, ...]) -> str:
    """One line of the table."""
    return "".join(f"{cell:<18} " for cell in cells[:2]) + "".join(f"{cell:>14}" for cell in cells[2:])


def tried(release: Release, folder: Path, models: Path) -> tuple[tuple[str, ...], bool]:
    """The line of a release, and whether all is well; what was said is left beside its environment."""
    environment = folder / release.folder
    script = [release.python, str(ROOT / ".ci" / "environment.py"), str(environment)]
    made = subprocess.run(
        [*script, "--dev", "--torch", release.torch], check=False, capture_output=True, text=True
    )
    if made.returncode:
        reason = (made.stderr or made.stdout).strip().splitlines()[-1]
        return (release.torch, release.python, f"no environment: {reason}"), False
    python = str(environment / "bin" / "python")
    version = "import platform, torch; print(torch.__version__, platform.python_version())"
    versions = tuple(answer([python, "-c", version]).split())
    outcomes = report(python, folder / f"{release.folder}.json", models)
    suite = tests(python, folder / f"{release.folder}.log")
    different = sum(count for (_, status), count in outcomes.items() if status in ("different", "failed"))
    counts = [
        equal_of_compared(outcomes, aspects)
        for aspects in ((*TEXTS, "parsed"), (*PASSES, "pipeline"), ("run",))
    ]
    is_good = not different and "failed" not in suite and "error" not in suite
    return (*versions, *counts, str(different), suite), is_good


def report(python: str, file: Path, models: Path) -> Counter[tuple[str, str]]:
    """How often each aspect of the archives had which outcome."""
    answer([python, "-W", "ignore", "-m", "tests.differential.report", str(models), "--json", str(file)])
    found = json.loads(file.read_text(encoding="utf-8"))
    return Counter((o["aspect"], o["status"]) for comparison in found for o in comparison["outcomes"])


def equal_of_compared(outcomes: Counter[tuple[str, str]], aspects: tuple[str, ...]) -> str:
    """`equal/compared` of some aspects."""
    equal = sum(outcomes[aspect, "equal"] for aspect in aspects)
    return f"{equal}/{equal + sum(outcomes[a, s] for a in aspects for s in ('different', 'failed'))}"


def tests(python: str, log: Path) -> str:
    """What pytest says at the end of the suite's part, which goes into a file whole."""
    said = answer([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUITE])
    log.write_text(said, encoding="utf-8")
    return said.strip().splitlines()[-1].strip("= ").partition(" in ")[0]


def answer(command: list[str]) -> str:
    """What a command prints, run in the tree; it may end badly, which is seen in what it leaves."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
