"""What a confined process asks of the one that supervises it, and the answer."""

from __future__ import annotations

import msgspec


class Question(msgspec.Struct, frozen=True):
    """Base of all questions."""


class StartProcess(Question, frozen=True, tag=True):
    """Start a runner for a role; for a person's Python, of that document. Its two pipes come along.

    `libraries` are loaded by it.
    """

    role: str
    document: int
    libraries: tuple[str, ...] = ()


class EndProcess(Question, frozen=True, tag=True):
    """End a process that was started, now."""

    number: int


class AwaitProcess(Question, frozen=True, tag=True):
    """Wait for a process that is about to end."""

    number: int


class OpenFile(Question, frozen=True, tag=True):
    """Open a file that the person named. Its descriptor comes along."""

    path: str


class MakeScratch(Question, frozen=True, tag=True):
    """Make a file without a name, which is gone with the last that has it open."""


class BeginOutput(Question, frozen=True, tag=True):
    """Open a file that is written, at a path that the person named for that."""

    path: str


class EndOutput(Question, frozen=True, tag=True):
    """Put what was written in its place, or forget it."""

    path: str
    is_kept: bool


class Answer(msgspec.Struct, frozen=True):
    """`error` is the number of an `OSError`, 0 if it went well, and `sentence` its words.

    `number` is of the process, or its status; `takes_files` whether it can be handed open files.
    """

    error: int = 0
    number: int = 0
    sentence: str = ""
    takes_files: bool = False


AnyQuestion = StartProcess | EndProcess | AwaitProcess | OpenFile | MakeScratch | BeginOutput | EndOutput
