"""Says whether two servers' answers to one command are the same.

The rule is equality byte for byte. A command whose reply legitimately varies (an unordered
collection, a remaining time, an identifier) names one of the comparators below in its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from known_differences import AFTER_7_0, Version, is_between, is_known, reworded
from wire import Frame, Node

Frames = Sequence[Frame]
Comparator = Callable[[Frames, Frames], bool]

SECONDS_TOLERANCE = 1
"""A second may begin between asking one server and asking the other."""

MILLISECONDS_TOLERANCE = 1000
"""One server may be asked this much later, or have set the deadline this much earlier."""


@dataclass(frozen=True)
class Outcome:
    """What one server did in answer to one step.

    `frames` holds what arrived, per connection; `where` is the connection that sent the command;
    `ending` tells in words when an answer did not come to its proper end. A step of several commands has
    `parts`, each a command with its own replies, as each may have a reason of its own to differ.
    """

    where: int
    frames: Dict[int, Tuple[Frame, ...]]
    ending: str = ""
    parts: Tuple[Tuple[bytes, Tuple[Frame, ...]], ...] = ()

    def raw(self) -> bytes:
        """All bytes received, connection by connection."""
        return b"".join(frame.raw for where in sorted(self.frames) for frame in self.frames[where])

    def description(self) -> bytes:
        """The bytes received and the ending: what the table of known differences is matched with."""
        return self.raw() + (b"<%s>" % self.ending.encode() if self.ending else b"")


def agree(compare: Comparator, ours: Outcome, peer: Outcome) -> bool:
    """Whether both outcomes are the same as far as they can be."""
    if ours.ending != peer.ending or ours.frames.keys() != peer.frames.keys():
        return False
    return all(_same_traffic(compare if where == ours.where else exact, frames, peer.frames[where])
               for where, frames in ours.frames.items())


def excused(compare: Comparator, command: bytes, ours: Outcome, peer: Outcome,
            versions: Tuple[Version, Version]) -> bool:
    """Whether the difference is one between the two servers' versions rather than a fault."""
    is_older = is_between(AFTER_7_0, *versions) or is_between(AFTER_7_0, *reversed(versions))
    if ours.parts or peer.parts:
        # 7.0 writes a message to the client itself in the midst of the transaction's replies.
        return (is_older and any(_has_message_inside(outcome) for outcome in (ours, peer))
                or _all_excused(ours, peer, versions))
    if is_known(command, ours.description(), peer.description(), versions):
        return True
    same = reworded(command, versions)
    if same and agree(StoredState(same) if isinstance(compare, StoredState) else each(same), ours, peer):
        return True
    return is_older and _agree_but_for_interleaving(compare, ours, peer)


def _has_message_inside(outcome: Outcome) -> bool:
    """Whether there is a push message among the elements of a reply."""
    def holds_one(node: Node) -> bool:
        return any(item.kind == ">" or holds_one(item) for item in node.items)
    return any(holds_one(frame.node) for frames in outcome.frames.values() for frame in frames)


def _all_excused(ours: Outcome, peer: Outcome, versions: Tuple[Version, Version]) -> bool:
    """Whether each of a step's commands has the same replies, or is excused."""
    if [command for command, _ in ours.parts] != [command for command, _ in peer.parts]:
        return False
    alone = [(command, Outcome(ours.where, {ours.where: one}), Outcome(peer.where, {peer.where: other}))
             for (command, one), (_, other) in zip(ours.parts, peer.parts)]
    return all(agree(exact, one, other) or excused(exact, command, one, other, versions)
               for command, one, other in alone)


def _agree_but_for_interleaving(compare: Comparator, ours: Outcome, peer: Outcome) -> bool:
    """Whether only the place of messages among the replies differs.

    A RESP3 client that publishes to itself got the message before the reply until Redis 7.0, and
    has got it after the reply since 7.2.
    """
    def sorted_out(outcome: Outcome) -> Outcome:
        frames = {where: tuple(_replies(each) + _messages(each)) for where, each in outcome.frames.items()}
        return Outcome(outcome.where, frames, outcome.ending)
    return agree(compare, sorted_out(ours), sorted_out(peer))


def _same_traffic(compare: Comparator, ours: Frames, peer: Frames) -> bool:
    """Whether one connection received the same: same replies, same messages, same interleaving."""
    if exact(ours, peer):
        return True
    if [frame.is_message for frame in ours] != [frame.is_message for frame in peer]:
        return False
    return (compare(_replies(ours), _replies(peer))
            and same_messages(_messages(ours), _messages(peer)))


def _replies(frames: Frames) -> List[Frame]:
    return [frame for frame in frames if not frame.is_message]


def _messages(frames: Frames) -> List[Frame]:
    return [frame for frame in frames if frame.is_message]


def same_messages(ours: Frames, peer: Frames) -> bool:
    """Whether the published messages are the same.

    One message reaches a client once for each of its matching patterns, in the order of a hash
    table. So the order counts only within each subscription.
    """
    return _by_subscription(ours) == _by_subscription(peer)


