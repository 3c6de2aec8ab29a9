"""Random changes of collections around the limits of their encodings, which change all the time.

Limits are so small that a few elements cross them, and a value shows at once how it is kept.
"""

from __future__ import annotations

from random import Random
from typing import List

import comparison as by
import special_exchanges as special
from arguments import Generator, maybe, one, repeated, sequence, weighted
from table import Row

KEYS = one("a", "a", "b", "c", "d")

ENTRIES = weighted(12, one("0", "1", "2", "3", "5", "8", "128", "512"), 1, one("-1", "x", "", "9223372036854775807"))
LENGTH = weighted(12, one("0", "1", "2", "8", "64", "100"), 1, one("-1", "x", ""))
LIST_SIZE = weighted(12, one("-1", "-2", "-5", "1", "2", "3", "5", "128"), 1, one("0", "x", "2147483648"))
SET_LIMITS = ("set-max-listpack-entries", "set-max-listpack-value")


def limits(*names: str, value: Generator) -> Generator:
    """One of these parameters and its value."""
    return sequence(one(*names), value)


def element(rng: Random) -> List[bytes]:
    """An element: numbers of all sizes, and texts about as long as limits are."""
    style = rng.random()
    if style < 0.5:
        return [str(rng.choice((rng.randint(-9, 9), 127, 128, 32768, 2**31, 2**63 - 1, -2**63))).encode()]
    return [bytes([rng.randrange(97, 101)]) * rng.choice((0, 1, 1, 2, 3, 7, 8, 9, 63, 64, 65, 99, 100, 101))]


def numbers(rng: Random) -> List[bytes]:
    """Elements that an integer set takes."""
    return [str(rng.choice((rng.randint(-20, 20), 32767, 32768, 2**40))).encode() for _ in range(rng.randint(1, 6))]


def run(prefix: str, *counts: int) -> Generator:
    """As many elements as a default limit allows, or not quite."""
    def generate(rng: Random) -> List[bytes]:
        return [b"%s%d" % (prefix.encode(), number) for number in range(rng.choice(counts))]
    return generate


def paired(generator: Generator, *first: str) -> Generator:
    """Each element with another in front: a score, or a field."""
    def generate(rng: Random) -> List[bytes]:
        return [part for text in generator(rng) for part in (rng.choice(first).encode(), text)] if first else \
            [part for text in generator(rng) for part in (text, element(rng)[0])]
    return generate


FEW = repeated(element, 1, 5)
SCORES = ("0", "1", "2.5", "-3")
SMALL_INDEX = one("0", "1", "2", "3", "-1", "-2", "-3")
TEXT_OFFSET = one("0", "1", "43", "44", "45")

