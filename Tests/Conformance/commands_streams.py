"""Random uses of the commands on streams.

IDs are always given, never `*`: the server's own would be its clock's. What tells times is compared without
them. Rows of 7.2 are those whose commands make a consumer also when they find nothing, or check more, since then.
"""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
import comparison as by
import special_exchanges as special
from arguments import Generator, key, maybe, one, options, repeated, sequence, weighted
from table import Row
from wire import Node

SPECIAL_IDS = (b"0", b"0-0", b"0-1", b"-", b"+", b"$", b">", b"18446744073709551615-18446744073709551615",
               b"18446744073709551615", b"18446744073709551615-18446744073709551614", b"18446744073709551616-1",
               b"9223372036854775808-9223372036854775808", b"1-", b"-1", b"1--1", b"1-+1", b"01-01", b" 1-1", b"1-1 ",
               b"1-1\x00x", b"abc", b"", b"1-1-1", b"1.5", b"1-" + b"0" * 130)


def entry_id(rng: Random) -> List[bytes]:
    """An ID of a small range, so that entries are found again, or any other."""
    style = rng.random()
    if style < 0.75:
        return [b"%d-%d" % (rng.randint(1, 6), rng.randint(0, 12))]
    if style < 0.9:
        return [b"%d" % rng.randint(0, 7)]
    if style < 0.95:
        return [b"%d-%d" % (rng.choice((1000, 70000, 2**32, 2**40)), rng.choice((0, 1, 300, 2**33)))]
    return [rng.choice(SPECIAL_IDS)]


def growing_id(rng: Random) -> List[bytes]:
    """An ID for a new entry, mostly one whose number the server chooses."""
    style = rng.random()
    if style < 0.8:
        return [b"%d-*" % rng.randint(1, 6)]
    return entry_id(rng)


def edge(rng: Random) -> List[bytes]:
    """One end of a range."""
    style = rng.random()
    if style < 0.25:
        return [rng.choice((b"-", b"+"))]
    if style < 0.45:
        return [b"(" + entry_id(rng)[0]]
    return entry_id(rng)


def text(rng: Random) -> List[bytes]:
    """A field or a value: few, so that entries share their fields, and of all forms that listpacks have."""
    style = rng.random()
    if style < 0.6:
        return [rng.choice((b"a", b"b", b"field", b"1", b"-7", b"4095", b"-4096"))]
    if style < 0.75:
        return [rng.choice((b"x" * 63, b"x" * 64, b"y" * 300, b"z" * 4100, b"", b"70000", b"9223372036854775807"))]
    return arg.value(rng)


FIELDS: Generator = weighted(8, sequence(one("a"), text), 3, sequence(one("a"), text, one("b"), text),
                             2, repeated(sequence(text, text), 1, 4))

COUNT = weighted(8, one("1", "2", "3", "5", "10"), 1, one("0", "-1", "x", "9223372036854775807", "9223372036854775808"))
THRESHOLD = weighted(6, one("0", "1", "2", "5", "20", "150"), 1, arg.integer)


def trimming(rng: Random) -> List[bytes]:
    """What XADD and XTRIM take to trim, mostly in order."""
    if rng.random() < 0.1:
        return options(("MAXLEN", one("~", "="), THRESHOLD), ("MINID", one("~", "="), entry_id),
                       ("LIMIT", COUNT), "NOMKSTREAM", most=3)(rng)
    parts = [b"MAXLEN"] if rng.random() < 0.6 else [b"MINID"]
    parts = [arg.random_case(rng, parts[0])]
    by_count = parts[0].upper() == b"MAXLEN"
    operator = rng.choice((b"", b"=", b"~", b"~"))
    parts += [operator] if operator else []
    parts += THRESHOLD(rng) if by_count else entry_id(rng)
    if operator == b"~" and rng.random() < 0.4:
        parts += arg.word("LIMIT")(rng) + COUNT(rng)
    return parts


def many_entries(rng: Random) -> List[bytes]:
    """A value so long that a few entries fill a node."""
    return [b"m" * rng.choice((900, 1300, 2000, 4000, 4090, 5000))]


