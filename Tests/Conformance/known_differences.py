"""Differences that are no faults: replies that changed from one version of Redis (or Valkey) to another.

An entry that tells since when a reply is as it is now excuses a difference only if one of the two servers
compared is older than that and has the older reply, and the other is not and has the newer one. The others
are about what never was defined, and excuse either direction. Replies that are equal never get here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, List, Optional, Tuple

from wire import Node

Version = Tuple[int, ...]

ALWAYS: Version = ()
"""In place of the version of a change, for what servers of one version may answer differently."""

AFTER_7_0: Version = (7, 1)
"""The first versions after 7.0, those on the way to 7.2 included."""

AFTER_7_2: Version = (7, 3)
"""The first versions after 7.2, those on the way to 7.4 included."""

AFTER_7: Version = (7, 9)
"""The first versions on the way to 8.0."""


def is_between(since: Version, one: Version, other: Version) -> bool:
    """Whether the first server is older than a change, and the second is not."""
    return one < since <= other


@dataclass(frozen=True)
class Difference:
    """One change: which commands, the reply before and after, and what happened when.

    All three patterns are regular expressions that must match the whole of, respectively, the
    command's words joined by spaces (in any case) and the raw replies.
    """

    command: bytes
    older: bytes
    newer: bytes
    reason: str
    since: Version = ALWAYS

    def covers(self, command: bytes, one: bytes, other: bytes, versions: Tuple[Version, Version]) -> bool:
        """Whether this entry explains that servers of these versions differ in the replies `one` and `other`."""
        return _fits(self.command, command) and (
            (self._allows(*versions) and _fits(self.older, one) and _fits(self.newer, other))
            or (self._allows(*reversed(versions)) and _fits(self.newer, one) and _fits(self.older, other)))

    def _allows(self, older: Version, newer: Version) -> bool:
        """Whether servers of these versions may have the older and the newer reply."""
        return self.since == ALWAYS or is_between(self.since, older, newer)


@dataclass(frozen=True)
class Rewording:
    """Another text for the same thing, anywhere in the replies of certain commands."""

    command: bytes
    is_text: Callable[[bytes, bytes], bool]
    """Whether the older version writes the first where the newer writes the second."""
    reason: str
    since: Version


def _fits(pattern: bytes, text: bytes) -> bool:
    """Whether the pattern matches all of the text."""
    return re.fullmatch(pattern, text, re.DOTALL | re.IGNORECASE) is not None


ARGUMENT_ERROR = rb"-ERR (syntax error|value is not an integer or out of range)\r\n"

SCAN_ERROR = rb"-ERR (invalid cursor|syntax error|value is not an integer or out of range)\r\n"

SORT_ERROR = rb"-ERR One or more scores can't be converted into double\r\n"

COMPOSED_LIST = rb"\(.*\)"
"""What a complete iteration comes to (see special_exchanges.py)."""

KNOWN: List[Difference] = [
    Difference(rb"BITCOUNT .*", rb":0\r\n|-WRONGTYPE .*", ARGUMENT_ERROR,
               "Redis 7.0 looks for the key first; later versions read the arguments first.", AFTER_7_0),
    Difference(rb"BITPOS .*", rb":(0|-1)\r\n|-WRONGTYPE .*", ARGUMENT_ERROR, "As with BITCOUNT.", AFTER_7_0),
    Difference(rb"(GETRANGE|SUBSTR) .* -?\d+ -\d+", rb"\$1\r\n.\r\n", rb"\$0\r\n\r\n",
               "A range that ends before the string's beginning: its first byte in 7.0, nothing in later versions.",
               AFTER_7_0),
    Difference(rb"BITFIELD(_RO)? .*#\d{17,}.*", rb"\*.*", rb"-ERR bit offset is not an integer or out of range\r\n",
               "Redis multiplies such an index with the width beyond 64 bits and reads wherever that leads, once "
               "proto-max-bulk-len was set as high."),
    Difference(rb"SCAN .* TYPE(\x00\S*)? .*", COMPOSED_LIST + rb"|" + ARGUMENT_ERROR, rb"-ERR unknown type name '.*'\r\n",
               "Names of unknown types are refused where they stand after 7.0, before options behind them are read; "
               "in 7.0 no key was of such a type.", AFTER_7_0),
    Difference(rb"[SZ]SCAN( .*)?", rb"-ERR syntax error\r\n",
               rb"-ERR NOVALUES option can only be used in HSCAN\r\n", "NOVALUES came after 7.0.", AFTER_7_0),
    Difference(rb"[HSZ]?SCAN( .*)?", COMPOSED_LIST + rb"|-WRONGTYPE .*|" + SCAN_ERROR, SCAN_ERROR,
               "An empty cursor counts as 0 in 7.0 only; later versions look at the cursor first of all.", AFTER_7_0),
    Difference(rb"COMMAND GETKEYS(ANDFLAGS)? .*",
               rb"-ERR wrong number of arguments for 'command\|getkeys(andflags)?' command\r\n",
               rb"-ERR (Invalid number of arguments specified for command|The command has no key arguments"
               rb"|Invalid command specified|Can't execute .*)\r\n",
               "Asking about a command without any arguments became possible after 7.0.", AFTER_7_0),
    Difference(rb"COMMAND GETKEYSANDFLAGS SINTERSTORE .*", rb"\*.*\+RW\r\n.*", rb"\*.*\+OW\r\n.*",
               "SINTERSTORE reads and writes its destination in 7.0's words; later versions say that it overwrites it.",
               AFTER_7_0),
    Difference(rb"HELLO .*", rb"-WRONGPASS .*", rb"-ERR (Syntax error in HELLO option|Client names cannot contain) .*",
               "7.0 authenticates while it reads the options, later versions read all of them first.", AFTER_7_0),
    Difference(rb"(AUTH|HELLO \d+) .*", rb"-WRONGPASS [^\r\n]*\r\n", rb"",
               "From 7.2 on, but not here, the error is not sent when another reply still waits in the client's buffer."),
    Difference(rb"HELLO .*", rb".*the HELLO AUTH .*", rb".*the HELLO <proto> AUTH .*", "Corrected wording after 7.0.",
               AFTER_7_0),
    Difference(rb"CLIENT (LIST|KILL) .*", rb".*", rb"[$=:].*|-ERR (Unknown client type|Invalid client ID|syntax error).*",
               "Valkey 9 lets filters be combined and read one after the other; 7.0 takes one."),
    Difference(rb"COMMAND GETKEYSANDFLAGS BITFIELD .*", rb".*", rb".*variable_flags.*",
               "7.0 looks at the subcommands for the flags; the key spec says that they vary."),
    Difference(rb"MEMORY USAGE .*", rb":\d+\r\n", rb"\$-1\r\n|_\r\n",
               "A key that is given a deadline in the past is there until somebody looks; here it is gone a moment later."),
    Difference(rb"LPOS .* -9223372036854775808( .*)?", rb".*",
               rb"-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807\r\n",
               "A rank that has no opposite is refused after 7.0.", AFTER_7_0),
    Difference(rb"B[LRZ]\S+ .*", rb"-ERR timeout is negative\r\n", rb"-ERR timeout is out of range\r\n",
               "A wait too long for 64 bits counted as negative in 7.0.", AFTER_7_0),
    Difference(rb"OBJECT ENCODING .*", rb"\$9\r\nquicklist\r\n", rb"\$8\r\nlistpack\r\n",
               "Short lists are kept as a single listpack after 7.0.", AFTER_7_0),
    Difference(rb"OBJECT REFCOUNT .*", rb":1\r\n", rb":2147483647\r\n",
               "Small numbers are shared; whether a copy of one is, differs by how it was made."),
    Difference(rb"XREAD(GROUP)? .*", rb"-ERR Unbalanced XREAD list .*", rb"-ERR Unbalanced 'xread(group)?' list .*",
               "The error names the command that was called since 7.2.", AFTER_7_0),
    Difference(rb"SORT(_RO)? .*", SORT_ERROR, rb"[:*].*",
               "Before 8.0 a number beyond a double's range is none.", AFTER_7),
    Difference(rb"SORT(_RO)? .*", rb"[:*].*", SORT_ERROR,
               "Before 8.0 hexadecimal numbers, and such with a space in front, are some too.", AFTER_7),
    Difference(rb"XREAD(GROUP)? .* \+( .*)?", rb"-ERR Invalid stream ID specified as stream command argument\r\n",
               rb"[*%_$].*|-(ERR|NOGROUP) .*", "The last entry's ID came with 7.4.", AFTER_7_2),
    Difference(rb"CONFIG SET .*maxmemory-samples.*", rb".*between 1 and 2147483647 inclusive.*",
               rb".*between 1 and 64 inclusive.*", "The upper limit came after 7.0.", AFTER_7_0),
]


STATE = rb"\(everything stored\)"
"""The check that ends a round."""


def _has_17_digits(older: bytes, newer: bytes) -> bool:
    """Whether the first is the number of the second as C writes it with 17 digits."""
    try:
        return b"%.17g" % float(newer) == older
    except ValueError:
        return False


def _has_17_decimals(older: bytes, newer: bytes) -> bool:
    """Whether the first is the number of the second with up to 17 decimals."""
    try:
        return (b"%.17f" % float(newer)).rstrip(b"0").rstrip(b".") == older
    except ValueError:
        return False


def _is_single_listpack(older: bytes, newer: bytes) -> bool:
    """Whether these are the two names of a short list's encoding."""
    return (older, newer) == (b"quicklist", b"listpack")


