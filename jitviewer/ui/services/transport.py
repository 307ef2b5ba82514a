"""Bytes to and from the engine: a child process, or whatever a test puts in its place."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from jitviewer.child_processes import module_command, module_environment

_KEPT_ERRORS = 4000
_SHORTENED = getattr(signal, "SIGBUS", 0)
"""Files are mapped, so that large ones open at once; who reads a page that is gone is ended by the system."""

_WAS_SHORTENED = "a file that is open was cut short or written over while it was being read"
_LAST_MS = 2000
"""How long a process that is not needed any more may take to end."""


class EngineTransport(QObject):
    """A peer that takes and gives bytes.

    Signals: received(bytes), ended(str): the peer is gone, and the last it wrote about why
    """

    received = Signal(bytes)
    ended = Signal(str)

    def start(self) -> None:
        """Start the peer. What is sent before it answers is kept for it."""
        raise NotImplementedError

    def send(self, data: bytes) -> None:
        """Hand bytes to the peer; without a peer they are dropped."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the peer without `ended`."""
        raise NotImplementedError

    def renew(self) -> None:
        """Let the peer go, without `ended` and without waiting for it, and start another."""
        raise NotImplementedError


class ProcessTransport(EngineTransport):
    """A child process that speaks on its standard input and output."""

    def __init__(self, command: Sequence[str] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command) or module_command("jitviewer.engine")
        self._process: QProcess | None = None
        self._errors = b""

    def start(self) -> None:
        """Start a process; it runs on while the window is being built."""
        self._errors = b""
        process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in module_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_errors)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start(self._command[0], self._command[1:])

    def send(self, data: bytes) -> None:
        """Write to the process."""
        if self._process is not None and self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.write(data)

    def stop(self) -> None:
        """Close the pipe and wait a moment for the process to end by itself."""
        process, self._process = self._process, None
        if process is None:
            return
        self._part_from(process)
        if process.state() != QProcess.ProcessState.NotRunning and not process.waitForFinished(500):
            process.kill()
            process.waitForFinished(2000)
        process.deleteLater()

    def renew(self) -> None:
        """Start a new process; the old one ends by itself, or is ended if it takes too long."""
        process, self._process = self._process, None
        if process is not None:
            self._part_from(process)
            process.finished.connect(process.deleteLater)
            QTimer.singleShot(_LAST_MS, process, process.kill)
        self.start()

    def _part_from(self, process: QProcess) -> None:
        """Listen to a process no more, and let it see that nobody does."""
        process.readyReadStandardOutput.disconnect(self._on_output)
        process.readyReadStandardError.disconnect(self._on_errors)
        process.finished.disconnect(self._on_finished)
        process.errorOccurred.disconnect(self._on_error)
        process.closeWriteChannel()

    @property
    def process_id(self) -> int:
        """The number of the process, 0 if there is none."""
        return self._process.processId() if self._process is not None else 0

    def _on_output(self) -> None:
        if self._process is not None:
            self.received.emit(self._process.readAllStandardOutput().data())

    def _on_errors(self) -> None:
        if self._process is not None:
            self._errors = (self._errors + self._process.readAllStandardError().data())[-_KEPT_ERRORS:]

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_errors()
        lines = [line for line in self._errors.decode("utf-8", "replace").splitlines() if line.strip()]
        if lines:
            reason = lines[-1].strip()
        elif status == QProcess.ExitStatus.CrashExit and code == _SHORTENED:
            reason = _WAS_SHORTENED
        elif status == QProcess.ExitStatus.CrashExit:
            reason = f"it was ended by signal {code}"
        else:
            reason = f"it ended with status {code}"
        self._forget()
        self.ended.emit(reason)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by `finished`.
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._forget()
            self.ended.emit(reason)

    def _forget(self) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
