"""Random uses of SORT: elements that are parts of keys' names, and keys that hold what patterns look for."""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
import comparison as by
from arguments import key, maybe, one, options, repeated, sequence, weighted, word
from table import Row

NUMBERS = (b"1", b"2", b"3", b"10", b"-1", b"1.5", b"-0", b"01", b"+3", b"1e2", b"inf", b"-inf", b"9007199254740993",
           b"0.1", b"12345678901234567890", b".5", b"5.")
TEXTS = (b"a", b"b", b"c", b"A", b"ab", b"a\x00b", b"a\x00a", b"\xff", b"zebra-1", b"zebra-2", b"{x}1", b"foobar")
ODD = (b"", b"nan", b"x", b"1 ", b"1e", b"--1", b"1\x00x", b"*", b"->")
STRICT = one(" 1", "0x10", "\t2", "0x1p3", "+0x2")
"""Numbers as C reads them, and no others: such as Redis sorts by before 8.0."""


def number(rng: Random) -> List[bytes]:
    """A number, or a short one of a name."""
    return [str(rng.randint(-3, 12)).encode()] if rng.random() < 0.6 else [rng.choice(NUMBERS)]


def text(rng: Random) -> List[bytes]:
    """A text, rarely a long one."""
    return [rng.choice(TEXTS)] if rng.random() < 0.93 else [rng.choice(ODD + (b"l" * 70,))]


def elements(rng: Random) -> List[bytes]:
    """Some elements, mostly all numbers."""
    style = rng.random()
    make = number if style < 0.6 else text if style < 0.8 else weighted(1, number, 1, text)
    return repeated(make, 1, 7)(rng)


def members(rng: Random) -> List[bytes]:
    """Elements without zero bytes: of such as are the same until there, none comes first if they had no order."""
    return [element.replace(b"\x00", b"") for element in elements(rng)]


def scored(rng: Random) -> List[bytes]:
    """Members with scores."""
    return [part for member in members(rng) for part in (str(rng.randint(0, 5)).encode(), member)]


def many(rng: Random) -> List[bytes]:
    """As many elements as bring a list or a set to the next encoding, or just not."""
    count = rng.choice((20, 128, 129, 600))
    return [b"%d" % (number * 7919 % 1000) if rng.random() < 0.9 else b"%d.5" % number for number in range(count)]


STARRED = one("*", "{x}*", "*->f", "{x}*->1", "{x}*->", "b*", "*->*", "*\x00", "->*")
CONSTANT = one("nosort", "#", "#x", "", "{x}\x00*", "->")
PATTERN = weighted(3, STARRED, 1, CONSTANT)
LIMITS = ("LIMIT", weighted(8, one("0", "1", "2", "5", "100", "-1"), 1, arg.integer),
          weighted(8, one("0", "1", "2", "3", "100", "-1", "-2"), 1, arg.integer))
GET = ("GET", PATTERN)
STORE = ("STORE", key)
BY_WEIGHT = sequence(word("BY"), STARRED)
UNSORTED = sequence(word("BY"), CONSTANT)
ORDERED = one("list", "zset")
"""Keys that hold nothing else, as a set has no order that it could keep."""

ROWS = [
    Row("SORT", sequence(key, options("ASC", "DESC", "ALPHA", "ALPHA", LIMITS, GET, most=4)), 6),
    Row("SORT", sequence(key, BY_WEIGHT, options("ASC", "DESC", LIMITS, GET, most=4)), 4),
    # What is a number has changed, and with it what is stored.
    Row("SORT", sequence(key, options("ASC", "DESC", "ALPHA", LIMITS, GET, STORE, most=4)), 3, since=(7, 9)),
    Row("SORT", sequence(key, BY_WEIGHT, options("ASC", "DESC", LIMITS, GET, STORE, most=4)), 3, since=(7, 9)),
    Row("SORT", sequence(key, BY_WEIGHT, one("ALPHA"), options("ASC", "DESC", GET, most=3)), 4, by.unordered),
    Row("SORT", sequence(key, UNSORTED, options("ASC", "DESC", "ALPHA", GET, most=4)), 2, by.unordered),
    Row("SORT", sequence(key, UNSORTED, word("STORE"), key, options("DESC", LIMITS, GET, most=3)), 3,
        by.unordered),
    Row("SORT", sequence(ORDERED, UNSORTED, options("ASC", "DESC", "ALPHA", LIMITS, GET, STORE, most=4)), 4),
    Row("SORT", sequence(ORDERED, options("ASC", "DESC", "ALPHA", LIMITS, GET, STORE, most=4)), 4),
    Row("SORT_RO", sequence(key, options("ASC", "DESC", "ALPHA", LIMITS, GET, STORE, most=3)), 3, since=(7, 0)),
    Row("SORT_RO", sequence(key, BY_WEIGHT, options("ASC", "DESC", LIMITS, GET, most=3)), 2, since=(7, 0)),
    Row("RPUSH", sequence(one("list"), elements), 2),
    Row("ZADD", sequence(one("zset"), scored), 2),
    Row("RPUSH", sequence(key, elements), 4),
    Row("SADD", sequence(key, members), 3),
    Row("ZADD", sequence(key, scored), 3, by.same_kind),
    Row("RPUSH", sequence(key, STRICT), 0.2, since=(7, 9)),
    Row("SET", sequence(key, STRICT), 0.2, since=(7, 9)),
    Row("RPUSH", sequence(key, many), 0.7),
    Row("SADD", sequence(key, many), 0.3),
    Row("SET", sequence(key, weighted(1, number, 1, text), maybe(sequence(one("EX"), one("100000")), 0.1)), 4),
    Row("HSET", sequence(key, one("f", "1", "*"), weighted(1, number, 1, text)), 3),
    Row("LRANGE", sequence(key, one("0"), one("-1")), 2),
    Row("OBJECT", sequence(one("ENCODING"), key), 2),
    Row("DEL", weighted(4, key, 1, ORDERED), 3),
]
