"""Random uses of the commands about the server: configuration, databases, the command table."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import List, Tuple

import arguments as arg
import comparison as by
import special_exchanges as special
from arguments import database, maybe, one, repeated, sequence, weighted
from command_info import command_info_form, docs_form, key_flags_form, known_names, known_part
from exchange import single
from table import Row
from wire import Node

PARAMETERS = {
    # Values are harmless: no disconnection, no refusal that depends on memory in use. Hence nothing of
    # proto-max-bulk-len: with absurd values Redis ends for want of memory.
    b"maxmemory": (b"0", b"1gb", b"2GB", b"1024mb", b"-1", b"x", b"", b"1e9", b"99999999999999999999", b"b", b"1gb\x00x",
                   b"18446744073709551615", b"9" * 127, b"9" * 128, b"17179869184gb"),
    b"maxmemory-policy": (b"noeviction", b"allkeys-lru", b"VOLATILE-LFU", b"allkeys-lfu", b"volatile-ttl", b"x", b"",
                          b"noeviction\x00x"),
    b"maxmemory-samples": (b"5", b"1", b"64", b"0", b"-1", b"x", b"1.5"),
    b"hz": (b"10", b"1", b"500", b"600", b"0", b"-1", b"x"),
    b"timeout": (b"0", b"1000", b"-1", b"x", b"2147483648"),
    b"slowlog-log-slower-than": (b"10000", b"-1", b"1000000", b"x"),
    b"slowlog-max-len": (b"128", b"0", b"1", b"-1", b"x"),
    b"lfu-log-factor": (b"10", b"0", b"1", b"-1", b"x"),
    b"lfu-decay-time": (b"1", b"0", b"-1", b"x"),
    b"latency-monitor-threshold": (b"0", b"100000", b"-1", b"x"),
    b"tcp-keepalive": (b"300", b"0", b"-1", b"x"),
    b"activerehashing": (b"yes", b"NO", b"no\x00x", b"x", b"", b"1"),
    b"proc-title-template": (b"{title}", b"", b"x\x00y", b"{listen-addr} {title}", b" ", b"{", b"{{", b"{x}", b"{port",
                             b"a{}b", b"{server-mode}{unixsocket}", b"{port}{{{config-file}}"),
    b"masteruser": (b"", b"me", b"me\x00x", b"\xff"),
    b"masterauth": (b"", b"secret", b"a\x00b", b"\xff"),
    b"replica-announce-ip": (b"", b"1.2.3.4", b"x\x00y"),
    b"repl-backlog-size": (b"1mb", b"0", b"", b"kb", b"18446744073709551615", b"9223372036854775808", b"2097152"),
    b"cluster-link-sendbuf-limit": (b"0", b"1mb", b"18446744073709551615", b"x"),
    b"client-output-buffer-limit": (
        b"", b"normal 0 0 0", b"normal 1gb 1gb 60", b"pubsub 1gb 0 60 slave 0 0 0", b"replica 2gb 1gb 0",
        b"normal 0 0", b"normal 0 0 x", b"normal  0 0 0", b"master 0 0 0", b"x 0 0 0", b"normal 0 0 0 ",
        b"normal 0 0 -1", b"normal x 0 0", b"normal kb  0", b"NORMAL 0 0 5", b"normal 0 0 +5"),
}

UNLIMITED, UNEVICTING = (b"maxmemory", b"0"), (b"maxmemory-policy", b"noeviction")
"""What goes before a policy and before a limit, as keys must not be evicted while replies are compared."""

UNSETTABLE = (b"foo", b"", b"databases", b"maxmemor", b"max*", b"\x00", b"x" * 150)
"""Parameters that do not exist, or that cannot be changed while the server runs."""

CATEGORIES = (b"string", b"bitmap", b"keyspace", b"READ", b"write", b"connection", b"pubsub", b"foo", b"", b"@read")

FLUSH_OPTION = maybe(one("ASYNC", "sync", "SYNC", "foo", "", "async"))


@lru_cache(maxsize=None)
def data_rows() -> Tuple[Row, ...]:
    """The rows of all groups whose commands work on keys."""
    import catalogue  # Late, as the catalogue holds this module's rows as well.
    return tuple(row for name in catalogue.DATA_GROUPS for row in catalogue.GROUPS[name])


@lru_cache(maxsize=None)
def plain_names() -> Tuple[str, ...]:
    """Commands whose replies are always compared byte for byte."""
    special_names = {row.command for row in data_rows() if row.same is not by.exact or row.exchange is not single}
    return tuple(sorted({row.command for row in data_rows()} - special_names))


def wrong_arity(rng: Random) -> List[bytes]:
    """A data command with any number of keys for arguments."""
    words = [word.encode() for word in rng.choice(plain_names()).split()]
    return words + [rng.choice(arg.KEYS) for _ in range(rng.randint(0, 6))]


def any_data_command(rng: Random) -> List[bytes]:
    """A data command with its usual arguments, or none, or another command."""
    row = rng.choice(data_rows())
    args = [word.encode() for word in row.command.split()] + row.arguments(rng)
    if rng.random() < 0.1:
        return args[:rng.randint(0, len(args))]
    return args if rng.random() > 0.1 else [rng.choice((b"PING", b"FOO", b"", b"PUBLISH", b"CONFIG"))] + args[1:]


def some_names(rng: Random) -> List[bytes]:
    """Names for COMMAND INFO, known and unknown."""
    names = rng.sample(sorted(known_names()), rng.randint(1, 4))
    return [arg.random_case(rng, name) for name in names] + rng.choice(([], [], [b"foo"], [b""], [b"config|foo"]))


def list_filter(rng: Random) -> List[bytes]:
    """A filter for COMMAND LIST."""
    style = rng.random()
    if style < 0.5:
        return [b"FILTERBY", b"PATTERN",
                rng.choice((b"*", b"set*", b"*bit*", b"GET", b"[e-h]*", b"config|*", b"", b"\\"))]
    if style < 0.8:
        return [b"filterby", b"AclCat", rng.choice(CATEGORIES)]
    return rng.choice(([b"FILTERBY", b"MODULE", b"foo"], [b"FILTERBY"], [b"FILTERBY", b"FOO", b"x"], [b"FOO"],
                       [b"FILTERBY", b"PATTERN"], [b"FILTERBY", b"ACLCAT", b"read", b"x"]))


def settings(rng: Random) -> List[bytes]:
    """Parameters with values for CONFIG SET."""
    result: List[bytes] = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if rng.random() < 0.9:
            name = rng.choice(list(PARAMETERS))
            result += UNEVICTING if name == b"maxmemory" else UNLIMITED if name == b"maxmemory-policy" else ()
            result += [arg.random_case(rng, name), rng.choice(PARAMETERS[name])]
        else:
            result += [rng.choice(UNSETTABLE), rng.choice((b"1", b"", b"yes"))]
    return result


def settings_form(node: Node) -> object:
    """A reply to CONFIG GET, reduced to the parameters in the table and sorted."""
    pairs = [(name.text, value) for name, value in node.pairs() if name.text.lower() in PARAMETERS]
    return node.kind, sorted(pairs, key=repr)


PARAMETER = weighted(5, one(*PARAMETERS), 2, one("max*", "*", "hz", "TIMEOUT", "slowlog-*", "foo", "", "h?", "[t]*", "foo\x00x", "h?\x00x"))

ROWS = [
    Row("CONFIG GET", repeated(PARAMETER, 1, 3), 3, by.normalised(settings_form)),
    Row("CONFIG SET", settings, 3),
    Row("CONFIG RESETSTAT", weight=0.3),
    Row("CONFIG REWRITE", weight=0.2),
    Row("CONFIG HELP", weight=0.2, same=by.same_help),
    Row("CONFIG", sequence(one("", "GETT", "foo", "SET", "GET"), repeated(arg.key, 0, 2)), 0.3),
    Row("COMMAND INFO", some_names, 3, by.normalised(command_info_form)),
    Row("COMMAND LIST", list_filter, 1, by.normalised(known_part)),
    Row("COMMAND GETKEYS", any_data_command, 3),
    Row("COMMAND GETKEYSANDFLAGS", any_data_command, 2, by.normalised(key_flags_form)),
    Row("COMMAND DOCS", some_names, 1, by.normalised(docs_form)),
    Row("COMMAND COUNT", weight=0.2, same=by.same_kind),
    Row("COMMAND HELP", weight=0.2, same=by.same_help),
    Row("COMMAND", sequence(one("", "foo", "GETKEY", "\x00"), maybe(arg.key)), 0.3, by.normalised(command_info_form)),
    Row("DBSIZE", weight=2, exchange=special.after_expiry),
    Row("FLUSHALL", FLUSH_OPTION, 0.4),
    Row("FLUSHDB", FLUSH_OPTION, 0.6),
    Row("SWAPDB", sequence(database, database), 1.5),
    Row("DEBUG", sequence(one("SLEEP"), one("0")), 0.3),
    Row("DEBUG", sequence(one("", "foo", "slee"), maybe(arg.key)), 0.2),
    Row("DEBUG", one("HELP"), 0.1, by.same_help, intact=True),
    Row("DEBUG", one("DIGEST"), 0.3, since=(7, 9), intact=True),
    Row("DEBUG", sequence(one("DIGEST-VALUE"), repeated(arg.key, 1, 3)), 0.6, since=(7, 9)),
    Row("DEBUG", sequence(one("SET-ACTIVE-EXPIRE"), one("1")), 0.1, intact=True),
    Row("DEBUG", sequence(one("DICT-RESIZING", "PAUSE-CRON"), one("0")), 0.1, intact=True, since=(7, 2)),
    Row("DEBUG", sequence(one("ERROR"), one("ERR x", "-x", "", "A b\r\nc", "x y")), 0.2, intact=True),
    Row("DEBUG", sequence(one("PROTOCOL"), one("string", "integer", "double", "null", "array", "set", "map",
                                               "verbatim", "true", "false", "bignum", "attrib", "x")), 0.5, intact=True),
    Row("DEBUG", sequence(one("HTSTATS-KEY"), one("never")), 0.1, intact=True),
    Row("DEBUG", sequence(one("LISTPACK", "OBJECT"), one("never")), 0.1, intact=True),
    Row("DEBUG", sequence(one("QUICKLIST-PACKED-THRESHOLD"), one("0", "x", "", "-1", "5gb")), 0.1, intact=True),
    Row("TIME", weight=0.3, same=by.same_kind),
    Row("LASTSAVE", weight=0.3, same=by.same_kind),
    Row("ROLE", weight=0.3),
    Row("INFO", maybe(one("server", "Keyspace", "foo", "", "ALL", "default")), 0.3, by.same_kind),
    Row("WAIT", sequence(one("0", "-1", "x"), one("0", "-1", "x", "1.5")), 0.5),
    Row("WAITAOF", sequence(one("0", "1", "2", "-1", "x"), one("0", "-1", "x"), one("0", "1", "-1", "x", "1.5")), 0.4,
        since=(7, 2)),
    # None of these ends the server, and nothing may be left out of them.
    Row("SHUTDOWN", one("ABORT", "abort", "x", ""), 0.2, intact=True),
    Row("SHUTDOWN", weighted(1, sequence(one("SAVE", "NOSAVE", "NOW", "FORCE"), one("ABORT", "x")),
                             1, sequence(one("ABORT"), one("SAVE", "NOSAVE", "NOW", "FORCE")),
                             1, sequence(one("NOSAVE"), one("SAVE"))), 0.2, intact=True),
    # Which commands were slow is luck, and no threshold of latency is ever reached.
    Row("SLOWLOG GET", maybe(one("0", "-1", "5", "-2", "x", "")), 0.3, by.same_kind),
    Row("SLOWLOG LEN", weight=0.2, same=by.same_kind),
    Row("SLOWLOG RESET", weight=0.1),
    Row("SLOWLOG HELP", weight=0.1, same=by.same_help),
    Row("LATENCY LATEST", weight=0.1),
    Row("LATENCY HISTORY", one("command", "foo", ""), 0.2),
    Row("LATENCY GRAPH", one("command", "foo", ""), 0.2),
    Row("LATENCY RESET", repeated(one("command", "fork", "foo"), 0, 2), 0.2),
    Row("LATENCY DOCTOR", weight=0.1, same=by.same_kind),
    Row("LATENCY HELP", weight=0.1, same=by.same_help),
    Row("LATENCY HISTOGRAM", repeated(one("get", "set", "foo", "config|set"), 0, 2), 0.2, by.same_kind),
    Row("LOLWUT", maybe(sequence(one("VERSION"), one("5", "1", "x"))), 0.1, by.same_kind, intact=True),
    Row("MEMORY DOCTOR", weight=0.2, same=by.same_kind),
    Row("MEMORY MALLOC-STATS", weight=0.1, same=by.any_success),
    Row("MEMORY PURGE", weight=0.1),
    Row("MEMORY STATS", weight=0.2, same=by.same_kind),
    Row("MEMORY HELP", weight=0.2, same=by.same_help),
    Row("MEMORY", sequence(one("", "foo", "USAGES"), maybe(arg.key)), 0.3),
    Row("ARITY", wrong_arity, 3, verbatim=True, needs="GET"),
]
