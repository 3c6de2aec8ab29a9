"""Requests that break the protocol, each sent as raw bytes on a connection of its own."""

from __future__ import annotations

from random import Random
from typing import List, Tuple

import arguments as arg
import special_exchanges as special
import wire
from exchange import Exchange
from table import Row

INLINE_LIMIT = 64 * 1024
"""Longest line a server accepts, and longest count line of a request."""

INTEGER_EDGES = (b"2147483647", b"2147483648", b"4294967296", b"9223372036854775807", b"9223372036854775808",
                 b"-2", b"-2147483648", b"-9223372036854775809", b"9" * 100)

NO_NUMBERS = (b"", b" ", b"x", b"1x", b" 1", b"1 ", b"+1", b"01", b"1.0", b"0x1", b"\x00", b"1\x00", b"-", b"--1",
              b"-0")

PING = b"*1\r\n$4\r\nPING\r\n"

COUNTS = [(b"*" + number + b"\r\n" + PING,) for number in
          INTEGER_EDGES + NO_NUMBERS + (b"0", b"-1", b"1048577", b"1024")]

LENGTHS = [(b"*1\r\n$" + number + b"\r\nPING\r\n",) for number in
           INTEGER_EDGES + NO_NUMBERS + (b"0", b"-1", b"3", b"5", b"536870912", b"536870913")]

LATER_LENGTHS = [(b"*2\r\n$4\r\nECHO\r\n$" + number + b"\r\nhi\r\n",) for number in (b"-1", b"x", b"", b"1", b"0")]

MISSING_MARKS = [
    (b"*1\r\nPING\r\n",), (b"*1\r\n+PING\r\n",), (b"*1\r\n:4\r\nPING\r\n",), (b"*2\r\n$4\r\nECHO\r\nhi\r\n",),
    (b"*1\r\n\r\n",), (b"*1\r\n*1\r\n$4\r\nPING\r\n",), (b"*1\r\n\x00",), (b"*1\r\n\xff\r\n",), (b"*1\r\n%s\r\n",),
    (b"$4\r\nPING\r\n",), (b"+PING\r\n",), (b"-ERR\r\n",), (b":1\r\n",), (b"_\r\n",), (b"~1\r\n$4\r\nPING\r\n",),
]

LINE_ENDS = [
    (b"*1\n$4\nPING\n",), (b"*1\r$4\rPING\r",), (b"*1\r\n$4\r\nPINGxx" + PING,), (b"*1\r\n$4\r\nPING\n\r" + PING,),
    (b"*1\rx$4\r\nPING\r\n",), (b"*1\r\n$4\rxPING\r\n",), (b"*1\r\n$4\r\nPI\r\nNG\r\n",), (b"\r\n" * 5 + PING,),
    (b"\n\n" + PING,), (b"\r" + PING,), (b" " + PING,), (b"PING\nPING\r\nPING\n",),
]

INLINE = [
    (b"PING\r\n",), (b"ping\n",), (b"  PING  \r\n",), (b"\tPING\t\r\n",), (b"PING \"a b\"\r\n",), (b"PING 'a b'\r\n",),
    (b"PING \"\"\r\n",), (b"PING ''\r\n",), (b"\"PING\"\r\n",), (b"P\"IN\"G\r\n",), (b"PING a\"b\"\r\n",),
    (b"PING \"a\r\n",), (b"PING 'a\r\n" + PING,), (b"PING \"a\"b\r\n",), (b"PING 'a'b\r\n",), (b"PING \"\r\n",),
    (b"PING \"\\x41\\x0g\\x\\n\\r\\t\\b\\a\\q\\\\\"\r\n",), (b"PING '\\x41\\n\\'\\\\'\r\n",), (b"PING \\x41\\n\r\n",),
    (b"PING \"a\\\"\r\n",), (b"PING 'a\\'\r\n",), (b"PING \"a\"\"b\"\r\n",), (b"PING a\x00b\r\n",), (b"PING \x00\r\n",),
    (b"\x00PING\r\n",), (b"PING \"a\x00b\"\r\n",), (b"PING \x0ba\r\n",), (b"PING \x0c\r\n",), (b"PING a b c\r\n",),
    (b"GET / HTTP/1.0\r\n\r\n",), (b"\"\"\r\n",), (b"'' a\r\n",), (b"PING \xff\xfe\r\n",), (b"PING #comment\r\n",),
    (b"PING \xc2\xa0\r\n",), (b"PING a\rb\r\n",), (b"PING a\r\r\n",), (b"ECHO '\r\n'\r\n",), (b"?\r\n",),
    (b"Host: example\r\n" + PING,), (b"POST / HTTP/1.1\r\n\r\n" + PING,), (b"host:\r\n",), (b"get\r\n",),
]

EMPTY = [(b"*0\r\n" + PING,), (b"*-1\r\n" + PING,), (b"*0\r\n" * 100 + PING,), (b"*-0\r\n" + PING,), (b"\x00",),
         (b"*1\r\n$0\r\n\r\n" + PING,), (b"*2\r\n$0\r\n\r\n$0\r\n\r\n" + PING,), (b"*1\r\n$-1\r\n" + PING,)]

