"""Differences that are no faults: replies that changed from one version of Redis (or Valkey) to another.

The two servers compared may imitate different versions, so an entry excuses a difference in either
direction: one side has the older reply and the other the newer one. Replies that are equal never get here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List


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

    def covers(self, command: bytes, one: bytes, other: bytes) -> bool:
        """Whether this entry explains that the replies `one` and `other` differ."""
        return _fits(self.command, command) and (
            (_fits(self.older, one) and _fits(self.newer, other))
            or (_fits(self.newer, one) and _fits(self.older, other)))


def _fits(pattern: bytes, text: bytes) -> bool:
    """Whether the pattern matches all of the text."""
    return re.fullmatch(pattern, text, re.DOTALL | re.IGNORECASE) is not None


ARGUMENT_ERROR = rb"-ERR (syntax error|value is not an integer or out of range)\r\n"

SCAN_ERROR = rb"-ERR (invalid cursor|syntax error|value is not an integer or out of range)\r\n"

COMPOSED_LIST = rb"\(.*\)"
"""What a complete iteration comes to (see special_exchanges.py)."""

KNOWN: List[Difference] = [
    Difference(rb"BITCOUNT .*", rb":0\r\n|-WRONGTYPE .*", ARGUMENT_ERROR,
               "Redis 7.0 looks for the key first; later versions read the arguments first."),
    Difference(rb"BITPOS .*", rb":(0|-1)\r\n|-WRONGTYPE .*", ARGUMENT_ERROR, "As with BITCOUNT."),
    Difference(rb"(GETRANGE|SUBSTR) .* -?\d+ -\d+", rb"\$1\r\n.\r\n", rb"\$0\r\n\r\n",
               "A range that ends before the string's beginning: its first byte in 7.0, nothing in later versions."),
    Difference(rb"BITFIELD(_RO)? .*#\d{17,}.*", rb"\*.*", rb"-ERR bit offset is not an integer or out of range\r\n",
               "Redis multiplies such an index with the width beyond 64 bits and reads wherever that leads, once "
               "proto-max-bulk-len was set as high."),
    Difference(rb"SCAN .* TYPE(\x00\S*)? .*", COMPOSED_LIST + rb"|" + ARGUMENT_ERROR, rb"-ERR unknown type name '.*'\r\n",
               "Names of unknown types are refused where they stand after 7.0, before options behind them are read; "
               "in 7.0 no key was of such a type."),
    Difference(rb"[SZ]SCAN( .*)?", rb"-ERR syntax error\r\n",
               rb"-ERR NOVALUES option can only be used in HSCAN\r\n", "NOVALUES came after 7.0."),
    Difference(rb"[HSZ]?SCAN( .*)?", COMPOSED_LIST + rb"|-WRONGTYPE .*|" + SCAN_ERROR, SCAN_ERROR,
               "An empty cursor counts as 0 in 7.0 only; later versions look at the cursor first of all."),
    Difference(rb"COMMAND GETKEYS(ANDFLAGS)? .*",
               rb"-ERR wrong number of arguments for 'command\|getkeys(andflags)?' command\r\n",
               rb"-ERR (Invalid number of arguments specified for command|The command has no key arguments"
               rb"|Invalid command specified|Can't execute .*)\r\n",
               "Asking about a command without any arguments became possible after 7.0."),
    Difference(rb"COMMAND GETKEYSANDFLAGS SINTERSTORE .*", rb"\*.*\+RW\r\n.*", rb"\*.*\+OW\r\n.*",
               "SINTERSTORE reads and writes its destination in 7.0's words; later versions say that it overwrites it."),
    Difference(rb"HELLO .*", rb"-WRONGPASS .*", rb"-ERR (Syntax error in HELLO option|Client names cannot contain) .*",
               "7.0 authenticates while it reads the options, later versions read all of them first."),
    Difference(rb"(AUTH|HELLO \d+) .*", rb"-WRONGPASS [^\r\n]*\r\n", rb"",
               "From 7.2 on, the error is not sent when another reply still waits in the client's buffer."),
    Difference(rb"HELLO .*", rb".*the HELLO AUTH .*", rb".*the HELLO <proto> AUTH .*", "Corrected wording after 7.0."),
    Difference(rb"CLIENT (LIST|KILL) .*", rb".*", rb"[$=:].*|-ERR (Unknown client type|Invalid client ID|syntax error).*",
               "Valkey 9 lets filters be combined and read one after the other; 7.0 takes one."),
    Difference(rb"COMMAND GETKEYSANDFLAGS BITFIELD .*", rb".*", rb".*variable_flags.*",
               "7.0 looks at the subcommands for the flags; the key spec says that they vary."),
    Difference(rb"MEMORY USAGE .*", rb":\d+\r\n", rb"\$-1\r\n|_\r\n",
               "A key that is given a deadline in the past is there until somebody looks; here it is gone a moment later."),
    Difference(rb"LPOS .* -9223372036854775808( .*)?", rb".*",
               rb"-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807\r\n",
               "A rank that has no opposite is refused after 7.0."),
    Difference(rb"B[LRZ]\S+ .*", rb"-ERR timeout is negative\r\n", rb"-ERR timeout is out of range\r\n",
               "A wait too long for 64 bits counted as negative in 7.0."),
    Difference(rb"OBJECT ENCODING .*", rb"\$9\r\nquicklist\r\n", rb"\$8\r\nlistpack\r\n",
               "Short lists are kept as a single listpack after 7.0."),
    Difference(rb"OBJECT REFCOUNT .*", rb":1\r\n", rb":2147483647\r\n",
               "Small numbers are shared; whether a copy of one is, differs by how it was made."),
    Difference(rb"XREAD(GROUP)? .*", rb"-ERR Unbalanced XREAD list .*", rb"-ERR Unbalanced 'xread(group)?' list .*",
               "The error names the command that was called since 7.2."),
    Difference(rb"CONFIG SET .*maxmemory-samples.*", rb".*between 1 and 2147483647 inclusive.*",
               rb".*between 1 and 64 inclusive.*", "The upper limit came after 7.0."),
]


def is_known(command: bytes, one: bytes, other: bytes) -> bool:
    """Whether some entry explains the difference."""
    return any(difference.covers(command, one, other) for difference in KNOWN)
