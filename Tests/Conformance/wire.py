"""RESP as bytes: encodes requests, cuts a reply stream into frames, keeps the raw bytes of each.

The comparison works on raw bytes; the parsed tree beside them exists for the few replies that
have to be normalised first, and to know where a reply ends.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from typing import List, Sequence, Tuple, Union

REPLY_TIMEOUT = 5.0
"""Seconds to wait for a reply: far more than any command here takes, even on a loaded machine."""

RECEIVE_SIZE = 1 << 18
"""Bytes asked of the kernel at once: the 4 MB replies that occur then take few calls."""

LINE_KINDS = b"+-:,#(_"
BULK_KINDS = b"$!="
LIST_KINDS = b"*~>"
PAIR_KINDS = b"%|"

MESSAGE_WORDS = (b"message", b"pmessage", b"smessage")


class Incomplete(Exception):
    """The buffer ends before the frame does."""


class ProtocolViolation(Exception):
    """The server sent something that is not RESP."""


class ConnectionClosed(Exception):
    """The server closed the connection (or reset it)."""


class ReplyTimeout(Exception):
    """Nothing, or only part of a frame, arrived in time."""


@dataclass(frozen=True)
class Node:
    """One parsed value: its type byte as text, and bytes, child nodes or None (null)."""

    kind: str
    value: Union[bytes, Tuple["Node", ...], None]

    @property
    def items(self) -> Tuple["Node", ...]:
        """The children of an aggregate; nothing for any other value."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def text(self) -> bytes:
        """The bytes of a scalar; empty for aggregates and nulls."""
        return self.value if isinstance(self.value, bytes) else b""

    @property
    def is_error(self) -> bool:
        """Whether this is an error reply, simple or bulk."""
        return self.kind in "-!"

    def pairs(self) -> List[Tuple["Node", "Node"]]:
        """A map, or an array that stands for one in RESP2, as key-value pairs."""
        return list(zip(self.items[0::2], self.items[1::2]))

    def plain(self):
        """The value as nested Python tuples and bytes, without the type bytes."""
        return tuple(item.plain() for item in self.items) if self.items else self.value


@dataclass(frozen=True)
class Frame:
    """One complete top-level reply: its raw bytes and what they mean."""

    raw: bytes
    node: Node

    @property
    def is_message(self) -> bool:
        """Whether this is a published message rather than the reply to a command."""
        items = self.node.items
        return self.node.kind in "*>" and len(items) in (3, 4) and items[0].text in MESSAGE_WORDS


def encode(args: Sequence[bytes]) -> bytes:
    """A request as an array of bulk strings."""
    parts = [b"*%d\r\n" % len(args)]
    parts += [b"$%d\r\n%s\r\n" % (len(arg), arg) for arg in args]
    return b"".join(parts)


def raw(node: Node) -> bytes:
    """The bytes that the node was read from."""
    kind = node.kind.encode()
    if node.value is None:
        return b"_\r\n" if kind == b"_" else kind + b"-1\r\n"
    if isinstance(node.value, tuple):
        count = len(node.value) // 2 if kind in PAIR_KINDS else len(node.value)
        return kind + b"%d\r\n" % count + b"".join(map(raw, node.value))
    return kind + (b"%d\r\n" % len(node.value) if kind in BULK_KINDS else b"") + node.value + b"\r\n"


def parse(buffer: bytearray, start: int = 0) -> Tuple[Node, int]:
    """The value at `start` and the position behind it; raises `Incomplete` or `ProtocolViolation`."""
    end = buffer.find(b"\r\n", start)
    if end < 0:
        raise Incomplete
    kind, line = buffer[start:start + 1], bytes(buffer[start + 1:end])
    position = end + 2
    if kind in BULK_KINDS and kind:
        return _parse_bulk(buffer, chr(kind[0]), _length(line), position)
    if kind in LIST_KINDS and kind:
        return _parse_items(buffer, chr(kind[0]), _length(line), position)
    if kind in PAIR_KINDS and kind:
        return _parse_items(buffer, chr(kind[0]), 2 * _length(line), position)
    if kind in LINE_KINDS and kind:
        return Node(chr(kind[0]), None if kind == b"_" else line), position
    raise ProtocolViolation("no reply starts with %r" % bytes(buffer[start:start + 40]))


