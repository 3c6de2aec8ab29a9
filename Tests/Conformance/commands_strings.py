"""Random uses of the string commands."""

from __future__ import annotations

import arguments as arg
import special_exchanges as special
from arguments import key, maybe, options, repeated, sequence, value, weighted, word
from table import Row

FAR_LIFETIMES = (("EX", arg.seconds_from_now), ("PX", arg.milliseconds_from_now),
                 ("EXAT", arg.weighted(3, arg.one("33177117420"), 1, arg.one("0", "-1", "x", "9223372036854775807"))),
                 ("PXAT", arg.weighted(3, arg.one("33177117420123"), 1, arg.one("0", "-1", "1.5"))))
"""Times to live that do not end while the test runs."""

PAST_LIFETIMES = (("EXAT", arg.one("1", "1000000000")), ("PXAT", arg.one("1", "1000000000000")))

SET_WORDS = ("NX", "XX", "GET", "KEEPTTL")

ROWS = [
    Row("APPEND", sequence(key, value), 2),
    Row("DECR", key),
    Row("DECRBY", sequence(key, arg.integer)),
    Row("GET", key, 2),
    Row("GETDEL", key),
    Row("GETEX", sequence(key, options(*FAR_LIFETIMES, *PAST_LIFETIMES, "PERSIST", "KEEPTTL", "GET", most=3)), 2),
    Row("GETRANGE", sequence(key, arg.reading_offset, arg.reading_offset), 2),
    Row("SUBSTR", sequence(key, arg.reading_offset, arg.reading_offset), 0.5),
    Row("GETSET", sequence(key, value)),
    Row("INCR", key),
    Row("INCRBY", sequence(key, arg.integer)),
    Row("INCRBYFLOAT", sequence(key, arg.floating), 2),
    Row("LCS", sequence(key, key, options("LEN", "IDX", "WITHMATCHLEN", ("MINMATCHLEN", arg.integer), most=3)), 2,
        exchange=special.lcs),
    Row("MGET", repeated(key, 0, 5)),
    Row("MSET", weighted(9, repeated(sequence(key, value), 0, 4), 1, repeated(value, 0, 5))),
    Row("MSETNX", weighted(9, repeated(sequence(key, value), 0, 3), 1, repeated(value, 0, 5))),
    Row("PSETEX", sequence(key, arg.milliseconds_from_now, value)),
    Row("SETEX", sequence(key, arg.seconds_from_now, value)),
    Row("SET", sequence(key, value), 4),
    Row("SET", sequence(key, value, options(*FAR_LIFETIMES, *SET_WORDS)), 5),
    Row("SET", sequence(key, value, options(*PAST_LIFETIMES, *SET_WORDS)), 0.3, quiet_only=True),
    Row("SET", sequence(key, value, word("GET"), maybe(arg.one("NX", "xx"))), 1),
    Row("SETNX", sequence(key, value)),
    Row("SETRANGE", sequence(key, arg.byte_offset, value), 2),
    Row("STRLEN", key),
]
