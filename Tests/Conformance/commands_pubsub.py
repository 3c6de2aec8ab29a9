"""Random uses of the publish-subscribe commands; subscribers are mostly on the second connection.

In RESP2 a subscriber may send only a few commands, so the rows of all other groups that fall on
such a connection compare the refusals.
"""

from __future__ import annotations

import arguments as arg
import comparison as by
from arguments import maybe, one, repeated, sequence
from table import Row

CHANNEL = one("news", "news", "sport", "n\r\n\x00", "", "{x}1", "__keyspace@0__:a")

PATTERN = one("n*", "*", "ne?s", "[ns]*", "\\news", "", "s*t", "[", "__key*__:*")

SUBSCRIBER = 0.85
"""The share of subscriptions on the second connection."""

ROWS = [
    Row("SUBSCRIBE", repeated(CHANNEL, 0, 3), 3, alone=True, on_second=SUBSCRIBER),
    Row("PSUBSCRIBE", repeated(PATTERN, 0, 3), 3, alone=True, on_second=SUBSCRIBER),
    Row("SSUBSCRIBE", repeated(CHANNEL, 0, 3), 2, alone=True, on_second=SUBSCRIBER),
    Row("UNSUBSCRIBE", repeated(CHANNEL, 1, 3), 2, alone=True, intact=True, on_second=SUBSCRIBER),
    Row("PUNSUBSCRIBE", repeated(PATTERN, 1, 3), 2, alone=True, intact=True, on_second=SUBSCRIBER),
    Row("SUNSUBSCRIBE", repeated(CHANNEL, 1, 3), 1.5, alone=True, intact=True, on_second=SUBSCRIBER),
    Row("UNSUBSCRIBE", weight=1, same=by.unsubscriptions, alone=True, on_second=SUBSCRIBER),
    Row("PUNSUBSCRIBE", weight=1, same=by.unsubscriptions, alone=True, on_second=SUBSCRIBER),
    Row("SUNSUBSCRIBE", weight=1, same=by.unsubscriptions, alone=True, on_second=SUBSCRIBER),
    Row("PUBLISH", sequence(CHANNEL, arg.value), 6, alone=True, on_second=0.1),
    Row("SPUBLISH", sequence(CHANNEL, arg.value), 3, alone=True, on_second=0.1),
    Row("PUBSUB CHANNELS", maybe(PATTERN), 2, by.unordered),
    Row("PUBSUB SHARDCHANNELS", maybe(PATTERN), 1, by.unordered),
    Row("PUBSUB NUMSUB", repeated(CHANNEL, 0, 3), 2),
    Row("PUBSUB SHARDNUMSUB", repeated(CHANNEL, 0, 3), 1),
    Row("PUBSUB NUMPAT", weight=1),
    Row("PUBSUB HELP", weight=0.3, same=by.same_help),
    Row("PUBSUB", sequence(one("", "numpats", "CHANNEL", "\r\n"), repeated(CHANNEL, 0, 2)), 0.5),
    Row("PING", maybe(arg.value), 1, on_second=0.6),
    Row("RESET", weight=0.4, alone=True, on_second=0.6),
]
