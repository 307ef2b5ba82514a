"""Which method of a document answers a request: declared where the method stands, by `answers`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from jitviewer.engine.shown_document import ShownDocument
    from jitviewer.protocol import events, requests

Answer = Callable[..., "Iterator[events.Event]"]
Method = TypeVar("Method", bound=Answer)

_ANSWERS: dict[type[requests.Request], str] = {}
"""Names, since a document of another kind may have a method of its own for it."""


def answers(kind: type[requests.Request]) -> Callable[[Method], Method]:
    """Declare that a method answers requests of this kind; it takes their fields but the document's."""

    def declare(method: Method) -> Method:
        _ANSWERS[kind] = method.__name__
        return method

    return declare


def answer(shown: ShownDocument, request: requests.Request) -> Iterator[events.Event]:
    """The events that answer a request about an open document (runs are the engine's own business)."""
    name = _ANSWERS.get(type(request))
    if name is None:
        raise TypeError(f"{type(request).__name__} is not about a document")
    _, *fields = msgspec.structs.astuple(request)
    method: Answer = getattr(shown, name)
    return method(*fields)
