"""Runs random calls of an operator in a child that may die, and says of which calls it did."""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import torch

from jitcore.exec.bounds import checked, checker
from jitcore.exec.errors import MissingOperatorError
from jitcore.exec.operator_sorts import why_not_run
from jitcore.exec.operators import UNKNOWN, bind, find, schema_key
from jitcore.exec.plan_places import FAILURES
from jitcore.ops import parse_schema
from jitcore.types import FunctionSchema
from tests.operator_fuzz.random_calls import random_call

SECONDS, MEMORY, DEATHS = 4, 300 << 30, 5
"""Of a child, of addresses of one, and after how many an operator is given up."""


@dataclass
class Report:
    """What became of the calls of one overload; `deaths` are numbers of calls, with signal and arguments."""

    key: str
    given: int = 0
    refused: int = 0
    hung: int = 0
    deaths: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Operator:
    """An overload that a run may execute: torch's schema of it, and ours."""

    key: str
    declared: Any
    schema: FunctionSchema


def operators(names: list[str]) -> Iterator[Operator]:
    """The overloads that runs allow and torch computes, of all operators or of those with these names."""
    for declared in sorted(torch._C._jit_get_all_schemas(), key=str):
        if names and declared.name.partition("::")[2] not in names:
            continue
        schema = parse_schema(str(declared))
        if why_not_run(schema.name, schema, allows_files=False) or schema.is_vararg or schema.is_varret:
            continue
        try:
            if find(schema_key(schema)).is_torch:
                yield Operator(schema_key(schema), declared, schema)
        except MissingOperatorError:
            continue


class Campaign:
    """Makes `count` calls of each operator from `right` ones."""

    def __init__(self, right: dict[str, list[list[Any]]], count: int, seed: int, guards: bool) -> None:
        self._right = right
        self._count = count
        self._seed = seed
        self._guard: Any = ctypes.CDLL(None).guard if guards else lambda _: None
        self._shared = mmap.mmap(-1, 24)

    def run(self, operator: Operator) -> Report:
        """All calls, each after one that ended its child in a new child."""
        report, first = Report(operator.key), 0
        while first < self._count and len(report.deaths) < DEATHS and report.hung < DEATHS:
            self._shared[:] = struct.pack("3q", first, 0, 0)
            child = os.fork()
            if not child:
                self._calls(operator, first)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            index, refused, given = struct.unpack("3q", self._shared[:])
            report.refused, report.given, first = report.refused + refused, report.given + given, index + 1
            if status == -signal.SIGALRM:
                report.hung += 1
            elif status:
                name = signal.Signals(-status).name if status < 0 else f"exit status {status}"
                report.deaths[index] = (name, " ".join(map(_shown, self._call(operator, index))))
        return report

    def _call(self, operator: Operator, index: int) -> list[Any]:
        r = Random(f"{operator.key} {self._seed} {index}")
        return random_call(r, operator.declared.arguments, self._right.get(operator.key, []))

    def _calls(self, operator: Operator, first: int) -> None:
        """Of the child: never comes back."""
        status = 1
        try:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            unknown = [UNKNOWN] * len(operator.schema.arguments)
            bound = bind(operator.schema, unknown)
            refused = given = 0
            for index in range(first, self._count):
                self._shared[:] = struct.pack("3q", index, refused, given)
                signal.alarm(SECONDS)
                self._guard(1)
                try:
                    values = self._call(operator, index)
                    check = checker(operator.schema, unknown)
                    try:
                        checked(check or _nothing, bound)(*values)
                        given += 1
                    except FAILURES:
                        refused += 1
                    values.clear()
                except LookupError:
                    pass
                finally:
                    self._guard(0)
            self._shared[:] = struct.pack("3q", self._count, refused, given)
            status = 0
        finally:
            os._exit(status)


def _nothing(_: Any) -> None:
    """The check of an operator that has none."""


def _shown(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        if value.layout != torch.strided or value.is_quantized:
            return f"({value.layout} tensor)"
        return f"{str(value.dtype)[6:]}{list(value.shape)}={value.flatten().tolist()[:8]}"
    return f"[{', '.join(map(_shown, value))}]" if isinstance(value, list) else repr(value)
