"""Exchanges for commands whose replies only mean something together with others.

Each returns an outcome that no longer depends on a server's private order of keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Sequence, Set, Tuple, Union

import arguments
import wire
from comparison import Outcome
from exchange import PASSWORD, Side, reply_frame, single
from wire import Frame, Node

if TYPE_CHECKING:
    from table import Step

SCAN_ROUNDS = 2000
"""Calls until an iteration over a handful of keys is taken to be endless."""

LCS_LARGEST_TABLE = 4_000_000
LCS_SMALLEST_REFUSED = 600_000_000
"""Products of both lengths between these would really be computed, at 4 bytes a cell: too much."""

DATABASES = 16
"""As many as a server has that is not told otherwise."""

DUMP_COMMANDS = {
    b"string": (b"GET",), b"list": (b"LRANGE", 0, -1), b"set": (b"SMEMBERS",), b"hash": (b"HGETALL",),
    b"zset": (b"ZRANGE", 0, -1, b"WITHSCORES"), b"stream": (b"XRANGE", b"-", b"+"),
}
"""What reads the whole of a value of each type, the key left out."""

SETTLING_TURNS = 6
"""Questions on another connection after which a server has surely read what it was sent, 16 kB in each
turn of its loop: on a busy machine silence alone would prove nothing."""

RECENT_ID = b"1500000000000"
"""Less, as a text, than any ID that the clock of today makes."""

UNORDERED_TYPES = (b"set", b"hash")


def composed(step: "Step", *values: Union[bytes, str, int]) -> Outcome:
    """An outcome of one array, made here out of several replies."""
    items = tuple(Node("$", wire.to_bytes(value)) for value in values)
    return Outcome(step.where, {step.where: (reply_frame(Node("*", items)),)})


def as_received(step: "Step", frames: Sequence[Frame]) -> Outcome:
    """An outcome of frames just as they came."""
    return Outcome(step.where, {step.where: tuple(frames)})


def scan(side: Side, step: "Step") -> Outcome:
    """A full iteration: the set of keys found, or the first error."""
    args = list(step.args)
    found: Set[bytes] = set()
    for _ in range(SCAN_ROUNDS):
        frames = side.ask(step.where, *args)
        reply = frames[-1].node if frames else Node("_", None)
        if len(reply.items) != 2:
            return as_received(step, frames)
        cursor = reply.items[0].text
        found.update(item.text for item in reply.items[1].items)
        if cursor == b"0":
            return composed(step, *sorted(found))
        args[1] = cursor
    return composed(step, "the cursor did not return to 0 in %d calls" % SCAN_ROUNDS)


def element_scan(side: Side, step: "Step") -> Outcome:
    """A full iteration over a collection: the elements found, sorted, or the first error.

    What comes in pairs (fields and values, members and scores) stays together.
    """
    args = list(step.args)
    width = 1 if args[0].upper() == b"SSCAN" or b"NOVALUES" in [word.upper() for word in args] else 2
    found: Set[Tuple[bytes, ...]] = set()
    for _ in range(SCAN_ROUNDS):
        frames = side.ask(step.where, *args)
        reply = frames[-1].node if frames else Node("_", None)
        if len(reply.items) != 2 or len(args) < 3:
            return as_received(step, frames)
        cursor = reply.items[0].text
        texts = [item.text for item in reply.items[1].items]
        found.update(tuple(texts[index:index + width]) for index in range(0, len(texts), width))
        if cursor == b"0":
            return composed(step, *[text for element in sorted(found) for text in element])
        args[2] = cursor
    return composed(step, "the cursor did not return to 0 in %d calls" % SCAN_ROUNDS)


def random_members(side: Side, step: "Step") -> Outcome:
    """Random members of a set or sorted set: how many, and whether they are members, and different ones.

    What comes with its score stays together with it. The key is deleted if members were taken out, as the
    sets would differ from then on.
    """
    name = step.args[0].upper()
    takes, is_sorted = name == b"SPOP", name == b"ZRANDMEMBER"
    scored = is_sorted and step.args[-1].upper() == b"WITHSCORES"
    reading = (b"ZRANGE", b"0", b"-1", *((b"WITHSCORES",) if scored else ())) if is_sorted else (b"SMEMBERS",)
    before = side.ask(step.where, reading[0], step.args[1], *reading[1:])[-1].node if len(step.args) > 1 \
        else Node("_", None)
    frames = side.ask(step.where, *step.args)
    reply = frames[-1].node if frames else Node("_", None)
    if reply.is_error or before.is_error:
        return as_received(step, frames)
    picked = _elements(reply, scored) if reply.kind in "*~" else [reply.text] if reply.value is not None else []
    members = _elements(before, scored)
    facts = [reply.kind, len(picked), all(element in members for element in picked)]
    if takes or not step.args[-2 if scored else -1].startswith(b"-"):
        facts.append(len(set(picked)) == len(picked))
    if takes:
        after = [item.text for item in side.ask(step.where, b"SMEMBERS", step.args[1])[-1].node.items]
        facts.append(sorted(after + picked) == sorted(members))
        facts += [side.ask(step.where, b"TYPE", step.args[1])[-1].node.text]
        side.ask(step.where, b"DEL", step.args[1])
    return composed(step, *[str(fact) for fact in facts])


def _elements(reply: Node, scored: bool) -> List[object]:
    """The members of a reply, or pairs of members and scores in either of the two forms."""
    if not scored:
        return [item.text for item in reply.items]
    if any(item.items for item in reply.items):
        return [item.plain() for item in reply.items]
    return [(member.text, score.text) for member, score in reply.pairs()]


def random_key(side: Side, step: "Step") -> Outcome:
    """Whether RANDOMKEY names a key that exists."""
    _touch_pool(side, step)
    frames = side.ask(step.where, *step.args)
    reply = frames[-1].node if frames else Node("_", None)
    if reply.kind != "$" or reply.value is None:
        return as_received(step, frames)
    listed = side.ask(step.where, b"KEYS", b"*")[-1].node
    known = reply.text in [item.text for item in listed.items]
    return composed(step, "an existing key" if known else b"not a key: " + reply.text)


def after_expiry(side: Side, step: "Step") -> Outcome:
    """The command when every key whose deadline has passed is certainly gone.

    Until somebody looks, such keys may or may not be counted.
    """
    _touch_pool(side, step)
    return single(side, step)


def _touch_pool(side: Side, step: "Step") -> None:
    """Looks at every key that steps use, in the connection's database."""
    side.ask(step.where, b"EXISTS", *sorted(set(arguments.KEYS)), b"missing")