GROUP = weighted(12, one("g", "g", "h"), 1, one("", "no", "g\x00x"))
CONSUMER = weighted(12, one("x", "x", "y"), 1, one("", "z", "x\r\n"))
IDLE = weighted(8, one("0"), 1, one("1000000", "x", "-1", "9223372036854775807"))
ENTRIES_READ = options(("ENTRIESREAD", weighted(5, one("0", "1", "3", "100"), 1, one("-1", "-2", "x"))), "MKSTREAM", most=2)


def streams(ids: Generator) -> Generator:
    """STREAMS with its keys and as many IDs."""
    def generate(rng: Random) -> List[bytes]:
        count = rng.choice((1, 1, 1, 2, 3))
        keys = [word for _ in range(count) for word in key(rng)]
        identifiers = [word for _ in range(count) for word in ids(rng)]
        if rng.random() < 0.03:
            identifiers.append(b"0")
        return arg.word("STREAMS")(rng) + keys + identifiers
    return generate


WAIT = one("1", "1", "2", "-1", "x", "", "9223372036854775807", "9223372036854775808", "1.5")
AFTER = weighted(4, one("0", "0-0"), 3, entry_id, 1, one("$", "+"))
HISTORY = weighted(5, one(">"), 2, one("0"), 2, entry_id)

TIMED_FIELDS = (b"idle", b"inactive", b"seen-time", b"active-time")
RECENT = 1_500_000_000_000
"""Any time of a run in Unix milliseconds is beyond this."""


def untimed(node: Node) -> object:
    """A reply without the times in it: Unix times, how long something is idle, and whether it never was active."""
    if node.items:
        parts = []
        previous = b""
        for item in node.items:
            is_time = previous in TIMED_FIELDS and item.kind == ":"
            parts.append("time" if is_time and int(item.text) >= 0 else untimed(item))
            previous = item.text if item.kind == "$" else b""
        return (node.kind, tuple(parts))
    if node.kind == ":" and int(node.text) > RECENT and int(node.text) < 2**62:
        return "time"
    return node


def untimed_pending(node: Node) -> object:
    """What XPENDING tells of single entries, without how long they are idle."""
    if node.items and all(len(item.items) == 4 for item in node.items):
        return [(item.items[0], item.items[1], item.items[3]) for item in node.items]
    return node


WITHOUT_TIMES = by.normalised(untimed)
WITHOUT_IDLE = by.normalised(untimed_pending)

