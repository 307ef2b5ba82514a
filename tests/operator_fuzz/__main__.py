"""`python -m tests.operator_fuzz [NAME ...]` calls operators with arguments that do not fit.

It says which of them end the process. With a C compiler (on Linux) memory has guards, so that reading and
writing beyond a tensor ends it too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.differential.fresh_memory import compiler

GUARDED = "JITVIEWER_TESTS_GUARDED"


def main() -> int:
    """Print every call that ended its process; 1 if there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.operator_fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="operators without their namespace")
    parser.add_argument("--count", type=int, default=100, help="calls of each overload")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", default="0/1", metavar="I/N", help="one of N parts of all, from 0")
    options = parser.parse_args()
    found = compiler()
    if found is not None and GUARDED not in os.environ:
        return _again_with_guards(found)
    return _run(options)


def _again_with_guards(found: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "guarded_memory.so"
        source = Path(__file__).with_name("guarded_memory.c")
        options = ["-shared", "-fPIC", "-O1", "-fno-builtin-malloc", "-o", str(library), str(source)]
        subprocess.run([found, *options], check=True)
        environment = os.environ | {"LD_PRELOAD": str(library), GUARDED: "1"}
        words = [sys.executable, "-m", "tests.operator_fuzz", *sys.argv[1:]]
        return subprocess.run(words, env=environment, check=False).returncode


def _run(options: argparse.Namespace) -> int:
    # Processes that were preloaded import torch, the one that starts them does not need it.
    import torch

    from tests.operator_fuzz.campaign import Campaign, operators
    from tests.operator_fuzz.recorded_calls import recorded_calls

    # A child of a process with other threads would wait for them.
    torch.set_num_threads(1)
    right = recorded_calls()
    torch.autograd.set_grad_enabled(False)
    campaign = Campaign(right, options.count, options.seed, GUARDED in os.environ)
    part, parts = map(int, options.part.split("/"))
    died = given = refused = count = 0
    for operator in list(operators(options.names))[part::parts]:
        report = campaign.run(operator)
        count, given, refused = count + 1, given + report.given, refused + report.refused
        died += bool(report.deaths)
        for index, (name, call) in report.deaths.items():
            print(f"{report.key} call {index}: {name} with {call}"[:1_000], flush=True)
    print(f"{count} overloads, {given} calls given, {refused} refused, {died} overloads end the process")
    return 1 if died else 0


if __name__ == "__main__":
    sys.exit(main())
