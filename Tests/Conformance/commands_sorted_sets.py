"""Random uses of the commands on sorted sets."""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
import comparison as by
import special_exchanges as special
from arguments import Generator, key, maybe, one, options, repeated, sequence, weighted, word
from table import Row

MEMBERS = (b"a", b"b", b"c", b"d", b"", b"01", b"-0", b"1.0", b"\r\n", b"a\x00", b"a\xff", b"m" * 64, b"m" * 65)


def member(rng: Random) -> List[bytes]:
    """A member of a small pool, so that sorted sets have some in common, or any value."""
    style = rng.random()
    if style < 0.45:
        return [str(rng.randint(-3, 12)).encode()]
    return [rng.choice(MEMBERS)] if style < 0.9 else arg.value(rng)


def score(rng: Random) -> List[bytes]:
    """A score that all versions read alike."""
    style = rng.random()
    if style < 0.5:
        return [str(rng.randint(-5, 9)).encode()]
    if style < 0.7:
        return [repr(rng.uniform(-1000, 1000)).encode()]
    if style < 0.8:
        return [repr(rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300)).encode()]
    return [rng.choice((b"inf", b"-inf", b"+inf", b"-0", b"0.1", b"3.0e5", b"1e17", b"1e18", b"1.5e19", b".5", b"5.",
                        b"4611686018427387904", b"9007199254740993", b"-9223372036854775808", b"123.4500",
                        b"0.30000000000000004", b"1e22", b"1e23", b"5e-7", b"0.000001", b"1234567890123456789",
                        b"nan", b"x", b"1 ", b"--1", b"1e", b"1,5", b"1\x00", b"inf1", b"00012", b"+.5"))]


def many(rng: Random) -> List[bytes]:
    """As many members as bring a sorted set to the next encoding, or just not."""
    count = rng.choice((126, 127, 128, 129, 130, 300))
    prefix = rng.choice((b"", b"x"))
    step = rng.choice((0, 1, -1, 0.5, 0.1))
    return [text for number in range(count)
            for text in (repr(number * step).encode(), prefix + str(number).encode())]


def lexical(rng: Random) -> List[bytes]:
    """Members that all have the same score: a few, or as many as the next encoding begins with."""
    count = rng.choice((1, 2, 3, 5, 128, 129))
    return [text for number in range(count) for text in (b"0", (member(rng)[0] if count < 9 else b"%d" % number))]


def bound(rng: Random) -> List[bytes]:
    """An end of a range of scores."""
    style = rng.random()
    if style < 0.25:
        return [rng.choice((b"-inf", b"+inf", b"inf", b"(-inf", b"(+inf"))]
    text = score(rng)[0]
    return [b"(" + text if rng.random() < 0.3 else text]


def member_bound(rng: Random) -> List[bytes]:
    """An end of a range of members."""
    style = rng.random()
    if style < 0.3:
        return [rng.choice((b"-", b"+"))]
    if style < 0.4:
        return [rng.choice((b"", b"a", b"+x", b"--", b"(", b"[", b"+\x00", b"]a"))]
    return [rng.choice((b"[", b"(")) + member(rng)[0]]


LEX_ONLY = one("lex1", "lex1", "lex1", "lex2")
"""Keys whose members have equal scores: with others, what lies between two members is undefined."""

RANK = weighted(8, one("0", "1", "2", "3", "5", "-1", "-2", "-3", "100", "-100", "127", "128"), 1, arg.integer)
COUNT = weighted(6, one("0", "1", "2", "3", "5", "100", "1000"), 1,
                 one("", "x", "1.5", " 1", "9223372036854775808", "+1", "-1"))
PICKS = weighted(5, COUNT, 2, one("-1", "-3", "-20", "-300"), 1, one("-9223372036854775808"))
OFFSET = weighted(8, one("0", "1", "2", "5", "100"), 1, one("x", "", "1.5", "9223372036854775807"))
LIMIT = ("LIMIT", OFFSET, weighted(8, one("0", "1", "2", "5", "100", "-1", "-2"), 1, arg.integer))
CONDITIONS = options("NX", "XX", "GT", "LT", "CH", "INCR", most=3)
WEIGHT = weighted(6, one("0", "1", "2", "0.5", "-1", "inf", "-inf", "1e308"), 1, score)
CURSOR = weighted(15, one("0"), 1, one("", "abc", "1 ", "99999999999999999999", "0x", "-1"))
SCAN_OPTIONS = options(("MATCH", arg.glob), ("COUNT", weighted(5, one("1", "2", "10", "1000"), 1, arg.integer)),
                       ("TYPE", one("zset", "string")), "NOVALUES", most=3)


def counted(generator: Generator) -> Generator:
    """How many, and mostly as many of them."""
    def generate(rng: Random) -> List[bytes]:
        words = generator(rng)
        count = len(words) if rng.random() < 0.93 else rng.choice((0, -1, 1, 5, 2**31, 2**63, "x"))
        return [str(count).encode()] + words
    return generate


def sources(*extra: object) -> Generator:
    """How many keys, the keys, mostly a weight for each, and other options."""
    def generate(rng: Random) -> List[bytes]:
        keys = repeated(key, 1, 4)(rng)
        words = counted(lambda _: keys)(rng)
        if extra and rng.random() < 0.4:
            number = len(keys) if rng.random() < 0.95 else rng.randint(0, 5)
            words += word("WEIGHTS")(rng) + repeated(WEIGHT, number, number)(rng)
        return words + (options(*extra, most=2)(rng) if extra else [])
    return generate


AGGREGATE = ("AGGREGATE", weighted(9, one("SUM", "MIN", "MAX", "sum"), 1, one("AVG", "")))

