"""The engine as one object: requests go in, events come out, and a dead engine is started again."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from jitviewer.protocol.events import AnyEvent, EngineReady, Event
from jitviewer.protocol.framing import FrameDecoder, FrameError, UnsentMessageError, encode
from jitviewer.protocol.refusals import instead_of_answer
from jitviewer.protocol.requests import Request
from jitviewer.ui.services.transport import EngineTransport, ProcessTransport

MAX_DEATHS = 3
DEATHS_WITHIN_S = 20.0
"""An engine that dies more often than this is not started again by itself."""

TURN_S = 0.008
"""Seconds that events are taken in for before the window draws and listens again: half a frame."""


class EngineClient(QObject):
    """Talks to the engine.

    Attributes: `is_ready` once the engine has answered; `is_given_up` after it died too often; `heard`, how
    often something came from it.
    Signals: sent(): a request went out, ready(EngineReady), event_received(Event of a document), lost(str):
    it died and is being started again, given_up(str): it keeps dying; the text is what it said last
    """

    sent = Signal()
    ready = Signal(object)
    event_received = Signal(object)
    lost = Signal(str)
    given_up = Signal(str)

    def __init__(self, transport: EngineTransport | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transport = transport if transport is not None else ProcessTransport()
        self._transport.setParent(self)
        self._transport.received.connect(self._on_received)
        self._transport.ended.connect(self._on_ended)
        self._decoder = self._new_decoder()
        self._waiting = QTimer(self, singleShot=True, interval=0)
        self._waiting.timeout.connect(self._take_events)
        self._deaths: list[float] = []
        self.is_ready = False
        self.is_given_up = False
        self.heard = 0

    def start(self) -> None:
        """Start the engine; requests may be sent at once."""
        self.is_given_up = False
        self._waiting.stop()
        self._decoder = self._new_decoder()
        self._transport.start()

    def restart(self) -> None:
        """Start the engine again after it was given up."""
        self._deaths.clear()
        self.start()

    def renew(self) -> None:
        """Go on with a fresh engine, which holds nothing of what the old one had open."""
        if self.is_ready:
            self.is_ready = False
            self._decoder = self._new_decoder()
            self._transport.renew()

    def send(self, request: Request) -> None:
        """Send a request; the answer comes as events."""
        try:
            frame = encode(request)
        except UnsentMessageError as error:
            self.event_received.emit(instead_of_answer(request, str(error)))
            return
        self._transport.send(frame)
        self.sent.emit()

    def replace(self, reason: str) -> None:
        """Give up an engine that does not answer, and go on with another; `lost` says why."""
        self._deaths.clear()
        self.is_ready = self.is_given_up = False
        self._waiting.stop()
        self._decoder = self._new_decoder()
        # Its process is ended if it does not see by itself that nobody listens.
        self._transport.renew()
        self.lost.emit(reason)

    def stop(self) -> None:
        """End the engine."""
        self.is_ready = False
        self._waiting.stop()
        self._transport.stop()

    @staticmethod
    def _new_decoder() -> FrameDecoder[Event]:
        return FrameDecoder(AnyEvent)

    def _on_received(self, data: bytes) -> None:
        self.heard += 1
        self._decoder.put(data)
        if not self._waiting.isActive():
            self._take_events()

    def _take_events(self) -> None:
        """Take in events for a moment; what is left waits until the window has drawn and listened."""
        end = time.perf_counter() + TURN_S
        try:
            while (event := self._decoder.take()) is not None:
                self._on_event(event)
                if time.perf_counter() > end:
                    self._waiting.start()
                    return
        except FrameError as error:
            self._transport.stop()
            self._on_ended(str(error))

    def _on_event(self, event: Event) -> None:
        if isinstance(event, EngineReady):
            self.is_ready = True
            self.ready.emit(event)
        else:
            self.event_received.emit(event)

    def _on_ended(self, reason: str) -> None:
        self.is_ready = False
        now = time.monotonic()
        self._deaths = [at for at in self._deaths if now - at < DEATHS_WITHIN_S]
        self._deaths.append(now)
        if len(self._deaths) >= MAX_DEATHS:
            self.is_given_up = True
            self.given_up.emit(reason)
            return
        # Started before anyone is told, so that what they send is kept for it.
        self.start()
        self.lost.emit(reason)