TOO_LONG = [
    (b"x" * (INLINE_LIMIT + 100),), (b"PING " + b"x" * (INLINE_LIMIT - 100) + b"\r\n",),
    (b"*" + b"1" * (INLINE_LIMIT + 100),),
    (b"*1\r\n$" + b"1" * (INLINE_LIMIT + 100),), (b"*" + b"1" * 100,), (b"*1\r\n$" + b"1" * 100,),
    (b"*1\r\n$" + b"1" * 30 + b"\r\n",), (b" " * (INLINE_LIMIT + 100),), (b"x" * 40000, b"y" * 40000),
]

HALF = [
    (b"*",), (b"*1",), (b"*1\r", b"\n$4\r\nPING\r\n"), (b"*1\r\n", b"$4\r\nPING\r\n"), (b"*1\r\n$4", b"\r\nPING\r\n"),
    (b"*1\r\n$4\r\nPI", b"NG\r\n"), (b"*1\r\n$4\r\nPING", b"\r\n"), (b"*1\r\n$4\r\nPING\r", b"\n"), (b"PI", b"NG\r\n"),
    (b"PING\r", b"\n"), (b"PING", b"\n"), (b"PING \"a", b"b\"\r\n"), (PING + b"*1\r\n$4\r\nPI", b"NG\r\n" + PING),
    (b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$40000\r\n" + b"v" * 20000, b"v" * 20000 + b"\r\n" + PING),
    (b"*2\r\n$4\r\nECHO\r\n$33000\r\n", b"e" * 33000, b"\r\n"),
    (b"*1000\r\n$4\r\nMGET\r\n" + b"$1\r\na\r\n" * 998, b"$1\r\na\r\n"),
    (b"*2\r\n$4\r\nECHO\r\n$536870911\r\nabc",), (PING, b"*x\r\n", PING), (b"*1\r\n", b"x", PING),
]

FIXED: List[Tuple[bytes, ...]] = (COUNTS + LENGTHS + LATER_LENGTHS + MISSING_MARKS + LINE_ENDS + INLINE + EMPTY
                                  + TOO_LONG + HALF)

LOCKED = [(b"*10\r\n" + b"$1\r\na\r\n" * 10,), (b"*11\r\n" + b"$1\r\na\r\n" * 11,),
          (b"*1\r\n$16384\r\n" + b"x" * 16384 + b"\r\n",),
          (b"*1\r\n$16385\r\n" + b"x" * 16385 + b"\r\n",), (b"*2\r\n$4\r\nECHO\r\n$20000\r\n",), (b"*1000\r\n",),
          (b"PING\r\n",), (b"FOO\r\n",), (b"QUIT\r\n",), (b"AUTH x\r\nPING\r\n",), (b"AUTH sesame\r\nPING\r\n",),
          (b"HELLO 3\r\nPING\r\n",), (b"HELLO 4\r\n",), (b"RESET\r\nPING\r\n",), (b"GET\r\n",), (b"AUTH\r\n",),
          (b"AUTH nobody sesame\r\n",), (b"AUTH default sesame\r\nGET a\r\n",), (b"COMMAND COUNT\r\n",),
          (b"HELLO 3 AUTH default wrong\r\n",), (b"HELLO 2 SETNAME x\r\n",), (b"CLIENT GETNAME\r\n",),
          (b"*0\r\nFOO a b\r\n",)]
"""What a server with a password answers before it has been told."""

TEMPLATES = ((b"PING",), (b"ECHO", b"hello world"), (b"SET", b"a", b"b"), (b"GET", b"a"), (b"MGET", b"a", b"b", b"c"))

STRUCTURE_BYTES = b"*$\r\n0123456789-+: \x00\"'"
"""What mutations put in: bytes that mean something to a parser."""


def mutated(rng: Random) -> List[bytes]:
    """A few valid requests with some bytes replaced, removed or inserted."""
    data = bytearray(b"".join(wire.encode(rng.choice(TEMPLATES)) for _ in range(rng.randint(1, 4))))
    for _ in range(rng.randint(1, 3)):
        position = rng.randrange(len(data))
        action = rng.random()
        if action < 0.4:
            data[position] = rng.choice(STRUCTURE_BYTES)
        elif action < 0.7:
            del data[position]
        else:
            data.insert(position, rng.choice(STRUCTURE_BYTES))
    return [bytes(data)]


def fixed(rng: Random) -> List[bytes]:
    """One of the cases listed above."""
    return list(rng.choice(FIXED))


def locked(rng: Random) -> List[bytes]:
    """One of the cases for a server with a password, or any other in that situation."""
    return list(rng.choice(LOCKED if rng.random() < 0.8 else FIXED))


def random_line(rng: Random) -> List[bytes]:
    """An inline command of quotes and escapes in random order."""
    parts = (b" ", b" ", b"a", b"b c", b"\"", b"'", b"\\", b"\\x41", b"\\n", b"\\\"", b"\\'", b"\t", b"\x00", b"\"a\"",
             b"''")
    line = b"MGET " + b"".join(rng.choice(parts) for _ in range(rng.randint(1, 12)))
    return [line + b"\r\n" + PING]


def _row(name: str, generator: arg.Generator, weight: float, exchange: Exchange, needs: str = "") -> Row:
    """A row whose arguments are chunks of raw bytes."""
    return Row(name, generator, weight, exchange=exchange, verbatim=True, alone=True, on_second=0,
               waits_for_silence=True, needs=needs)


ROWS = [
    _row("malformed", fixed, 6, special.raw_chunks),
    _row("malformed", mutated, 2, special.raw_chunks),
    _row("malformed", random_line, 2, special.raw_chunks),
    _row("malformed-locked", locked, 2, special.raw_chunks_locked, "CONFIG SET"),
]
