"""Random uses of the hash commands."""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
import comparison as by
import hash_exchanges as special
from arguments import Generator, key, maybe, one, options, repeated, sequence, value, weighted, word
from table import Row
from wire import Node

FIELDS = (b"f", b"f", b"f", b"g", b"g", b"h", b"1", b"-2", b"9223372036854775807", b"", b"k\r\n\x00\xff",
          b"a field of thirty bytes or more", b"x" * 64, b"y" * 65)
"""Few fields, so that commands meet on them."""

MANY_FIELDS = (90, 128, 129, 500, 511, 512, 513, 600)
"""Around the thresholds of the packed encodings, old and new."""


def field(rng: Random) -> List[bytes]:
    """A field of the small pool, rarely one that nothing ever creates."""
    return [rng.choice(FIELDS) if rng.random() > 0.05 else b"missing"]


def number(rng: Random) -> List[bytes]:
    """A value to count in."""
    return arg.integer(rng) if rng.random() < 0.6 else arg.floating(rng)


def many_pairs(rng: Random) -> List[bytes]:
    """So many fields and values that the hash may outgrow an encoding."""
    count = rng.choice(MANY_FIELDS)
    return [part for index in range(count) for part in (b"field:%d" % index, b"%d" % (index * 7))]


def field_list(good: int = 12) -> Generator:
    """`FIELDS numfields field …`, now and then with a wrong count."""
    def generate(rng: Random) -> List[bytes]:
        fields = [part for _ in range(rng.randint(1, 4)) for part in field(rng)]
        count = [str(len(fields)).encode()] if rng.randrange(good) else arg.integer(rng)
        return word("FIELDS")(rng) + count + fields
    return generate


PAIR = sequence(field, weighted(5, value, 3, number))

CURSOR = weighted(15, one("0"), 1, one("", "abc", "1 ", "99999999999999999999", "0x"))

CONDITION = maybe(weighted(8, one("NX", "XX", "GT", "LT", "nx", "gt"), 1, one("NX XX", "EX", "")), 0.5)

COUNT = weighted(4, one("1", "2", "5", "600", "-1", "-3"), 1, one("0", "-9223372036854775808", "x", "1.5"))



def _times(tolerance: int) -> by.Comparator:
    """Compares arrays of times, each within `tolerance`; negative ones must be equal."""
    def same(ours: Node, peer: Node) -> bool:
        pairs = [(int(left.text), int(right.text)) for left, right in zip(ours.items, peer.items)]
        return len(ours.items) == len(peer.items) and all(
            a == b or (a >= 0 and b >= 0 and abs(a - b) <= tolerance) for a, b in pairs)
    return by.each(same)


SECONDS, MILLISECONDS = _times(by.SECONDS_TOLERANCE), _times(by.MILLISECONDS_TOLERANCE)

HFE = (7, 4)
"""The version that brought deadlines of fields."""

ROWS = [
    Row("HSET", sequence(key, repeated(PAIR, 1, 4)), 6),
    Row("HSET", sequence(key, many_pairs), 0.7),
    Row("HMSET", sequence(key, repeated(PAIR, 0, 3))),
    Row("HSETNX", sequence(key, PAIR), 2),
    Row("HGET", sequence(key, field), 3),
    Row("HMGET", sequence(key, repeated(field, 0, 4)), 2),
    Row("HGETALL", key, 2, by.unordered_pairs),
    Row("HKEYS", key, same=by.unordered),
    Row("HVALS", key, same=by.unordered),
    Row("HLEN", key, 2),
    Row("HSTRLEN", sequence(key, field), 2),
    Row("HEXISTS", sequence(key, field), 2),
    Row("HDEL", sequence(key, repeated(field, 0, 3)), 2),
    Row("HINCRBY", sequence(key, field, arg.integer), 3),
    Row("HINCRBYFLOAT", sequence(key, field, arg.floating), 3),
    Row("HRANDFIELD", sequence(key, maybe(sequence(COUNT, maybe(weighted(8, word("WITHVALUES"), 1, field))))), 2,
        exchange=special.random_fields),
    Row("HSCAN", sequence(key, CURSOR, options(
        ("MATCH", arg.glob), ("COUNT", weighted(5, one("1", "2", "10", "1000"), 1, arg.integer)), most=3)), 2,
        exchange=special.element_scan),
    Row("HSCAN", sequence(key, CURSOR, options(
        ("MATCH", arg.glob), ("COUNT", one("1", "1000")), ("TYPE", one("hash")), "NOVALUES", most=3)), 1,
        exchange=special.element_scan, since=HFE),
    Row("OBJECT ENCODING", key, 3),
    Row("HEXPIRE", sequence(key, arg.seconds_from_now, CONDITION, field_list()), 3, since=HFE),
    Row("HPEXPIRE", sequence(key, arg.milliseconds_from_now, CONDITION, field_list()), 3, since=HFE),
    Row("HEXPIREAT", sequence(key, arg.unix_seconds, CONDITION, field_list()), 3, since=HFE),
    Row("HPEXPIREAT", sequence(key, arg.unix_milliseconds, CONDITION, field_list()), 3, since=HFE),
    Row("HTTL", sequence(key, field_list()), 2, SECONDS, since=HFE),
    Row("HPTTL", sequence(key, field_list()), 2, MILLISECONDS, since=HFE),
    Row("HEXPIRETIME", sequence(key, field_list()), 2, SECONDS, since=HFE),
    Row("HPEXPIRETIME", sequence(key, field_list()), 2, MILLISECONDS, since=HFE),
    Row("HPERSIST", sequence(key, field_list()), 2, since=HFE),
]