def lcs(side: Side, step: "Step") -> Outcome:
    """LCS, unless the strings are so long that the servers would be busy for seconds."""
    lengths = []
    for key in step.args[1:3]:
        reply = side.ask(step.where, b"STRLEN", key)[-1].node
        lengths.append(int(reply.text) if reply.kind == ":" else 0)
    if len(lengths) == 2 and LCS_LARGEST_TABLE < lengths[0] * lengths[1] < LCS_SMALLEST_REFUSED:
        return composed(step, "not tried")
    return single(side, step)


def added_now(side: Side, step: "Step") -> Outcome:
    """XADD with an ID of the server's clock: what was added, and whether its ID is a new one.

    The stream is deleted afterwards, as later IDs would have to be greater.
    """
    frames = side.ask(step.where, *step.args)
    added = frames[-1].node
    if len(step.args) < 2 or added.is_error or added.value is None:
        return as_received(step, frames)
    key = step.args[1]
    last = side.ask(step.where, b"XREVRANGE", key, b"+", b"-", b"COUNT", b"1")[-1].node
    facts = [added.kind, added.text > RECENT_ID, [entry.items[0] == added for entry in last.items],
             [entry.items[1] for entry in last.items], side.ask(step.where, b"XLEN", key)[-1].node.text]
    side.ask(step.where, b"DEL", key)
    return composed(step, *[str(fact) for fact in facts])


def muted(side: Side, step: "Step") -> Outcome:
    """CLIENT REPLY OFF or SKIP with a command behind it, and ON again: which of them are answered."""
    silenced = [step.args, (b"GETRANGE", b"a", b"0", b"3"), (b"STRLEN", b"a")]
    request = b"".join(map(wire.encode, silenced)) + wire.encode([b"CLIENT", b"REPLY", b"ON"])
    return side.finish(step.where, side.transmit(step.where, request))


def raw_chunks(side: Side, step: "Step") -> Outcome:
    """Raw bytes on a connection of its own: what comes back, and whether it is then closed."""
    connection = wire.Connection(side.server.port)
    try:
        received: List[Tuple[bytes, bool]] = []
        for chunk in step.args:
            connection.send(chunk)
            for _ in range(SETTLING_TURNS):
                side.control("PING")
            received.append(connection.read_until_quiet(side.patience))
    finally:
        connection.close()
    status = side.server.exit_status()
    if status:
        return Outcome(step.where, {}, "the server " + status)
    return composed(step, *[data + (b" <closed>" if closed else b"") for data, closed in received])


def raw_chunks_locked(side: Side, step: "Step") -> Outcome:
    """The same on a server that wants a password first."""
    side.control("CONFIG", "SET", "requirepass", PASSWORD)
    try:
        return raw_chunks(side, step)
    finally:
        side.control("CONFIG", "SET", "requirepass", "")


def whole_state(side: Side, step: "Step") -> Outcome:
    """Everything the server holds: a description and a deadline for each key."""
    entries = []
    for database in range(DATABASES):
        if not side.control("SELECT", database).is_error:
            names = sorted(item.text for item in side.control("KEYS", "*").items)
            entries += [_entry(side, database, name) for name in names]
    side.control("SELECT", 0)
    return Outcome(step.where, {step.where: (reply_frame(Node("*", tuple(entries))),)})


def _entry(side: Side, database: int, name: bytes) -> Node:
    """One key: a text of database, name and type, its deadline, encoding and value."""
    kind = side.control("TYPE", name).text
    encoding = side.control("OBJECT", "ENCODING", name)
    command = DUMP_COMMANDS.get(kind, (b"TYPE",))
    reply = side.control(command[0], name, *command[1:])
    if kind in UNORDERED_TYPES:
        reply = Node("*", tuple(Node("$", repr(item).encode()) for item in sorted(reply.items, key=repr)))
    place = Node("$", b"%d %s %s" % (database, name, kind))
    return Node("*", (place, side.control("PEXPIRETIME", name), encoding, reply))