def _length(line: bytes) -> int:
    """The count of a bulk string or aggregate; -1 is a null."""
    try:
        count = int(line)
    except ValueError:
        raise ProtocolViolation("a length of %r" % line[:40]) from None
    if count < -1:
        raise ProtocolViolation("a length of %d" % count)
    return count


def _parse_bulk(buffer: bytearray, kind: str, length: int, start: int) -> Tuple[Node, int]:
    """The body of a bulk string whose header has been read."""
    if length < 0:
        return Node(kind, None), start
    end = start + length
    if len(buffer) < end + 2:
        raise Incomplete
    if buffer[end:end + 2] != b"\r\n":
        raise ProtocolViolation("a bulk string without its line end")
    return Node(kind, bytes(buffer[start:end])), end + 2


def _parse_items(buffer: bytearray, kind: str, count: int, start: int) -> Tuple[Node, int]:
    """The children of an aggregate whose header has been read.

    An attribute (`|`) precedes a value: both together count as one node.
    """
    if count < 0:
        return Node(kind, None), start
    items = []
    position = start
    for _ in range(count + (1 if kind == "|" else 0)):
        item, position = parse(buffer, position)
        items.append(item)
    return Node(kind, tuple(items)), position


class Connection:
    """A blocking client connection that never hides what came over the wire."""

    def __init__(self, port: int, timeout: float = REPLY_TIMEOUT) -> None:
        self.timeout = timeout
        self._buffer = bytearray()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes, cuts: Sequence[int] = ()) -> None:
        """Sends `data`, in separate writes at the positions `cuts` where given."""
        self._socket.settimeout(self.timeout)
        start = 0
        try:
            for cut in list(cuts) + [len(data)]:
                self._socket.sendall(data[start:cut])
                start = cut
        except socket.timeout:
            raise ReplyTimeout("the server stopped reading") from None
        except OSError:
            pass  # Closed by the server: the next read tells, after what it still had to say.

    def read_frame(self) -> Frame:
        """The next complete reply."""
        deadline = time.monotonic() + self.timeout
        while True:
            try:
                node, end = parse(self._buffer)
            except Incomplete:
                self._receive(deadline)
                continue
            raw = bytes(self._buffer[:end])
            del self._buffer[:end]
            return Frame(raw, node)

    def _receive(self, deadline: float) -> None:
        """Waits for more bytes until `deadline`."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise ReplyTimeout("no complete reply in %g s; so far %r"
                               % (self.timeout, bytes(self._buffer[:200])))
        self._socket.settimeout(remaining)
        try:
            data = self._socket.recv(RECEIVE_SIZE)
        except socket.timeout:
            return
        except OSError:
            data = b""
        if not data:
            raise ConnectionClosed("closed by the server")
        self._buffer += data

    def read_until_quiet(self, patience: float) -> Tuple[bytes, bool]:
        """Everything that arrives until `patience` seconds of silence or the end, and whether it ended."""
        self._socket.settimeout(patience)
        closed = False
        while not closed:
            try:
                data = self._socket.recv(RECEIVE_SIZE)
            except socket.timeout:
                break
            except OSError:
                data = b""
            closed = not data
            self._buffer += data
        received = bytes(self._buffer)
        self._buffer.clear()
        return received, closed

    def call(self, *args: Union[bytes, str, int]) -> Node:
        """Sends one command and returns its reply, passing over published messages."""
        self.send(encode([to_bytes(arg) for arg in args]))
        while True:
            frame = self.read_frame()
            if not frame.is_message:
                return frame.node

    def close(self) -> None:
        """Closes the socket; the server notices in its own time."""
        self._socket.close()

    def quit(self) -> None:
        """Asks the server to close, and waits for it.

        Then subscriptions and the like are gone for certain when the next commands arrive.
        """
        try:
            self.send(encode([b"QUIT"]))
            self._socket.settimeout(1.0)
            while self._socket.recv(RECEIVE_SIZE):
                pass
        except (OSError, ReplyTimeout):
            pass
        self.close()


def to_bytes(value: Union[bytes, str, int]) -> bytes:
    """An argument in the form the wire needs."""
    return value if isinstance(value, bytes) else str(value).encode()
