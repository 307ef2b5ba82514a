"""Sends open files along with bytes, over the sockets that lead to processes of ours."""

from __future__ import annotations

import os
import socket
from collections import deque

MOST_AT_ONCE = 250
"""Descriptors in one message; Linux takes 253."""

_PIECE = 1 << 16


def send_all(target: socket.socket, data: bytes, descriptors: list[int]) -> None:
    """Send bytes, and with the first of them the descriptors. Raises `OSError`."""
    rest = memoryview(data)
    if descriptors:
        rest = rest[socket.send_fds(target, [rest], descriptors) :]
    target.sendall(rest)


class DescriptorStream:
    """The reading end of such a socket, as a stream of bytes.

    `received` are the descriptors that came and that nobody took yet, in their order.
    """

    def __init__(self, source: socket.socket) -> None:
        self._source = source
        self._bytes = b""
        self.received: deque[int] = deque()

    def read(self, count: int) -> bytes:
        """At most `count` bytes; none at the end."""
        if not self._bytes:
            try:
                data, descriptors, _, _ = socket.recv_fds(self._source, _PIECE, MOST_AT_ONCE)
            except ConnectionError:
                # The other end died with something of ours unread.
                return b""
            self._bytes = data
            self.received.extend(descriptors)
        part, self._bytes = self._bytes[:count], self._bytes[count:]
        return part

    def take(self) -> int:
        """The next descriptor; whoever takes it closes it. Raises `IndexError` if there is none."""
        return self.received.popleft()

    def close(self) -> None:
        """Close the socket, and what nobody took."""
        self._source.close()
        while self.received:
            os.close(self.received.popleft())
