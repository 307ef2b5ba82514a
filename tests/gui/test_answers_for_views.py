"""A view asks by itself, and takes an answer of which the document keeps nothing."""

from PySide6.QtCore import QObject

from jitviewer.protocol import events, requests
from jitviewer.ui.services.document import DocumentState


def test_what_the_document_does_not_keep_goes_to_whoever_follows_it(qapp) -> None:
    sent, told, parent = [], [], QObject()
    document = DocumentState(1, "a.pt", sent.append, parent)
    document.answered.connect(told.append)
    document.ask(requests.AskParseable(1))
    assert sent == [requests.AskParseable(1)]
    assert not document.is_busy
    answer = events.Alive(1)
    document.apply(answer)
    assert told == [answer]
    document.apply(events.Notice(1, "info", "kept elsewhere"))
    assert told == [answer]


def test_a_view_that_asks_for_new_views_is_waited_for(qapp) -> None:
    parent = QObject()
    document = DocumentState(1, "a.pt", lambda _: None, parent)
    document.ask(requests.GoToStep(1, 0))
    assert document.is_busy
    document.apply(events.Notice(1, "error", "there is no such step"))
    assert not document.is_busy
