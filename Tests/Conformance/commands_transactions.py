"""Random transactions: blocks of random commands that run together, and keys that are watched meanwhile."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, List, Sequence, Tuple

import commands_bitmaps
import commands_hashes
import commands_keys
import commands_lists
import commands_sets
import commands_sorted_sets
import commands_strings
from arguments import key, repeated
from comparison import Outcome, exact
from exchange import Side, single
from table import Row
from wire import Frame, Node, raw

if TYPE_CHECKING:
    from table import Step

Part = Tuple[bytes, Tuple[Frame, ...]]
"""A command, and what was answered to it."""

SEPARATOR = b"\x00next\x00"
"""Stands between the commands of a block, which are one step: it runs whole, or is left out whole."""

FOREIGN = b"\x00other\x00"
"""Stands before a command that the second connection sends in between."""

ENDS = (b"EXEC", b"DISCARD", b"RESET")
"""What ends a block."""

MOST_QUEUED = 8

MULTI_SINCE = (7, 0)
"""Commands that came later are refused by some servers, which spoils what they are part of."""

_PLAIN = [row for module in (commands_strings, commands_bitmaps, commands_keys, commands_sets, commands_hashes,
                             commands_sorted_sets, commands_lists)
          for row in module.ROWS
          if row.same is exact and row.exchange is single and row.is_command and not row.alone
          and not row.quiet_only and not row.waits_for_silence and row.since <= MULTI_SINCE
          and row.command != "OBJECT REFCOUNT"]
"""What has one answer, told in one reply, that is compared as it is.

Redis counts a value once more while the command that set it is still in a block's queue.
"""

_WEIGHTS = [row.weight for row in _PLAIN]


def _command(rng: Random) -> List[bytes]:
    """A command that may stand in a block."""
    row = rng.choices(_PLAIN, _WEIGHTS)[0]
    return [word.encode() for word in row.command.split()] + row.arguments(rng)


def _foreign(rng: Random) -> List[bytes]:
    """A command of the other connection, which must not wait."""
    command = _command(rng)
    return [FOREIGN] + (command if not command[0].startswith((b"BL", b"BR", b"BZ")) else [b"INCR", b"a"])


def _odd(rng: Random) -> List[bytes]:
    """What is refused at once, or changes what the block means."""
    return rng.choice(([b"NOSUCH", b"x"], [b"GET"], [b"MULTI"], [b"WATCH", b"a"], [b"UNWATCH"], [b"OBJECT", b"FOO"],
                       [b"SELECT", b"1"], [b"SELECT", b"99"], [b"PING"], [b"SHUTDOWN", b"x"], [b"EXEC", b"x"]))


def _blocks(rng: Random) -> List[bytes]:
    """A whole transaction: perhaps a watched key, perhaps changed by another, then a block and its end."""
    parts: List[List[bytes]] = []
    if rng.random() < 0.4:
        parts.append([b"WATCH"] + repeated(key, 1, 3)(rng))
        if rng.random() < 0.15:
            parts.append([b"UNWATCH"])
    if rng.random() < 0.4:
        parts.append(_foreign(rng))
    parts.append([b"MULTI"])
    for _ in range(rng.randint(0, MOST_QUEUED)):
        choice = rng.random()
        if choice < 0.06:
            parts.append(_odd(rng))
        elif choice < 0.16:
            parts.append(_foreign(rng))
        else:
            parts.append(_command(rng))
    parts.append([rng.choice((b"EXEC", b"EXEC", b"EXEC", b"EXEC", b"EXEC", b"exec", b"DISCARD", b"RESET"))])
    words: List[bytes] = []
    for index, part in enumerate(parts):
        words += ([SEPARATOR] if index else []) + part
    return words


def transaction(side: Side, step: "Step") -> Outcome:
    """All replies of a block, those to the other connection's commands at their places."""
    parts: List[Part] = []
    queue: List[List[bytes]] = []
    queueing = False
    for words in requests(step.args):
        if words[0] == FOREIGN:
            parts.append((b" ".join(words[1:]), tuple(side.ask(1 - step.where, *words[1:]))))
            continue
        ends = len(words) == 1 and words[0].upper() in ENDS
        # The PING that asks for an answer's end would be queued as well.
        waits = (queueing and not ends) or words[0] == b"MULTI"
        frames = (side.reply_to if waits else side.ask)(step.where, *words)
        reply = frames[-1].node
        parts.append((b" ".join(words), tuple(frames)))
        if reply.text == b"QUEUED":
            queue.append(words)
        elif ends:
            parts[-1:] = _results(queue, parts[-1], reply)
        begins = words[0] == b"MULTI" and reply.text == b"OK"
        queueing = not ends and (queueing or begins) and not reply.text.startswith(b"EXECABORT")
        if words[0].upper() == b"RESET" and side.protocol == 3:
            side.ask(step.where, b"HELLO", b"3")
    everything = tuple(frame for _, frames in parts for frame in frames)
    return Outcome(step.where, {step.where: everything}, parts=tuple(parts))


def _results(queue: Sequence[List[bytes]], end: Part, reply: Node) -> List[Part]:
    """The end of a block as a part for each of the queued commands, if they were carried out."""
    if not queue or len(reply.items) != len(queue):
        return [end]
    frames = [Frame(raw(item), item) for item in reply.items]
    return [(end[0], end[1][:-1])] + [(b" ".join(words), (frame,)) for words, frame in zip(queue, frames)]


def requests(words: Sequence[bytes]) -> List[List[bytes]]:
    """The commands of a block; one that was shortened to nothing is left out."""
    parts: List[List[bytes]] = [[]]
    for word in words:
        if word == SEPARATOR:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part and part != [FOREIGN]]


ROWS = [
    Row("MULTI", _blocks, 8, exchange=transaction, verbatim=True),
    Row("EXEC", weight=0.3),
    Row("DISCARD", weight=0.3),
    Row("UNWATCH", weight=0.3),
    Row("WATCH", repeated(key, 1, 3), 0.5),
]
