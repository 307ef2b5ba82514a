"""Prints the tables of BENCHMARKS.md: `python -m tests.benchmarks.run --models FOLDER`."""

import argparse
import platform
import sys
from pathlib import Path

import torch

from tests.benchmarks import profiling, startup, window


def main(arguments: list[str]) -> int:
    """Print the machine, then one table for each question."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.run", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="the folder of archives")
    parser.add_argument("--repeats", type=int, default=7, help="counted runs of each command")
    options = parser.parse_args(arguments)

    machine = f"{platform.machine()} {sys.platform}"
    print(f"Python {platform.python_version()}, torch {torch.__version__}, {machine}\n")
    print("## From process start to the inlined graph on stdout\n")
    print("\n".join(startup.table(options.models, options.repeats)))
    print("\n## From process start to the window\n")
    print("\n".join(window.table(options.models, options.repeats)))
    print("\n## What profiling adds to a run\n")
    print("\n".join(profiling.table(options.models, options.repeats)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