ROWS = [
    Row("XADD", sequence(key, growing_id, FIELDS), 12),
    Row("XADD", sequence(key, maybe(arg.word("NOMKSTREAM"), 0.2), trimming, growing_id, FIELDS), 4),
    Row("XADD", sequence(key, maybe(trimming, 0.3), growing_id, one("a"), many_entries), 3),
    Row("XADD", sequence(key, maybe(arg.word("NOMKSTREAM"), 0.2), maybe(trimming, 0.3), one("*"), FIELDS), 0.6,
        exchange=special.added_now),
    Row("XLEN", key, 2),
    Row("XRANGE", sequence(key, edge, edge, options(("COUNT", COUNT), most=2)), 4),
    Row("XRANGE", sequence(key, one("-"), one("+")), 2),
    Row("XREVRANGE", sequence(key, edge, edge, options(("COUNT", COUNT), most=2)), 4),
    Row("XDEL", sequence(key, repeated(entry_id, 1, 4)), 5),
    Row("XTRIM", sequence(key, trimming), 3),
    Row("XSETID", sequence(key, entry_id, options(
        ("ENTRIESADDED", weighted(4, one("0", "3", "1000"), 1, arg.integer)), ("MAXDELETEDID", entry_id), most=2)), 1,
        since=(7, 2)),
    Row("XREAD", sequence(options(("COUNT", COUNT), most=2), streams(AFTER)), 4, since=(7, 4)),
    Row("XREAD", sequence(options(("COUNT", COUNT), "NOACK", ("GROUP", GROUP, CONSUMER), most=2),
                          streams(weighted(5, entry_id, 1, one("$", ">")))), 2),
    Row("XREAD", sequence(one("BLOCK"), WAIT, streams(AFTER)), 0.1, since=(7, 4), intact=True),
    Row("XREADGROUP", sequence(one("GROUP"), GROUP, CONSUMER, one("BLOCK"), WAIT, streams(HISTORY)), 0.1, since=(7, 2),
        intact=True),
    Row("XGROUP CREATE", sequence(key, GROUP, weighted(3, one("0", "$"), 2, entry_id), ENTRIES_READ), 4),
    Row("XGROUP SETID", sequence(key, GROUP, weighted(3, one("0", "$"), 2, entry_id), ENTRIES_READ), 1.5),
    Row("XGROUP DESTROY", sequence(key, GROUP), 0.5),
    Row("XGROUP CREATECONSUMER", sequence(key, GROUP, CONSUMER), 1),
    Row("XGROUP DELCONSUMER", sequence(key, GROUP, CONSUMER), 0.7),
    Row("XGROUP HELP", arg.nothing, 0.1, by.same_help),
    Row("XREADGROUP", sequence(one("GROUP"), GROUP, CONSUMER, options(("COUNT", COUNT), "NOACK", most=2),
                               streams(HISTORY)), 8, since=(7, 2)),
    Row("XREADGROUP", sequence(options(("COUNT", COUNT), "NOACK", ("GROUP", GROUP, CONSUMER), most=3),
                               streams(weighted(5, HISTORY, 1, one("$", "+")))), 2, since=(7, 4)),
    Row("XACK", sequence(key, GROUP, repeated(entry_id, 1, 4)), 4),
    Row("XPENDING", sequence(key, GROUP), 3),
    Row("XPENDING", sequence(key, GROUP, maybe(sequence(arg.word("IDLE"), IDLE), 0.3), edge, edge, COUNT,
                             maybe(CONSUMER)), 4, WITHOUT_IDLE),
    Row("XCLAIM", sequence(key, GROUP, CONSUMER, IDLE, repeated(entry_id, 1, 3), options(
        "FORCE", "FORCE", "JUSTID", ("IDLE", one("0", "5", "-1", "x")), ("TIME", one("0", "1700000000000", "-5", "x")),
        ("RETRYCOUNT", one("0", "7", "-1", "x", "9223372036854775807")), ("LASTID", entry_id), most=3)), 4,
        since=(7, 2)),
    Row("XAUTOCLAIM", sequence(key, GROUP, CONSUMER, IDLE, edge, options(
        ("COUNT", weighted(6, one("1", "2", "3"), 1, one("0", "-1", "x", "10000"))), "JUSTID", most=2)), 3,
        since=(7, 2)),
    Row("XINFO STREAM", key, 3, since=(7, 2)),
    Row("XINFO STREAM", sequence(key, options(("FULL",), ("COUNT", COUNT), most=3)), 3, WITHOUT_TIMES, since=(7, 2)),
    Row("XINFO STREAM", sequence(key, one("FULL"), maybe(sequence(one("COUNT"), COUNT))), 3, WITHOUT_TIMES,
        since=(7, 2)),
    Row("XINFO GROUPS", key, 3, since=(7, 4)),
    Row("XINFO CONSUMERS", sequence(key, GROUP), 2, WITHOUT_TIMES, since=(7, 2)),
    Row("XINFO HELP", arg.nothing, 0.1, by.same_help),
    Row("OBJECT ENCODING", key, 0.5),
    Row("COPY", sequence(key, key, maybe(one("REPLACE"))), 0.7),
    Row("DEL", key, 0.3),
    Row("TYPE", key, 0.3),
    Row("CONFIG SET", sequence(one("stream-node-max-entries"), one("3", "5", "100", "200")), 0.5),
    Row("CONFIG SET", sequence(one("stream-node-max-bytes"), one("300", "1000", "4096")), 0.3, since=(7, 2)),
]
