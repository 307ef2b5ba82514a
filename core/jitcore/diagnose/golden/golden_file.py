"""Reads a golden file, without executing or believing anything in it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final, Self, cast

import torch

from jitcore.archive import ArchiveError
from jitcore.archive.zip_records import ZipRecords
from jitcore.diagnose.golden.golden_writer import FOLDER, VERSION
from jitcore.diagnose.golden.run_conditions import RunConditions
from jitcore.diagnose.golden.saved_graph import decode_graph
from jitcore.diagnose.golden.value_decoding import ValueDecoder
from jitcore.diagnose.paired_runs.recorded_run import RecordedRun, RecordedStep
from jitcore.diagnose.paired_runs.run_recorder import Decided
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Callable

_DAMAGE: Final = (
    ArchiveError, JitError, KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError,
    RecursionError,
)  # fmt: skip
"""What an index leads to that no writer of ours wrote."""


class GoldenFile:
    """The run in a golden file. Values are read when they are asked for.

    Attributes: `conditions`, what the run was made with; `notes`, sentences on what is not in the file.
    """

    def __init__(self, records: ZipRecords, name: str) -> None:
        self._records = records
        self._name = name
        self._index: Any = None
        self._decoder = ValueDecoder(memoryview(b""))
        with _Reading(name):
            if records.folder != FOLDER:
                raise ArchiveError("it is another archive")
            self._index = json.loads(records.read("index.json"))
            version = self._index["version"]
        if version != VERSION:
            raise JitError(
                f"{name} is a golden file of version {str(version)[:20]}, and {VERSION} is read; write the "
                "golden file anew"
            )
        with _Reading(name):
            records.verify("data")
            self._decoder = ValueDecoder(records.view("data"))
            told = self._index["conditions"]
            self.conditions = RunConditions(
                _text(told["program"]),
                _text(told["torch"]),
                _text(told["machine"]),
                _text(told["device"]),
                tuple(_text(each) for each in told["passes"]),
                int(told["seed"]),
            )
            self.notes = [_text(note) for note in self._index["notes"]]

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Map the file. Raises `JitError`, one sentence, for one that is no golden file or damaged."""
        name = os.fspath(path)
        with _Reading(name):
            records = ZipRecords.open(path)
        return cls(records, name)

    def inputs(self) -> list[Any] | None:
        """The values that the run was given, None if they are not in the file. Raises `JitError`."""
        with _Reading(self._name):
            told = self._index["inputs"]
            return None if told is None else [self._decoder.decode(each) for each in told]

    def run(self) -> RecordedRun:
        """The run, to be compared with another. Raises `JitError`; so does what reads its values."""
        with _Reading(self._name):
            graph = decode_graph(self._index["graph"])
            nodes = graph.all_nodes()
            for position, told in self._index["constants"]:
                value = self._decoder.decode(told)
                if isinstance(value, torch.Tensor):
                    nodes[_whole(position)].attributes["value"] = value
            ids = [node.id for node in nodes]
            steps: list[RecordedStep] = []
            for position, sequence, turns, values in self._index["steps"]:
                node = ids[_whole(position)]
                steps.append(RecordedStep(node, _whole(sequence), _wholes(turns), self._values(values)))
            return RecordedRun(
                graph, steps, [self._decoder.decode(each) for each in self._index["results"]],
                self._decisions("arms", ids), self._decisions("turns", ids),
            )  # fmt: skip

    def _values(self, encoded: Any) -> Callable[[], list[Any]]:
        def values() -> list[Any]:
            with _Reading(self._name):
                return [self._decoder.decode(each) for each in encoded]

        return values

    def _decisions(self, name: str, ids: list[int]) -> dict[int, list[Decided]]:
        return {
            ids[_whole(position)]: [
                Decided(_wholes(around), _whole(what), _whole(at)) for around, what, at in told
            ]
            for position, told in self._index[name]
        }


class _Reading:
    """Says in one sentence what is wrong with the file, whatever went wrong in reading it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, _DAMAGE):
            raise JitError(
                f"{self._name} is no golden file, or a damaged one: name a file that holds golden values, or "
                "write the golden file anew"
            ) from error


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("a text is none")
    return told


def _whole(told: Any) -> int:
    if type(told) is not int or told < 0:
        raise ValueError("a number is none")
    return told


def _wholes(told: Any) -> tuple[int, ...]:
    return tuple(_whole(each) for each in cast("list[Any]", told))
