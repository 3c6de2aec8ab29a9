"""Random uses of the commands on sets."""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
import comparison as by
import special_exchanges as special
from arguments import Generator, key, maybe, one, options, repeated, sequence, weighted
from table import Row


def member(rng: Random) -> List[bytes]:
    """A member of a small pool, so that sets have some in common, or any value."""
    style = rng.random()
    if style < 0.45:
        return [str(rng.randint(-3, 12)).encode()]
    if style < 0.75:
        return [rng.choice((b"a", b"b", b"c", b"", b"01", b"-0", b"+1", b"1.0", b"\r\n", b"m" * 64, b"m" * 65))]
    return arg.value(rng)


def many(rng: Random) -> List[bytes]:
    """As many members as bring a set to the next encoding, or just not."""
    count = rng.choice((126, 127, 128, 129, 130, 511, 512, 513, 600))
    prefix = rng.choice((b"", b"", b"x"))
    start = rng.choice((0, 0, 1, -70000, 2**31 - 300, -2**63))
    return [prefix + str(start + number).encode() for number in range(count)]


COUNT = weighted(6, one("0", "1", "2", "3", "5", "100", "1000"), 1,
                 one("", "x", "1.5", " 1", "9223372036854775808", "+1"))
SIGNED_COUNT = weighted(5, COUNT, 2, one("-1", "-3", "-20", "-300"), 1, one("-9223372036854775808"))

CURSOR = weighted(15, one("0"), 1, one("", "abc", "1 ", "99999999999999999999", "0x", "-1"))

SCAN_OPTIONS = options(("MATCH", arg.glob), ("COUNT", weighted(5, one("1", "2", "10", "1000"), 1, arg.integer)),
                       ("TYPE", one("set", "string")), "NOVALUES", most=3)

KEYS: Generator = repeated(key, 1, 4)


def counted_keys(rng: Random) -> List[bytes]:
    """How many keys, and mostly as many of them."""
    keys = KEYS(rng)
    count = len(keys) if rng.random() < 0.9 else rng.choice((0, -1, 1, 5, 2**31, 2**63))
    return [str(count).encode()] + keys if rng.random() < 0.97 else [b"x"] + keys


ROWS = [
    Row("SADD", sequence(key, repeated(member, 1, 5)), 10),
    Row("SADD", sequence(key, many), 1.5),
    Row("SREM", sequence(key, repeated(member, 1, 4)), 4),
    Row("SREM", sequence(key, many), 0.4),
    Row("SMOVE", sequence(key, key, member), 2),
    Row("SCARD", key, 2),
    Row("SISMEMBER", sequence(key, member), 2),
    Row("SMISMEMBER", sequence(key, repeated(member, 1, 4)), 1),
    Row("SMEMBERS", key, 3, by.unordered),
    Row("SINTER", KEYS, 2, by.unordered),
    Row("SUNION", KEYS, 2, by.unordered),
    Row("SDIFF", KEYS, 2, by.unordered),
    Row("SINTERSTORE", sequence(key, KEYS), 2),
    Row("SUNIONSTORE", sequence(key, KEYS), 2),
    Row("SDIFFSTORE", sequence(key, KEYS), 2),
    Row("SINTERCARD", sequence(counted_keys, options(("LIMIT", SIGNED_COUNT), most=2)), 2, since=(7, 0)),
    Row("SPOP", sequence(key, maybe(COUNT)), 1.5, exchange=special.random_members),
    Row("SRANDMEMBER", sequence(key, maybe(SIGNED_COUNT)), 1.5, exchange=special.random_members),
    Row("SSCAN", sequence(key, CURSOR, SCAN_OPTIONS), 2, exchange=special.element_scan),
]
