"""Random uses of the commands about the connection itself, and of commands that do not exist."""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
import comparison as by
import special_exchanges as special
from arguments import maybe, one, options, repeated, sequence, weighted, word
from table import Row
from wire import Node

NAME = weighted(4, one("tester", "x", "A_b-c", "", "\u00e9"), 1, one("a b", "a\nb", " ", "\x7f", "x" * 300))

PASSWORD = one("secret", "", "x" * 100, "\x00")

USER = one("default", "default", "nobody", "", "DEFAULT")

UNKNOWN_NAMES = (b"", b"foo", b"FOO", b"x" * 200, b"x" * 128, b"x" * 127, b"\r\n", b"foo\x00get", b"\x00get", b"G E T",
                 b"gett", b"'", b"\"", b"%s%n", b"\xff\xfe", b"set|get", b"client|getname", b"-1", b"*1", b"_", b"+OK",
                 b"object|help|x", b"a\nb", b"a\rb", b"command foo")
"""None is a name with a NUL behind it: when both fall into one bucket by luck, Redis takes them for the same."""

HELLO_VARYING = (b"server", b"version", b"id", b"modules")
"""Fields of HELLO that differ from server to server; only their types are compared."""

ON_OFF = weighted(5, one("ON", "OFF", "on", "off"), 1, one("", "yes", "1", "O"))


def unknown(rng: Random) -> List[bytes]:
    """A command that does not exist; the reply quotes the beginning of its arguments."""
    name = rng.choice(UNKNOWN_NAMES)
    count = rng.choice((0, 1, 1, 2, 3, 8, 40))
    return [name] + [part for _ in range(count) for part in arg.value(rng)]


def hello_form(node: Node) -> object:
    """HELLO's reply without what identifies server and connection."""
    return node.kind, [(name, item.kind if name.text in HELLO_VARYING else item) for name, item in node.pairs()]


HELLO_VERSION = weighted(6, one("2", "3"), 2, one("1", "4", "0", "-1", "abc", "", "3 ", "33", "9" * 30))

HELLO_OPTIONS = sequence(maybe(sequence(word("AUTH"), USER, PASSWORD)), maybe(one("FOO", "AUTH", "SETNAME", ""), 0.3))

HELLO_NAME = sequence(maybe(sequence(word("AUTH"), one("default"), PASSWORD)), one("SETNAME", "setname"), NAME)
"""Nothing here fails after the name was read: whether the name is then kept varies between versions."""

CLIENT_NO = one("", "GETNAMES", "foo", "\r\n", "x" * 150, "KILL", "PAUSE", "SETNAME", "LIST|ID", "NO_EVICT")

CLIENT_TRACKING_ON = sequence(one("CLIENT"), one("TRACKING"), one("ON", "on"))
"""Always followed by what makes it fail: invalidation messages are not compared yet."""

ROWS = [
    Row("AUTH", sequence(maybe(USER), PASSWORD), 2),
    Row("ECHO", arg.value, 2),
    Row("PING", maybe(arg.value), 2),
    Row("SELECT", arg.database, 2),
    Row("HELLO", sequence(HELLO_VERSION, HELLO_OPTIONS), 1.5, by.normalised(hello_form)),
    Row("HELLO", sequence(HELLO_VERSION, HELLO_NAME), 0.7, by.normalised(hello_form), intact=True),
    Row("HELLO", weight=0.5, same=by.normalised(hello_form)),
    Row("RESET", weight=0.4, alone=True),
    Row("QUIT", weight=0.2, alone=True),
    Row("CLIENT GETNAME", weight=2),
    Row("CLIENT SETNAME", NAME, 2),
    Row("CLIENT SETINFO", sequence(one("LIB-NAME", "lib-ver", "Lib-Name", "LIB", ""), NAME), 1, since=(7, 2)),
    Row("CLIENT GETREDIR", weight=0.5),
    Row("CLIENT ID", weight=0.5, same=by.same_kind),
    Row("CLIENT INFO", weight=0.5, same=by.same_kind),
    Row("CLIENT LIST", options(("TYPE", one("normal", "PUBSUB", "replica", "master", "foo", "")),
                               ("ID", repeated(one("999999999", "0", "-1", "x"), 1, 2)), most=2), 0.7, by.same_kind),
    Row("CLIENT NO-EVICT", ON_OFF),
    Row("CLIENT NO-TOUCH", ON_OFF, since=(7, 2)),
    Row("CLIENT REPLY", one("ON", "on", "", "OFFF", "SKI"), 0.7),
    Row("CLIENT REPLY", one("OFF", "skip", "SKIP", "off"), 0.5, exchange=special.muted, intact=True),
    Row("CLIENT TRACKINGINFO", weight=0.7),
    Row("CLIENT TRACKING", one("", "o", "OFF", "off", "yes"), 0.5),
    Row("CLIENT TRACKING", sequence(CLIENT_TRACKING_ON, weighted(
        1, one("PREFIX", "FOO", ""), 1, sequence(one("REDIRECT"), one("x", "-1", "987654321", "")),
        1, sequence(one("OPTIN"), one("OPTOUT")), 1, sequence(one("PREFIX"), one("x", "")),
        1, sequence(one("BCAST", "NOLOOP"), one("OPTIN", "BCAST"), one("OPTOUT")),
        1, sequence(one("BCAST"), one("PREFIX"), one("a"), one("PREFIX"), one("ab", "a", "")))), 0.7, verbatim=True),
    Row("CLIENT CACHING", one("YES", "no", "x", ""), 0.5),
    Row("CLIENT KILL", one("1.2.3.4:5", "", "foo", "ID", "\x00"), 0.5),
    Row("CLIENT KILL", weighted(
        3, sequence(one("ID", "id"), one("999999999", "0", "-1", "x", "")),
        1, sequence(one("TYPE"), one("replica", "foo", "")),
        1, sequence(one("USER"), one("nobody", "")),
        1, sequence(one("ADDR", "LADDR"), one("1.2.3.4:5", "")),
        1, sequence(one("ID"), one("999999999"), one("SKIPME"), one("yes", "NO", "x")),
        1, sequence(one("TYPE"), one("normal", "MASTER", "pubsub"), one("ID"), one("999999999")),
        1, one("a", "")), 0.7, intact=True),
    Row("CLIENT KILL", sequence(one("MAXAGE", "maxage"), one("1000000", "x", "", "-1", "1.5"), maybe(one("ID"))),
        0.4, since=(7, 4), intact=True),
    Row("CLIENT UNBLOCK", sequence(one("999999999", "0", "-1", "x"), maybe(one("TIMEOUT", "error", "x"))), 0.5),
    Row("CLIENT PAUSE", sequence(one("-1", "x", "", "1.5", "9" * 25), maybe(one("WRITE", "x"))), 0.3),
    Row("CLIENT PAUSE", sequence(one("0"), one("x", "", "ALL", "write")), 0.2),
    Row("CLIENT UNPAUSE", weight=0.2),
    Row("CLIENT HELP", weight=0.2, same=by.same_help),
    Row("CLIENT", sequence(CLIENT_NO, repeated(arg.key, 0, 2)), 0.7),
    Row("UNKNOWN", unknown, 3, verbatim=True),
]
