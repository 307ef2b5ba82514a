"""A run of many hostile files over worker processes, and what became of them."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "resources" / "samples"
PATIENCE = 90
"""Wall-clock seconds without a verdict after which a worker counts as hung."""


@dataclass(frozen=True)
class Verdict:
    """What became of a case: `opened`, `told` (one sentence) or `wrong`, and in what CPU time."""

    index: int
    row: str
    kind: str
    text: str
    seconds: float


@dataclass
class Report:
    """All verdicts of a run."""

    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def wrong(self) -> list[Verdict]:
        return [v for v in self.verdicts if v.kind == "wrong"]

    def count(self, kind: str) -> Counter[str]:
        """Cases of a kind by row."""
        return Counter(v.row for v in self.verdicts if v.kind == kind)


def run_cases(indices: Iterable[int], seed: int, workers: int = 2) -> Report:
    """Open the cases of these numbers, each worker its share."""
    numbers = list(indices)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        shares = [numbers[start::workers] for start in range(workers)]
        done = pool.map(lambda share: list(_run_share(share, seed, folder)), shares)
        return Report([verdict for share in done for verdict in share])


def _run_share(share: list[int], seed: int, folder: str) -> Iterator[Verdict]:
    waiting = list(reversed(share))
    while waiting:
        yield from _run_until_death(waiting, seed, folder)


def _run_until_death(waiting: list[int], seed: int, folder: str) -> Iterator[Verdict]:
    """Open cases from the end of `waiting` until none is left or the worker is gone."""
    words = [sys.executable, "-m", "tests.fuzz.worker", folder, str(SAMPLES), str(seed)]
    with (
        (Path(folder) / f"errors-{waiting[-1]}").open("w+b") as errors,
        subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'core'}{os.pathsep}{ROOT}"},
        ) as worker,
    ):
        assert worker.stdin is not None
        assert worker.stdout is not None
        while waiting:
            index = waiting.pop()
            with suppress(BrokenPipeError):  # a worker that is gone gives no line either
                worker.stdin.write(b"%d\n" % index)
                worker.stdin.flush()
            if not select.select([worker.stdout], [], [], PATIENCE)[0]:
                worker.kill()
                yield Verdict(index, "", "wrong", f"hangs for {PATIENCE} seconds", PATIENCE)
                return
            line = worker.stdout.readline()
            if not line:
                status = worker.wait()
                errors.seek(0)
                last = errors.read().decode("utf-8", "replace").strip().splitlines()[-1:]
                yield Verdict(index, "", "wrong", f"the process died with status {status}: {last}", 0.0)
                return
            yield Verdict(*json.loads(line))
        worker.stdin.close()
