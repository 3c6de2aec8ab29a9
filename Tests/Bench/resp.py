"""A small blocking client for the Redis protocol (RESP2), and bulk loading."""

from __future__ import annotations

import socket
import time
from typing import Iterable, List, Tuple, Union

LOOPBACK = "127.0.0.1"
# No single reply of a working server takes this long (FLUSHALL of 4M keys
# takes 1-2 s); a server that needs more is taken for hung.
REPLY_TIMEOUT = 30.0
# A whole bulk load, bounded so that a crawling server cannot hold up a run.
LOAD_TIMEOUT = 120.0
RECEIVE_BYTES = 1 << 16
OK_REPLY = b"+OK\r\n"
PING = b"*1\r\n$4\r\nPING\r\n"
PONG = b"+PONG\r\n"

# A chunk is the bytes of several commands, and how many commands they are.
Chunk = Tuple[bytes, int]
Argument = Union[str, bytes, int]


class BenchError(Exception):
    """A measure could not be taken, with a reason an operator can read."""


class ErrorReply(BenchError):
    """The server answered a command with an error."""


def encode(*arguments: Argument) -> bytes:
    """One command as a RESP array of bulk strings."""
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        data = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


class Connection:
    """One client connection over loopback."""

    def __init__(self, port: int, timeout: float = REPLY_TIMEOUT):
        self.socket = socket.create_connection((LOOPBACK, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def call(self, *arguments: Argument):
        """Sends one command and returns its reply; an error reply raises."""
        self.send(encode(*arguments))
        return self.read_reply()

    def receive(self) -> None:
        """Waits for more bytes and adds them to the buffer."""
        data = self.socket.recv(RECEIVE_BYTES)
        if not data:
            raise BenchError("the server closed the connection")
        self._buffer += data

    def buffered(self) -> bool:
        """True if bytes were received that no reply has used yet."""
        return bool(self._buffer)

    def _line(self) -> bytes:
        while True:
            line, separator, rest = self._buffer.partition(b"\r\n")
            if separator:
                self._buffer = rest
                return line
            self.receive()

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self.receive()
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def read_reply(self):
        """The next reply: str, int, bytes, None or a list of these."""
        line = self._line()
        kind, rest = line[:1], line[1:]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise ErrorReply(rest.decode(errors="replace"))
        if kind == b":":
            return int(rest)
        if kind == b"$":
            length = int(rest)
            return None if length < 0 else self._exactly(length + 2)[:-2]
        if kind == b"*":
            length = int(rest)
            return None if length < 0 else [self.read_reply() for _ in range(length)]
        raise BenchError("not a RESP2 reply: %r" % line[:40])

    def ping(self) -> None:
        """One PING; anything but PONG raises."""
        self.send(PING)
        reply = self._exactly(len(PONG))
        if reply != PONG:
            raise BenchError("PING was answered with %r" % reply)

    def load(self, chunks: Iterable[Chunk]) -> None:
        """Sends every chunk and waits for its +OK replies before the next."""
        deadline = time.monotonic() + LOAD_TIMEOUT
        for payload, count in chunks:
            self.send(payload)
            replies = self._exactly(count * len(OK_REPLY))
            if replies != OK_REPLY * count:
                raise BenchError("a SET was answered with %r" % first_other(replies))
            if time.monotonic() > deadline:
                raise BenchError("loading took more than %d s" % LOAD_TIMEOUT)


def first_other(replies: bytes) -> bytes:
    """The first reply that is not +OK."""
    lines = replies.split(b"\r\n")
    return next((line for line in lines if line != b"+OK"), b"")


def set_command_template(key_format: bytes, value_format: bytes, tail: bytes = b"") -> bytes:
    """The bytes of a SET with two %-directives, for the key and the value.

    Both formats must have a fixed width, e.g. `key:%014d`; `tail` holds further
    encoded arguments (which may contain directives of their own).
    """
    arguments = 3 + tail.count(b"$")
    key_length = len(key_format % 0)
    value_length = len(value_format % 0)
    return b"*%d\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n%s" % (
        arguments, key_length, key_format, value_length, value_format, tail)


def set_chunks(count: int, depth: int, key_format: bytes = b"key:%014d") -> List[Chunk]:
    """`count` SETs of 16-byte values in chunks of `depth` commands.

    The values are not numbers, so that no server may store them as integers.
    """
    template = set_command_template(key_format, b"v%015d")
    chunks = []
    for start in range(0, count, depth):
        numbers = range(start, min(start + depth, count))
        values = tuple(number for number in numbers for _ in (0, 1))
        chunks.append(((template * len(numbers)) % values, len(numbers)))
    return chunks


def set_px_chunks(count: int, depth: int, ttl_ms: Iterable[int]) -> List[Chunk]:
    """Like set_chunks, each SET with PX and the next of the 7-digit `ttl_ms`."""
    template = set_command_template(b"key:%014d", b"v%015d", b"$2\r\nPX\r\n$7\r\n%07d\r\n")
    ttls = iter(ttl_ms)
    chunks = []
    for start in range(0, count, depth):
        numbers = range(start, min(start + depth, count))
        values = tuple(part for number in numbers for part in (number, number, next(ttls)))
        chunks.append(((template * len(numbers)) % values, len(numbers)))
    return chunks
