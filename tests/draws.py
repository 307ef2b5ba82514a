"""`python -m tests.draws` draws anew what the suite draws the same every time; finds become cases."""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

ROOT = Path(__file__).resolve().parent.parent
FIXED, ANEW = "fixed", "anew"
"""Profiles of hypothesis: the draws of the suite, and those of this command."""


def fix_draws() -> None:
    """Have hypothesis draw what depends on the test alone, unless the other profile is asked for."""
    # A shared machine may stall for seconds; a time limit per example would only measure that.
    settings.register_profile(
        FIXED, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
    )
    settings.register_profile(ANEW, settings.get_profile(FIXED), derandomize=False, database=None)
    settings.load_profile(FIXED)
    # It would draw numbers that stand in modules of ours, and so something else with every constant of the
    # program and with whatever other tests have imported. There is no setting for it.
    providers._get_local_constants = lambda: providers._local_constants


def main() -> int:
    """Run every test that draws, `--rounds` times with a seed each; 1 if a round found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.draws", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often all is drawn")
    parser.add_argument("--seed", type=int, help="the first round's seed, the next has the next number")
    parser.add_argument("tests", nargs="*", default=["tests"], help="files or tests, as pytest takes them")
    options = parser.parse_args()
    first = random.SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
    found: list[int] = []
    for seed in range(first, first + options.rounds):
        print(f"seed {seed}", flush=True)
        pytest = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", "-p", "no:cacheprovider"]
        draws = [f"--hypothesis-profile={ANEW}", f"--hypothesis-seed={seed}"]
        if subprocess.run([*pytest, *draws, *options.tests], cwd=ROOT, check=False).returncode:
            found.append(seed)
    seeds = f": seeds {', '.join(map(str, found))}" if found else ""
    print(f"{options.rounds} rounds, {len(found)} with a find{seeds}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
