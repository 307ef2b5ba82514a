"""Starts commands in fresh processes, in turn, and measures time and peak memory of each."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Measured:
    """Median wall-clock seconds, the fastest and slowest of them, and median peak resident MB."""

    seconds: float
    fastest: float
    slowest: float
    megabytes: float


def in_turn(commands: dict[str, list[str]], repeats: int) -> dict[str, Measured]:
    """Run each command `repeats` times, alternating so that a busy moment hits all of them alike.

    The first round, which fills the disk cache, is not counted. Raises CalledProcessError when one fails.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(repeats + 1):
        for name, command in commands.items():
            result = once(command)
            if turn:
                taken[name].append(result)
    return {name: summary(results) for name, results in taken.items()}


def summary(results: list[tuple[float, float]]) -> Measured:
    """The medians and the spread of (seconds, MB) pairs."""
    seconds = [result[0] for result in results]
    return Measured(
        statistics.median(seconds),
        min(seconds),
        max(seconds),
        statistics.median(result[1] for result in results),
    )


def once(command: list[str]) -> tuple[float, float]:
    """Seconds from start to exit and peak resident MB of one process whose output is read."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    while process.stdout.read(1 << 20):
        pass
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss * unit / 2**20