def _by_subscription(messages: Frames) -> Dict[Tuple[bytes, bytes], List[bytes]]:
    """The raw messages, grouped by what the subscriber had asked for."""
    groups: Dict[Tuple[bytes, bytes], List[bytes]] = {}
    for message in messages:
        items = message.node.items
        groups.setdefault((items[0].text, items[1].text), []).append(message.raw)
    return groups


def exact(ours: Frames, peer: Frames) -> bool:
    """Same bytes."""
    return len(ours) == len(peer) and all(a.raw == b.raw for a, b in zip(ours, peer))


def each(same: Callable[[Node, Node], bool]) -> Comparator:
    """Compares reply by reply with `same`; errors must always be equal."""
    def compare(ours: Frames, peer: Frames) -> bool:
        return len(ours) == len(peer) and all(
            a.raw == b.raw or (not a.node.is_error and not b.node.is_error and same(a.node, b.node))
            for a, b in zip(ours, peer))
    return compare


class Normalised:
    """Compares what `form` makes of each reply, and can tell where the two forms differ."""

    def __init__(self, form: Callable[[Node], object]) -> None:
        self.form = form
        self._compare = each(lambda ours, peer: form(ours) == form(peer))

    def __call__(self, ours: Frames, peer: Frames) -> bool:
        return self._compare(ours, peer)

    def explanation(self, ours: Frames, peer: Frames) -> str:
        """The first place where the forms part; empty if that is not to be had."""
        for left, right in zip(ours, peer):
            found = _first_difference(self.form(left.node), self.form(right.node), ())
            if found:
                return "at %s: ours %r, peer %r" % found
        return ""


normalised = Normalised


def _first_difference(left: object, right: object, path: Tuple[object, ...]) -> Optional[Tuple[object, ...]]:
    """Path and values of the innermost first difference between two nested values."""
    if left == right:
        return None
    steps: Sequence[object] = ()
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        steps = list(left)
    elif isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)) and len(left) == len(right):
        steps = range(len(left))
    for step in steps:
        found = _first_difference(left[step], right[step], path + (step,))  # type: ignore[index]
        if found:
            return found
    return "/".join(map(str, path)), left, right


def within(tolerance: int) -> Comparator:
    """Compares integers, of which non-negative ones may differ by `tolerance`."""
    def same(ours: Node, peer: Node) -> bool:
        if ours.kind != ":" or peer.kind != ":":
            return False
        left, right = int(ours.text), int(peer.text)
        return left >= 0 and right >= 0 and abs(left - right) <= tolerance
    return each(same)


def _sorted_items(node: Node) -> object:
    """An aggregate without its order; a scalar as it is."""
    return (node.kind, sorted(map(repr, node.items))) if node.items else node


def _sorted_pairs(node: Node) -> object:
    """A map without its order."""
    return (node.kind, sorted(map(repr, node.pairs()))) if node.items else node


def _help_form(node: Node) -> object:
    """A help text's frame: the wording is each server's own, the first line is not."""
    return node.kind, node.items[:1], {item.kind for item in node.items}


class StoredState:
    """Compares lists of keys, in each of which the second item is the deadline, within the usual tolerance."""

    def __init__(self, same: Callable[[Node, Node], bool]) -> None:
        self._same_item = same
        self._compare = each(self._same)

    def __call__(self, ours: Frames, peer: Frames) -> bool:
        return self._compare(ours, peer)

    def _same(self, ours: Node, peer: Node) -> bool:
        """Whether two lists agree."""
        return len(ours.items) == len(peer.items) and all(
            all(map(self._same_item, left.items[:1] + left.items[2:], right.items[:1] + right.items[2:]))
            and abs(int(left.items[1].text) - int(right.items[1].text)) <= MILLISECONDS_TOLERANCE
            for left, right in zip(ours.items, peer.items))


def _same_unsubscriptions(ours: Frames, peer: Frames) -> bool:
    """Replies to an unsubscription from everything: the channels come in any order.

    What is left in each reply is the kind and the falling count.
    """
    def channels(frames: Frames) -> List[str]:
        return sorted(repr(frame.node.items[1:2]) for frame in frames)

    def remainders(frames: Frames) -> List[object]:
        return [(frame.node.kind, frame.node.items[:1], frame.node.items[2:]) for frame in frames]
    return channels(ours) == channels(peer) and remainders(ours) == remainders(peer)


seconds = within(SECONDS_TOLERANCE)
milliseconds = within(MILLISECONDS_TOLERANCE)
unordered = normalised(_sorted_items)
unordered_pairs = normalised(_sorted_pairs)
same_kind = normalised(lambda node: node.kind)
any_success = each(lambda ours, peer: True)
same_help = normalised(_help_form)
same_state = StoredState(lambda ours, peer: ours == peer)
unsubscriptions = _same_unsubscriptions
