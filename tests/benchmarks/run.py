"""Prints the tables of BENCHMARKS.md: `python -m tests.benchmarks.run --models FOLDER`."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import (
    archive_size,
    confinement,
    interaction,
    journal,
    memory,
    passes,
    peers,
    scaling,
    startup,
    warm,
    window,
)


def main(arguments: list[str]) -> int:
    """Print the machine, then one table for each question."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.run", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="the folder of archives")
    parser.add_argument("--repeats", type=int, default=7, help="counted runs of each command")
    parser.add_argument("--only", nargs="*", default=[], help="the tables to print (all)")
    parser.add_argument(
        "--archives", nargs="*", default=warm.ARCHIVES, help="those that are opened in a warm process"
    )
    options = parser.parse_args(arguments)
    models, repeats = options.models, options.repeats

    # Processes are measured before torch is imported here: the peak of a new process counts the memory of
    # the one that started it.
    tables: dict[str, tuple[str, Callable[[], list[str]]]] = {
        "startup": (
            "From process start to the inlined graph on stdout",
            lambda: startup.table(models, repeats),
        ),
        "archive-size": ("Weights that nobody looks at", lambda: archive_size.table(repeats)),
        "confinement": (
            "What confining a runner adds to the start of a run",
            lambda: confinement.table(repeats),
        ),
        "window": ("From process start to the painted canvas", lambda: window.table(models, repeats)),
        "interaction": ("Working in the window", lambda: interaction.table(models)),
        "memory": ("What opening and closing all archives leaves behind", lambda: memory.table(models)),
        "warm": (
            "Load, lower, inline and print in a warm process",
            lambda: warm.table(models, repeats, options.archives),
        ),
        "passes": (
            "All passes on inlined graphs",
            lambda: passes.table(models, repeats),
        ),
        "peers": ("dce and cse on 20,000 operators", lambda: peers.table(repeats)),
        "scaling": ("From 1,000 to 20,000 operators", lambda: scaling.table(repeats)),
        "journal": ("The journal", lambda: journal.table(models, repeats)),
        # Imported only here, for they need torch at once.
        "script-modules": (
            "Compiling modules from Python",
            lambda: import_module("tests.benchmarks.script_modules").table(repeats),
        ),
        "scripting": (
            "Compiling torch.nn.functional, against torch.jit.script",
            lambda: import_module("tests.benchmarks.scripting").table(repeats),
        ),
        "tracing": (
            "Tracing, against torch.jit.trace",
            lambda: import_module("tests.benchmarks.tracing").table(repeats),
        ),
        "small-programs": (
            "Runs of small operators, against torch.jit's interpreter",
            lambda: import_module("tests.benchmarks.runs").table(repeats),
        ),
        "model-runs": (
            "Runs of models, against torch.jit's interpreter",
            lambda: import_module("tests.benchmarks.runs").models_table(models, repeats),
        ),
        "fused-runs": (
            "Runs in the quickest form, against optimize_for_inference and torch.compile",
            lambda: import_module("tests.benchmarks.fused_runs").table(models),
        ),
        "diagnosis": (
            "A whole diagnosis of a residual network",
            lambda: import_module("tests.benchmarks.diagnosis").table(repeats),
        ),
        "run-memory": (
            "Memory of loading and running models",
            lambda: import_module("tests.benchmarks.run_memory").table(models, min(repeats, 3)),
        ),
        "black-box-memory": (
            "What a black box keeps",
            lambda: import_module("tests.benchmarks.black_box_memory").table(),
        ),
        "profiling": (
            "What timing every node adds to a run",
            lambda: import_module("tests.benchmarks.profiling").table(models, repeats),
        ),
    }
    machine = f"{os.cpu_count()} cores, {platform.machine()} {sys.platform}"
    print(f"Python {platform.python_version()}, torch {version('torch')}, {machine}")
    for name, (title, table) in tables.items():
        if not options.only or name in options.only:
            print(f"\n## {title}\n\n" + "\n".join(table()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