ROWS = [
    Row("ZADD", sequence(key, CONDITIONS, repeated(sequence(score, member), 1, 4)), 10, by.scores),
    Row("ZADD", sequence(key, maybe(one("CH"), 0.2), many), 1.5),
    Row("ZADD", sequence(key, sequence(arg.floating, member)), 1, by.scores, since=(7, 9)),
    Row("ZADD", sequence(LEX_ONLY, lexical), 3),
    Row("ZINCRBY", sequence(key, score, member), 3, by.scores),
    Row("ZREM", sequence(key, repeated(member, 1, 4)), 3),
    Row("ZREM", sequence(LEX_ONLY, repeated(member, 1, 2)), 1),
    Row("ZCARD", key, 1),
    Row("ZSCORE", sequence(key, member), 3, by.scores),
    Row("ZMSCORE", sequence(key, repeated(member, 1, 4)), 1, by.scores),
    Row("ZRANK", sequence(key, member, maybe(word("WITHSCORE"), 0.3)), 2, by.scores, since=(7, 2)),
    Row("ZREVRANK", sequence(key, member, maybe(word("WITHSCORE"), 0.3)), 2, by.scores, since=(7, 2)),
    Row("ZCOUNT", sequence(key, bound, bound), 2),
    Row("ZLEXCOUNT", sequence(LEX_ONLY, member_bound, member_bound), 2),
    Row("ZRANGE", sequence(key, RANK, RANK, options("REV", "WITHSCORES", LIMIT, most=2)), 4, by.scores),
    Row("ZRANGE", sequence(key, bound, bound, word("BYSCORE"), options("REV", "WITHSCORES", LIMIT, "BYLEX", most=3)),
        4, by.scores),
    Row("ZRANGE", sequence(LEX_ONLY, member_bound, member_bound, word("BYLEX"), options("REV", LIMIT, "WITHSCORES")), 2),
    Row("ZREVRANGE", sequence(key, RANK, RANK, options("WITHSCORES", LIMIT, "REV", most=2)), 1, by.scores),
    Row("ZRANGEBYSCORE", sequence(key, bound, bound, options("WITHSCORES", LIMIT, "REV", most=2)), 2, by.scores),
    Row("ZREVRANGEBYSCORE", sequence(key, bound, bound, options("WITHSCORES", LIMIT, most=2)), 2, by.scores),
    Row("ZRANGEBYLEX", sequence(LEX_ONLY, member_bound, member_bound, options(LIMIT, "WITHSCORES", most=2)), 2),
    Row("ZREVRANGEBYLEX", sequence(LEX_ONLY, member_bound, member_bound, options(LIMIT, most=2)), 2),
    Row("ZRANGESTORE", sequence(key, key, RANK, RANK, options("REV", "WITHSCORES", most=1)), 1),
    Row("ZRANGESTORE", sequence(key, key, bound, bound, word("BYSCORE"), options("REV", LIMIT, most=2)), 1),
    Row("ZRANGESTORE", sequence(LEX_ONLY, LEX_ONLY, member_bound, member_bound, word("BYLEX"), options("REV", LIMIT)), 1),
    Row("ZREMRANGEBYRANK", sequence(key, RANK, RANK), 1),
    Row("ZREMRANGEBYSCORE", sequence(key, bound, bound), 1),
    Row("ZREMRANGEBYLEX", sequence(LEX_ONLY, member_bound, member_bound), 1),
    Row("ZPOPMIN", sequence(key, maybe(COUNT)), 2, by.scores),
    Row("ZPOPMAX", sequence(key, maybe(COUNT)), 2, by.scores),
    Row("ZMPOP", sequence(counted(repeated(key, 1, 3)), weighted(9, one("MIN", "max"), 1, one("x")),
                          options(("COUNT", COUNT), most=2)), 2, by.scores, since=(7, 0)),
    Row("BZPOPMIN", sequence(repeated(key, 1, 3), arg.timeout), 1, by.scores),
    Row("BZPOPMAX", sequence(repeated(key, 1, 3), arg.timeout), 1, by.scores),
    Row("BZMPOP", sequence(arg.timeout, counted(repeated(key, 1, 3)), weighted(9, one("MIN", "max"), 1, one("x")),
                           options(("COUNT", COUNT), most=2)), 1, by.scores, since=(7, 0)),
    Row("ZRANDMEMBER", sequence(key, maybe(sequence(PICKS, maybe(word("WITHSCORES"))))), 2,
        exchange=special.random_members),
    Row("ZSCAN", sequence(key, CURSOR, SCAN_OPTIONS), 2, by.scores, exchange=special.element_scan),
    Row("ZINTER", sources(AGGREGATE, "WITHSCORES"), 2, by.scores),
    Row("ZUNION", sources(AGGREGATE, "WITHSCORES"), 2, by.scores),
    Row("ZDIFF", sequence(sources(), options("WITHSCORES", "WEIGHTS", most=1)), 2, by.scores),
    Row("ZINTERSTORE", sequence(key, sources(AGGREGATE)), 2),
    Row("ZUNIONSTORE", sequence(key, sources(AGGREGATE)), 2),
    Row("ZDIFFSTORE", sequence(key, sources()), 1),
    Row("ZINTERCARD", sequence(counted(repeated(key, 1, 4)), options(("LIMIT", COUNT), most=2)), 2, since=(7, 0)),
    Row("SADD", sequence(key, repeated(member, 1, 5)), 1),
    Row("OBJECT", sequence(one("ENCODING"), key), 2),
    Row("DEBUG", sequence(one("DIGEST-VALUE"), key), 1, since=(7, 9)),
]
