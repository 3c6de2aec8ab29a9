"""A stream of orders that two groups of consumers read, each at its own pace."""

from __future__ import annotations

import threading
from typing import Callable, Dict, List, Tuple

import redis

STREAM = "orders"
ORDERS = 120
"""More than one node of a stream holds."""

CONSUMERS = 3

Entry = Tuple[str, Dict[str, str]]


class Group:
    """One of the groups: every order goes to one of its consumers."""

    def __init__(self, client: redis.Redis, name: str) -> None:
        self.client = client
        self.name = name

    def create(self, start: str = "0") -> bool:
        """Makes the group, and the stream if need be; False if there is one."""
        try:
            return self.client.xgroup_create(STREAM, self.name, id=start, mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" in str(error):
                return False
            raise

    def read(self, consumer: str, count: int, block: int = 1) -> List[Entry]:
        """New orders for a consumer, which waits some milliseconds for the first of them."""
        return _entries(self.client.xreadgroup(self.name, consumer, {STREAM: ">"}, count=count, block=block))

    def unfinished(self, consumer: str) -> List[Entry]:
        """Orders that a consumer was given and has not finished, for when it starts again."""
        return _entries(self.client.xreadgroup(self.name, consumer, {STREAM: "0"}))

    def finish(self, entries: List[Entry]) -> int:
        """Acknowledges orders, if there are any: how many were still open."""
        if not entries:
            return 0
        return self.client.xack(STREAM, self.name, *[identifier for identifier, _ in entries])

    def take_over(self, consumer: str, count: int) -> Tuple[str, List[str]]:
        """Gives a consumer what others have left lying: where to go on, and the orders."""
        reply = self.client.xautoclaim(STREAM, self.name, consumer, min_idle_time=0, start_id="0-0", count=count)
        return reply[0], [identifier for identifier, _ in reply[1]]

    def state(self) -> List[object]:
        """What is open: in all, by consumer, and how far behind the group is."""
        summary = self.client.xpending(STREAM, self.name)
        group = next(one for one in self.client.xinfo_groups(STREAM) if one["name"] == self.name)
        consumers = [(one["name"], one["pending"]) for one in self.client.xinfo_consumers(STREAM, self.name)]
        return [summary["pending"], summary["min"], summary["max"],
                [(one["name"], one["pending"]) for one in summary["consumers"]], sorted(consumers),
                [group[name] for name in ("consumers", "pending", "last-delivered-id", "entries-read", "lag")]]


def _entries(reply: object) -> List[Entry]:
    """The entries of the only stream in a reply, which is a map in one protocol and a list in the other."""
    if not reply:
        return []
    if isinstance(reply, dict):
        return [(identifier, fields) for part in reply[STREAM] for identifier, fields in part]
    return list(reply[0][1])  # type: ignore[index]


def add_orders(client: redis.Redis, numbers: range) -> List[str]:
    """Appends orders with identifiers that tell the day and the number."""
    return [client.xadd(STREAM, {"number": number, "item": "item %d" % (number % 7)}, id="1700-%d" % number)
            for number in numbers]


def scenario(make_client: Callable[..., redis.Redis]) -> List[object]:
    """Mail goes out at once; the audit comes later, one of its consumers dies."""
    client = make_client(decode_responses=True)
    mail, audit = Group(client, "mail"), Group(client, "audit")
    facts: List[object] = [mail.create(), mail.create(), mail.read("m", 5), client.xlen(STREAM)]
    facts += [add_orders(client, range(1, 11)), audit.create(), client.xrange(STREAM, "1700-3", "1700-5")]
    first = mail.read("m", 4)
    facts += [first, mail.finish(first[:3]), mail.finish(first), mail.state(), audit.state()]
    facts += _audit(audit)
    facts += [_refused(lambda: client.xadd(STREAM, {"a": "b"}, id="1700-10"))]
    facts += _shared(make_client, mail)
    facts += _tidying(client, audit)
    return facts


def _audit(audit: Group) -> List[object]:
    """A consumer dies with orders in its hands; another takes them over."""
    client = audit.client
    lost = audit.read("dead", 6)
    facts: List[object] = [lost, audit.unfinished("dead") == lost, audit.state()]
    pending = client.xpending_range(STREAM, audit.name, "-", "+", 10, consumername="dead")
    facts += [[(one["message_id"], one["consumer"], one["times_delivered"]) for one in pending]]
    start, taken = audit.take_over("heir", 4)
    facts += [start, taken, audit.state(), audit.take_over("heir", 100)]
    pending = client.xpending_range(STREAM, audit.name, "-", "+", 10)
    facts += [[(one["message_id"], one["consumer"], one["times_delivered"]) for one in pending]]
    facts += [client.xclaim(STREAM, audit.name, "third", 0, ["1700-1", "1700-9"]), audit.finish(lost[:1])]
    facts += [client.xgroup_delconsumer(STREAM, audit.name, "dead"), audit.unfinished("heir"), audit.state()]
    return facts


def _shared(make_client: Callable[..., redis.Redis], mail: Group) -> List[object]:
    """Several consumers of a group share what arrives while they wait."""
    seen: List[Tuple[str, str]] = []

    def consume(consumer: str) -> None:
        own = Group(make_client(decode_responses=True), mail.name)
        while True:
            entries = own.read(consumer, 3, block=5000)
            own.finish(entries)
            seen.extend((identifier, fields["item"]) for identifier, fields in entries if "item" in fields)
            if not entries or any("stop" in fields for _, fields in entries):
                return
    threads = [threading.Thread(target=consume, args=("c%d" % number,)) for number in range(CONSUMERS)]
    for thread in threads:
        thread.start()
    add_orders(mail.client, range(11, ORDERS + 1))
    for number in range(CONSUMERS * 3):
        # As many as a consumer reads at once for each, so that every one gets its own.
        mail.client.xadd(STREAM, {"stop": "now"}, id="1800-%d" % (number + 1))
    for thread in threads:
        thread.join(10)
    rest = mail.read("m", 100)
    return [sorted(seen), mail.finish(rest) == len(rest), mail.client.xlen(STREAM),
            mail.client.xpending(STREAM, mail.name)["pending"], [thread.is_alive() for thread in threads]]


def _tidying(client: redis.Redis, audit: Group) -> List[object]:
    """Old orders go; a group may begin anew."""
    facts: List[object] = [client.xdel(STREAM, "1700-2", "1700-9999"), client.xlen(STREAM), audit.state()]
    facts += [client.xtrim(STREAM, maxlen=20, approximate=False), client.xlen(STREAM), audit.unfinished("third")]
    facts += [client.xtrim(STREAM, minid="1700-119", approximate=False), client.xrevrange(STREAM, count=2)]
    facts += [client.xgroup_setid(STREAM, audit.name, "1800-1"), audit.read("heir", 2), audit.state()[:2]]
    info = client.xinfo_stream(STREAM)
    facts += [[info[name] for name in ("length", "groups", "last-generated-id", "entries-added", "first-entry")]]
    facts += [client.xgroup_destroy(STREAM, audit.name), client.xinfo_stream(STREAM)["groups"]]
    automatic = [client.xadd("log", {"line": number}, maxlen=10, approximate=False) for number in range(30)]
    order = [tuple(map(int, identifier.split("-"))) for identifier in automatic]
    facts += [order == sorted(set(order)), [fields for _, fields in client.xrange("log")]]
    facts += [_entries_of(client.xread({"log": automatic[-3]})) == automatic[-2:], client.type(STREAM)]
    return facts


def _entries_of(reply: object) -> List[str]:
    """The identifiers that XREAD gave of its only stream."""
    if isinstance(reply, dict):
        return [identifier for part in reply["log"] for identifier, _ in part]
    return [identifier for identifier, _ in reply[0][1]]  # type: ignore[index]


def _refused(action: Callable[[], object]) -> str:
    """The words of the error that an action ends with."""
    try:
        return "no error, but %r" % (action(),)
    except redis.ResponseError as error:
        return str(error)
