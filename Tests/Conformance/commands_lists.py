"""Random uses of the commands on lists."""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
from arguments import key, maybe, one, options, repeated, sequence, weighted, word
from table import Row

ELEMENTS = (b"a", b"b", b"c", b"", b"01", b"-0", b"1.0", b"\r\n", b"a\x00", b"e" * 63, b"e" * 64, b"x" * 200)


def element(rng: Random) -> List[bytes]:
    """An element of a small pool, so that lists hold some of them twice, or any value."""
    style = rng.random()
    if style < 0.45:
        return [str(rng.randint(-3, 12)).encode()]
    return [rng.choice(ELEMENTS)] if style < 0.85 else arg.value(rng)


def many(rng: Random) -> List[bytes]:
    """As many elements as bring a list to its next encoding, or just not: 8 KiB by default, and several."""
    style = rng.random()
    if style < 0.4:
        return [rng.choice((b"", b"n")) + str(number).encode() for number in range(rng.choice((127, 128, 129, 600)))]
    if style < 0.7:
        size = rng.choice((100, 1000, 2700))
        return [bytes([97 + number % 5]) * size for number in range(rng.choice((7000, 8100, 8300, 20000)) // size)]
    return [b"e" * rng.choice((8150, 8180, 8181, 8183, 8184, 8185, 8192, 8193, 9000))] + element(rng)


COUNT = weighted(6, one("0", "1", "2", "3", "5", "100", "1000"), 1,
                 one("", "x", "1.5", " 1", "9223372036854775808", "+1", "9223372036854775807"))
SIGNED_COUNT = weighted(5, COUNT, 3, one("-1", "-2", "-3", "-20", "-300"), 1, one("-9223372036854775807"))
RANK = weighted(9, SIGNED_COUNT, 1, one("-9223372036854775808"))


def index(rng: Random) -> List[bytes]:
    """An index: near an end, in the middle of a long list, or none."""
    style = rng.random()
    if style < 0.75:
        return [str(rng.randint(-8, 8)).encode()]
    return [str(rng.randint(-700, 700)).encode()] if style < 0.92 else arg.integer(rng)


def small_index(rng: Random) -> List[bytes]:
    """An index that 32 bits hold: LSET cuts others off in some versions."""
    return [str(rng.randint(-8, 8) if rng.random() < 0.7 else rng.randint(-700, 700)).encode()]


END = weighted(20, word("LEFT"), 20, word("RIGHT"), 1, one("", "UP"))


def counted_keys(rng: Random) -> List[bytes]:
    """How many keys, and mostly as many of them."""
    keys = repeated(key, 1, 4)(rng)
    count = len(keys) if rng.random() < 0.9 else rng.choice((0, -1, 1, 5, 2**31))
    return [str(count).encode()] + keys if rng.random() < 0.97 else [b"x"] + keys


ROWS = [
    Row("LPUSH", sequence(key, repeated(element, 1, 5)), 8),
    Row("RPUSH", sequence(key, repeated(element, 1, 5)), 8),
    Row("LPUSH", sequence(key, many), 1.5),
    Row("RPUSH", sequence(key, many), 1.5),
    Row("LPUSHX", sequence(key, repeated(element, 1, 3)), 2),
    Row("RPUSHX", sequence(key, repeated(element, 1, 3)), 2),
    Row("LPOP", sequence(key, maybe(COUNT)), 3),
    Row("RPOP", sequence(key, maybe(COUNT)), 3),
    Row("LLEN", key, 2),
    Row("LRANGE", sequence(key, index, index), 4),
    Row("LRANGE", sequence(key, one("0"), one("-1")), 2),
    Row("LINDEX", sequence(key, index), 3),
    Row("LSET", sequence(key, weighted(10, small_index, 1, one("", "x", "1.5", "9223372036854775808")), element), 4),
    Row("LINSERT", sequence(key, weighted(20, word("BEFORE"), 20, word("AFTER"), 1, one("")), element, element), 5),
    Row("LREM", sequence(key, SIGNED_COUNT, element), 3),
    Row("LTRIM", sequence(key, index, index), 2),
    Row("LPOS", sequence(key, element, options(("RANK", RANK), ("COUNT", SIGNED_COUNT),
                                               ("MAXLEN", SIGNED_COUNT), most=3)), 4),
    Row("LMOVE", sequence(key, key, END, END), 4),
    Row("RPOPLPUSH", sequence(key, key), 3),
    Row("LMPOP", sequence(counted_keys, END, options(("COUNT", COUNT), most=2)), 3, since=(7, 0)),
    # Rare, as Redis looks only ten times a second whether a wait is over.
    Row("BLPOP", sequence(repeated(key, 1, 3), arg.timeout), 0.06),
    Row("BRPOP", sequence(repeated(key, 1, 3), arg.timeout), 0.06),
    Row("BLMPOP", sequence(arg.timeout, counted_keys, END, options(("COUNT", COUNT), most=2)), 0.06, since=(7, 0)),
    Row("BLMOVE", sequence(key, key, END, END, arg.timeout), 0.06),
    Row("BRPOPLPUSH", sequence(key, key, arg.timeout), 0.06),
    Row("OBJECT ENCODING", key, 2, since=(7, 2)),
]
