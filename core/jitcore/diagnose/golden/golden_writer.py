"""Writes a golden file while a run goes on."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Self

from jitcore.diagnose.golden.saved_graph import encode_graph
from jitcore.diagnose.golden.value_encoding import UnsavedValueError, ValueEncoder
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.diagnose.golden.run_conditions import RunConditions
    from jitcore.diagnose.paired_runs.run_recorder import RunRecorder
    from jitcore.ir import Graph

VERSION: Final = 2
"""Of the format. A file of another version is refused."""

FOLDER: Final = "golden"
"""In which the records of the zip archive lie."""

KEPT_BYTES: Final = 8 << 30
"""What tensors may take in a file, if nobody says otherwise."""

MOST_TURNS: Final = 1_000
"""Times that a node runs of which the values are saved."""

MOST_STEPS: Final = 500_000
"""Runs of nodes that are saved in all."""


class GoldenWriter:
    """Writes the values of one run of `graph` to `stream`.

    The file is a zip archive of two records, both stored plainly: `golden/data`, the elements of tensors,
    little-endian and in the order of reading, and `golden/index.json`, all else. Call `finish` at the end; a
    file of which the context ends before that is not one that can be read.
    """

    def __init__(self, stream: BinaryIO, graph: Graph, room: int = KEPT_BYTES) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)
        self._data = self._zip.open(f"{FOLDER}/data", "w", force_zip64=True)
        self._written = 0
        self._encoder = ValueEncoder(self._write, room)
        self._room = room
        self._graph = graph
        self._positions = {node.id: position for position, node in enumerate(graph.all_nodes())}
        self._times: Counter[int] = Counter()
        self._steps: list[object] = []
        self._unsaved: Counter[str] = Counter()
        self._cut = 0
        self._inputs: list[object] | None = None
        self._constants: list[object] = []
        self._results: list[object] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._data.close()
        self._zip.close()

    def _write(self, content: bytes | memoryview) -> int:
        at = self._written
        self._data.write(content)
        self._written += len(content)
        return at

    def save_inputs(self, values: list[Any]) -> None:
        """Save the inputs, for runs that are given no others; what cannot be saved, they must be given."""
        try:
            self._inputs = [self._encoder.encode(value) for value in values]
        except UnsavedValueError:
            self._inputs = None

    def save_constant(self, node: int, value: object) -> None:
        """Save a tensor that the graph holds, of which its text does not have the elements in full."""
        try:
            self._constants.append([self._positions[node], self._encoder.encode(value)])
        except UnsavedValueError as what:
            self._unsaved[str(what)] += 1

    def save_step(self, node: int, sequence: int, turns: tuple[int, ...], values: list[Any]) -> None:
        """Save what the node of that id gave when `sequence` nodes had run, in these turns of loops."""
        self._times[node] += 1
        if self._times[node] > MOST_TURNS or len(self._steps) >= MOST_STEPS:
            self._cut += 1
            return
        try:
            encoded = [self._encoder.encode(value) for value in values]
        except UnsavedValueError as what:
            if str(what):
                self._unsaved[str(what)] += 1
            return
        self._steps.append([self._positions[node], sequence, [*turns], encoded])

    def save_results(self, values: list[Any]) -> None:
        """Save what the run gave. Raises `JitError` for what no golden file holds."""
        for index, value in enumerate(values):
            try:
                self._results.append(self._encoder.encode(value))
            except UnsavedValueError as what:
                raise JitError(
                    f"result {index} cannot be saved in a golden file: it holds "
                    f"{str(what) or 'an object of the program'}"
                ) from None

    def finish(self, conditions: RunConditions, recorder: RunRecorder) -> None:
        """Write the index."""
        index = {
            "version": VERSION,
            "conditions": asdict(conditions),
            "graph": encode_graph(self._graph),
            "constants": self._constants,
            "inputs": self._inputs,
            "results": self._results,
            "steps": self._steps,
            "arms": self._decisions(recorder.arms),
            "turns": self._decisions(recorder.turns),
            "notes": self.notes(),
        }
        self._data.close()
        self._zip.writestr(f"{FOLDER}/index.json", json.dumps(index).encode("ascii"))

    @property
    def steps(self) -> int:
        """How many runs of nodes were saved."""
        return len(self._steps)

    @property
    def data_bytes(self) -> int:
        """What their tensors take."""
        return self._written

    def notes(self) -> list[str]:
        """Sentences on what is not in the file."""
        notes = [f"{count:,} values are not in the file: {what}" for what, count in self._unsaved.items()]
        if self._encoder.reduced:
            notes.append(
                f"{self._encoder.reduced:,} tensors had no room in the {self._room:,} bytes that may be saved"
                ": of these a digest is in the file, and some elements"
            )
        if self._cut:
            notes.append(
                f"{self._cut:,} values of loops are not in the file: of each node the first {MOST_TURNS:,} "
                f"runs are saved, and {MOST_STEPS:,} in all"
            )
        return notes

    def _decisions(self, told: dict[int, list[Any]]) -> list[object]:
        return [
            [self._positions[node], [[[*each.around], each.what, each.sequence] for each in decided]]
            for node, decided in told.items()
        ]