REWORDINGS: List[Rewording] = [
    Rewording(rb"B?Z\S+ .*|" + STATE, _has_17_digits,
              "Scores have 17 digits in 7.0, and later as few as tell them from all others.", AFTER_7_0),
    Rewording(rb"GEO.*", _has_17_decimals, "Coordinates have 17 decimals before 8.0.", AFTER_7),
    Rewording(STATE, _is_single_listpack, "Short lists are kept as a single listpack after 7.0.", AFTER_7_0),
]


def is_known(command: bytes, one: bytes, other: bytes, versions: Tuple[Version, Version]) -> bool:
    """Whether some entry explains the difference."""
    return any(difference.covers(command, one, other, versions) for difference in KNOWN)


def reworded(command: bytes, versions: Tuple[Version, Version]) -> Optional[Callable[[Node, Node], bool]]:
    """Tells whether two servers' replies to a command are the same but for known rewordings; None without any."""
    rewordings = [one for one in REWORDINGS if _fits(one.command, command)]
    forth = [one.is_text for one in rewordings if is_between(one.since, *versions)]
    back = [one.is_text for one in rewordings if is_between(one.since, *reversed(versions))]

    def same(one: Node, other: Node) -> bool:
        if one == other:
            return True
        if one.kind != other.kind or one.is_error or len(one.items) != len(other.items):
            return False
        if one.items:
            return all(map(same, one.items, other.items))
        return (any(is_text(one.text, other.text) for is_text in forth)
                or any(is_text(other.text, one.text) for is_text in back))
    return same if forth or back else None