ROWS = [
    Row("CONFIG SET", limits("hash-max-listpack-entries", "hash-max-ziplist-entries", value=ENTRIES), 0.7),
    Row("CONFIG SET", limits("hash-max-listpack-value", "hash-max-ziplist-value", value=LENGTH), 0.5),
    # Until 7.0 ZADD counts what there is, and since then what it is given, for a new key.
    Row("CONFIG SET", limits("zset-max-listpack-entries", "zset-max-ziplist-entries", value=ENTRIES), 0.7, since=(7, 2)),
    Row("CONFIG SET", limits("zset-max-listpack-value", "zset-max-ziplist-value", value=LENGTH), 0.5),
    Row("CONFIG SET", limits("list-max-listpack-size", "list-max-ziplist-size", value=LIST_SIZE), 0.8),
    Row("CONFIG SET", limits("list-compress-depth", value=one("0", "1", "2", "x")), 0.3),
    # Until 7.0, as many arguments as are no longer allowed still made an integer set if some were the same.
    Row("CONFIG SET", limits("set-max-intset-entries", value=ENTRIES), 0.7, since=(7, 2)),
    Row("CONFIG SET", limits(*SET_LIMITS[:1], value=ENTRIES), 0.7, since=(7, 2)),
    Row("CONFIG SET", limits(*SET_LIMITS[1:], value=LENGTH), 0.5, since=(7, 2)),
    Row("CONFIG SET", limits("hll-sparse-max-bytes", value=one("0", "20", "3000", "-1")), 0.3),
    Row("CONFIG GET", one("hash-max-*", "zset-max-*", "list-max-*", "list-compress-depth", "*-max-intset-*",
                          "hll-sparse-max-bytes", "stream-node-max-*"), 0.5, by.unordered_pairs),
    Row("OBJECT ENCODING", KEYS, 14),
    Row("HSET", sequence(KEYS, paired(FEW)), 5),
    Row("HSET", sequence(KEYS, paired(run("f", 127, 128, 129, 511, 512, 513))), 0.4),
    Row("HSETNX", sequence(KEYS, element, element), 1),
    Row("HINCRBYFLOAT", sequence(KEYS, element, one("1.5", "1e20")), 0.5),
    Row("HDEL", sequence(KEYS, FEW), 1),
    Row("SADD", sequence(KEYS, numbers), 4),
    Row("SADD", sequence(KEYS, FEW), 4),
    Row("SADD", sequence(KEYS, run("", 128, 129, 511, 512, 513)), 0.4),
    Row("SADD", sequence(KEYS, run("s", 127, 128, 129)), 0.4),
    Row("SREM", sequence(KEYS, FEW), 1),
    Row("SMOVE", sequence(KEYS, KEYS, element), 1),
    Row("SUNIONSTORE", sequence(KEYS, repeated(KEYS, 1, 3)), 1.5),
    Row("SINTERSTORE", sequence(KEYS, repeated(KEYS, 1, 2)), 1),
    Row("SDIFFSTORE", sequence(KEYS, repeated(KEYS, 1, 2)), 1),
    Row("SPOP", sequence(KEYS, maybe(one("1", "2", "100"))), 0.5, exchange=special.random_members),
    Row("ZADD", sequence(KEYS, paired(FEW, *SCORES)), 5),
    Row("ZADD", sequence(KEYS, paired(run("z", 127, 128, 129), *SCORES)), 0.4),
    Row("ZINCRBY", sequence(KEYS, one(*SCORES), element), 1),
    Row("ZREM", sequence(KEYS, FEW), 1),
    Row("ZUNIONSTORE", sequence(KEYS, one("2"), KEYS, KEYS), 1.5),
    Row("ZINTERSTORE", sequence(KEYS, one("2"), KEYS, KEYS), 0.7),
    Row("ZDIFFSTORE", sequence(KEYS, one("2"), KEYS, KEYS), 0.7),
    Row("ZRANGESTORE", sequence(KEYS, KEYS, SMALL_INDEX, SMALL_INDEX), 1),
    Row("ZPOPMIN", sequence(KEYS, maybe(one("2", "100"))), 0.5),
    Row("GEOADD", sequence(KEYS, one("1"), one("2"), element), 0.5),
    Row("RPUSH", sequence(KEYS, FEW), 5),
    Row("LPUSH", sequence(KEYS, run("l", 127, 128, 129, 130)), 0.4),
    Row("LPOP", sequence(KEYS, maybe(one("1", "2", "3", "100"))), 2),
    Row("LSET", sequence(KEYS, SMALL_INDEX, element), 1),
    Row("LINSERT", sequence(KEYS, one("BEFORE", "AFTER"), element, element), 1),
    Row("LREM", sequence(KEYS, one("0", "1", "-1"), element), 1),
    Row("LTRIM", sequence(KEYS, SMALL_INDEX, SMALL_INDEX), 1.5),
    Row("LMOVE", sequence(KEYS, KEYS, one("LEFT", "RIGHT"), one("LEFT", "RIGHT")), 1),
    Row("SORT", sequence(KEYS, one("ALPHA"), one("STORE"), KEYS), 1),
    Row("SET", sequence(KEYS, element), 1.5),
    Row("APPEND", sequence(KEYS, element), 1),
    Row("SETRANGE", sequence(KEYS, TEXT_OFFSET, element), 0.7),
    Row("INCR", KEYS, 0.7),
    Row("INCRBYFLOAT", sequence(KEYS, one("1", "0.5")), 0.5),
    Row("GETEX", KEYS, 0.3),
    Row("PFADD", sequence(KEYS, FEW), 0.5),
    Row("COPY", sequence(KEYS, KEYS, maybe(one("REPLACE"))), 2),
    Row("RENAME", sequence(KEYS, KEYS), 0.5),
    Row("DEL", KEYS, 3),
]
