"""Random uses of the commands that work on keys of any type."""

from __future__ import annotations

import arguments as arg
import comparison as by
import special_exchanges as special
from arguments import database, key, maybe, one, options, repeated, sequence, weighted
from table import Row

CONDITIONS = options("NX", "XX", "GT", "LT", most=3)

TYPES = one("string", "STRING", "list", "hash", "set", "zset", "stream", "none", "")

CURSOR = weighted(15, one("0"), 1, one("", "abc", "1 ", "99999999999999999999", "0x"))
"""Only iterations from the start can be compared, as cursors are each server's own."""

SCAN_OPTIONS = options(("MATCH", arg.glob), ("COUNT", weighted(5, one("1", "2", "10", "1000"), 1, arg.integer)),
                       ("TYPE", TYPES), most=3)

ROWS = [
    Row("COPY", sequence(key, key, options(("DB", database), "REPLACE", most=3)), 3),
    Row("DEL", repeated(key, 0, 3)),
    Row("UNLINK", repeated(key, 0, 3)),
    Row("EXISTS", repeated(key, 0, 4)),
    Row("TOUCH", repeated(key, 0, 4)),
    Row("EXPIRE", sequence(key, arg.seconds_from_now, CONDITIONS), 3),
    Row("PEXPIRE", sequence(key, arg.milliseconds_from_now, CONDITIONS), 3),
    Row("EXPIREAT", sequence(key, arg.unix_seconds, CONDITIONS), 3),
    Row("PEXPIREAT", sequence(key, arg.unix_milliseconds, CONDITIONS), 3),
    Row("TTL", key, 2, by.seconds),
    Row("PTTL", key, 2, by.milliseconds),
    Row("EXPIRETIME", key, 2, by.seconds),
    Row("PEXPIRETIME", key, 2, by.milliseconds),
    Row("PERSIST", key),
    Row("KEYS", arg.glob, 2, by.unordered),
    Row("SCAN", sequence(CURSOR, SCAN_OPTIONS), 2, exchange=special.scan),
    Row("RANDOMKEY", weight=1, exchange=special.random_key),
    Row("MOVE", sequence(key, database), 2),
    Row("RENAME", sequence(key, key), 2),
    Row("RENAMENX", sequence(key, key), 2),
    Row("TYPE", key),
    Row("OBJECT ENCODING", key, 3),
    Row("OBJECT REFCOUNT", key),
    Row("OBJECT IDLETIME", key, 0.7, by.same_kind),
    Row("OBJECT FREQ", key, 0.7, by.same_kind),
    Row("OBJECT HELP", weight=0.3, same=by.same_help),
    Row("OBJECT", sequence(one("", "ENCODINGS", "encodin", "FREQS", "\x00", "x" * 200), maybe(key)), 0.5),
    Row("MEMORY USAGE", sequence(key, options(("SAMPLES", arg.integer), most=2)), 1, by.same_kind),
]
